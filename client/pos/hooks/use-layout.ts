import { useCallback, useRef, useSyncExternalStore } from 'react'

/** Each is read with every drawing, and asking the browser anew costs more than all the rest of it. */
const lists = new Map<string, MediaQueryList>()
function listOf(query: string): MediaQueryList {
  const list = lists.get(query) ?? matchMedia(query)
  lists.set(query, list)
  return list
}

/**
 * Whether the window is so. Paper is none: what is on the screen is printed as it is, though a page of 58 mm is narrower than
 * any telephone.
 */
function useWindowIs(query: string): boolean {
  const last = useRef(false)
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = listOf(query)
      list.addEventListener('change', changed)
      return () => list.removeEventListener('change', changed)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => {
    if (!listOf('print').matches) last.current = listOf(query).matches
    return last.current
  })
}

/** The cart has a column of its own beside the menu: a tablet, also held upright. */
export const useHasCartColumn = (): boolean => useWindowIs('(min-width: 48em)')

/** The header has room for the navigation; else it is at the bottom, near the thumbs. */
export const useHasWideHeader = (): boolean => useWindowIs('(min-width: 64em)')

/** Keys on the screen leave room for what is around them, so much of it; else fields call the system's keyboard. */
export const useHasRoomForKeys = (beside: 'much' | 'little'): boolean =>
  useWindowIs(`(min-height: ${beside === 'much' ? 44 : 30.01}em)`)

/**
 * Whether fingers are what people point with: then a field beside an on-screen pad does not call the system's keyboard
 * over it. A keyboard that is plugged in writes into it all the same.
 */
export const useIsTouch = (): boolean => useWindowIs('(pointer: coarse)')
