import { Badge, type BadgeProps } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './tag.module.css'

/** A word or two about a row, in a colour that means the same everywhere; never in capitals, which Khmer has not. */
export const Tag = (props: BadgeProps & { children: ReactNode; role?: string }) => (
  <Badge
    variant="light"
    size="lg"
    tt="none"
    fw={600}
    classNames={{ root: classes.tag, label: classes.words }}
    {...props}
  />
)
