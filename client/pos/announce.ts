/**
 * What is said when something has happened: read out by a screen reader, and seen for a moment. `announce('Recorded.')`.
 */
import { observed } from '../ui/observed.ts'

const said = observed({
  heard: '',
  /** Of what the screen shows by itself, what was seen before. */
  seen: '',
})

/** `isSeen`: the screen shows it already, and keeps showing it. */
export function announce(text: string, { isSeen = false } = {}): void {
  const before = said.now()
  // The same words twice are news too: a space makes them another text.
  const heard = text === before.heard ? `${text} ` : text
  said.set({ heard, seen: isSeen ? before.seen : heard })
}

export const useSaid = said.use
