/**
 * Turns for named things within one process, first come first served. Several names are taken at once or
 * not at all, so that two holders can never wait for each other.
 */
export class KeyedLock {
  /** For each name, when its last holder so far is done. */
  readonly #tails = new Map<string, Promise<void>>()
  #waiting = 0

  /** How many wait or work. */
  get size(): number {
    return this.#waiting
  }

  async run<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = names.map((name) => this.#tails.get(name))
    let done = () => {}
    const turn = new Promise<void>((resolve) => {
      done = resolve
    })
    // Queued behind everybody at once, in one step: the order is the same for every name, so no cycle can form.
    for (const name of names) this.#tails.set(name, turn)
    this.#waiting += 1
    try {
      await Promise.all(before)
      return await work()
    } finally {
      done()
      this.#waiting -= 1
      for (const name of names) if (this.#tails.get(name) === turn) this.#tails.delete(name)
    }
  }
}
