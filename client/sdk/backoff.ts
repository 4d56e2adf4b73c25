/**
 * How long to wait before trying again: exponential, with full jitter, so that a hundred tills that lost the line
 * together do not come back together.
 */
export type Backoff = {
  /** Milliseconds to wait before the next try; on average they double from call to call, up to the most. */
  next(): number
  /** It went well, or somebody wants it now: begin anew. */
  reset(): void
}

/** Never shorter: a try that follows at once would only fail in the same way. */
const leastMs = 50

/** `random`: from 0 up to 1. */
export function createBackoff(of: { random: () => number; firstMs?: number; maxMs?: number }): Backoff {
  const { random, firstMs = 1000, maxMs = 60_000 } = of
  let ceiling = firstMs
  return {
    next() {
      const wait = random() * Math.min(maxMs, ceiling)
      ceiling = Math.min(maxMs, ceiling * 2)
      return Math.max(leastMs, wait)
    },
    reset() {
      ceiling = firstMs
    },
  }
}
