/**
 * A store in the browser, shared by its tabs.
 */
import { openDB, unwrap } from 'idb'
import { keyringOf } from './keyring.ts'
import { schemaVersion } from './migrate.ts'
import { decode, encode, keyAfter, valueIn } from './records.ts'
import {
  type Collection,
  collections,
  type Store,
  StoreError,
  type StoreFault,
  type Transaction,
} from './store.ts'

/**
 * The database's version follows that of the data. So a newer app takes the store over from the tabs of an older one,
 * and an older one is told NEWER. It is one more, as 1 is what anybody gets who opens a database without saying which.
 */
const databaseVersion = schemaVersion + 1

/** A tab that yields does so at once, after its transactions; one that takes longer does not mean to. */
const patienceMs = 2_000

/**
 * A tab that is asked to make room (a newer app upgrades the database, or somebody deletes it) closes its connection
 * after the transactions under way, and every later one is UNAVAILABLE; likewise where the browser clears its data. It
 * does not open a database again behind the app's back, as that would be another one, and empty: `open` does, if asked.
 */
export function indexedDbStore(name: string): Store {
  let connection: Promise<IDBDatabase> | null = null
  const underWay = new Set<Promise<unknown>>()

  /** Lets go of a connection, once its transactions are over. */
  async function release(held: Promise<IDBDatabase>): Promise<void> {
    if (connection === held) connection = null
    const db = await held.catch(() => null)
    db?.close()
  }

  return {
    name,
    shared: true,
    async open() {
      const opening: Promise<IDBDatabase> = connection ?? connect(name, () => release(opening))
      connection = opening
      try {
        await opening
      } catch (thrown) {
        await release(opening)
        throw thrown
      }
    },
    async transact(mode, work) {
      const held = connection
      if (!held) throw new StoreError('UNAVAILABLE', 'The store is not open, or the browser has closed it.')
      const running = held.then((db) => transact(db, mode, work))
      underWay.add(running)
      try {
        return await running
      } catch (thrown) {
        // Safari may lose a connection without a word, when the app was in the background.
        if (thrown instanceof StoreError && thrown.fault === 'UNAVAILABLE') await release(held)
        throw thrown
      } finally {
        underWay.delete(running)
      }
    },
    keyring: keyringOf(name),
    async peek(work) {
      const db = await openAsItIs(name)
      try {
        return await transact(db, 'read', work)
      } finally {
        db.close()
      }
    },
    persistence,
    estimate,
    async close() {
      const held = connection
      connection = null
      await Promise.allSettled(underWay)
      if (held) await release(held)
    },
  }
}

/** Whatever its version is. Throws UNAVAILABLE where there is no database: none is made. */
async function openAsItIs(name: string): Promise<IDBDatabase> {
  try {
    const db = await openDB(name, undefined, {
      upgrade(_, __, ___, tx) {
        tx.done.catch(() => {})
        tx.abort()
      },
    })
    return unwrap(db)
  } catch (cause) {
    throw new StoreError('UNAVAILABLE', 'There is nothing in the store.', { cause })
  }
}

/** Opens the database and makes what is missing in it. `lost` is called when it is to be closed, or was. */
function connect(name: string, lost: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    let givenUp = false
    let patience: ReturnType<typeof setTimeout> | undefined
    function giveUp(reason: StoreError): void {
      givenUp = true
      clearTimeout(patience)
      reject(reason)
    }
    if (typeof indexedDB === 'undefined') {
      return giveUp(new StoreError('UNAVAILABLE', 'This platform has no IndexedDB.'))
    }

    openDB(name, databaseVersion, {
      upgrade(db, _from, _to, tx) {
        // The other tab has gone at last, but nobody waits any more: it stays as it was.
        if (givenUp) {
          tx.done.catch(() => {})
          return tx.abort()
        }
        for (const collection of collections) {
          if (!db.objectStoreNames.contains(collection)) db.createObjectStore(collection)
        }
      },
      blocked() {
        patience = setTimeout(() => {
          giveUp(new StoreError('BLOCKED', 'Another tab has an older version of the app open: close it.'))
        }, patienceMs)
      },
      blocking: lost,
      terminated: lost,
    }).then(
      (db) => {
        clearTimeout(patience)
        if (givenUp) db.close()
        else resolve(unwrap(db))
      },
      (cause) => giveUp(explain(cause, ['UNAVAILABLE', 'The browser cannot open the store.'])),
    )
  })
}

