import { Code } from '@mantine/core'
import { ScrollRegion } from './scroll-region.tsx'
import { Section } from './section.tsx'

/** Data as it was sent, to be read by people. */
export const JsonView = ({ title, of }: { title: string; of: unknown }) => (
  <Section title={title}>
    <ScrollRegion label={title} mah="28rem">
      <Code block fz="sm">
        {JSON.stringify(of, null, 2)}
      </Code>
    </ScrollRegion>
  </Section>
)
