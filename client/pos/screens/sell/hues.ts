import type { CSSProperties } from 'react'

/** Categories in colours, so that eyes find what they know. The colours mean nothing; names say what is what. */
const hues = ['clay', 'green', 'blue', 'yellow', 'red', 'gray']

/** The colour of the category at this place of the menu, as `--hue`. */
export const hueOf = (index: number): CSSProperties =>
  ({ '--hue': `var(--mantine-color-${hues[index % hues.length]}-5)` }) as CSSProperties
