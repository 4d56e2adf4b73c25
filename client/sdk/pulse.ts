/**
 * The pulse of a client: it beats where something that is shown may be another by now. Whoever shows something is told
 * once for all that changes in one turn, in the order in which they began to listen (`compose.ts` says which).
 */
export interface Pulse {
  beat(): void
  /** How often it has beaten: what was put together at another count may be old. */
  readonly count: number
  /** Returns how to stop. */
  on(listener: () => void): () => void
  /** Nobody is told any more. */
  stop(): void
}

export function createPulse(): Pulse {
  const listeners = new Set<() => void>()
  let count = 0
  let isDue = false
  let stopped = false

  function tell(): void {
    isDue = false
    if (!stopped) for (const listener of [...listeners]) listener()
  }

  return {
    get count() {
      return count
    },
    beat() {
      count += 1
      if (isDue) return
      isDue = true
      queueMicrotask(tell)
    },
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop() {
      stopped = true
    },
  }
}
