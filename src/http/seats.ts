/** Places for what stays open, such as sockets: so many for each key (an account, an address), so many in all. */
export class Seats {
  readonly #each: number
  readonly #all: number
  readonly #taken = new Map<string, number>()
  #total = 0

  constructor({ each, all = Number.POSITIVE_INFINITY }: { each: number; all?: number }) {
    this.#each = each
    this.#all = all
  }

  isFull(key: string): boolean {
    return this.#total >= this.#all || (this.#taken.get(key) ?? 0) >= this.#each
  }

  /** Takes one, and returns what gives it back (doing that twice is harmless); null if none is left. */
  take(key: string): (() => void) | null {
    if (this.isFull(key)) return null
    this.#total++
    this.#taken.set(key, (this.#taken.get(key) ?? 0) + 1)
    let given = false
    return () => {
      if (given) return
      given = true
      this.#giveBack(key)
    }
  }

  #giveBack(key: string): void {
    const left = this.#taken.get(key)! - 1
    this.#total--
    if (left > 0) this.#taken.set(key, left)
    else this.#taken.delete(key)
  }
}
