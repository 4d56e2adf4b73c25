import { Button, type ButtonProps, type ElementProps } from '@mantine/core'
import { type ReactNode, useState } from 'react'

/** A button, and what it asks: a dialog that is there until it is closed. */
export function AskButton(
  props: ButtonProps & ElementProps<'button', keyof ButtonProps> & { asks: (close: () => void) => ReactNode },
) {
  const { asks, ...button } = props
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button {...button} onClick={() => setOpen(true)} />
      {isOpen && asks(() => setOpen(false))}
    </>
  )
}
