import { LRUCache } from 'lru-cache'

/** So many people are kept account of; of whoever is forgotten the next counts as the first. */
const mostPeople = 10_000
/** A queue of which nothing can be applied is worked off all the same. */
const mostTimes = 4

/**
 * How often in a row what somebody sent came to nothing. Once is a till's whose session was closed meanwhile; whoever goes on is
 * kept waiting longer each time, for what is recorded of it takes the database from those who sell.
 */
export class Fruitless {
  readonly #inARow = new LRUCache<string, number>({ max: mostPeople })

  /** Counts a batch of theirs; how many times its rest the next one waits, 0 where it was of some use. */
  times(who: string, isForNothing: boolean): number {
    if (!isForNothing) {
      this.#inARow.delete(who)
      return 0
    }
    const times = Math.min(mostTimes, (this.#inARow.get(who) ?? 0) + 1)
    this.#inARow.set(who, times)
    return times
  }
}
