/**
 * The outside of the SDK (`api.ts`), on what `compose.ts` has put together.
 */
import type {
  ClientOptions,
  Document,
  OnlineOptions,
  PerformOptions,
  QueryOptions,
  SyncClient,
} from './api.ts'
import { foreseeDenial } from './cache/foresee.ts'
import { operationDefinitions } from './cafe/operations.ts'
import { compose, type Parts } from './compose.ts'
import { AnswerLost, asClientError, Offline, SyncFailed } from './errors.ts'
import { cacheFault, enqueue } from './outbox/enqueue.ts'
import { idOf, keyOf, onlinePayload, whereOf } from './outbox/given.ts'
import { exportQueue, importQueue } from './outbox/transfer.ts'
import { discard, reassign, requeueRefused, retry } from './outbox/ways-out.ts'
import type { PeopleKeeper } from './people/people.ts'
import { type TokenSource, TransportError } from './transport/transport.ts'
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
export async function createSyncClient(options: ClientOptions): Promise<SyncClient> {
  return new Client(await compose(options))
}

const nothing: readonly QueuedOperation[] = []

/** An action is the actor's own: nobody else's token stands in for theirs. */
const signInAgain = { code: 'UNAUTHENTICATED', message: 'Sign in again: this is done in your own name.' }

class Client implements SyncClient {
  readonly deviceId: string
  readonly people: PeopleKeeper
  readonly #parts: Parts
  /** Operations are queued one after the other: each is decided on what the one before it left. */
  #lastPerform: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.deviceId = parts.state.deviceId
    this.people = parts.people
  }

  // -- status ---------------------------------------------------------------------------------------------------

  status(): Status {
    return this.#parts.status.now()
  }

  subscribe(listener: (status: Status) => void): () => void {
    return this.#parts.status.subscribe(listener)
  }

  onVerdict(listener: (verdict: Verdict) => void): () => void {
    return this.#parts.news.on('decided', listener)
  }

  // -- the two lanes --------------------------------------------------------------------------------------------

  perform<Type extends OfflineType>(
    type: Type,
    payload: OfflinePayloads[Type],
    options: PerformOptions = {},
  ): Promise<{ clientOpId: string }> {
    const { now, newId } = this.#parts.environment
    // Whoever has asked for it has done it, whoever is there when its turn comes.
    const by = { context: this.#parts.state.context, signer: this.#parts.me.signer() }
    const queued = this.#lastPerform.then(async () => {
      const clientOpId = await enqueue(
        { state: this.#parts.state, upcasts: this.#parts.upcasts, now, newId },
        by,
        type,
        payload,
        options,
      )
      this.#parts.leadership.start()
      return { clientOpId }
    })
    this.#lastPerform = queued.catch(() => {})
    return queued
  }

  blocked(type: OnlineType): { code: string; message: string } | null {
    const { context, view } = this.#parts.state
    if (!context || !view) return { code: 'SIGNED_OUT', message: 'Sign in first.' }
    const definition = operationDefinitions.get(type)
    if (!definition?.offline && this.status().connectivity === 'offline')
      return { code: 'OPERATION_NOT_SUPPORTED_OFFLINE', message: 'This needs a connection.' }
    if (!definition?.offline && !this.#parts.tokens.has()) return signInAgain
    const fault = cacheFault(view, type)
    if (fault) return { code: fault.code, message: fault.message }
    const denied =
      definition &&
      foreseeDenial(view.picture(), definition, { ...context, at: this.#parts.environment.now() })
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
    const { context } = this.#parts.state
    if (!context) throw new SyncFailed('SIGNED_OUT', 'Nobody is signed in.')
    const { branchId = context.branchId } = options
    const idempotencyKey = keyOf(options.idempotencyKey ?? this.#parts.environment.newId())
    const token = this.#ownToken(context)
    // A link that is known to be down is asked first: then it is certain that nothing was sent.
    if (this.#parts.link.state() === 'offline') await this.#reach()
    try {
      const verdict = await this.#parts.transport.direct(
        type,
        { tenantId: context.tenantId, branchId, idempotencyKey, input: onlinePayload(type, input) },
        token,
      )
      this.#parts.leadership.start({ afresh: true })
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
    const { tokens, state } = this.#parts
    const now = tokens.ask({ refused: null }, context)
    now.catch(() => {})
    return async (asked) => {
      if (asked.refused === null) return now
      return state.context?.actorId === context.actorId ? tokens.ask(asked, context) : null
    }
  }

  async #reach(): Promise<void> {
    try {
      await this.#parts.transport.probe()
      this.#parts.link.event('answered')
    } catch (error) {
      throw new Offline(undefined, { cause: error })
    }
  }

  async read<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    try {
      return await this.#parts.transport.read(document, variables)
    } catch (error) {
      throw asClientError(error)
    }
  }

  async sync(): Promise<void> {
    if (this.#parts.state.store.fault) throw asClientError(this.#parts.state.store.fault)
    await this.#parts.leadership.sync()
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
    return this.#parts.me.maySee(kind) ? this.#parts.state.view : null
  }

  waiting(): readonly QueuedOperation[] {
    const { context, outbox } = this.#parts.state
    return context ? outbox.unanswered(context.tenantId) : nothing
  }

  // -- ways out of FAILED ---------------------------------------------------------------------------------------

  async retry(clientOpId: string): Promise<void> {
    await retry(this.#parts.state, keyOf(clientOpId), this.#parts.me.signer())
    this.#parts.leadership.start({ afresh: true })
  }

  async reassign(clientOpId: string, to: { cashSessionId: string }): Promise<{ clientOpId: string }> {
    const { newId, now } = this.#parts.environment
    const replacement = await reassign(
      this.#parts.state,
      keyOf(clientOpId),
      { cashSessionId: keyOf(to.cashSessionId) },
      { newId, at: now(), signer: this.#parts.me.signer() },
    )
    this.#parts.leadership.start({ afresh: true })
    return { clientOpId: replacement }
  }

  async discard(clientOpId: string, reason: string): Promise<void> {
    await discard(this.#parts.state, keyOf(clientOpId), reason, this.#parts.environment.now())
  }

  // -- the rest -------------------------------------------------------------------------------------------------

  async switchContext(context: Context | null): Promise<void> {
    // What was asked for before is done where, and by whom, it was asked for.
    await this.#lastPerform
    await this.#parts.me.enter(context)
    await this.#parts.state.switchContext(context)
    await this.#parts.me.dropUnwanted()
    await requeueRefused(this.#parts.state, this.#parts.me.signer())
    this.#parts.runs.forgetTroubles()
    if (context) this.#parts.leadership.start({ afresh: true })
  }

  exportQueue(): Promise<string> {
    return exportQueue(this.#parts.state, this.#parts.environment.now())
  }

  async importQueue(text: string): Promise<{ imported: number; skipped: number }> {
    const { state, me } = this.#parts
    // A provider's person may not have been asked for.
    if (state.context && me.role() === null) await me.learnRights(state.context).catch(() => {})
    const counts = await importQueue(state, text, { signer: me.signer(), role: me.role() })
    this.#parts.leadership.start()
    return counts
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#parts.close(this.#lastPerform)
  }
}
