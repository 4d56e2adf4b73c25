/**
 * A store over records that are at hand: they are read and written at once, so transactions run one after the other,
 * each within one turn of the event loop.
 */
import { decode, encode, valueIn } from './records.ts'
import { type Collection, type Store, StoreError, type Transaction } from './store.ts'

/** Records as JSON texts, and one transaction over them. All of it may throw. */
export type Records = {
  begin(): void
  commit(): void
  /** Back to how it was at `begin`; does nothing where no transaction is open. */
  rollback(): void
  get(collection: Collection, key: string): string | undefined
  /** In the order of their keys' UTF-16 code units. */
  list(collection: Collection, prefix: string): { key: string; text: string }[]
  put(collection: Collection, key: string, text: string): void
  delete(collection: Collection, key: string): void
  close(): void
}

export type SerialKind = Pick<Store, 'name' | 'persistence'> & {
  open(): Records
  estimate(): { usage: number; quota: number } | null
  /** What `records` threw, as a StoreError. */
  explain(thrown: unknown): StoreError
}

export function serialStore({ name, open, persistence, estimate, explain }: SerialKind): Store {
  let records: Records | null = null
  let last: Promise<unknown> = Promise.resolve()

  /** Runs tasks one after the other, in the order in which they came. */
  function inTurn<T>(task: () => T | Promise<T>): Promise<T> {
    const ran = last.then(task)
    last = ran.catch(() => {})
    return ran
  }

  return {
    name,
    shared: false,
    persistence,
    open: () =>
      inTurn(() => {
        records ??= explained(open, explain)
      }),
    transact: (mode, work) =>
      inTurn(() => {
        if (!records) throw new StoreError('UNAVAILABLE', 'The store is not open.')
        return transact(records, mode, work, explain)
      }),
    estimate: () => inTurn(() => (records ? explained(estimate, explain) : null)),
    close: () =>
      inTurn(() => {
        records?.close()
        records = null
      }),
  }
}

async function transact<T>(
  records: Records,
  mode: 'read' | 'write',
  work: (tx: Transaction) => Promise<T>,
  explain: SerialKind['explain'],
): Promise<T> {
  let over = false
  let failure: StoreError | undefined

  /** What fails here fails the transaction, whether or not the work looks at it. */
  function step<Result>(task: () => Result): Promise<Result> {
    try {
      if (over) throw new StoreError('FAILED', 'The transaction is over.')
      // SQLite ends a transaction that has no room by itself: what came after it would be kept on its own.
      if (failure) throw failure
      return Promise.resolve(explained(task, explain))
    } catch (thrown) {
      failure ??= thrown as StoreError
      return Promise.reject(thrown)
    }
  }
  const write = (task: () => void) => {
    const written = step(() => {
      if (mode === 'read') throw new StoreError('FAILED', 'A transaction that only reads cannot write.')
      task()
    })
    written.catch(() => {})
    return written
  }
  const tx: Transaction = {
    get: <Value>(collection: Collection, key: string) =>
      step(() => valueIn<Value>(records.get(collection, key))),
    list: <Value>(collection: Collection, prefix = '') =>
      step(() => records.list(collection, prefix).map(({ key, text }) => decode<Value>(key, text))),
    put: (collection, key, value) => write(() => records.put(collection, key, encode(value))),
    delete: (collection, key) => write(() => records.delete(collection, key)),
  }

  try {
    if (mode === 'write') explained(records.begin, explain)
    const result = await withinTheTurn(work(tx))
    if (failure) throw failure
    if (mode === 'write') explained(records.commit, explain)
    return result
  } catch (thrown) {
    if (mode === 'write') explained(records.rollback, explain)
    throw failure ?? thrown
  } finally {
    over = true
  }
}

function explained<T>(task: () => T, explain: SerialKind['explain']): T {
  try {
    return task()
  } catch (thrown) {
    throw thrown instanceof StoreError ? thrown : explain(thrown)
  }
}

// Taken before any test can put another clock in its place.
const { setTimeout, clearTimeout } = globalThis

/**
 * Everything that a transaction may wait for is done within one turn of the event loop. IndexedDB would commit one that
 * waits for anything else; here it fails, so that such a mistake shows in Node too, and holds nobody up.
 */
async function withinTheTurn<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout>
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new StoreError('FAILED', 'A transaction waited for something else than its store.'))
    }, 0)
  })
  return await Promise.race([work, overdue]).finally(() => clearTimeout(timer))
}
