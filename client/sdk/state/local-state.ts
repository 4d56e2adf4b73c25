/**
 * What the device knows, kept and in memory: queue, context, and the view of the branch that is worked in. Every
 * change takes one road: the store first, then memory, then the other tabs are told which records to read again.
 * The store is the truth; messages between tabs are hints.
 */

import { type BaseChange, View } from '../cache/view.ts'
import { OperationBlocked } from '../errors.ts'
import type { NewsDesk } from '../news.ts'
import { Outbox } from '../outbox/outbox.ts'
import type { Pulse } from '../pulse.ts'
import { LastingStore } from '../store/lasting.ts'
import {
  type EntityRecord,
  entityOfKey,
  isEntity,
  keys,
  newStream,
  readOperation,
  roundOf,
  type StreamId,
  type StreamRecord,
} from '../store/layout.ts'
import { migrate } from '../store/migrate.ts'
import { type Store, StoreError, type Transaction } from '../store/store.ts'
import type { Context, EntityKind, QueuedOperation, Verdict } from '../words.ts'
import { Commit, type Written } from './commit.ts'

/** To the other tabs: these records were written. */
export type StoredNotice = {
  about: 'stored'
  operations: string[]
  /** What the server has said; its operation may be done with, and gone, before anybody reads it. */
  decided: Verdict[]
  /** What a full store did not take of the operations, and memory has: as it is there. null: it is gone. */
  unkept?: [clientOpId: string, operation: QueuedOperation | null][]
  stream: StreamId | null
  streamMoved: boolean
  entities: [kind: string, id: string][]
}
export type ContextNotice = { about: 'context' }
export type StateNotice = StoredNotice | ContextNotice

export type LocalStateOptions = {
  store: Store
  deviceId?: string | undefined
  newDeviceId: () => string
  context?: Context | null | undefined
  news: NewsDesk
  pulse: Pulse
}

const nothingStored = { about: 'stored', stream: null, streamMoved: false, entities: [] as [] } as const

const isSameStream = (a: StreamId | null, b: StreamId | null) =>
  a?.tenantId === b?.tenantId && a?.branchId === b?.branchId

/** Of records as they are in the store. */
const isEqual = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** In all that changes of an operation while it is in the queue. */
const isSameOperation = (a: QueuedOperation, b: QueuedOperation) =>
  a.position === b.position &&
  a.status === b.status &&
  a.attempted === b.attempted &&
  a.retry === b.retry &&
  a.seen === b.seen &&
  a.met === b.met &&
  a.payloadHash === b.payloadHash &&
  isEqual(a.dependsOn, b.dependsOn) &&
  a.verdict?.status === b.verdict?.status &&
  a.verdict?.code === b.verdict?.code

const isDecided = (of: QueuedOperation | null): of is QueuedOperation =>
  of?.status === 'SYNCED' || of?.status === 'FAILED'

const nameOf = ({ clientOpId, status }: Verdict) => `${clientOpId} ${status}`

/** Operations that are read in one turn of the event loop. */
const sliceSize = 500

const isWhole = ({ complete }: StreamRecord) => complete !== null

const isFull = (error: unknown) => error instanceof StoreError && error.fault === 'FULL'

/** A full store keeps nobody from coming and going: it forgets who was there, so that nobody is taken for somebody else. */
async function keepContext(store: LastingStore, context: Context | null): Promise<void> {
  try {
    await store.transact('write', (tx) => tx.put('meta', keys.context, context))
  } catch (error) {
    if (!isFull(error)) throw error
    await store.transact('write', (tx) => tx.delete('meta', keys.context))
  }
}

