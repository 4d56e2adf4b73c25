/**
 * How long to wait before trying again: exponential, with full jitter, so that a hundred tills that lost the line
 * together do not come back together. Most faults are short, so for a while the pauses stay short too (`soonMs`).
 */
export type Backoff = {
  /**
   * Milliseconds to wait before the next try; on average they double from call to call, up to the most. `soon`: the
   * pauses are to stay short, however long it has lasted.
   */
  next(soon?: boolean): number
  /** It went well, or somebody wants it now: begin anew. */
  reset(): void
}

/** So long after it began a fault is no short one any more. */
const soonForMs = 5 * 60_000

/** `random`: from 0 up to 1. `leastMs`: a try that follows at once would only fail in the same way. */
export function createBackoff(of: {
  random: () => number
  leastMs?: number
  firstMs?: number
  soonMs?: number
  maxMs?: number
  soonForMs?: number | undefined
}): Backoff {
  const { random, leastMs = 50, firstMs = 1000, maxMs = 60_000, soonMs = maxMs } = of
  let ceiling = firstMs
  let begun: number | null = null
  return {
    next(soon = false) {
      // Of a clock that nobody sets: one that is put back must not make pauses long, nor one that leaps short.
      begun ??= performance.now()
      const isSoon = soon || performance.now() - begun < (of.soonForMs ?? soonForMs)
      const wait = random() * Math.min(isSoon ? soonMs : maxMs, ceiling)
      ceiling = Math.min(maxMs, ceiling * 2)
      return Math.max(leastMs, wait)
    },
    reset() {
      ceiling = firstMs
      begun = null
    },
  }
}
