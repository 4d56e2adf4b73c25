/**
 * What is said when something has happened: read out by a screen reader, and seen for a moment. `announce('Recorded.')`.
 */
import { useSyncExternalStore } from 'react'

type Said = {
  heard: string
  /** Of what the screen shows by itself, what was seen before. */
  seen: string
}

let said: Said = { heard: '', seen: '' }
const listeners = new Set<() => void>()

/** `isSeen`: the screen shows it already, and keeps showing it. */
export function announce(text: string, { isSeen = false } = {}): void {
  // The same words twice are news too: a space makes them another text.
  const heard = text === said.heard ? `${text} ` : text
  said = { heard, seen: isSeen ? said.seen : heard }
  for (const listener of listeners) listener()
}

export const useSaid = (): Said =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => said,
  )