async function transact<T>(
  db: IDBDatabase,
  mode: 'read' | 'write',
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const native = begin(db, mode)
  let failure: StoreError | undefined
  const over = new Promise<void>((resolve) => {
    function lost(): void {
      failure ??= native.error ? explain(native.error) : closedByBrowser()
      end()
    }
    function end(): void {
      db.removeEventListener('close', lost)
      resolve()
    }
    native.oncomplete = end
    native.onabort = lost
    // Chromium forgets a transaction that begins as it closes the database: of that one no other word comes.
    db.addEventListener('close', lost)
  })

  /** What fails here fails the transaction, whether or not the work looks at it. */
  async function step<Result>(task: () => Result | Promise<Result>): Promise<Result> {
    try {
      return await task()
    } catch (cause) {
      // A request after one that had no room is only told that it was aborted: the reason is in `error`.
      failure ??= explain(native.error ?? cause)
      throw failure
    }
  }
  /** A write is asked for and not waited for: what becomes of it shows when the transaction ends. */
  function write(task: () => unknown): Promise<void> {
    const asked = step(() => void task())
    asked.catch(() => {})
    return asked
  }
  const tx: Transaction = {
    get: <Value>(collection: Collection, key: string) =>
      step(async () => valueIn<Value>(await answer(native.objectStore(collection).get(key)))),
    list: <Value>(collection: Collection, prefix = '') =>
      step(async () => {
        if (!db.objectStoreNames.contains(collection)) return []
        const store = native.objectStore(collection)
        const range = rangeOf(prefix)
        const [keys, all] = (await Promise.all([
          answer(store.getAllKeys(range)),
          answer(store.getAll(range)),
        ])) as [string[], unknown]
        // One that is unreadable takes them all with it: then each is read on its own.
        const found = Array.isArray(all) ? all : await Promise.all(keys.map((key) => answer(store.get(key))))
        return keys.map((key, index) => decode<Value>(key, found[index]))
      }),
    put: (collection, key, value) => write(() => native.objectStore(collection).put(encode(value), key)),
    delete: (collection, key) => write(() => native.objectStore(collection).delete(key)),
  }

  try {
    const result = await work(tx)
    if (failure) throw failure
    commit(native)
    if (mode === 'read') return result
    await over
    if (failure) throw failure
    return result
  } catch (thrown) {
    const reason = failure ?? thrown
    abort(native)
    await over
    throw reason
  }
}

const closedByBrowser = (cause?: unknown) =>
  new StoreError('UNAVAILABLE', 'The browser has closed the store.', { cause })

function begin(db: IDBDatabase, mode: 'read' | 'write'): IDBTransaction {
  try {
    const there = collections.filter((collection) => db.objectStoreNames.contains(collection))
    return db.transaction(there, mode === 'write' ? 'readwrite' : 'readonly', { durability: 'strict' })
  } catch (cause) {
    throw closedByBrowser(cause)
  }
}

/**
 * What the request finds. Where the browser has lost a value (of large ones it keeps each in a file), that is what it
 * finds, and the transaction goes on; nothing else is `unreadable`, as all records are texts.
 */
function answer(request: IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = (event) => {
      const error = request.error!
      if (error.name !== 'NotReadableError') return reject(error)
      event.preventDefault()
      resolve({ unreadable: error.message })
    }
  })
}

/** Spares the browser the wait for more requests. */
function commit(native: IDBTransaction): void {
  try {
    native.commit()
  } catch (cause) {
    throw new StoreError('FAILED', 'A transaction waited for something else than its store.', { cause })
  }
}

function abort(native: IDBTransaction): void {
  try {
    native.abort()
  } catch {
    // It is over already.
  }
}

function rangeOf(prefix: string): IDBKeyRange {
  const end = keyAfter(prefix)
  return end === null ? IDBKeyRange.lowerBound(prefix) : IDBKeyRange.bound(prefix, end, false, true)
}

async function persistence(): Promise<'persistent' | 'best-effort'> {
  const { storage } = navigator
  const granted = (await storage?.persisted?.()) || (await storage?.persist?.())
  return granted ? 'persistent' : 'best-effort'
}

async function estimate(): Promise<{ usage: number; quota: number } | null> {
  const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {}
  return usage === undefined || quota === undefined ? null : { usage, quota }
}

type Explanation = [StoreFault, string]

/** By the names of exceptions: https://webidl.spec.whatwg.org/#idl-DOMException-error-names */
const explanations: Record<string, Explanation> = {
  QuotaExceededError: ['FULL', 'There is no space left on this device.'],
  VersionError: ['NEWER', 'A newer version of the app has used the data on this device.'],
  AbortError: ['UNAVAILABLE', 'The browser has closed the store.'],
  UnknownError: ['UNAVAILABLE', 'The browser cannot reach the store.'],
  ReadOnlyError: ['FAILED', 'A transaction that only reads cannot write.'],
  TransactionInactiveError: ['FAILED', 'A transaction waited for something else than its store.'],
}

function explain(
  cause: unknown,
  otherwise: Explanation = ['FAILED', 'The store in the browser failed.'],
): StoreError {
  if (cause instanceof StoreError) return cause
  const [fault, message] = explanations[(cause as Error).name] ?? otherwise
  return new StoreError(fault, message, { cause })
}
