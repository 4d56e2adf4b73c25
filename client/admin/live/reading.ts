/**
 * One piece of what the server knows, as somebody on screen wants it: kept up to date while somebody looks, and shown
 * as it was last while the server does not answer.
 */
import type { Interest } from '../lib/concern.ts'
import { type Merged, merged } from '../lib/merged.ts'

export type Snapshot<Data> = {
  /** As of `asOf`; null: never loaded. */
  readonly data: Data | null
  readonly asOf: Date | null
  /** Why the last try failed; what was there before stays. */
  readonly problem: Error | null
  readonly isLoading: boolean
}

/** News of the same kind within this time is one reload. */
export const reloadEveryMs = 1_000

export class Reading<Data> {
  readonly interest: Interest
  readonly #load: (pages: number) => Promise<Data>
  readonly #reload: Merged
  readonly #listeners = new Set<() => void>()
  #pages = 1
  #snapshot: Snapshot<Data> = { data: null, asOf: null, problem: null, isLoading: false }

  /** `load` is told how many pages are wanted; what is no list does not mind. */
  constructor(load: (pages: number) => Promise<Data>, interest: Interest) {
    this.#load = load
    this.interest = interest
    this.#reload = merged(() => this.#run(), reloadEveryMs)
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0
  }

  readonly snapshot = (): Snapshot<Data> => this.#snapshot

  /** Whoever begins to look gets what is there, and it is loaded anew. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    this.refresh()
    return () => this.#listeners.delete(listener)
  }

  readonly refresh = (): void => this.#reload.trigger()

  /** One page more, from now on. */
  readonly more = (): void => {
    this.#pages += 1
    this.#set({ isLoading: true })
    this.refresh()
  }

  stop(): void {
    this.#reload.stop()
  }

  async #run(): Promise<void> {
    this.#set({ isLoading: true })
    try {
      const data = await this.#load(this.#pages)
      this.#set({ data, asOf: new Date(), problem: null, isLoading: false })
    } catch (error) {
      this.#set({ problem: error as Error, isLoading: false })
    }
  }

  #set(change: Partial<Snapshot<Data>>): void {
    this.#snapshot = { ...this.#snapshot, ...change }
    for (const listener of [...this.#listeners]) listener()
  }
}
