/** Who has asked of late. What one does rests for the sake of the others, and so only where there are others. */

/** So long after they have asked somebody counts as being about: a till at work asks again within that. */
export const aboutMs = 5_000

type Seen = { readonly caller: string; readonly at: number }

export class Company {
  readonly #now: () => number
  #last: Seen | null = null
  /** The last who was not the last of all: two are all that it takes to know whether there is another. */
  #other: Seen | null = null

  /** `now`: a clock in milliseconds that never goes back. */
  constructor(now = () => performance.now()) {
    this.#now = now
  }

  /** The caller asks for something. */
  note(caller: string): void {
    if (this.#last && this.#last.caller !== caller) this.#other = this.#last
    this.#last = { caller, at: this.#now() }
  }

  /** Whether anybody else has asked within the last seconds. */
  isAbout(caller: string): boolean {
    const other = this.#last?.caller === caller ? this.#other : this.#last
    return other !== null && this.#now() - other.at < aboutMs
  }
}
