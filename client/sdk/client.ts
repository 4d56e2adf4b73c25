/**
 * The client: everything put together, and the outside of it (`api.ts`).
 */
import { may } from '../../src/modules/access/permissions.ts'
import { readPermission } from '../../src/modules/access/scopes.ts'
import { moduleScopes as allScopes } from '../../src/sync/words.ts'
import type {
  ClientOptions,
  Document,
  Environment,
  OnlineOptions,
  PerformOptions,
  QueryOptions,
  SyncClient,
} from './api.ts'
import { type AskedRuns, createAskedRuns, type RunEnd } from './asked-runs.ts'
import { cacheFault, enqueue } from './enqueue.ts'
import { AnswerLost, Offline, SyncFailed } from './errors.ts'
import { foreseeDenial } from './foresee.ts'
import { createLink, type Link } from './link.ts'
import { createListening } from './listening.ts'
import { LocalState, type StateNotice } from './local-state.ts'
import { observed } from './observed.ts'
import { operationDefinitions } from './operations.ts'
import { loadPeople, type PeopleKeeper } from './people.ts'
import { defaultEnvironment } from './platform.ts'
import { createReporter } from './reporter.ts'
import { type Shared, statusOf } from './status.ts'
import { asClientError, Synchroniser } from './sync.ts'
import { createTabs, type Tabs } from './tabs.ts'
import { exportQueue, importQueue } from './transfer.ts'
import { type Transport, TransportError } from './transport/transport.ts'
import { createTransport } from './transport/urql.ts'
import { builtInUpcasts, Upcasts } from './upcast.ts'
import { bringAgain, discard, reassign, retry } from './ways-out.ts'
import type {
  Context,
  Entity,
  EntityKind,
  Json,
  ModuleScope,
  OfflinePayloads,
  OfflineType,
  OnlinePayloads,
  OnlineType,
  QueuedOperation,
  Status,
  Verdict,
  Where,
} from './words.ts'

/** Between the tabs of a store. */
type Message =
  | StateNotice
  | { about: 'shared'; shared: Shared }
  | { about: 'people' }
  /** A tab was opened. The browser may have promised it what it had not yet promised the others, for all of them. */
  | { about: 'hello'; storage: Status['storage'] }
  /** Another tab leads from now on. */
  | { about: 'leads' }
  /** A run is wanted; with an `id` somebody waits for its end. */
  | { about: 'wanted'; id?: string }
  | { about: 'ended'; id: string; end: RunEnd }

/**
 * Opens the store, reads what is in it, and begins to synchronise. Resolves when the local state is there; the network
 * is not waited for. Throws a StoreError where the store cannot serve, and a TypeError where an option cannot be.
 */
export async function createSyncClient(options: ClientOptions): Promise<SyncClient> {
  const environment: Environment = { ...defaultEnvironment(), ...options.environment }
  const upcasts = new Upcasts([...builtInUpcasts, ...(options.upcasts ?? [])])
  const early: Message[] = []
  let client: Client | null = null
  const tabs = createTabs({
    name: options.store.name,
    shared: options.store.shared,
    locks: environment.locks,
    openChannel: environment.openChannel,
    onLead: () => client?.lead(),
  })
  tabs.listen((message) => {
    if (client) client.hear(message as Message)
    else early.push(message as Message)
  })
  try {
    const state = await LocalState.open({
      store: options.store,
      deviceId: options.deviceId,
      newDeviceId: environment.newId,
      context: options.context,
      tell: (notice) => tabs.tell(notice),
      changed: () => client?.changed(),
      decided: (verdict) => client?.decided(verdict),
    })
    const storage = await options.store.persistence()
    client = await Client.open({ options, environment, upcasts, tabs, state, storage })
    for (const message of early) client.hear(message)
    await client.begin()
    return client
  } catch (error) {
    await tabs.close()
    throw error
  }
}

type Parts = {
  options: ClientOptions
  environment: Environment
  upcasts: Upcasts
  tabs: Tabs
  state: LocalState
  storage: Status['storage']
}

