/**
 * What the tests do in a tab: the cases, and one store after another by name.
 */
import { indexedDbStore } from '../../../client/sdk/store/indexed-db.ts'
import { sqliteStore } from '../../../client/sdk/store/sqlite.ts'
import { type Store, StoreError } from '../../../client/sdk/store/store.ts'
import { everything, fill, increment, sellOn, sold } from './actions.ts'
import { storeContract } from './store.contract.ts'

const contract = storeContract(() => indexedDbStore(crypto.randomUUID()))

const stores = new Map<string, Store>()
/** The tab's store of this name: the same one each time. */
function storeOf(name: string): Store {
  const store = stores.get(name) ?? indexedDbStore(name)
  stores.set(name, store)
  return store
}

/** `ok`, or the fault of the StoreError. Errors do not travel whole from a page to a test. */
async function outcome(doing: Promise<unknown>): Promise<string> {
  try {
    await doing
    return 'ok'
  } catch (thrown) {
    if (thrown instanceof StoreError) return thrown.fault
    throw thrown
  }
}

/** Every connection that was made in this tab, and of each that the browser has closed, its name. */
const connections: IDBDatabase[] = []
const closedByBrowser = new Set<string>()
const openDatabase = IDBFactory.prototype.open
IDBFactory.prototype.open = function (...args) {
  const request = openDatabase.apply(this, args)
  request.addEventListener('success', () => {
    connections.push(request.result)
    request.result.addEventListener('close', () => setTimeout(() => closedByBrowser.add(request.result.name)))
  })
  return request
}

const page = {
  openSqlite: () => outcome(sqliteStore('store.db').open()),
  runCase: (name: string) => contract[name]!(),

  open: (name: string) => outcome(storeOf(name).open()),
  close: (name: string) => storeOf(name).close(),
  increment: (name: string) => outcome(increment(storeOf(name))),
  everything: (name: string) => everything(storeOf(name)),
  /** What is in `meta`, or the fault. */
  peek: (name: string) =>
    indexedDbStore(name).peek!((tx) => tx.list('meta')).catch((thrown) => (thrown as StoreError).fault),
  persistence: (name: string) => storeOf(name).persistence(),
  estimate: (name: string) => storeOf(name).estimate(),

  /** So many increments, as fast as they go, by two stores of this tab. */
  async count(name: string, times: number): Promise<void> {
    const other = indexedDbStore(name)
    await other.open()
    await Promise.all(
      Array.from({ length: times }, (_, index) => increment(index % 2 ? other : storeOf(name))),
    )
    await other.close()
  },

  sold: (name: string) => sold(storeOf(name)),
  /** Tells the test, by the function that it has given the page, of each sale that is kept. */
  sellOn(name: string): void {
    void sellOn(storeOf(name), (window as unknown as { kept(position: number): Promise<void> }).kept)
  },

  async fill(name: string): Promise<{ kept: number; fault: string }> {
    const { kept, thrown } = await fill(storeOf(name))
    return { kept, fault: await outcome(Promise.reject(thrown)) }
  },
  entities: (name: string) => storeOf(name).transact('read', (tx) => tx.list('entities')),
  put: (name: string, key: string, value: unknown) =>
    outcome(storeOf(name).transact('write', (tx) => tx.put('entities', key, value))),
  delete: (name: string, key: string) =>
    outcome(storeOf(name).transact('write', (tx) => tx.delete('entities', key))),

  /** Three at a time, until one is not done: says why not. */
  async incrementUntilRefused(name: string): Promise<string> {
    for (;;) {
      const all = await Promise.all([1, 2, 3].map(() => page.increment(name)))
      const refused = all.find((each) => each !== 'ok')
      if (refused) return refused
    }
  },

  /** Begins to write round after round in one transaction; tells what became of it, and the last round kept. */
  async writeLong(name: string, rounds: number): Promise<string> {
    return await outcome(
      storeOf(name).transact('write', async (tx) => {
        for (let round = 1; round <= rounds; round++) {
          tx.put('meta', 'round', round)
          await tx.get('meta', 'round')
        }
      }),
    )
  },

  raw: {
    /** A connection that does not yield; `make` are the collections that an upgrade makes. */
    open: (name: string, version?: number, make: string[] = []) =>
      new Promise<number>((resolve, reject) => {
        const request = indexedDB.open(name, version)
        request.onupgradeneeded = () => {
          for (const each of make) {
            request.result.createObjectStore(each).put(JSON.stringify(`from version ${version}`), 'old')
          }
        }
        request.onsuccess = () => {
          held.push(request.result)
          resolve(request.result.version)
        }
        request.onerror = () => reject(request.error)
      }),
    closeAll(): void {
      for (const db of held.splice(0)) db.close()
    },
    wasClosedByBrowser: (name: string) => closedByBrowser.has(name),
    closeBehindItsBack(name: string): void {
      for (const db of connections) if (db.name === name) db.close()
    },
    delete: (name: string) =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name)
        request.onsuccess = () => resolve()
        request.onerror = () => reject(request.error)
      }),
    versions: async () =>
      Object.fromEntries((await indexedDB.databases()).map(({ name, version }) => [name, version])),
    put: (name: string, collection: string, key: string, found: unknown) =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open(name)
        request.onsuccess = () => {
          const tx = request.result.transaction(collection, 'readwrite')
          tx.objectStore(collection).put(found, key)
          tx.oncomplete = () => {
            request.result.close()
            resolve()
          }
        }
      }),
  },
}
const held: IDBDatabase[] = []

export type IndexedDbPage = typeof page
Object.assign(window, { page })
