/**
 * How long who keeps others waiting rests for their sake: five times as long as it took, so that nobody has more than a sixth
 * of the event loop to be read in, however much they send. Whoever takes a little is not put off.
 */
import { LRUCache } from 'lru-cache'
import { Company } from '../sync/company.ts'

/** So many times as long; only once that is so many milliseconds; of so many callers it is known. */
export const restPace = { times: 5, fromMs: 25, callers: 10_000 }

export class Rests {
  readonly #now: () => number
  readonly #company: Company
  /** By caller, when it would have rested for all that it took. */
  readonly #rested = new LRUCache<string, number>({ max: restPace.callers })

  /** `now`: a clock in milliseconds that never goes back. */
  constructor(now = () => performance.now()) {
    this.#now = now
    this.#company = new Company(now)
  }

  /** The caller is about. */
  note(caller: string): void {
    this.#company.note(caller)
  }

  /** Milliseconds that it is to rest before it is begun with; 0: it begins now. */
  owedMs(caller: string): number {
    const owedMs = (this.#rested.get(caller) ?? 0) - this.#now()
    return owedMs > restPace.fromMs && this.#company.isAbout(caller) ? owedMs : 0
  }

  /** It was worked for the caller so long. */
  took(caller: string, ms: number): void {
    this.#rested.set(caller, Math.max(this.#now(), this.#rested.get(caller) ?? 0) + restPace.times * ms)
  }
}
