import { Stack, Text, ThemeIcon, Title } from '@mantine/core'
import type { ComponentType, ReactNode } from 'react'

/** Nothing to see, or not for this person: says why, and what to do. */
export function EmptyState(props: {
  icon: ComponentType<{ size?: number }>
  title: string
  text?: string
  children?: ReactNode
}) {
  const { icon: Icon, title, text, children } = props
  return (
    <Stack align="center" justify="center" gap="xs" p="xl" ta="center" mih="14rem">
      <ThemeIcon size={64} radius="xl" variant="light" aria-hidden>
        <Icon size={32} />
      </ThemeIcon>
      <Title order={2} size="h4">
        {title}
      </Title>
      {text && (
        <Text c="dimmed" maw="36rem">
          {text}
        </Text>
      )}
      {children}
    </Stack>
  )
}
