import { Code } from '@mantine/core'
import { ScrollRegion } from './scroll-region.tsx'

/** Data as it was sent, to be read by people. */
export const JsonView = ({ of, label }: { of: unknown; label: string }) => (
  <ScrollRegion label={label} mah="28rem">
    <Code block fz="sm">
      {JSON.stringify(of, null, 2)}
    </Code>
  </ScrollRegion>
)
