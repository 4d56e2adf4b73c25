/**
 * Turns of requests: whoever sends a thousand at once is answered a few at a time, so that the others' requests stand
 * behind a few of them and not behind a thousand.
 */
import { setImmediate, setTimeout } from 'node:timers/promises'
import { Seats } from '../http/seats.ts'
import { Company } from '../sync/company.ts'
import { FairTurns } from '../sync/fair-turns.ts'
import { restTimes } from '../sync/yielding.ts'

/** Of one caller: in hand at once, and with those that wait. An integrator's account may have a hundred tills. */
export const requestBounds = { inHand: 8, atMost: 256 }

/** What nobody notices. */
const leastMs = 1

export class RequestTurns {
  readonly #company: Company
  readonly #turns = new FairTurns({ most: Number.POSITIVE_INFINITY, mostOfKey: requestBounds.inHand })
  readonly #resting = new FairTurns({ most: Number.POSITIVE_INFINITY, mostOfKey: 1 })
  /**
   * Reading a query holds the event loop for milliseconds: where several are about to begin, each has a turn of the
   * loop to itself, and answers, probes and other callers come in between.
   */
  readonly #beginning = new FairTurns({ most: 1 })
  readonly #sent = new Seats({ each: requestBounds.atMost })

  constructor(company = new Company()) {
    this.#company = company
  }

  /**
   * True when the caller's turn has come, which lasts until `over`; false, at once, where too many wait already. Before,
   * what was sent is read, of one request of a caller at a time; `read` never throws.
   */
  async begin(caller: string, over: Promise<void>, read = async () => {}): Promise<boolean> {
    const forget = this.#sent.take(caller)
    if (!forget) return false
    this.#company.note(caller)
    void over.then(forget)
    return new Promise((begin) => {
      void this.#turns.run(caller, async () => {
        await this.#resting.run(caller, async () => {
          await read()
          const heldMs = await this.#beginning.run(caller, () => heldBy(() => begin(true)))
          if (heldMs > leastMs && this.#company.isAbout(caller)) await setTimeout(restTimes * heldMs)
        })
        await over
      })
    })
  }
}

/** Milliseconds that this held the loop, with what it left to be done at once. Resolves when the loop has come around. */
async function heldBy(begin: () => void): Promise<number> {
  const begun = performance.now()
  const held = new Promise<number>((tell) => {
    // After all promises that are settled by then.
    process.nextTick(() => tell(performance.now() - begun))
  })
  begin()
  await setImmediate()
  return held
}
