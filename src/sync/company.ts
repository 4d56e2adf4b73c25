/** Who has asked of late. What one does rests for the sake of the others, and so only where there are others. */

/** So long after they have asked somebody counts as being about: a till at work asks again within that. */
export const aboutMs = 5_000

type Seen = { readonly caller: string; readonly at: number }
/** The same as it is told to another thread, whose clock is another. */
export type SeenAgo = { readonly caller: string; readonly agoMs: number }

export class Company {
  readonly #now: () => number
  #last: Seen | null = null
  /** The last who was not the last of all: two are all that it takes to know whether there is another. */
  #other: Seen | null = null

  /** `now`: a clock in milliseconds that never goes back. */
  constructor(now = () => performance.now()) {
    this.#now = now
  }

  /** The caller asks for something, or has so long ago. */
  note(caller: string, agoMs = 0): void {
    const at = this.#now() - agoMs
    if (this.#last?.caller === caller) this.#last = { caller, at: Math.max(at, this.#last.at) }
    else {
      this.#other = this.#last ?? this.#other
      this.#last = { caller, at }
    }
  }

  /** Those of whom it knows, the latest last: to be noted elsewhere. */
  seen(): SeenAgo[] {
    const now = this.#now()
    return [this.#other, this.#last].flatMap((each) =>
      each ? [{ caller: each.caller, agoMs: now - each.at }] : [],
    )
  }

  /** Whether more than one has asked within the last seconds. */
  areSeveral(): boolean {
    return this.#last !== null && this.isAbout(this.#last.caller)
  }

  /** Whether anybody else has asked within the last seconds. */
  isAbout(caller: string): boolean {
    const other = this.#last?.caller === caller ? this.#other : this.#last
    return other !== null && this.#now() - other.at < aboutMs
  }
}
