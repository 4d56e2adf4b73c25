import { Stack, Text, ThemeIcon, Title } from '@mantine/core'
import type { ComponentType, ReactNode } from 'react'
import { Heading } from './screen.tsx'

/** Nothing to see yet, or not for this person: says why, and what to do. */
export function EmptyState(props: {
  icon: ComponentType<{ size?: number }>
  title: string
  text?: string
  /** It is all there is on the screen: its title is the screen's. */
  isScreen?: boolean
  children?: ReactNode
}) {
  const { icon: Icon, title, text, isScreen = false, children } = props
  return (
    <Stack align="center" justify="center" gap="sm" p="xl" ta="center" mih="16rem" h="100%">
      <ThemeIcon size={72} radius="xl" variant="light" aria-hidden>
        <Icon size={36} />
      </ThemeIcon>
      {isScreen ? (
        <Heading>{title}</Heading>
      ) : (
        <Title order={2} size="h3">
          {title}
        </Title>
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
