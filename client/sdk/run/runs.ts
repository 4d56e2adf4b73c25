/**
 * Push, then pull, one run at a time. What a request carries is cut to the line (`sizes.ts`). A push that failed does
 * not keep the run from pulling: what the gateway has applied of it is learned that way. Whatever
 * asks for a run while one is under way makes one more after it, however many there are. Only the leader runs.
 */
import type { Environment } from '../api.ts'
import { forgetOld } from '../cache/forget.ts'
import { isNextPage, resetStream, storePage } from '../cache/pages.ts'
import { asClientError, SyncFailed } from '../errors.ts'
import type { Link } from '../link/link.ts'
import { nextPulling, type Pulling } from '../modules/pulling.ts'
import { asSent, bytesOf, keepVerdicts, markSending, markWaiting } from '../outbox/batch.ts'
import type { Upcasts } from '../outbox/upcast.ts'
import { requeueRefused } from '../outbox/ways-out.ts'
import type { Me } from '../people/me.ts'
import type { Pulse } from '../pulse.ts'
import type { LocalState } from '../state/local-state.ts'
import { isHydrated, type StreamRecord } from '../store/layout.ts'
import { isFull } from '../store/store.ts'
import { createBackoff } from '../transport/backoff.ts'
import { type Transport, TransportError } from '../transport/transport.ts'
import type { Context, QueuedOperation, Status } from '../words.ts'
import { obstacleOf } from './obstacles.ts'
import type { Reporter } from './reporter.ts'
import { createSizes, isStalled, type Sizes, wantsLess } from './sizes.ts'

/** What a run is doing, and what stood in its way. */
export type Activity = Pick<Status, 'phase' | 'progress' | 'auth' | 'problem'>

export type RunsOptions = {
  state: LocalState
  transport: Transport
  link: Link
  upcasts: Upcasts
  /** Whoever is at work. */
  me: Pick<Me, 'pulling' | 'signer' | 'learnRights' | 'learnKey' | 'pulled'>
  reporter: Reporter
  pulse: Pulse
  pageSize: number
  pullEveryMs: number
  environment: Pick<Environment, 'now' | 'random'>
}

/**
 * What is sent before it is pulled and leaves the queue. That is one transaction, and a queue of 50,000 would hold up the
 * page, and lose all of it to a moment without room.
 */
export const roundSize = 2_000
/** Operations in a batch at most: enough that a round trip costs little, few enough that a lost answer costs little. */
const batchSize = 200
/** Of the pauses between runs that fail, in the first minutes: most faults are short. */
const soonMs = 6_000
/** Connections that die one after the other within one run: try later. */
const maxStalls = 3
/** A stream that is reset again and again within one run: something is wrong, try later. */
const maxResets = 3
/** The server is another than this device has pulled from: what waits is sent once that is known. */
const isOtherStream = (error: unknown): boolean =>
  error instanceof SyncFailed && error.code === 'STREAM_RESET'

/** Somebody who is not let in, or has gone, is told so at once. */
const mayPull = (error: unknown): boolean =>
  error instanceof SyncFailed ||
  (error instanceof TransportError && error.kind !== 'unauthenticated' && error.code !== 'CLOSED')

export class Runs {
  readonly activity: Activity = { phase: 'idle', progress: null, auth: 'ok', problem: null }
  readonly #of: RunsOptions
  readonly #backoff: ReturnType<typeof createBackoff>
  readonly #sizes: Sizes
  #current: Promise<void> | null = null
  #next: Promise<void> | null = null
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #pullTimer: ReturnType<typeof setTimeout> | undefined
  /** What may still be sent in this round. */
  #left = 0
  /** Another tab leads. */
  #rests = true
  #closed = false

  constructor(of: RunsOptions) {
    this.#of = of
    this.#backoff = createBackoff({ random: of.environment.random, soonMs })
    this.#sizes = createSizes({ pageSize: of.pageSize, pulse: of.pulse })
  }

  /** Requests take long. */
  isSlow(): boolean {
    return this.#sizes.isSlow()
  }

