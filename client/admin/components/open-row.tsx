import { Anchor } from '@mantine/core'
import type { ReactNode } from 'react'

/** The part of a row that opens its details, also by keyboard; the rest of the row does the same for the mouse. */
export const OpenRow = ({ onOpen, children }: { onOpen: () => void; children: ReactNode }) => (
  <Anchor
    component="button"
    type="button"
    ta="start"
    fw={550}
    inherit
    onClick={(event) => {
      event.stopPropagation()
      onOpen()
    }}
  >
    {children}
  </Anchor>
)
