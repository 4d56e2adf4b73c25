import './print.css'
import { Button, type ButtonProps } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'

/** What is printed is the paper on the screen, and nothing else: `print.css`. */
export const PrintButton = ({ onPrinted, ...rest }: ButtonProps & { onPrinted?: () => void }) => (
  <Button
    variant="default"
    size="lg"
    leftSection={<IconPrinter aria-hidden />}
    onClick={() => {
      window.print()
      onPrinted?.()
    }}
    {...rest}
  />
)
