/** What the system has promised of the store: that it is not cleared on its own. Asked once, and waited for by nobody. */
import type { Pulse } from '../pulse.ts'
import type { Store } from '../store/store.ts'
import type { Status } from '../words.ts'

export class StoragePromise {
  #is: Status['storage'] = 'best-effort'
  readonly #store: Pick<Store, 'persistence'>
  readonly #pulse: Pulse

  constructor(store: Pick<Store, 'persistence'>, pulse: Pulse) {
    this.#store = store
    this.#pulse = pulse
  }

  get is(): Status['storage'] {
    return this.#is
  }

  /** Resolves when the system has answered. It may ask a person first, who may never do so. */
  async ask(): Promise<void> {
    this.learn(await this.#store.persistence().catch(() => 'best-effort' as const))
  }

  /** What was promised to one tab is kept for all of them. */
  learn(promise: Status['storage']): void {
    if (promise === 'persistent') this.#is = promise
    this.#pulse.beat()
  }
}
