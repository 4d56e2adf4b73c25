/**
 * The same work that several want is done once for all who came before it began; who comes later may want to see what it
 * did not look at, and is done for by the next.
 */
import type { FairTurns } from './fair-turns.ts'
import { KeyedLock } from './keyed-lock.ts'

export class SharedTurns {
  readonly #turns: FairTurns
  readonly #locks = new KeyedLock()
  readonly #toCome = new Map<string, Promise<unknown>>()

  constructor(turns: FairTurns) {
    this.#turns = turns
  }

  /** `work` under this name, whose callers all want the same of it; its turn is one of the key's. */
  run<T>(key: string, name: string, work: () => Promise<T>): Promise<T> {
    const toCome = this.#toCome.get(name)
    if (toCome) return toCome as Promise<T>
    const begin = () => {
      this.#toCome.delete(name)
      return work()
    }
    const mine = this.#locks.run([{ name }], () => this.#turns.run(key, begin))
    this.#toCome.set(name, mine)
    return mine
  }
}
