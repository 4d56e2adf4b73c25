/** All pieces that were asked for, by name: two that want the same share one. */
import type { Interest } from '../lib/concern.ts'
import { Reading } from './reading.ts'

/** What nobody looks at is kept for whoever comes back to it, up to so many. */
const keepAtMost = 60

export class Readings {
  readonly #all = new Map<string, Reading<unknown>>()

  /** The piece of this name; `load` and `interest` count only where there is none yet. */
  of<Data>(name: string, load: (pages: number) => Promise<Data>, interest: Interest): Reading<Data> {
    const known = this.#all.get(name) as Reading<Data> | undefined
    if (known) return known
    this.#makeRoom()
    const reading = new Reading(load, interest)
    this.#all.set(name, reading as Reading<unknown>)
    return reading
  }

  /** Loads those anew that somebody looks at. */
  refresh(which: (interest: Interest) => boolean = () => true): void {
    for (const reading of this.#all.values())
      if (reading.isWatched && which(reading.interest)) reading.refresh()
  }

  stop(): void {
    for (const reading of this.#all.values()) reading.stop()
    this.#all.clear()
  }

  #makeRoom(): void {
    if (this.#all.size < keepAtMost) return
    for (const [name, reading] of this.#all) {
      if (reading.isWatched) continue
      reading.stop()
      this.#all.delete(name)
      return
    }
  }
}
