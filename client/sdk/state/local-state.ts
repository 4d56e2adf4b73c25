/**
 * What the device knows, kept and in memory: queue, context, and the view of the branch that is worked in. Every
 * change takes one road: the store first, then memory, then the other tabs are told which records to read again.
 * The store is the truth; messages between tabs are hints.
 */

import { View } from '../cache/view.ts'
import { OperationBlocked } from '../errors.ts'
import type { Modules } from '../modules/modules.ts'
import type { NewsDesk } from '../news.ts'
import { Outbox } from '../outbox/outbox.ts'
import type { Pulse } from '../pulse.ts'
import { LastingStore } from '../store/lasting.ts'
import { keys, newStream, roundOf, type StreamId, type StreamRecord } from '../store/layout.ts'
import { migrate } from '../store/migrate.ts'
import { isFull, type Store, StoreError, type Transaction } from '../store/store.ts'
import type { Context, QueuedOperation, Verdict } from '../words.ts'
import { Commit, type Ends, type Written } from './commit.ts'
import {
  contextIn,
  isEqual,
  isSameStream,
  readBranch,
  readDifferences,
  readNamed,
  readQueue,
  type StoredNotice,
  sliceSize,
} from './reading.ts'

type ContextNotice = { about: 'context' }
export type StateNotice = StoredNotice | ContextNotice

export type LocalStateOptions = {
  modules: Modules
  store: Store
  deviceId?: string | undefined
  newDeviceId: () => string
  context?: Context | null | undefined
  news: NewsDesk
  pulse: Pulse
}

/** How long a notice waits for the one before it; then the store is looked through. */
const noticeMs = 1_000

const isDecided = (of: QueuedOperation | null): of is QueuedOperation =>
  of?.status === 'SYNCED' || of?.status === 'FAILED'

const nameOf = ({ clientOpId, status }: Verdict) => `${clientOpId} ${status}`

