import type { ComponentProps } from 'react'
import classes from './plain-button.module.css'

/**
 * A button that looks as the kit's, where there are dozens that are drawn with every tap or key: it costs what an element
 * costs.
 */
export function PlainButton({
  look = 'default',
  className = '',
  ...rest
}: ComponentProps<'button'> & { look?: 'default' | 'light' | 'filled' }) {
  return (
    <button
      type="button"
      className={`mantine-focus-auto ${classes.button} ${className}`}
      data-look={look}
      {...rest}
    />
  )
}