export class LocalState {
  readonly store: LastingStore
  readonly deviceId: string
  readonly outbox = new Outbox()
  #context: Context | null = null
  #view: View | null = null
  #stream: StreamRecord = newStream
  /** What memory alone has of the queue, as the store is full. */
  readonly #unkept = new Map<string, QueuedOperation | null>()
  /**
   * Verdicts that were told as they were read, before the word of the tab that stored them came: it takes them out
   * again. Only those of a tab that died meanwhile stay, which are the answers of one request.
   */
  readonly #toldAhead = new Set<string>()
  /** When the cache has last forgotten what is old in this branch, by `performance.now`. */
  forgotAt = Number.NEGATIVE_INFINITY
  #position = 0
  /** Records that could not be read, since this client was opened. */
  damaged = 0
  readonly #news: NewsDesk
  readonly #pulse: Pulse
  /** Readings of the store that replace what is in memory go one after the other, so that the last word stands. */
  #lastReading: Promise<unknown> = Promise.resolve()

  private constructor(deviceId: string, store: LastingStore, { news, pulse }: LocalStateOptions) {
    this.store = store
    this.deviceId = deviceId
    this.#news = news
    this.#pulse = pulse
  }

  /** Opens the store and reads it. `context` left out: as it was left. */
  static async open(of: LocalStateOptions): Promise<LocalState> {
    let state: LocalState | null = null
    const store = new LastingStore(of.store, {
      // What went on as the connection went is known to the store alone.
      reopened: () => void state?.reread().catch(() => {}),
      lost: (fault) => of.news.tell('lost', fault),
    })
    try {
      await store.open()
      await migrate(store)
      state = await LocalState.#read(store, of)
    } catch (error) {
      await store.close().catch(() => {})
      throw error
    }
    return state
  }

