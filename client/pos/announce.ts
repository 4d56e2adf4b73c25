/**
 * What is said aloud (by a screen reader) when something has happened that others see: `announce('Recorded.')`.
 */
import { useSyncExternalStore } from 'react'

let said = ''
const listeners = new Set<() => void>()

export function announce(text: string): void {
  // The same words twice are news too: a space makes them another text.
  said = text === said ? `${text} ` : text
  for (const listener of listeners) listener()
}

export const useSaid = (): string =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => said,
  )
