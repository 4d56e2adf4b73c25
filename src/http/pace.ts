/**
 * How slowly the other side of a line may go. What counts is progress, not length: a till that sends 200 kB over
 * 32 kbit/s takes 50 seconds and is served; whoever sends half a body, or reads none of the answer, is not waited for.
 */
export type Pace = {
  /** So long nothing at all may move. */
  stallMs: number
  /** From then on, the mean since the beginning must have reached this rate. */
  graceMs: number
  bytesPerSecond: number
}

export const slowestPace: Pace = { stallMs: 20_000, graceMs: 10_000, bytesPerSecond: 1_000 }

/** Calls `onSlow` once where `moved` (bytes so far) falls behind; returns what ends the watch. */
export function watchPace(watch: { pace: Pace; moved: () => number; onSlow: () => void }): () => void {
  const { pace, moved, onSlow } = watch
  const begun = performance.now()
  let last = { at: begun, bytes: moved() }
  const timer = setInterval(
    () => {
      const now = performance.now()
      const bytes = moved()
      if (bytes !== last.bytes) last = { at: now, bytes }
      const expected = ((now - begun - pace.graceMs) / 1000) * pace.bytesPerSecond
      if (now - last.at < pace.stallMs && bytes >= expected) return
      clearInterval(timer)
      onSlow()
    },
    Math.min(1_000, pace.stallMs / 4),
  )
  return () => clearInterval(timer)
}
