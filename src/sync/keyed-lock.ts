/**
 * Turns for named things within one process, first come first served. A name is held by one, or shared by many; who
 * wants it alone waits for all that came before, and is waited for by all that come after. Several names are taken at
 * once or not at all, so that two holders can never wait for each other.
 */
export type Turn = { readonly name: string; readonly shared?: boolean }

/** Who came last: the last that wants the name alone, and those who came after it to share it. */
type Tail = { alone: Promise<void> | undefined; sharing: Set<Promise<void>> }

export class KeyedLock {
  readonly #tails = new Map<string, Tail>()

  /** How many names are held or waited for. */
  get size(): number {
    return this.#tails.size
  }

  async run<T>(turns: readonly Turn[], work: () => Promise<T>): Promise<T> {
    const { promise: turn, resolve: done } = Promise.withResolvers<void>()
    // Queued behind everybody at once, in one step: the order is the same for every name, so no cycle can form.
    const before = turns.flatMap(({ name, shared }) => this.#queue(name, shared ?? false, turn))
    try {
      await Promise.all(before)
      return await work()
    } finally {
      done()
      for (const { name } of turns) this.#forget(name, turn)
    }
  }

  /** Puts a turn at the end of the queue; those that it has to wait for. */
  #queue(name: string, shared: boolean, turn: Promise<void>): Promise<void>[] {
    const tail = this.#tails.get(name) ?? { alone: undefined, sharing: new Set() }
    this.#tails.set(name, tail)
    const alone = tail.alone ? [tail.alone] : []
    if (shared) {
      tail.sharing.add(turn)
      return alone
    }
    const before = [...alone, ...tail.sharing]
    this.#tails.set(name, { alone: turn, sharing: new Set() })
    return before
  }

  #forget(name: string, turn: Promise<void>): void {
    const tail = this.#tails.get(name)
    if (!tail) return
    tail.sharing.delete(turn)
    if (tail.alone === turn) tail.alone = undefined
    if (!tail.alone && tail.sharing.size === 0) this.#tails.delete(name)
  }
}
