import { Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** A part of what is told of one thing, under its name. */
export function Section(props: { title: string; testId?: string; children: ReactNode }) {
  const { title, testId, children } = props
  return (
    <section data-testid={testId}>
      <Title order={3} size="h5" mb="xs">
        {title}
      </Title>
      {children}
    </section>
  )
}