const isWhole = ({ complete }: StreamRecord) => complete !== null

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
  /** What the modules say of what is kept here. */
  readonly modules: Modules
  readonly outbox: Outbox
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
  /** Writes to a shared store that there were when it was last looked through, and that are known of now. */
  #whole = 0
  #known = 0
  /** Notices of what is not in memory yet, as the store is further than they say: the rest is under way. */
  #noticed: StoredNotice[] = []
  /** When the cache has last forgotten what is old in this branch, by `performance.now`. */
  forgotAt = Number.NEGATIVE_INFINITY
  #ends: Ends = { position: 0, heads: new Map() }
  /** Records that could not be read, since this client was opened. */
  damaged = 0
  readonly #news: NewsDesk
  readonly #pulse: Pulse
  /** Readings of the store that replace what is in memory go one after the other, so that the last word stands. */
  #lastReading: Promise<unknown> = Promise.resolve()

  private constructor(deviceId: string, store: LastingStore, { modules, news, pulse }: LocalStateOptions) {
    this.modules = modules
    this.outbox = new Outbox(modules)
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
      return { deviceId, last: await contextIn(tx) }
    })
    const { context = last } = of
    if (!isEqual(context, last)) await keepContext(store, context)
    const state = new LocalState(deviceId, store, of)
    store.recogniseBy(async (tx) => (await tx.get('meta', keys.deviceId)) === deviceId)
    const { position, writes, damaged } = await readQueue(store, state.outbox)
    state.#ends = { position, heads: new Map() }
    state.#whole = state.#known = writes
    state.damaged += damaged
    state.#show(context, context && (await store.transact('write', (tx) => readBranch(tx, context))))
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
    return Math.max(this.#ends.position, this.outbox.lastPosition)
  }

  /** How far the context's stream was pulled. */
  get stream(): StreamRecord {
    return this.#stream
  }

  // -- reading --------------------------------------------------------------------------------------------------

  /** Reads the branch that is worked in from now on, and whatever differs of the rest, as they are at one moment. */
  async #enter(context: Context | null): Promise<void> {
    const { differences, branch } = await this.store.transact('write', async (tx) => ({
      differences: await readDifferences(tx, this.outbox, this.#unkept),
      branch: context && (await readBranch(tx, context)),
    }))
    this.#takeWhole(differences.written)
    this.#show(context, branch)
  }

  /**
   * Context, stream and view change in one step: a run that saw one without the others would store pages amiss. Of a
   * branch that is in view already, what is seen goes on to be seen until what waits is folded anew.
   */
  #show(context: Context | null, branch: Awaited<ReturnType<typeof readBranch>> | null): void {
    this.#context = context
    if (!context || !branch) {
      this.#stream = newStream
      this.#view = null
      return
    }
    const id: StreamId = { tenantId: context.tenantId, branchId: context.branchId }
    this.damaged += branch.damaged
    if (!isSameStream(id, this.#view?.stream ?? null)) {
      this.forgotAt = Number.NEGATIVE_INFINITY
      const unconfirmed = () => this.outbox.unconfirmed(id)
      this.#view = new View(this.modules, id, unconfirmed, { moved: () => this.#pulse.beat() })
    }
    this.#moveTo(branch.stream)
    this.#view!.replaceBase(branch.records)
  }

  #moveTo(stream: StreamRecord): void {
    this.#stream = stream
    this.#view!.isWhole = isWhole(stream)
    this.#view!.round = roundOf(stream)
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
      const commit = new Commit(tx, { unkept: this.#unkept, ends: this.#ends, dry })
      const result = await work(commit)
      if (this.store.shared && !dry) await commit.countWrite()
      return { result, written: commit.written }
    }
    const { result, written } = await this.store.transact('write', run(false)).catch((error: unknown) => {
      if (whenFull === 'fail' || !isFull(error)) throw error
      isKept = false
      return this.store.transact('read', run(true))
    })
    const { operations, stream, record, entities, write } = written
    const clientOpIds = [...operations.keys()]
    if (isKept) this.#forgetUnkept(clientOpIds)
    else this.#rememberUnkept(operations)
    this.#knowOf(write)
    const decided = this.#take(written)
    if (operations.size > 0 || stream)
      this.#news.tell('stored', {
        about: 'stored',
        write,
        operations: clientOpIds,
        decided,
        unkept: isKept ? undefined : [...operations],
        stream,
        streamMoved: record !== null,
        entities: entities.map(({ kind, id }) => [kind, id]),
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
    await this.#view?.settled()
  }

  /** The verdicts that are new here. */
  #take(written: Written): Verdict[] {
    const { position, ends: heads } = written
    if (position !== undefined) this.#ends = { position: Math.max(this.#ends.position, position), heads }
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
      const read = (tx: Transaction) => readDifferences(tx, this.outbox, this.#unkept)
      const { context, stream, written } = await this.store.transact('read', read)
      // A page, whatever it brings, moves the stream.
      const isSame = isEqual(context, this.#context) && isEqual(stream, this.#stream)
      return isSame ? this.#takeWhole(written) : this.#enter(context)
    })
  }

  /** Another tab has written: reads what it names. */
  heard(notice: StateNotice): Promise<void> {
    return notice.about === 'context' ? this.reread() : this.#inTurn(() => this.#takeNotice(notice))
  }

  /**
   * What is read is as the last write left it, and that may be further than this notice tells: half of what another tab
   * did since would be seen. So nothing is taken in until all writes that the store has had are known of.
   */
  async #takeNotice(notice: StoredNotice): Promise<void> {
    if (notice.unkept) this.#rememberUnkept(new Map(notice.unkept))
    else this.#forgetUnkept(notice.operations)
    this.#knowOf(notice.write)
    this.#noticed.push(notice)
    const of = { unkept: this.#unkept, inView: this.#view?.stream ?? null }
    const written = await this.store.transact('read', (tx) => readNamed(tx, this.#noticed, of))
    if (written.write <= this.#known) this.#takeNoticed(written)
    // A notice is a hint, and may be lost.
    else if (this.#noticed.length === 1) setTimeout(() => this.#lookAgain(), noticeMs)
  }

  /** What is found so may wait to be sent, and whoever wrote it is gone. */
  #lookAgain(): void {
    if (this.#noticed.length > 0)
      this.reread().then(
        () => this.#news.tell('lookedAgain', undefined),
        () => {},
      )
  }

  /** What is told of one write more, by this tab or by another. */
  #knowOf(write = 0): void {
    if (write > this.#whole) this.#known += 1
  }

  #takeWhole(written: Written): void {
    this.#whole = this.#known = written.write
    this.#takeNoticed(written)
  }

  /** With verdicts that are told by whoever they are news to. */
  #takeNoticed(written: Written): void {
    const verdicts = this.#noticed.splice(0).flatMap(({ decided }) => decided)
    const news = verdicts.filter(({ clientOpId, status }) => {
      const known = this.outbox.get(clientOpId)?.status
      return known !== (status === 'APPLIED' ? 'SYNCED' : 'FAILED')
    })
    for (const verdict of this.#take(written)) this.#toldAhead.add(nameOf(verdict))
    for (const verdict of verdicts) {
      const wasTold = this.#toldAhead.delete(nameOf(verdict))
      if (!wasTold && news.includes(verdict)) this.#news.tell('decided', verdict)
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastReading.then(work)
    this.#lastReading = turn.catch(() => {})
    return turn
  }
}
