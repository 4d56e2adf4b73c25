/**
 * The client: everything put together, and the outside of it (`api.ts`).
 */
import type {
  ClientOptions,
  Document,
  Environment,
  OnlineOptions,
  PerformOptions,
  QueryOptions,
  SyncClient,
} from './api.ts'
import { foreseeDenial } from './cache/foresee.ts'
import { operationDefinitions } from './cafe/operations.ts'
import { AnswerLost, Offline, SyncFailed } from './errors.ts'
import { createLink, type Link } from './link/link.ts'
import { observed } from './link/observed.ts'
import { type CheckedOptions, checkOptions } from './options.ts'
import { cacheFault, enqueue } from './outbox/enqueue.ts'
import { idOf, keyOf, onlinePayload, whereOf } from './outbox/given.ts'
import { exportQueue, importQueue } from './outbox/transfer.ts'
import { builtInUpcasts, Upcasts } from './outbox/upcast.ts'
import { bringAgain, discard, reassign, retry } from './outbox/ways-out.ts'
import { Me } from './people/me.ts'
import { loadPeople, type PeopleKeeper } from './people/people.ts'
import { defaultEnvironment } from './platform.ts'
import { createListening } from './run/listening.ts'
import { shownProblem } from './run/obstacles.ts'
import { createReporter } from './run/reporter.ts'
import { asClientError, Synchroniser } from './run/runs.ts'
import { LocalState } from './state/local-state.ts'
import { createStatusBoard, type Shared, type StatusBoard, statusOf } from './state/status.ts'
import { Leadership } from './tabs/leadership.ts'
import { createTabs, type Tabs } from './tabs/tabs.ts'
import { type TokenSource, type Transport, TransportError } from './transport/transport.ts'
import { createTransport } from './transport/urql.ts'
import type {
  Context,
  Entity,
  EntityKind,
  OfflinePayloads,
  OfflineType,
  OnlinePayloads,
  OnlineType,
  QueuedOperation,
  Status,
  Verdict,
  Where,
} from './words.ts'

/**
 * Opens the store, reads what is in it, and begins to synchronise. Resolves when the local state is there; the network
 * is not waited for. Throws a StoreError where the store cannot serve, and a TypeError where an option cannot be.
 */
export async function createSyncClient(given: ClientOptions): Promise<SyncClient> {
  const options = checkOptions(given)
  const platform = { ...defaultEnvironment(), ...options.environment }
  const environment: Environment = { ...platform, newId: () => platform.newId().toLowerCase() }
  const upcasts = new Upcasts([...builtInUpcasts, ...(options.upcasts ?? [])])
  let client: Client | null = null
  const tabs = createTabs({
    name: options.store.name,
    shared: options.store.shared,
    locks: environment.locks,
    openChannel: environment.openChannel,
    onLead: () => client?.leadership.lead(),
    onDeposed: () => client?.leadership.deposed(),
  })
  let state: LocalState | null = null
  try {
    state = await LocalState.open({
      store: options.store,
      deviceId: options.deviceId,
      newDeviceId: environment.newId,
      context: options.context,
      tell: (notice) => {
        tabs.tell(notice)
        client?.leadership.expectAnswer()
      },
      changed: () => client?.changed(),
      decided: (verdict) => client?.decided(verdict),
      lost: () => void client?.giveUp(),
    })
    client = await Client.open({ options, environment, upcasts, tabs, state })
    await Promise.race([client.askForStorage(), new Promise((go) => setTimeout(go, patienceMs))])
    await client.leadership.begin()
    return client
  } catch (error) {
    await tabs.close()
    await state?.store.close().catch(() => {})
    throw error
  }
}

type Parts = {
  options: CheckedOptions
  environment: Environment
  upcasts: Upcasts
  tabs: Tabs
  state: LocalState
}

/** For an answer that most platforms give at once. */
const patienceMs = 100

const nothing: readonly QueuedOperation[] = []

/** An action is the actor's own: nobody else's token stands in for theirs. */
const signInAgain = { code: 'UNAUTHENTICATED', message: 'Sign in again: this is done in your own name.' }

