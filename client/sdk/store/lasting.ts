/**
 * A store that outlives its connection. Systems take connections away (iOS does it to an app in the background): then
 * it is opened again, once, and serves on if what is in it is still this device's. If not, it is lost: nothing that it
 * says is true of this device any more.
 */
import { type Keyring, type Store, StoreError, type Transaction } from './store.ts'

/** How many clients have it open: two may share one object, and the first that closes must not close the other's. */
const users = new WeakMap<Store, number>()

type Events = { reopened?: () => void; lost?: (fault: StoreError) => void }

export class LastingStore implements Store {
  declare readonly keyring?: Keyring
  readonly #store: Store
  readonly #on: Events
  /** Whether what is in the store is what was there before; null: nobody knows yet. */
  #isOurs: ((tx: Transaction) => Promise<boolean>) | null = null
  #reopening: Promise<void> | null = null
  #isOpen = false
  /** Why it will not serve any more; null: it does. */
  fault: StoreError | null = null

  constructor(store: Store, on: Events = {}) {
    this.#store = store
    if (store.keyring) this.keyring = store.keyring
    this.#on = on
  }

  get name(): string {
    return this.#store.name
  }

  get shared(): boolean {
    return this.#store.shared
  }

  async open(): Promise<void> {
    if (this.#isOpen) return
    this.#isOpen = true
    users.set(this.#store, (users.get(this.#store) ?? 0) + 1)
    await this.#store.open()
  }

  /** From now on a connection that was lost is opened again, if `isOurs` says of what is there that it is. */
  recogniseBy(isOurs: (tx: Transaction) => Promise<boolean>): void {
    this.#isOurs = isOurs
  }

  async transact<T>(mode: 'read' | 'write', work: (tx: Transaction) => Promise<T>): Promise<T> {
    if (this.fault) throw this.fault
    try {
      return await this.#store.transact(mode, work)
    } catch (error) {
      if (!isLost(error) || !this.#isOpen || !this.#isOurs) throw error
    }
    await this.#reopen()
    // Where the connection went as it was committed, it is done twice: work that writes looks at what is there first.
    return this.#store.transact(mode, work)
  }

  #reopen(): Promise<void> {
    this.#reopening ??= this.#tryAgain().finally(() => {
      this.#reopening = null
    })
    return this.#reopening
  }

  async #tryAgain(): Promise<void> {
    if (this.fault) throw this.fault
    try {
      await this.#store.open()
      if (!(await this.#store.transact('read', (tx) => this.#isOurs!(tx))))
        throw new StoreError('UNAVAILABLE', 'The data of this app on this device was deleted.')
    } catch (error) {
      const told = error instanceof StoreError ? error : null
      this.fault = told ?? new StoreError('FAILED', 'The store cannot be opened again.', { cause: error })
      this.#on.lost?.(this.fault)
      throw this.fault
    }
    this.#on.reopened?.()
  }

  persistence(): Promise<'persistent' | 'best-effort'> {
    return this.#store.persistence()
  }

  estimate(): Promise<{ usage: number; quota: number } | null> {
    return this.#store.estimate()
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    const others = (users.get(this.#store) ?? 1) - 1
    users.set(this.#store, others)
    if (others === 0) await this.#store.close()
  }
}

const isLost = (error: unknown) => error instanceof StoreError && error.fault === 'UNAVAILABLE'