class Client implements SyncClient {
  readonly deviceId: string
  readonly people: PeopleKeeper
  readonly #options: ClientOptions
  readonly #environment: Environment
  readonly #upcasts: Upcasts
  readonly #tabs: Tabs
  readonly #state: LocalState
  readonly #transport: Transport
  readonly #link: Link
  readonly #synchroniser: Synchroniser
  readonly #reporter: ReturnType<typeof createReporter>
  readonly #listening: ReturnType<typeof createListening>
  #storage: Status['storage']
  readonly #listeners = new Set<(status: Status) => void>()
  readonly #verdictListeners = new Set<(verdict: Verdict) => void>()
  #status: Status | null = null
  #statusText = ''
  /** Something has changed since the status was put together. */
  #stale = true
  #announcing = false
  /** What the leader has told last, where that is another tab. */
  #shared: Shared = {
    connectivity: 'offline',
    phase: 'idle',
    progress: null,
    auth: 'ok',
    problem: null,
  }
  #lastShared = ''
  /** This tab leads, and has in memory what the one before it left. */
  #leads = false
  readonly #askedRuns: AskedRuns
  /** Messages are taken one after the other: what one tells of is here before the next is looked at. */
  #lastHeard: Promise<unknown> = Promise.resolve()
  /** Operations are queued one after the other: each is decided on what the one before it left. */
  #lastPerform: Promise<unknown> = Promise.resolve()
  #closed = false

  static async open(parts: Parts): Promise<Client> {
    const { options, environment, state } = parts
    let client: Client | null = null
    const transport = createTransport({
      url: options.url,
      ...(options.subscriptionUrl ? { subscriptionUrl: options.subscriptionUrl } : {}),
      token: async (asked) => client?.token(asked) ?? null,
      fetch: environment.fetch,
      WebSocket: environment.WebSocket,
      random: environment.random,
      now: environment.now,
    })
    const watched = observed(transport, (event) => client?.link.event(event))
    const people = await loadPeople({
      store: options.store,
      deviceId: state.deviceId,
      transport: watched,
      isOnline: () => client?.link.online() ?? false,
      now: environment.now,
    })
    client = new Client(parts, watched, people)
    return client
  }

  private constructor(parts: Parts, transport: Transport, people: PeopleKeeper) {
    const { options, environment, upcasts, tabs, state, storage } = parts
    this.#options = options
    this.#environment = environment
    this.#upcasts = upcasts
    this.#tabs = tabs
    this.#state = state
    this.#storage = storage
    this.#transport = transport
    this.people = people
    this.deviceId = state.deviceId
    let wasOnline = false
    this.#link = createLink({
      probe: () => transport.probe(),
      onChange: () => {
        this.changed()
        const isOnline = this.#link.online()
        // A doubt that was dispelled is no news: encouraged by it, requests that fail alone would be sent without a pause.
        if (isOnline && !wasOnline) this.#want('encourage')
        wasOnline = isOnline
      },
      onResume: () => this.#want('encourage'),
      watchPlatform: environment.watchPlatform,
      random: environment.random,
    })
    this.#synchroniser = new Synchroniser({
      state,
      transport,
      link: this.#link,
      upcasts,
      scopes: () => this.#scopes(),
      changed: () => this.changed(),
      beforeRun: () => void this.#reporter.beforeRun(),
      afterRun: () => void this.#reporter.afterRun(),
      pageSize: options.pageSize ?? 1000,
      pullEveryMs: options.pullEveryMs ?? 60_000,
      environment,
    })
    this.#reporter = createReporter({
      state,
      transport,
      storage: () => this.#storage,
      environment,
      appVersion: options.appVersion ?? null,
    })
    this.#listening = createListening({
      transport,
      pulledSeq: () => state.stream.pulledSeq,
      pull: () => this.#synchroniser.encourage(),
    })
    this.#askedRuns = createAskedRuns({
      newId: environment.newId,
      tell: (id) => this.#tell({ about: 'wanted', id }),
    })
    people.onStored(() => this.#tell({ about: 'people' }))
    people.subscribe(() => this.#renewed())
  }

  get link(): Link {
    return this.#link
  }

  /** Resolves when this tab leads, if it is to lead from the start. */
  async begin(): Promise<void> {
    this.#tell({ about: 'hello', storage: this.#storage })
    if (this.#tabs.isLeader()) await this.lead()
  }

  // -- status ---------------------------------------------------------------------------------------------------

  status(): Status {
    if (this.#status && !this.#stale) return this.#status
    this.#stale = false
    const now = statusOf(this.#state, this.#sharedNow(), {
      leader: this.#leads && !this.#closed,
      storage: this.#storage,
    })
    const text = JSON.stringify(now)
    if (!this.#status || text !== this.#statusText) this.#status = now
    this.#statusText = text
    return this.#status
  }

  subscribe(listener: (status: Status) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  onVerdict(listener: (verdict: Verdict) => void): () => void {
    this.#verdictListeners.add(listener)
    return () => this.#verdictListeners.delete(listener)
  }

  decided(verdict: Verdict): void {
    for (const listener of [...this.#verdictListeners]) listener(verdict)
  }

  #sharedNow(): Shared {
    if (!this.#leads) return this.#shared
    return { ...this.#synchroniser.activity, connectivity: this.#link.online() ? 'online' : 'offline' }
  }

  /** Something may have changed: tells everybody, once for all that changes in one turn. */
  changed(): void {
    this.#stale = true
    if (this.#announcing) return
    this.#announcing = true
    queueMicrotask(() => {
      this.#announcing = false
      this.#announce()
    })
  }

  #announce(): void {
    if (this.#closed) return
    const shared = this.#sharedNow()
    this.#state.view?.announce({ moreToCome: shared.phase !== 'idle' })
    if (this.#leads) {
      const text = JSON.stringify(shared)
      if (text !== this.#lastShared) this.#tell({ about: 'shared', shared })
      this.#lastShared = text
    }
    for (const listener of [...this.#listeners]) listener(this.status())
    this.#listen()
  }

  // -- tokens ---------------------------------------------------------------------------------------------------

  async token(asked: { refused: string | null }): Promise<string | null> {
    if (this.#options.getToken) return this.#options.getToken(asked)
    return this.#holder(asked)?.token ?? null
  }

  #holder(asked: { refused: string | null } = { refused: null }) {
    const { context } = this.#state
    if (!context) return null
    const { tenantId, branchId, actorId } = context
    return this.people.tokenFor(tenantId, actorId, { ...asked, branchId })
  }

  /** What is pulled: everything asked for, less what the role of the token's person may not read. */
  #scopes(): readonly ModuleScope[] {
    const wanted = this.#options.moduleScopes ?? allScopes
    if (this.#options.getToken) return wanted
    const role = this.#holder()?.role
    return role ? wanted.filter((scope) => may(role, readPermission[scope])) : wanted
  }

  /** Somebody has signed in (again): what waited for a token goes on. */
  #renewed(): void {
    if (this.#synchroniser.activity.auth === 'lapsed' && this.#holder())
      this.#synchroniser.activity.auth = 'ok'
    this.changed()
    this.#want('encourage')
  }

  // -- tabs -----------------------------------------------------------------------------------------------------

  #tell(message: Message): void {
    this.#tabs.tell(message)
  }

  /** This tab talks to the gateway from now on, once it knows what the one before it left. */
  lead(): Promise<void> {
    const led = this.#lastHeard.then(() => this.#takeOver())
    this.#lastHeard = led
    return led
  }

  async #takeOver(): Promise<void> {
    if (this.#leads || this.#closed) return
    // A store that cannot be read now shows that to whoever needs it.
    if (this.#options.store.shared) await this.#state.reread().catch(() => {})
    await this.#synchroniser.takeOver(this.#shared).catch(() => {})
    this.#leads = true
    this.changed()
    this.#tell({ about: 'leads' })
    this.#synchroniser.encourage()
    for (const id of this.#askedRuns.ids()) void this.#runFor(id)
  }

  hear(message: Message): void {
    this.#askedRuns.alive()
    this.#lastHeard = this.#lastHeard.then(() => this.#take(message)).catch(() => {})
  }

  async #take(message: Message): Promise<void> {
    if (this.#closed) return
    switch (message.about) {
      case 'stored':
        await this.#state.heard(message)
        return this.#want('trigger')
      case 'context':
        await this.#state.heard(message)
        this.#forgetTroubles()
        return this.#want('trigger')
      case 'people':
        return this.people.reload()
      case 'shared':
        this.#shared = message.shared
        return this.changed()
      case 'hello':
        this.#storage = message.storage
        this.#lastShared = ''
        this.changed()
        if (!this.#leads) return
        // Where a tab dies it is opened again; what it kept last it may have told nobody.
        await this.#state.reread()
        return this.#want('trigger')
      case 'leads':
        for (const id of this.#askedRuns.ids()) this.#tell({ about: 'wanted', id })
        return
      case 'wanted':
        if (!this.#leads) return
        if (message.id === undefined) this.#synchroniser.encourage()
        else void this.#runFor(message.id)
        return
      case 'ended':
        return this.#askedRuns.ended(message.id, message.end)
    }
  }

  /** A run for another tab, or for this one from when it did not lead. */
  async #runFor(id: string): Promise<void> {
    const end = await this.#synchroniser.request().then(
      () => null,
      ({ code = 'INTERNAL', message }: Error & { code?: string }) => ({ code, message }),
    )
    // Whoever leads next is asked again.
    if (this.#closed) return
    this.#askedRuns.ended(id, end)
    this.#tell({ about: 'ended', id, end })
  }

  /** A run by whoever leads. */
  #want(how: 'trigger' | 'encourage'): void {
    if (this.#closed) return
    if (this.#leads) this.#synchroniser[how]()
    else if (how === 'encourage') this.#tell({ about: 'wanted' })
  }

  /** The leader listens to its branch while it may. */
  #listen(): void {
    const { context } = this.#state
    const mayListen = context && this.#leads && this.#synchroniser.activity.auth === 'ok'
    const stream = mayListen ? { tenantId: context.tenantId, branchId: context.branchId } : null
    this.#listening.to(stream, this.#scopes())
  }

  // -- the two lanes --------------------------------------------------------------------------------------------

  perform<Type extends OfflineType>(
    type: Type,
    payload: OfflinePayloads[Type],
    options: PerformOptions = {},
  ): Promise<{ clientOpId: string }> {
    const { now, newId } = this.#environment
    const queued = this.#lastPerform.then(async () => {
      const clientOpId = await enqueue(
        { state: this.#state, upcasts: this.#upcasts, now, newId },
        type,
        payload,
        options,
      )
      this.#want('trigger')
      return { clientOpId }
    })
    this.#lastPerform = queued.catch(() => {})
    return queued
  }

  blocked(type: OnlineType): { code: string; message: string } | null {
    const { context, view } = this.#state
    if (!context || !view) return { code: 'SIGNED_OUT', message: 'Sign in first.' }
    const definition = operationDefinitions.get(type)
    if (!definition?.offline && this.status().connectivity === 'offline')
      return { code: 'OPERATION_NOT_SUPPORTED_OFFLINE', message: 'This needs a connection.' }
    const fault = cacheFault(view, type)
    if (fault) return { code: fault.code, message: fault.message }
    const denied = definition && foreseeDenial(view, definition, { ...context, at: this.#environment.now() })
    if (denied) return { code: denied.code, message: denied.message }
    const needsSession =
      type === 'sale.finalize' || type === 'cashSession.movement' || type === 'cashSession.close'
    return needsSession && view.query('cashSession', { status: 'OPEN' }).length === 0
      ? { code: 'CASH_SESSION_NOT_OPEN', message: 'Open the cash session first.' }
      : null
  }

  async online<Type extends OnlineType>(
    type: Type,
    input: OnlinePayloads[Type],
    options: OnlineOptions = {},
  ): Promise<Verdict> {
    const { context } = this.#state
    if (!context) throw new SyncFailed('SIGNED_OUT', 'Nobody is signed in.')
    const { idempotencyKey = this.#environment.newId(), branchId = context.branchId } = options
    // A link that is known to be down is asked first: then it is certain that nothing was sent.
    if (this.#link.state() === 'offline') await this.#reach()
    try {
      const verdict = await this.#transport.direct(type, {
        tenantId: context.tenantId,
        branchId,
        idempotencyKey,
        input: JSON.parse(JSON.stringify(input)) as Json,
      })
      this.#want('encourage')
      return verdict
    } catch (error) {
      const isLost = error instanceof TransportError && error.kind === 'unreachable' && error.sent
      throw isLost ? new AnswerLost(idempotencyKey, { cause: error }) : asClientError(error)
    }
  }

  async #reach(): Promise<void> {
    try {
      await this.#transport.probe()
      this.#link.event('answered')
    } catch (error) {
      throw new Offline(undefined, { cause: error })
    }
  }

  async read<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    try {
      return await this.#transport.read(document, variables)
    } catch (error) {
      throw asClientError(error)
    }
  }

  sync(): Promise<void> {
    return this.#leads || this.#closed ? this.#synchroniser.request() : this.#askedRuns.ask()
  }

  // -- reading --------------------------------------------------------------------------------------------------

  query<Kind extends EntityKind>(kind: Kind, { where }: QueryOptions<Kind> = {}): readonly Entity<Kind>[] {
    return this.#state.view?.query(kind, where) ?? []
  }

  get<Kind extends EntityKind>(kind: Kind, id: string): Entity<Kind> | undefined {
    return this.#state.view?.entity(kind, id)
  }

  watch<Kind extends EntityKind>(
    kind: Kind,
    where: Where<Kind> | undefined,
    listener: (entities: readonly Entity<Kind>[]) => void,
  ): () => void {
    // Another context has another view; who watches goes on watching there.
    let view = this.#state.view
    let stop = view?.watch(kind, where, listener)
    if (!view) listener([])
    const unsubscribe = this.subscribe(() => {
      if (this.#state.view === view) return
      view = this.#state.view
      stop?.()
      stop = view?.watch(kind, where, listener)
      if (!view) listener([])
    })
    return () => {
      stop?.()
      unsubscribe()
    }
  }

  waiting(): readonly QueuedOperation[] {
    const { context, outbox } = this.#state
    return context ? outbox.unanswered(context.tenantId) : []
  }

  // -- ways out of FAILED ---------------------------------------------------------------------------------------

  async retry(clientOpId: string): Promise<void> {
    await retry(this.#state, clientOpId)
    this.#want('encourage')
  }

  async reassign(clientOpId: string, to: { cashSessionId: string }): Promise<{ clientOpId: string }> {
    const { newId, now } = this.#environment
    const replacement = await reassign(this.#state, clientOpId, to, { newId, at: now() })
    this.#want('encourage')
    return { clientOpId: replacement }
  }

  async discard(clientOpId: string, reason: string): Promise<void> {
    await discard(this.#state, clientOpId, reason, this.#environment.now())
  }

  // -- the rest -------------------------------------------------------------------------------------------------

  async switchContext(context: Context | null): Promise<void> {
    await this.#state.switchContext(context)
    await bringAgain(this.#state)
    this.#forgetTroubles()
    if (context) this.#want('encourage')
  }

  /** What stood in the way of somebody else does not stand in the way of whoever works now. */
  #forgetTroubles(): void {
    Object.assign(this.#synchroniser.activity, { auth: 'ok', problem: null, progress: null })
    this.changed()
  }

  exportQueue(): Promise<string> {
    return exportQueue(this.#state, this.#environment.now())
  }

  async importQueue(text: string): Promise<{ imported: number; skipped: number }> {
    const counts = await importQueue(this.#state, text)
    this.#want('trigger')
    return counts
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#askedRuns.close()
    this.#listening.close()
    this.#link.close()
    this.#transport.close()
    await this.#lastPerform
    await this.#synchroniser.close()
    await this.#tabs.close()
    await this.#options.store.close()
  }
}
