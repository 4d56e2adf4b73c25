import { patience } from './patience.ts'

/**
 * Does the work in a turn that `queue` gives, which lasts until the work is done, or for so long: whoever waits for something
 * else by then takes nothing from the next.
 */
export async function inTurn<T>(
  queue: (turn: () => Promise<void>) => Promise<unknown>,
  patienceMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  let end = () => {}
  void queue(() => {
    const waiting = patience(patienceMs)
    end = waiting.end
    begin()
    return waiting.over
  })
  await begun
  try {
    return await work()
  } finally {
    end()
  }
}

/**
 * A bounded number at work at once, the keys that want to taking turns: however many wait under one key, the first of
 * another is next but one.
 */
export class FairTurns {
  readonly #most: number
  readonly #mostOfKey: number
  readonly #working = new Map<string, number>()
  /** Who waits, by key; the key whose turn is next comes first. */
  readonly #waiting = new Map<string, (() => void)[]>()
  #busy = 0

  /** `most` work at once, and `mostOfKey` of them under one key. */
  constructor({ most, mostOfKey = most }: { most: number; mostOfKey?: number }) {
    this.#most = most
    this.#mostOfKey = mostOfKey
  }

  /** How many wait. */
  get waiting(): number {
    return [...this.#waiting.values()].reduce((sum, queue) => sum + queue.length, 0)
  }

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    if (this.#mayBegin(key)) this.#begin(key)
    else await new Promise<void>((begin) => this.#queue(key, begin))
    try {
      return await work()
    } finally {
      this.#end(key)
    }
  }

  #mayBegin(key: string): boolean {
    return this.#busy < this.#most && (this.#working.get(key) ?? 0) < this.#mostOfKey
  }

  #begin(key: string): void {
    this.#busy += 1
    this.#working.set(key, (this.#working.get(key) ?? 0) + 1)
  }

  #queue(key: string, begin: () => void): void {
    const queue = this.#waiting.get(key)
    if (queue) queue.push(begin)
    else this.#waiting.set(key, [begin])
  }

  #end(key: string): void {
    this.#busy -= 1
    const working = this.#working.get(key)! - 1
    if (working > 0) this.#working.set(key, working)
    else this.#working.delete(key)

    const next = this.#waiting.keys().find((each) => this.#mayBegin(each))
    if (next === undefined) return
    const queue = this.#waiting.get(next)!
    const begin = queue.shift()!
    this.#waiting.delete(next)
    if (queue.length > 0) this.#waiting.set(next, queue)
    this.#begin(next)
    begin()
  }
}
