import { Stack, Text, ThemeIcon, Title } from '@mantine/core'
import type { ComponentType, ReactNode } from 'react'
import classes from './empty-state.module.css'

/** Nothing to see, or not for this person: says why, and what to do. */
export function EmptyState(props: {
  icon: ComponentType<{ size?: number }>
  /** A text is a heading of the second order. */
  title: ReactNode
  text?: string
  children?: ReactNode
}) {
  const { icon: Icon, title, text, children } = props
  return (
    <Stack align="center" justify="center" gap="sm" ta="center" h="100%" className={classes.empty}>
      <ThemeIcon size={72} radius="xl" variant="light" aria-hidden className={classes.icon}>
        <Icon size={36} />
      </ThemeIcon>
      {typeof title === 'string' ? (
        <Title order={2} size="h3">
          {title}
        </Title>
      ) : (
        title
      )}
      {text && (
        <Text c="dimmed" maw="34rem">
          {text}
        </Text>
      )}
      {children}
    </Stack>
  )
}