  static async #read(store: LastingStore, of: LocalStateOptions): Promise<LocalState> {
    const { deviceId, last } = await store.transact('write', async (tx) => {
      const known = await tx.get<string>('meta', keys.deviceId)
      const deviceId = of.deviceId ?? known ?? of.newDeviceId()
      if (deviceId !== known) void tx.put('meta', keys.deviceId, deviceId)
      return { deviceId, last: (await tx.get<Context | null>('meta', keys.context)) ?? null }
    })
    const { context = last } = of
    if (!isEqual(context, last)) await keepContext(store, context)
    const state = new LocalState(deviceId, store, of)
    store.recogniseBy(async (tx) => (await tx.get('meta', keys.deviceId)) === deviceId)
    await state.#loadQueue()
    await state.#enter(context)
    await state.view?.settled()
    return state
  }

  get context(): Context | null {
    return this.#context
  }

  /** The branch's data; null while nobody is signed in. */
  get view(): View | null {
    return this.#view
  }

  /** The furthest place in the queue that this tab knows to be taken: it has read whatever stands before it. */
  get position(): number {
    return Math.max(this.#position, this.outbox.lastPosition)
  }

  /** How far the context's stream was pulled. */
  get stream(): StreamRecord {
    return this.#stream
  }

  // -- reading --------------------------------------------------------------------------------------------------

  /** In slices, as each operation is read with care: of 50,000 a person would wait for seconds, and see nothing move. */
  async #loadQueue(): Promise<void> {
    const { position, entries } = await this.store.transact('read', async (tx) => ({
      position: (await tx.get<number>('meta', keys.position)) ?? 0,
      entries: await tx.list<unknown>('operations'),
    }))
    this.#position = position
    const broken: typeof entries = []
    const renamed: { from: string; operation: QueuedOperation }[] = []
    for (const [i, entry] of entries.entries()) {
      if (i % sliceSize === sliceSize - 1) await new Promise((go) => setTimeout(go))
      const operation = readOperation(entry.value)
      if (!operation) broken.push(entry)
      else this.outbox.set(operation)
      // Kept under a key in capitals by an older version: the gateway's verdict would not find it.
      if (operation && operation.clientOpId !== entry.key) renamed.push({ from: entry.key, operation })
    }
    if (broken.length + renamed.length === 0) return
    await this.store.transact('write', async (tx) => {
      // Set aside as they were found: nothing that a person did is thrown away.
      for (const { key, value, damaged } of broken) {
        void tx.put('damaged', `operation ${key}`, { text: damaged ?? JSON.stringify(value) })
        void tx.delete('operations', key)
      }
      for (const { from, operation } of renamed) {
        void tx.delete('operations', from)
        void tx.put('operations', operation.clientOpId, operation)
      }
    })
    this.damaged += broken.length
  }

  /**
   * Context, stream and view change in one step: a run that saw one without the others would store pages amiss. Of a
   * branch that is in view already, what is seen goes on to be seen until what waits is folded anew.
   */
  async #enter(context: Context | null): Promise<void> {
    if (!context) {
      this.#context = null
      this.#stream = newStream
      this.#view = null
      return
    }
    const id: StreamId = { tenantId: context.tenantId, branchId: context.branchId }
    const [record, changes] = await this.store.transact('write', (tx) => this.#readStream(tx, id))
    const isHere = isSameStream(id, this.#view?.stream ?? null)
    const view = isHere ? this.#view! : this.#newView(id)
    if (!isHere) this.forgotAt = Number.NEGATIVE_INFINITY
    this.#context = context
    this.#view = view
    this.#moveTo(record)
    view.replaceBase(changes)
  }

  #newView(id: StreamId): View {
    return new View(id, () => this.outbox.unconfirmed(id), { moved: () => this.#pulse.beat() })
  }

  #moveTo(stream: StreamRecord): void {
    this.#stream = stream
    this.#view!.isWhole = isWhole(stream)
    this.#view!.round = roundOf(stream)
  }

  /** A cache with a hole is no cache: where a record cannot be used, the branch is pulled anew, in view of the rest. */
  async #readStream(tx: Transaction, id: StreamId): Promise<[StreamRecord, BaseChange[]]> {
    const record = (await tx.get<StreamRecord>('meta', keys.stream(id))) ?? newStream
    const entries = await tx.list<EntityRecord>('entities', keys.entitiesOf(id))
    const good = entries.filter(isEntity)
    const changes = good.map(({ key, value }) => {
      const { kind, id } = entityOfKey(key)
      return { kind: kind as EntityKind, id, record: value }
    })
    if (good.length === entries.length) return [record, changes]
    this.damaged += entries.length - good.length
    for (const entry of entries) if (!isEntity(entry)) void tx.delete('entities', entry.key)
    const anew = { ...record, cursor: null, generation: record.generation + 1 }
    void tx.put('meta', keys.stream(id), anew)
    return [anew, changes]
  }

  // -- writing --------------------------------------------------------------------------------------------------

  /**
   * Writes atomically, then takes what was written into memory and tells the other tabs. Throws a StoreError. `remember`:
   * where the store is full, memory alone takes it, and the store stays as it was: for what a queue can be drained
   * without, as the gateway tells it again.
   */
  async commit<T>(
    work: (commit: Commit) => Promise<T>,
    { whenFull = 'fail' }: { whenFull?: 'fail' | 'remember' } = {},
  ): Promise<T> {
    let isKept = true
    const run = (dry: boolean) => async (tx: Transaction) => {
      const commit = new Commit(tx, { unkept: this.#unkept, dry })
      return { result: await work(commit), written: commit.written }
    }
    const { result, written } = await this.store.transact('write', run(false)).catch((error: unknown) => {
      if (whenFull === 'fail' || !isFull(error)) throw error
      isKept = false
      return this.store.transact('read', run(true))
    })
    const operations = [...written.operations.keys()]
    if (isKept) this.#forgetUnkept(operations)
    else this.#rememberUnkept(written.operations)
    const decided = this.#take(written)
    if (!isKept)
      this.#news.tell('stored', { ...nothingStored, operations, decided, unkept: [...written.operations] })
    else if (operations.length > 0 || written.stream)
      this.#news.tell('stored', {
        about: 'stored',
        operations,
        decided,
        stream: written.stream,
        streamMoved: written.record !== null,
        entities: written.entities.map(({ kind, id }) => [kind, id]),
      })
    return result
  }

  /** As `commit`, of what a person does. Throws OperationBlocked where it cannot be kept: they must know. */
  async record<T>(work: (commit: Commit) => Promise<T>): Promise<T> {
    try {
      return await this.commit(work)
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      const message = `This was not recorded: ${error.message}`
      throw new OperationBlocked(`STORAGE_${error.fault}`, message, null, { cause: error })
    }
  }

  #rememberUnkept(operations: Written['operations']): void {
    for (const [clientOpId, operation] of operations) this.#unkept.set(clientOpId, operation)
  }

  #forgetUnkept(clientOpIds: readonly string[]): void {
    for (const clientOpId of clientOpIds) this.#unkept.delete(clientOpId)
  }

  /** Of these, the ones that the full store does not have as memory does. */
  unkeptOf(clientOpIds: readonly string[]): string[] {
    return clientOpIds.filter((clientOpId) => this.#unkept.has(clientOpId))
  }

  /**
   * Takes operations out of a full store, which always goes; memory, also that of the other tabs, keeps them until what
   * they did is pulled.
   */
  async release(clientOpIds: readonly string[]): Promise<void> {
    await this.store.transact('write', async (tx) => {
      for (const clientOpId of clientOpIds) void tx.delete('operations', clientOpId)
    })
  }

  /** Signs somebody in or out; what waits stays where it is. */
  async switchContext(context: Context | null): Promise<void> {
    await this.#inTurn(async () => {
      await keepContext(this.store, context)
      await this.#enter(context)
    })
    this.#news.tell('stored', { about: 'context' })
    this.#pulse.beat()
    await this.#view?.settled()
  }

  /** The verdicts that are new here. */
  #take(written: Written): Verdict[] {
    this.#position = Math.max(this.#position, written.position ?? 0)
    if (written.stream && this.#view && isSameStream(written.stream, this.#view.stream)) {
      if (written.record) this.#moveTo(written.record)
      if (written.entities.length > 0) this.#view.changeBase(written.entities)
    }
    const decided = [...written.operations].flatMap(([clientOpId, operation]) => {
      const before = this.outbox.get(clientOpId)
      this.#takeOperation(clientOpId, operation, written.operations.size > sliceSize)
      const isNew = isDecided(operation) && before?.status !== operation.status
      return isNew && operation.verdict ? [operation.verdict] : []
    })
    for (const verdict of decided) this.#news.tell('decided', verdict)
    this.#pulse.beat()
    return decided
  }

  #takeOperation(clientOpId: string, operation: QueuedOperation | null, isOneOfMany: boolean): void {
    const before = this.outbox.get(clientOpId)
    // What another tab has queued may be heard of after what came behind it.
    const isLast = operation !== null && operation.position > this.outbox.lastPosition
    if (operation) this.outbox.set(operation)
    else this.outbox.delete(clientOpId)
    const view = this.#view
    if (!view) return
    const shown = (of: QueuedOperation | null | undefined) =>
      of && isSameStream(of, view.stream) && of.status !== 'FAILED' && !of.seen ? of : null
    const [old, now] = [shown(before), shown(operation)]
    if (!old && !now) return
    if (old?.position === now?.position && old?.payloadHash === now?.payloadHash) return
    if (now && isLast && !before && !isOneOfMany) view.append(now)
    else view.refold()
  }

  // -- other tabs -----------------------------------------------------------------------------------------------

  /** Reads again whatever differs from what is in memory: a tab that died may have written it and told nobody. */
  reread(): Promise<void> {
    return this.#inTurn(async () => {
      const { context, stream, operations, position } = await this.store.transact('read', async (tx) => {
        const context = (await tx.get<Context | null>('meta', keys.context)) ?? null
        return {
          context,
          stream: context && (await tx.get<StreamRecord>('meta', keys.stream(context))),
          operations: await this.#operationsThatDiffer(tx),
          position: (await tx.get<number>('meta', keys.position)) ?? 0,
        }
      })
      this.#takeAhead({ operations, position, stream: null, record: null, entities: [] })
      // A page, whatever it brings, moves the stream.
      const isSame = isEqual(context, this.#context) && isEqual(stream ?? newStream, this.#stream)
      if (!isSame) await this.#enter(context)
      this.#pulse.beat()
    })
  }

  async #operationsThatDiffer(tx: Transaction): Promise<Written['operations']> {
    const entries = await tx.list<QueuedOperation>('operations')
    const kept = new Set(entries.map(({ key }) => key))
    const gone = [...this.outbox.all()].filter(
      ({ clientOpId }) => !kept.has(clientOpId) && !this.#unkept.has(clientOpId),
    )
    const others = entries.flatMap(({ value }) => {
      // Read with care only where it is another one: a queue of thousands is compared at each new tab.
      const known = this.outbox.get((value as QueuedOperation | undefined)?.clientOpId ?? '')
      if (known && value && isSameOperation(known, value)) return []
      const operation = readOperation(value)
      const isOurs = operation && this.#unkept.has(operation.clientOpId)
      return operation && !isOurs && !isEqual(operation, this.outbox.get(operation.clientOpId))
        ? [operation]
        : []
    })
    return new Map<string, QueuedOperation | null>([
      ...gone.map(({ clientOpId }) => [clientOpId, null] as const),
      ...others.map((operation) => [operation.clientOpId, operation] as const),
    ])
  }

  /** Another tab has written: reads what it names. */
  heard(notice: StateNotice): Promise<void> {
    return this.#inTurn(async () => {
      if (notice.about === 'stored') return this.#takeNotice(notice)
      const context = await this.store.transact('read', (tx) => tx.get<Context | null>('meta', keys.context))
      await this.#enter(context ?? null)
      this.#pulse.beat()
    })
  }

  async #takeNotice(notice: StoredNotice): Promise<void> {
    const unkept = notice.unkept && new Map(notice.unkept)
    if (unkept) this.#rememberUnkept(unkept)
    else this.#forgetUnkept(notice.operations)
    const written: Written = unkept
      ? { operations: unkept, stream: null, record: null, entities: [] }
      : await this.store.transact('read', (tx) => this.#readAgain(tx, notice))
    const news = notice.decided.filter(({ clientOpId, status }) => {
      const known = this.outbox.get(clientOpId)?.status
      return known !== (status === 'APPLIED' ? 'SYNCED' : 'FAILED')
    })
    this.#takeAhead(written)
    for (const verdict of notice.decided) {
      const wasTold = this.#toldAhead.delete(nameOf(verdict))
      if (!wasTold && news.includes(verdict)) this.#news.tell('decided', verdict)
    }
  }

  #takeAhead(written: Written): void {
    for (const verdict of this.#take(written)) this.#toldAhead.add(nameOf(verdict))
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastReading.then(work)
    this.#lastReading = turn.catch(() => {})
    return turn
  }

  async #readAgain(
    tx: Transaction,
    { operations, stream, streamMoved, entities }: StoredNotice,
  ): Promise<Written> {
    const found = await Promise.all(operations.map((id) => tx.get<QueuedOperation>('operations', id)))
    const written: Written = {
      operations: new Map(operations.map((id, i) => [id, found[i] ?? null])),
      stream,
      record: null,
      entities: [],
    }
    if (!stream || !isSameStream(stream, this.#view?.stream ?? null)) return written
    if (streamMoved) written.record = (await tx.get<StreamRecord>('meta', keys.stream(stream))) ?? null
    const records = await Promise.all(
      entities.map(([kind, id]) => tx.get<EntityRecord>('entities', keys.entity(stream, kind, id))),
    )
    written.entities = entities.map(([kind, id], i) => ({
      kind: kind as EntityKind,
      id,
      record: records[i] ?? null,
    }))
    return written
  }
}
