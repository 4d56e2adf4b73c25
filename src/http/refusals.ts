/**
 * The pace of refusals. To refuse costs little, and a thousand times a second it costs the others: so of one caller so many
 * are refused at once, and from then on so many a second. Whoever waits for the answer asks no faster; whoever does not has
 * as many connections as one may have.
 */
import { LRUCache } from 'lru-cache'

/** Milliseconds for each, so many at once, and none waits longer. A café's tablets may all have tokens that have run out. */
export const refusalPace = { eachMs: 25, atOnce: 50, mostMs: 2_000, callers: 10_000 }

export class Refusals {
  readonly #now: () => number
  /** By caller, when the next would have its time if none had been at once. */
  readonly #next = new LRUCache<string, number>({ max: refusalPace.callers })

  /** `now`: a clock in milliseconds that never goes back. */
  constructor(now = () => performance.now()) {
    this.#now = now
  }

  /** Milliseconds that one more of this caller waits. */
  waitMs(caller: string): number {
    const { eachMs, atOnce, mostMs } = refusalPace
    const now = this.#now()
    const latest = now + atOnce * eachMs + mostMs
    const next = Math.min(latest, Math.max(now, this.#next.get(caller) ?? 0) + eachMs)
    this.#next.set(caller, next)
    return Math.max(0, next - now - atOnce * eachMs)
  }
}
