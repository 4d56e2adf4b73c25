/**
 * Turns of requests: whoever sends a thousand at once is answered a few at a time, so that the others' requests stand
 * behind a few of them and not behind a thousand.
 */
import { FairTurns } from '../sync/fair-turns.ts'

/** Of one caller: in hand at once, and with those that wait. An integrator's account may have a hundred tills. */
export const requestBounds = { inHand: 32, atMost: 256 }

export class RequestTurns {
  readonly #turns = new FairTurns({ most: Number.POSITIVE_INFINITY, mostOfKey: requestBounds.inHand })
  readonly #sent = new Map<string, number>()

  /** True when the caller's turn has come, which lasts until `over`; false, at once, where too many wait already. */
  async begin(caller: string, over: Promise<void>): Promise<boolean> {
    const sent = this.#sent.get(caller) ?? 0
    if (sent >= requestBounds.atMost) return false
    this.#sent.set(caller, sent + 1)
    void over.then(() => this.#forget(caller))
    return new Promise((begin) => {
      void this.#turns.run(caller, () => {
        begin(true)
        return over
      })
    })
  }

  #forget(caller: string): void {
    const left = this.#sent.get(caller)! - 1
    if (left > 0) this.#sent.set(caller, left)
    else this.#sent.delete(caller)
  }
}
