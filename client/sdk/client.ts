/**
 * The outside of the SDK (`api.ts`), on what `compose.ts` has put together.
 */

import { apart } from './apart.ts'
import type { ClientOptions, Document, OnlineOptions, PerformOptions, SyncClient } from './api.ts'
import { foreseeDenial } from './cache/foresee.ts'
import type { View } from './cache/view.ts'
import { compose, type Parts } from './compose.ts'
import { AnswerLost, asClientError, Offline, OperationBlocked, SyncFailed } from './errors.ts'
import { checkContext } from './options.ts'
import { referenceOf } from './outbox/chain.ts'
import { type By, cacheFault, enqueue } from './outbox/enqueue.ts'
import { idOf, keyOf, onlinePayload, whereOf } from './outbox/given.ts'
import { exportQueue, importQueue } from './outbox/transfer.ts'
import { discard, reassign, requeueRefused, retry } from './outbox/ways-out.ts'
import type { PeopleKeeper } from './people/people.ts'
import { type TokenSource, TransportError } from './transport/transport.ts'
import type { Registered, TillModules } from './typed.ts'
import type {
  AnyWhere,
  Approval,
  Context,
  Entity,
  EntityKind,
  QueuedOperation,
  Status,
  Verdict,
} from './words.ts'

/**
 * Opens the store, reads what is in it, and begins to synchronise. Resolves when the local state is there; the network
 * is not waited for. Throws a StoreError where the store cannot serve, and a TypeError where an option cannot be.
 */
export async function createSyncClient<const M extends TillModules = Registered>(
  options: ClientOptions<M>,
): Promise<SyncClient<M>> {
  // Inside, an operation is of some type and an entity of some kind; what they are, the modules say.
  return new Client(await compose(options)) as unknown as SyncClient<M>
}

const nothing: readonly QueuedOperation[] = []

/** An action is the actor's own: nobody else's token stands in for theirs. */
const signInAgain = { code: 'UNAUTHENTICATED', message: 'Sign in again: this is done in your own name.' }

