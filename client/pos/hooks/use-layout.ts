import { useMediaQuery } from '@mantine/hooks'

const now = { getInitialValueInEffect: false } as const

/** The cart has a column of its own beside the menu: a tablet, also held upright. */
export const useHasCartColumn = (): boolean => useMediaQuery('(min-width: 48em)', false, now) ?? false

/** The header has room for the navigation; else it is at the bottom, near the thumbs. */
export const useHasWideHeader = (): boolean => useMediaQuery('(min-width: 64em)', false, now) ?? false

/** Keys on the screen leave room for what is around them, so much of it; else fields call the system's keyboard. */
export const useHasRoomForKeys = (beside: 'much' | 'little'): boolean =>
  useMediaQuery(`(min-height: ${beside === 'much' ? 44 : 30.01}em)`, true, now) ?? true

/**
 * Whether fingers are what people point with: then a field beside an on-screen pad does not call the system's keyboard
 * over it. A keyboard that is plugged in writes into it all the same.
 */
export const useIsTouch = (): boolean => useMediaQuery('(pointer: coarse)', false, now) ?? false
