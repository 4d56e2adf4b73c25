/**
 * Where a device keeps its queue and its cache. Three stores implement it (memory, IndexedDB, SQLite), and one suite
 * of tests runs over all of them (`test/client/store/`). A React Native app brings its own: these two interfaces are
 * all that the SDK asks for.
 */

/**
 * What is kept, each a map from text keys to JSON values.
 * `meta`: device, counters, context, streams with their cursors. `operations`: the queue. `entities`: what was pulled.
 * `discarded`: operations that a person gave up, with the reason. `people`: who may take over this device offline.
 * `damaged`: records that could not be read, as they were found.
 */
export const collections = ['meta', 'operations', 'entities', 'discarded', 'people', 'damaged'] as const
export type Collection = (typeof collections)[number]

/** A record. One that cannot be decoded has no `value` but its raw text: it costs itself, not its neighbours. */
export type Entry<Value> = { readonly key: string } & (
  | { readonly value: Value; readonly damaged?: undefined }
  | { readonly value?: undefined; readonly damaged: string }
)

/**
 * Reads and writes of one transaction. Reads see the transaction's own writes. Within `work`, await nothing but these
 * methods: IndexedDB commits a transaction that waits for anything else, and the other stores let it fail, so that it
 * shows. Where one of them fails, the transaction fails with that StoreError, whatever the work makes of it.
 */
export interface Transaction {
  /** The value of the key, or undefined where there is none (or a damaged one: `list` tells). */
  get<Value>(collection: Collection, key: string): Promise<Value | undefined>
  /**
   * The records whose keys begin with `prefix` (all of them where it is left out), in the order of their keys: by
   * UTF-16 code units, as JavaScript compares texts.
   */
  list<Value>(collection: Collection, prefix?: string): Promise<Entry<Value>[]>
  /**
   * Writes are in order, and need not be awaited: they resolve when they were taken, and what becomes of them shows at
   * the end of the transaction. A value that is no JSON is FAILED.
   */
  put(collection: Collection, key: string, value: unknown): Promise<void>
  delete(collection: Collection, key: string): Promise<void>
}

export interface Store {
  /** Its name for people and for locks: clients with the same `name` and `shared: true` share one queue. */
  readonly name: string
  /** Whether other tabs or clients of this machine may have the same store open. */
  readonly shared: boolean
  /**
   * Opens, and creates what is missing. Throws a StoreError; nothing is changed then. Idempotent. Opens again what was
   * closed, or was lost (UNAVAILABLE): then what is in it may be something else, or nothing.
   */
  open(): Promise<void>
  /**
   * Runs `work` atomically: all of its writes are kept, or none where it throws. Transactions that write run one after
   * the other, also across tabs. Resolves when what was written is durable: it survives a kill of the process.
   * Throws a StoreError (`FULL`: the quota or the disk; `UNAVAILABLE`: it is not open), or what `work` threw.
   */
  transact<T>(mode: 'read' | 'write', work: (tx: Transaction) => Promise<T>): Promise<T>
  /**
   * Reads as it is what any version of the app has left here, open or not, and changes nothing: to save what can be
   * saved. Left out: `open` does as much.
   */
  peek?<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** `persistent`: the system has promised not to clear it on its own. Asks for that where it can. */
  persistence(): Promise<'persistent' | 'best-effort'>
  /** Bytes used and granted, where the platform tells. */
  estimate(): Promise<{ usage: number; quota: number } | null>
  /** Lets go of it; a transaction under way is finished first. Idempotent. */
  close(): Promise<void>
  /** Where a key can be kept that nobody can take out; left out: the platform has no such place. */
  readonly keyring?: Keyring
}

export type KeptKey = { id: string; key: CryptoKey }
export interface Keyring {
  find(): Promise<KeptKey | null>
  /** Keeps it, unless there is one already; resolves to the one that is kept. */
  keep(made: KeptKey): Promise<KeptKey>
  drop(): Promise<void>
}

/**
 * Why a store cannot serve. `FULL`: nothing more fits. `BLOCKED`: another tab holds an older version of it open.
 * `IN_USE`: another process has it. `NEWER`: a newer version of the app wrote it. `UNAVAILABLE`: the platform has none,
 * or has lost it. `FAILED`: anything else, told by `cause`.
 */
export type StoreFault = 'FULL' | 'BLOCKED' | 'IN_USE' | 'NEWER' | 'UNAVAILABLE' | 'FAILED'

export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly fault: StoreFault
  constructor(fault: StoreFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.fault = fault
  }
}

/** Nothing more fits. */
export const isFull = (error: unknown): boolean => error instanceof StoreError && error.fault === 'FULL'