class Client implements SyncClient {
  readonly deviceId: string
  readonly people: PeopleKeeper
  readonly #environment: Environment
  readonly #upcasts: Upcasts
  readonly #tabs: Tabs
  readonly #state: LocalState
  readonly #transport: Transport
  readonly #link: Link
  readonly #synchroniser: Synchroniser
  readonly leadership: Leadership
  readonly me: Me
  readonly #reporter: ReturnType<typeof createReporter>
  readonly #listening: ReturnType<typeof createListening>
  readonly #status: StatusBoard
  #storage: Status['storage'] = 'best-effort'
  readonly #verdictListeners = new Set<(verdict: Verdict) => void>()
  /** Operations are queued one after the other: each is decided on what the one before it left. */
  #lastPerform: Promise<unknown> = Promise.resolve()
  #closed = false

  static async open(parts: Parts): Promise<Client> {
    const { options, environment, state } = parts
    let client: Client | null = null
    const transport = createTransport({
      url: options.url,
      ...(options.subscriptionUrl ? { subscriptionUrl: options.subscriptionUrl } : {}),
      token: async (asked) => client?.me.token(asked) ?? null,
      fetch: environment.fetch,
      WebSocket: environment.WebSocket,
      random: environment.random,
      onSilence: () => client?.link.event('failed'),
    })
    const watched = observed(
      transport,
      (event) => client?.link.event(event),
      (tenantId) => client?.shutOut(tenantId),
    )
    const people = await loadPeople({
      store: state.store,
      deviceId: state.deviceId,
      transport: watched,
      isOnline: () => client?.link.online() ?? false,
      atWork: () => state.context,
      now: environment.now,
      pinRounds: environment.pinRounds,
    })
    client = new Client(parts, watched, people)
    await client.me.recall()
    return client
  }

