import { Box, type BoxProps } from '@mantine/core'
import type { ReactNode } from 'react'

/** What scrolls by itself can be reached, and scrolled, by keyboard. */
export function ScrollRegion(props: BoxProps & { label: string; children: ReactNode }) {
  const { label, children, ...rest } = props
  return (
    <Box component="section" tabIndex={0} aria-label={label} style={{ overflow: 'auto' }} {...rest}>
      {children}
    </Box>
  )
}