class Client {
  readonly deviceId: string
  readonly people: PeopleKeeper
  readonly #parts: Parts
  /** Operations are queued one after the other: each is decided on what the one before it left. */
  #lastPerform: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.deviceId = parts.state.deviceId
    const { people } = parts
    this.people = { ...people, subscribe: (listener) => people.subscribe(apart(listener)) }
  }

  // -- status ---------------------------------------------------------------------------------------------------

  status(): Status {
    return this.#parts.status.now()
  }

  subscribe(listener: (status: Status) => void): () => void {
    return this.#parts.status.subscribe(apart(listener))
  }

  onVerdict(listener: (verdict: Verdict) => void): () => void {
    return this.#parts.news.on('decided', apart(listener))
  }

  // -- the two lanes --------------------------------------------------------------------------------------------

  /** Whoever has asked for it has done it, whoever is there when its turn comes; or whoever has approved it. */
  #by(approval: Approval | undefined): By {
    const { state, me } = this.#parts
    const { context } = state
    if (!approval) return { context, signer: me.signer(), away: context && me.awayFrom(context) }
    const { accountId: actorId, tenantId } = approval
    const { actorKey } = this.#granted(approval)
    return {
      context: context && { ...context, actorId },
      away: context && me.awayFrom({ ...context, actorId }),
      signer: actorKey === null ? null : { tenantId, actorId, actorKey },
      approvedFor: context?.actorId === actorId ? undefined : context?.actorId,
    }
  }

  #granted(approval: Approval) {
    const open = this.people.granted(approval)
    if (open && this.#parts.state.context?.tenantId === approval.tenantId) return open
    throw new OperationBlocked('APPROVAL_LAPSED', 'The approval has lapsed: ask for it again.')
  }

  async perform(
    type: string,
    payload: unknown,
    options: PerformOptions = {},
  ): Promise<{ clientOpId: string }> {
    const { now, newId } = this.#parts.environment
    const by = this.#by(options.approval)
    const queued = this.#lastPerform.then(async () => {
      const clientOpId = await enqueue(
        {
          state: this.#parts.state,
          upcasts: this.#parts.upcasts,
          now,
          newId,
          clockSkewMs: () => this.#parts.leadership.shared().clockSkewMs,
        },
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

  blocked(type: string): { code: string; message: string } | null {
    const { state, tokens, environment, me } = this.#parts
    const { context, view, modules } = state
    if (!context || !view) return { code: 'SIGNED_OUT', message: 'Sign in first.' }
    const { definition, blocked } = modules.operation(type) ?? {}
    if (!definition?.offline && this.status().connectivity === 'offline')
      return { code: 'OPERATION_NOT_SUPPORTED_OFFLINE', message: 'This needs a connection.' }
    if (!definition?.offline && !tokens.has()) return signInAgain
    const known = view.picture()
    const by = { ...context, at: environment.now() }
    const why =
      me.awayFrom(context) ??
      cacheFault(state, type) ??
      (definition && foreseeDenial(modules, known, definition, by)) ??
      blocked?.(known)
    return why ? { code: why.code, message: why.message } : null
  }

  async online(type: string, given: unknown, options: OnlineOptions = {}): Promise<Verdict> {
    const { context, modules } = this.#parts.state
    const input = onlinePayload(modules, type, given)
    if (!context) throw new SyncFailed('SIGNED_OUT', 'Nobody is signed in.')
    const { branchId = context.branchId, approval } = options
    const idempotencyKey = keyOf(options.idempotencyKey ?? this.#parts.environment.newId())
    const token = approval ? this.#tokenOf(approval) : this.#ownToken(context)
    const { approvedFor } = approval ? this.#by(approval) : {}
    // A link that is known to be down is asked first: then it is certain that nothing was sent.
    if (this.#parts.link.state() === 'offline') await this.#reach()
    try {
      const verdict = await this.#parts.transport.direct(
        type,
        { tenantId: context.tenantId, branchId, idempotencyKey, approvedFor, input },
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

  /** Whoever approves acts by their own. */
  #tokenOf(approval: Approval): TokenSource {
    const { token } = this.#granted(approval)
    return async ({ refused }) => (refused === null ? token : null)
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

  query(kind: EntityKind, { where }: { where?: AnyWhere } = {}): readonly Entity[] {
    return this.#viewOf(kind)?.query(kind, whereOf(this.#parts.state.modules, kind, where)) ?? []
  }

  get(kind: EntityKind, id: string): Entity | undefined {
    return this.#viewOf(kind)?.entity(kind, idOf(this.#parts.state.modules, kind, id))
  }

  watch(
    kind: EntityKind,
    given: AnyWhere | undefined,
    told: (entities: readonly Entity[]) => void,
  ): () => void {
    const where = whereOf(this.#parts.state.modules, kind, given)
    const listener = apart(told)
    // Another context has another view, and another role sees other kinds; who watches goes on watching there.
    let view: View | null | undefined
    let stop: (() => void) | undefined
    const look = () => {
      const now = this.#viewOf(kind)
      if (now === view) return
      view = now
      stop?.()
      stop = view?.watch(kind, where, listener)
      if (!view) listener([])
    }
    look()
    const unsubscribe = this.#parts.status.subscribe(look)
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

  referenceOf(clientOpId: string): string | null {
    const operation = this.#parts.state.outbox.get(keyOf(clientOpId))
    return operation ? referenceOf(this.deviceId, operation) : null
  }

  // -- ways out of FAILED ---------------------------------------------------------------------------------------

  async retry(clientOpId: string): Promise<void> {
    await retry(this.#parts.state, keyOf(clientOpId), this.#parts.me.signer())
    this.#parts.leadership.start({ afresh: true })
  }

  async reassign(clientOpId: string, to: Readonly<Record<string, string>>): Promise<{ clientOpId: string }> {
    const { newId, now } = this.#parts.environment
    const replacement = await reassign(
      this.#parts.state,
      keyOf(clientOpId),
      Object.fromEntries(Object.entries(to).map(([field, id]) => [field, keyOf(id)])),
      { newId, at: now(), signer: this.#parts.me.signer() },
    )
    this.#parts.leadership.start({ afresh: true })
    return { clientOpId: replacement }
  }

  async discard(
    clientOpId: string,
    reason: string,
    { approval }: { approval?: Approval } = {},
  ): Promise<void> {
    const { newId, now } = this.#parts.environment
    const of = { reason, by: this.#by(approval), newId, at: now() }
    await discard(this.#parts.state, keyOf(clientOpId), of)
    this.#parts.leadership.start()
  }

  // -- the rest -------------------------------------------------------------------------------------------------

  async switchContext(context: Context | null): Promise<void> {
    checkContext('switchContext', context)
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