  private constructor(parts: Parts, transport: Transport, people: PeopleKeeper) {
    const { options, environment, upcasts, tabs, state } = parts
    this.#environment = environment
    this.#upcasts = upcasts
    this.#tabs = tabs
    this.#state = state
    this.#transport = transport
    this.people = people
    this.deviceId = state.deviceId
    this.me = new Me({ state, people, transport, options })
    let wasOnline = false
    this.#link = createLink({
      probe: (options) => transport.probe(options),
      isNeeded: () => this.leadership.isLeader() && this.waiting().length > 0,
      onChange: () => {
        this.changed()
        const isOnline = this.#link.online()
        // A doubt that was dispelled is no news: encouraged by it, requests that fail alone would be sent without a pause.
        if (isOnline && !wasOnline) this.#lineIsBack()
        wasOnline = isOnline
      },
      onResume: () => this.#lineIsBack(),
      watchPlatform: environment.watchPlatform,
      random: environment.random,
    })
    this.#synchroniser = new Synchroniser({
      state,
      transport,
      link: this.#link,
      upcasts,
      pulling: () => this.me.pulling(),
      signer: () => this.me.signer(),
      learnRights: (context) => this.me.learnRights(context),
      pulled: (context, changes) => this.me.pulled(context, changes),
      changed: () => this.changed(),
      beforeRun: () => void this.#reporter.beforeRun(),
      afterRun: () => {
        void this.#reporter.afterRun()
        void this.me.learnKey().catch(() => {})
      },
      pageSize: options.pageSize,
      pullEveryMs: options.pullEveryMs,
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
      changed: () => this.changed(),
    })
    this.leadership = new Leadership({
      tabs,
      state,
      synchroniser: this.#synchroniser,
      sharedStore: options.store.shared,
      newId: environment.newId,
      shared: () => this.#shared(),
      changed: () => this.changed(),
      switched: () => this.#forgetTroubles(),
      people: () => people.reload(),
      storage: (promise) => {
        // What was promised to one tab, the browser keeps for all of them.
        if (promise === 'persistent') this.#storage = promise
        this.changed()
      },
    })
    this.#status = createStatusBoard({
      read: () =>
        statusOf(state, this.leadership.shared(), {
          leader: this.leadership.isLeader(),
          storage: this.#storage,
          shutOut: state.context !== null && people.isShutOut(state.context.tenantId),
          scopes: this.me.pulling().scopes,
        }),
      announce: () => this.#announce(),
    })
    people.onStored(() => this.leadership.tellOfPeople())
    people.subscribe(() => this.#renewed())
  }

  /** Resolves when the browser has answered. It may ask a person first, who may never do so: nothing waits for it. */
  askForStorage(): Promise<void> {
    return this.#state.store.persistence().then(
      (storage) => {
        if (this.#closed) return
        this.#storage = storage
        this.leadership.tellOfStorage(storage)
        this.changed()
      },
      () => {},
    )
  }

  /**
   * Nothing can be kept here any more: this tab shows that, and what it knows; another that can still keep something is
   * to lead.
   */
  async giveUp(): Promise<void> {
    this.leadership.close()
    this.#listening.close()
    this.#link.close()
    this.changed()
    await this.#synchroniser.close()
    await this.#tabs.close()
    this.changed()
  }

  get link(): Link {
    return this.#link
  }

  /** Whatever waited for the line goes on, without waiting for its next turn. */
  #lineIsBack(): void {
    this.#listening.hurry()
    this.leadership.want('encourage')
  }

  // -- status ---------------------------------------------------------------------------------------------------

  status(): Status {
    return this.#status.now()
  }

  subscribe(listener: (status: Status) => void): () => void {
    return this.#status.subscribe(listener)
  }

  onVerdict(listener: (verdict: Verdict) => void): () => void {
    this.#verdictListeners.add(listener)
    return () => this.#verdictListeners.delete(listener)
  }

  #shared(): Shared {
    const { activity } = this.#synchroniser
    const reached = this.#synchroniser.isSlow() ? 'slow' : 'online'
    return {
      ...activity,
      problem: shownProblem(activity.problem, this.#link.state(), this.#link.fault()),
      connectivity: this.#link.online() ? reached : 'offline',
      nudges: this.#listening.isOpen(),
    }
  }

  decided(verdict: Verdict): void {
    for (const listener of [...this.#verdictListeners]) listener(verdict)
  }

  changed(): void {
    this.#status.changed()
  }

  /** Tells whoever is not told by the status; false once the client is closed. */
  #announce(): boolean {
    if (this.#closed) return false
    this.#state.view?.announce({ moreToCome: this.leadership.shared().phase !== 'idle' })
    this.leadership.announce()
    this.#listen()
    return true
  }

  /** The leader listens to its branch while it may. */
  #listen(): void {
    const { context } = this.#state
    const mayListen = context && this.leadership.isLeader() && this.#synchroniser.activity.auth === 'ok'
    const stream = mayListen ? { tenantId: context.tenantId, branchId: context.branchId } : null
    this.#listening.to(stream, this.me.pulling().scopes)
  }

  // -- tokens ---------------------------------------------------------------------------------------------------

  /** The gateway takes nothing from this device any more: what could be used elsewhere goes, the queue stays. */
  shutOut(tenantId: string): void {
    // A store that cannot forget it now is asked again with the next refusal.
    void this.people.shutOut(tenantId).catch(() => {})
  }

  /** Somebody has signed in (again): what waited for a token goes on. */
  #renewed(): void {
    if (this.#synchroniser.activity.auth === 'lapsed' && this.me.hasToken())
      this.#synchroniser.activity.auth = 'ok'
    this.changed()
    this.leadership.want('encourage')
  }

  // -- the two lanes --------------------------------------------------------------------------------------------

  perform<Type extends OfflineType>(
    type: Type,
    payload: OfflinePayloads[Type],
    options: PerformOptions = {},
  ): Promise<{ clientOpId: string }> {
    const { now, newId } = this.#environment
    // Whoever has asked for it has done it, whoever is there when its turn comes.
    const by = { context: this.#state.context, signer: this.me.signer() }
    const queued = this.#lastPerform.then(async () => {
      const clientOpId = await enqueue(
        { state: this.#state, upcasts: this.#upcasts, now, newId },
        by,
        type,
        payload,
        options,
      )
      this.leadership.want('trigger')
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
    if (!definition?.offline && !this.me.hasToken()) return signInAgain
    const fault = cacheFault(view, type)
    if (fault) return { code: fault.code, message: fault.message }
    const denied =
      definition && foreseeDenial(view.picture(), definition, { ...context, at: this.#environment.now() })
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
    const { branchId = context.branchId } = options
    const idempotencyKey = keyOf(options.idempotencyKey ?? this.#environment.newId())
    const token = this.#ownToken(context)
    // A link that is known to be down is asked first: then it is certain that nothing was sent.
    if (this.#link.state() === 'offline') await this.#reach()
    try {
      const verdict = await this.#transport.direct(
        type,
        { tenantId: context.tenantId, branchId, idempotencyKey, input: onlinePayload(type, input) },
        token,
      )
      this.leadership.want('encourage')
      return verdict
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      if (error.kind === 'unauthenticated')
        throw new SyncFailed(signInAgain.code, signInAgain.message, null, { cause: error })
      const isLost = error.kind === 'unreachable' && error.sent
      throw isLost ? new AnswerLost(idempotencyKey, { cause: error }) : asClientError(error)
    }
  }

  /** Of whoever is at work now, whoever will be when it is asked for. */
  #ownToken(context: Context): TokenSource {
    const now = this.me.token({ refused: null }, context)
    now.catch(() => {})
    return async (asked) => {
      if (asked.refused === null) return now
      return this.#state.context?.actorId === context.actorId ? this.me.token(asked, context) : null
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

  async sync(): Promise<void> {
    if (this.#state.store.fault) throw asClientError(this.#state.store.fault)
    await this.leadership.run()
  }

  // -- reading --------------------------------------------------------------------------------------------------

  query<Kind extends EntityKind>(kind: Kind, { where }: QueryOptions<Kind> = {}): readonly Entity<Kind>[] {
    return this.#viewOf(kind)?.query(kind, whereOf(kind, where)) ?? []
  }

  get<Kind extends EntityKind>(kind: Kind, id: string): Entity<Kind> | undefined {
    return this.#viewOf(kind)?.entity(kind, idOf(kind, id))
  }

  watch<Kind extends EntityKind>(
    kind: Kind,
    given: Where<Kind> | undefined,
    listener: (entities: readonly Entity<Kind>[]) => void,
  ): () => void {
    const where = whereOf(kind, given)
    // Another context has another view, and another role sees other kinds; who watches goes on watching there.
    let view = this.#viewOf(kind)
    let stop = view?.watch(kind, where, listener)
    if (!view) listener([])
    const unsubscribe = this.subscribe(() => {
      if (this.#viewOf(kind) === view) return
      view = this.#viewOf(kind)
      stop?.()
      stop = view?.watch(kind, where, listener)
      if (!view) listener([])
    })
    return () => {
      stop?.()
      unsubscribe()
    }
  }

  /** Null where whoever is at work has none of the kind to see. */
  #viewOf(kind: EntityKind) {
    return this.me.maySee(kind) ? this.#state.view : null
  }

  waiting(): readonly QueuedOperation[] {
    const { context, outbox } = this.#state
    return context ? outbox.unanswered(context.tenantId) : nothing
  }

  // -- ways out of FAILED ---------------------------------------------------------------------------------------

  async retry(clientOpId: string): Promise<void> {
    await retry(this.#state, keyOf(clientOpId), this.me.signer())
    this.leadership.want('encourage')
  }

  async reassign(clientOpId: string, to: { cashSessionId: string }): Promise<{ clientOpId: string }> {
    const { newId, now } = this.#environment
    const replacement = await reassign(
      this.#state,
      keyOf(clientOpId),
      { cashSessionId: keyOf(to.cashSessionId) },
      { newId, at: now(), signer: this.me.signer() },
    )
    this.leadership.want('encourage')
    return { clientOpId: replacement }
  }

  async discard(clientOpId: string, reason: string): Promise<void> {
    await discard(this.#state, keyOf(clientOpId), reason, this.#environment.now())
  }

  // -- the rest -------------------------------------------------------------------------------------------------

  async switchContext(context: Context | null): Promise<void> {
    // What was asked for before is done where, and by whom, it was asked for.
    await this.#lastPerform
    await this.me.enter(context)
    await this.#state.switchContext(context)
    await this.me.forgetUnwanted()
    await bringAgain(this.#state, this.me.signer())
    this.#forgetTroubles()
    if (context) this.leadership.want('encourage')
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
    const counts = await importQueue(this.#state, text, this.me.signer())
    this.leadership.want('trigger')
    return counts
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.leadership.close()
    this.#listening.close()
    this.#link.close()
    this.#transport.close()
    await this.#lastPerform
    await this.#synchroniser.close()
    await this.#tabs.close()
    await this.#state.store.close()
  }
}