  /**
   * Before the first run: what stood in the way of another tab stands in the way of this one, as far as is known, and
   * what it has left under way waits again. From now on this tab pulls by itself now and then; one that does not lead
   * must not.
   */
  async takeOver({ auth, problem }: Pick<Activity, 'auth' | 'problem'>): Promise<void> {
    Object.assign(this.activity, { auth, problem })
    this.#rests = false
    this.#planPull()
    await markWaiting(this.#of.state, this.#underWay())
  }

  /** A run that begins after this call: resolves when what waits is pushed and the head is pulled, or says why not. */
  sync(): Promise<void> {
    if (!this.#current) return this.#begin()
    this.#next ??= this.#current
      .catch(() => {})
      .then(() => {
        this.#next = null
        // Whoever asked between the two has begun one, and it is after this call too.
        return this.#current ?? this.#begin()
      })
    return this.#next
  }

  /**
   * As `sync`, by itself: not while there is no connection, and nobody waits for it. `afresh`: as if none had failed before
   * it, since a person, a nudge or the network has asked.
   */
  start({ afresh = false } = {}): void {
    if (afresh) this.#backoff.reset()
    if (!this.#closed && !this.#rests && this.#of.link.online()) void this.sync().catch(() => {})
  }

  /** A token that was lapsed may be good again. */
  renew(): void {
    if (this.activity.auth === 'lapsed') this.#show({ auth: 'ok' })
  }

  /** What stood in the way of somebody else does not stand in the way of whoever works now. */
  forgetTroubles(): void {
    this.#show({ auth: 'ok', problem: null, progress: null })
  }

  /** Begins nothing by itself any more, until it takes over again; what is under way ends. */
  rest(): void {
    this.#rests = true
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#pullTimer)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.rest()
    await this.#current?.catch(() => {})
  }

  #begin(): Promise<void> {
    clearTimeout(this.#retryTimer)
    this.#current = this.#run().finally(() => {
      this.#current = null
    })
    return this.#current
  }

  async #run(): Promise<void> {
    const { context } = this.#of.state
    try {
      if (this.#closed) throw new SyncFailed('CLOSED', 'The client is closed.')
      if (!context) throw new SyncFailed('SIGNED_OUT', 'Nobody is signed in.')
      void this.#of.reporter.beforeRun()
      do await this.#round(context)
      while (this.#left <= 0 && !this.#closed)
      this.#backoff.reset()
      this.#show({ phase: 'idle', progress: null, auth: 'ok', problem: null })
      void this.#of.reporter.afterRun()
      void this.#of.me.learnKey().catch(() => {})
    } catch (error) {
      this.#fail(error)
      throw asClientError(error)
    }
  }

  /** Pushes what waits, as much of it as a round takes, then pulls to the head. */
  async #round(context: Context): Promise<void> {
    this.#left = roundSize
    const failure = await this.#push(context).then(
      () => null,
      (error: unknown) => ({ error }),
    )
    if (failure && !mayPull(failure.error)) throw failure.error
    const waits = failure !== null && isOtherStream(failure.error)
    await this.#pull(context, { pushes: !failure }).catch(async (error: unknown) => {
      // A full store cannot begin anew, and drains all the same.
      if (waits && isFull(error)) await this.#push(context, { asKnown: false })
      // Of two failures the first is told; that of what waits for the pull is none of its own.
      throw failure && !waits ? failure.error : error
    })
    const isSent = waits && this.#of.state.outbox.waiting(context.tenantId, 1).length === 0
    if (failure && !isSent) throw failure.error
  }

  /**
   * Pushes batches until nothing of the tenant waits, or the round is full. `asKnown`: only to the server that this device
   * has pulled from; one that was restored since would refuse what builds on what it has forgotten.
   */
  async #push(context: Context, { asKnown = true } = {}): Promise<void> {
    const { tenantId } = context
    const { state, upcasts } = this.#of
    // What an earlier run or process has left under way: nobody else sends.
    await markWaiting(state, this.#underWay())
    let stalls = 0
    while (this.#left > 0) {
      const batch = await markSending(
        state,
        tenantId,
        { operations: Math.min(batchSize, this.#left), bytes: this.#sizes.size('batch') },
        { upcasts, signer: this.#of.me.signer() },
      )
      if (batch.length === 0 || this.#closed) break
      this.#show({ phase: 'pushing' })
      let deferred: Awaited<ReturnType<typeof keepVerdicts>>
      try {
        const { results } = await this.#send(tenantId, batch, asKnown)
        deferred = await keepVerdicts(state, results)
        this.#left -= results.length
        // Somebody else has come while whoever brought these was refused.
        if (state.context !== context) await requeueRefused(state, this.#of.me.signer())
        if (deferred?.clientOpId !== batch[0]!.clientOpId) this.#backoff.reset()
      } catch (error) {
        await markWaiting(
          state,
          batch.map(({ clientOpId }) => clientOpId),
        )
        if (isStalled(error)) stalls += 1
        const mayGoOn = isStalled(error) ? stalls <= maxStalls : wantsLess(error) && batch.length > 1
        if (!mayGoOn) throw error
        continue
      }
      if (deferred)
        throw new SyncFailed(deferred.code ?? 'DEFERRED', deferred.message ?? 'The server is busy.')
    }
  }

  #send(tenantId: string, batch: readonly QueuedOperation[], asKnown: boolean) {
    const { state, transport } = this.#of
    const { context } = state
    const { epoch } = state.stream
    const isKnown = asKnown && epoch !== undefined && context?.tenantId === tenantId
    const stream = isKnown ? { stream: { branchId: context.branchId, epoch } } : {}
    const operations = batch.map((operation) => asSent(operation, state))
    const size = batch.reduce((sum, operation) => sum + bytesOf(operation), 0)
    return this.#sizes.send(
      'batch',
      size,
      () => transport.push({ tenantId, deviceId: state.deviceId, ...stream, operations }),
      () => state.outbox.waiting(tenantId, 1).length > 0,
    )
  }

  #underWay(): string[] {
    return [...this.#of.state.outbox.all()]
      .filter(({ status }) => status === 'SYNCING')
      .map(({ clientOpId }) => clientOpId)
  }

  /**
   * Pulls pages up to the head. A context that changes meanwhile has asked for a run of its own. `pushes`: what is
   * recorded while pages come, which on a slow line is minutes, is sent between them.
   */
  async #pull(context: Context, { pushes }: { pushes: boolean }): Promise<void> {
    const { state, environment } = this.#of
    const { tenantId, branchId } = context
    const id = { tenantId, branchId }
    for (let resets = 0, loaded = 0; resets <= maxResets; ) {
      if (state.context !== context || this.#closed) return
      const asked = state.stream
      const all = this.#of.me.pulling()
      const pulling = nextPulling(state.modules, asked, all, state.outbox.unconfirmed(id))
      const isLoading = asked.complete !== asked.generation || !isHydrated(asked, pulling.scopes)
      this.#show({ phase: isLoading ? 'hydrating' : 'pulling' })
      const page = await this.#page(context, asked, pulling)
      if (state.context !== context) return
      if (page === null) {
        resets += 1
        continue
      }
      if (!isNextPage(state, id, asked, page)) {
        resets += 1
        await resetStream(state, id, page)
        // What that has put back into the queue.
        await this.#push(context)
        continue
      }
      if (!(await storePage(state, id, asked, page, { pulling, at: environment.now() }))) {
        // Another tab pulls as well, where there are no locks: what it has stored is where this one goes on.
        await state.reread()
        continue
      }
      await this.#of.me.pulled(context, page.changes)
      loaded += page.changes.length
      // What comes first is scattered over the stream: how far that is, says nothing of how much is still to come.
      const progress =
        pulling === all ? { loaded: state.stream.pulledSeq, total: page.headSeq } : { loaded, total: null }
      if (isLoading) this.#show({ progress })
      if (page.hasMore || pulling !== all) {
        if (pushes && state.outbox.waiting(tenantId, 1).length > 0) await this.#push(context)
        continue
      }
      // What could not be forgotten is in nobody's way.
      return await forgetOld(state, id, page).catch(() => {})
    }
    throw new SyncFailed('RESET_AGAIN', 'The server keeps asking to start anew; this is tried again later.')
  }

  /** The next page, or a reset; null: what stood in its way has changed, and it can be asked for anew. */
  async #page(
    context: Context,
    asked: StreamRecord,
    pulling: Pulling,
  ): Promise<Awaited<ReturnType<Transport['pull']>> | null> {
    const { state, transport, me } = this.#of
    const { tenantId, branchId } = context
    const limit = this.#sizes.size('page')
    const { cursor } = asked
    const { scopes: moduleScopes } = pulling
    const input = { tenantId, branchId, deviceId: state.deviceId, cursor, moduleScopes, limit }
    try {
      return await this.#sizes.send(
        'page',
        limit,
        () => transport.pull({ ...input, addScopes: true }),
        (answer) => 'hasMore' in answer && answer.hasMore,
      )
    } catch (error) {
      const isRefused = error instanceof TransportError && error.kind === 'forbidden'
      // Over another connection a stalled one gets through; no more often than a reset.
      if ((isRefused && (await me.learnRights(context))) || isStalled(error)) return null
      // The next one is half as large, down to one change.
      if (wantsLess(error) && limit > 1 && !this.#closed) return this.#page(context, asked, pulling)
      throw error
    }
  }

  #fail(error: unknown): void {
    const isUnauthenticated = error instanceof TransportError && error.kind === 'unauthenticated'
    const problem = obstacleOf(error)
    this.#show({
      phase: 'idle',
      progress: null,
      ...(isUnauthenticated ? { auth: 'lapsed' as const } : {}),
      problem,
    })
    if (this.#closed || !problem) return
    const wait = Math.max(
      this.#backoff.next(),
      error instanceof TransportError ? (error.retryAfterMs ?? 0) : 0,
    )
    this.#retryTimer = setTimeout(() => this.start(), wait)
  }

  #show(activity: Partial<Activity>): void {
    Object.assign(this.activity, activity)
    this.#of.pulse.beat()
  }

  /** Now and then, so that lost nudges cost delay only; moved about so that not all devices of a café come at once. */
  #planPull(): void {
    if (this.#closed) return
    const { pullEveryMs, environment } = this.#of
    const wait = pullEveryMs * (0.8 + 0.4 * environment.random())
    this.#pullTimer = setTimeout(() => {
      this.start()
      this.#planPull()
    }, wait)
  }
}
