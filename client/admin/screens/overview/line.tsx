import { Anchor, Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'

/** What there is of one thing, with the way to all of it. */
export const Line = ({ name, to, children }: { name: string; to: string; children: ReactNode }) => (
  <Group justify="space-between" align="flex-start" wrap="nowrap">
    <Anchor component={Link} href={to} flex="none">
      {name}
    </Anchor>
    <Stack gap={0} align="flex-end" ta="right">
      {children}
    </Stack>
  </Group>
)
