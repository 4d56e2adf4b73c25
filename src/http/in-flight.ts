/**
 * Bytes that the process holds for clients: bodies until they are answered, answers until they are read. Each part of a
 * caller's name has a share of its own, so that nobody takes everybody's: `[['all', 64e6], ['tenant demo', 32e6]]`.
 */
export type Share = readonly [name: string, maxBytes: number]

/** What one request holds. */
export type Held = {
  /** Takes more; false, and nothing is taken, where a share is used up. */
  take(bytes: number): boolean
  /** Gives back everything, once and for all. */
  release(): void
}

export class InFlight {
  readonly #held = new Map<string, number>()

  /** Bytes held under a name at the moment. */
  held(name: string): number {
    return this.#held.get(name) ?? 0
  }

  open(shares: readonly Share[]): Held {
    let taken = 0
    let isOver = false
    const add = (bytes: number) => {
      taken += bytes
      for (const [name] of shares) {
        const held = this.held(name) + bytes
        if (held > 0) this.#held.set(name, held)
        else this.#held.delete(name)
      }
    }
    return {
      take: (bytes) => {
        if (isOver || shares.some(([name, max]) => this.held(name) + bytes > max)) return false
        add(bytes)
        return true
      },
      release() {
        isOver = true
        add(-taken)
      },
    }
  }
}
