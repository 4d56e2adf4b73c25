/**
 * How wrong this device's clock is, by the server's: compared at each answer, and followed in between by a clock that nobody
 * sets. What is recorded meanwhile is placed by it (`src/sync/clock.ts`).
 */
import { isClockWrong } from '../../../src/sync/clock.ts'

/** Of the device's clock against the time that has passed: more, and it was set, or the device has slept. */
const wasSetMs = 5_000

export function createServerClock(now: () => Date) {
  let last: { skewMs: number; at: number; passed: number } | null = null

  return {
    /** An answer that took so long to come. The server's time is somewhere within; outside of it, the clock is wrong. */
    heard(serverTime: string, tookMs: number): void {
      const end = now().getTime()
      const start = end - tookMs
      const server = Date.parse(serverTime)
      if (Number.isNaN(server)) return
      const skewMs = server < start || server > end ? (start + end) / 2 - server : 0
      last = { skewMs: Math.round(skewMs / 1000) * 1000, at: end, passed: performance.now() }
    },
    /** The device's clock less the server's, in whole seconds; null: no answer has come yet. */
    skewMs(): number | null {
      if (!last) return null
      const jumped = now().getTime() - last.at - (performance.now() - last.passed)
      if (Math.abs(jumped) < wasSetMs) return last.skewMs
      const then = Math.round((last.skewMs + jumped) / 1000) * 1000
      // A device that sleeps stands still for the one clock alone: forward is news only where it puts a wrong clock right.
      const isNews = jumped < 0 || (isClockWrong(last.skewMs) && !isClockWrong(then))
      return isNews ? then : last.skewMs
    },
  }
}
