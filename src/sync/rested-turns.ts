import { setTimeout } from 'node:timers/promises'
import { FairTurns } from './fair-turns.ts'
import { restTimes } from './yielding.ts'

/**
 * Work on another thread, which takes a processor of the two that there may be: of one key at a time, and rested after for
 * twice as long as it took, so that none has more than a third of it.
 */
export class RestedTurns {
  readonly #ofKey = new FairTurns({ most: Number.POSITIVE_INFINITY, mostOfKey: 1 })

  /** `work`, in the turn that `queue` gives. `rests`: whether the key's next one waits for anybody's sake. */
  run<T>(
    key: string,
    queue: (turn: () => Promise<void>) => Promise<unknown>,
    work: () => Promise<T>,
    rests: () => boolean = () => true,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    void this.#ofKey.run(key, async () => {
      let tookMs = 0
      await queue(async () => {
        const began = performance.now()
        await work().then(resolve, reject)
        tookMs = performance.now() - began
      })
      if (rests()) await setTimeout(restTimes * tookMs)
    })
    return promise
  }
}
