/**
 * Push, then pull, one run at a time. What a request carries is cut to the line (`pacing.ts`). A push that failed does
 * not keep the run from pulling: what the gateway has applied of it is learned that way. A trigger that comes while a run is under way makes one more run after it, however
 * many there are. Only the leader runs.
 */
import type { Environment } from '../api.ts'
import { forget } from '../cache/forget.ts'
import { startAnew, storePage } from '../cache/pages.ts'
import { nextPulling, type Pulling } from '../cafe/scopes.ts'
import { Offline, SyncFailed } from '../errors.ts'
import type { Link } from '../link/link.ts'
import { asSent, bytesOf, settle, takeBack, takeBatch } from '../outbox/batch.ts'
import type { Signer } from '../outbox/proof.ts'
import type { Upcasts } from '../outbox/upcast.ts'
import { bringAgain } from '../outbox/ways-out.ts'
import type { LocalState } from '../state/local-state.ts'
import { isHydrated, type StreamRecord } from '../store/layout.ts'
import { StoreError } from '../store/store.ts'
import { type PulledChange, type Transport, TransportError } from '../transport/transport.ts'
import type { Context, QueuedOperation, Status } from '../words.ts'
import { createBackoff } from './backoff.ts'
import { obstacleOf } from './obstacles.ts'
import { createPacing, isStalled, isTooLarge, type Pacing } from './pacing.ts'

/** What a run is doing, and what stood in its way. `sent`: operations answered since the queue was empty last. */
export type Activity = Pick<Status, 'phase' | 'progress' | 'auth' | 'problem'> & { sent: number }

export type SynchroniserOptions = {
  state: LocalState
  transport: Transport
  link: Link
  upcasts: Upcasts
  /** What is pulled for whoever is at work. */
  pulling: () => Pulling
  /** By whom what changes on its way is signed. */
  signer: () => Signer | null
  /** The gateway refuses whoever is at work: true where they may do something else by now, and it can go on with that. */
  learnRights: (context: Context) => Promise<boolean>
  /** What has come. */
  pulled: (context: Context, changes: readonly PulledChange[]) => Promise<void>
  changed: () => void
  /** Before a run, and after one that reached the end. Not waited for. */
  beforeRun: () => void
  afterRun: () => void
  pageSize: number
  pullEveryMs: number
  environment: Pick<Environment, 'now' | 'random'>
}

/** Operations in a batch at most: enough that a round trip costs little, few enough that a lost answer costs little. */
const batchSize = 200
/** Of the pauses between runs that fail, in the first minutes: most faults are short. */
const soonMs = 6_000
/** Connections that die one after the other within one run: try later. */
const maxStalls = 3
/** A stream that is reset again and again within one run: something is wrong, try later. */
const maxResets = 3

/** The same error in the words of the SDK. */
export function asClientError(error: unknown): Error {
  if (error instanceof StoreError)
    return new SyncFailed(`STORAGE_${error.fault}`, error.message, null, { cause: error })
  if (!(error instanceof TransportError)) return error as Error
  if (error.kind === 'unreachable') return new Offline(undefined, { cause: error })
  return new SyncFailed(error.code, error.message, null, { cause: error })
}

/** Somebody who is not let in, or has gone, is told so at once. */
const mayPull = (error: unknown): boolean =>
  error instanceof SyncFailed ||
  (error instanceof TransportError && error.kind !== 'unauthenticated' && error.code !== 'CLOSED')

export class Synchroniser {
  readonly activity: Activity = { phase: 'idle', progress: null, auth: 'ok', problem: null, sent: 0 }
  readonly #of: SynchroniserOptions
  readonly #backoff: ReturnType<typeof createBackoff>
  readonly #pacing: Pacing
  #current: Promise<void> | null = null
  #next: Promise<void> | null = null
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #pullTimer: ReturnType<typeof setTimeout> | undefined
  /** Another tab leads. */
  #rests = true
  #closed = false

  constructor(of: SynchroniserOptions) {
    this.#of = of
    this.#backoff = createBackoff({ random: of.environment.random, soonMs })
    this.#pacing = createPacing({ pageSize: of.pageSize, changed: of.changed })
  }

  /** Requests take long. */
  isSlow(): boolean {
    return this.#pacing.isSlow()
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
    await takeBack(this.#of.state, this.#underWay())
  }

  /** A run that begins after this call: resolves when what waits is pushed and the head is pulled, or says why not. */
  request(): Promise<void> {
    if (!this.#current) return this.#start()
    this.#next ??= this.#current
      .catch(() => {})
      .then(() => {
        this.#next = null
        // Whoever asked between the two has begun one, and it is after this call too.
        return this.#current ?? this.#start()
      })
    return this.#next
  }

  /** As `request`, by itself: not while there is no connection, and nobody waits for it. */
  trigger(): void {
    if (!this.#closed && !this.#rests && this.#of.link.online()) void this.request().catch(() => {})
  }

  /** As `trigger`, at once even after failures: a person, a nudge or the network has asked. */
  encourage(): void {
    this.#backoff.reset()
    this.trigger()
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

  #start(): Promise<void> {
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
      this.#of.beforeRun()
      const failure = await this.#push(context).then(
        () => null,
        (error: unknown) => ({ error }),
      )
      if (failure && !mayPull(failure.error)) throw failure.error
      // Of two failures the first is told.
      await this.#pull(context, { pushes: !failure }).catch((error: unknown) => {
        throw failure ? failure.error : error
      })
      if (failure) throw failure.error
      this.#backoff.reset()
      this.#show({ phase: 'idle', progress: null, auth: 'ok', problem: null })
      this.#of.afterRun()
    } catch (error) {
      this.#fail(error)
      throw asClientError(error)
    }
  }

  /** Pushes batches until nothing of the tenant waits. */
  async #push(context: Context): Promise<void> {
    const { tenantId } = context
    const { state, upcasts } = this.#of
    // What an earlier run or process has left under way: nobody else sends.
    await takeBack(state, this.#underWay())
    let stalls = 0
    for (;;) {
      const batch = await takeBatch(
        state,
        tenantId,
        { operations: batchSize, bytes: this.#pacing.size('batch') },
        { upcasts, signer: this.#of.signer() },
      )
      if (batch.length === 0 || this.#closed) break
      this.#show({ phase: 'pushing' })
      let deferred: Awaited<ReturnType<typeof settle>>
      try {
        const { results } = await this.#send(tenantId, batch)
        deferred = await settle(state, results)
        const answered = results.filter(({ status }) => status !== 'DEFERRED').length
        this.#show({ sent: this.activity.sent + answered })
        // Somebody else has come while whoever brought these was refused.
        if (state.context !== context) await bringAgain(state, this.#of.signer())
        if (deferred?.clientOpId !== batch[0]!.clientOpId) this.#backoff.reset()
      } catch (error) {
        await takeBack(
          state,
          batch.map(({ clientOpId }) => clientOpId),
        )
        if (isStalled(error)) stalls += 1
        const mayGoOn = isStalled(error) ? stalls <= maxStalls : isTooLarge(error) && batch.length > 1
        if (!mayGoOn) throw error
        continue
      }
      if (deferred)
        throw new SyncFailed(deferred.code ?? 'DEFERRED', deferred.message ?? 'The server is busy.')
    }
    this.#show({ sent: 0 })
  }

  #send(tenantId: string, batch: readonly QueuedOperation[]) {
    const { state, transport } = this.#of
    const operations = batch.map((operation) => asSent(operation, state))
    const size = batch.reduce((sum, operation) => sum + bytesOf(operation), 0)
    return this.#pacing.send(
      'batch',
      size,
      () => transport.push({ tenantId, deviceId: state.deviceId, operations }),
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
      const all = this.#of.pulling()
      const pulling = nextPulling(asked, all, state.outbox.unconfirmed(id))
      const isLoading = asked.complete !== asked.generation || !isHydrated(asked, pulling.scopes)
      this.#show({ phase: isLoading ? 'hydrating' : 'pulling' })
      const page = await this.#page(context, asked, pulling)
      if (state.context !== context) return
      if (page === null) {
        resets += 1
        continue
      }
      if ('reset' in page) {
        resets += 1
        await startAnew(state, id)
        // What that has put back into the queue.
        await this.#push(context)
        continue
      }
      if (!(await storePage(state, id, asked, page, { pulling, at: environment.now() }))) {
        // Another tab pulls as well, where there are no locks: what it has stored is where this one goes on.
        await state.reread()
        continue
      }
      await this.#of.pulled(context, page.changes)
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
      return await forget(state, id, page).catch(() => {})
    }
    throw new SyncFailed('RESET_AGAIN', 'The server keeps asking to start anew; this is tried again later.')
  }

  /** The next page, or a reset; null: what stood in its way has changed, and it can be asked for anew. */
  async #page(context: Context, { cursor }: StreamRecord, { scopes: moduleScopes }: Pulling) {
    const { state, transport, learnRights } = this.#of
    const { tenantId, branchId } = context
    const limit = this.#pacing.size('page')
    const input = { tenantId, branchId, deviceId: state.deviceId, cursor, moduleScopes, limit }
    try {
      return await this.#pacing.send(
        'page',
        limit,
        () => transport.pull({ ...input, addScopes: true }),
        (answer) => 'hasMore' in answer && answer.hasMore,
      )
    } catch (error) {
      const isRefused = error instanceof TransportError && error.kind === 'forbidden'
      // Over another connection a stalled one gets through; no more often than a reset.
      if ((isRefused && (await learnRights(context))) || isStalled(error)) return null
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
    this.#retryTimer = setTimeout(() => this.trigger(), wait)
  }

  #show(activity: Partial<Activity>): void {
    Object.assign(this.activity, activity)
    this.#of.changed()
  }

  /** Now and then, so that lost nudges cost delay only; moved about so that not all devices of a café come at once. */
  #planPull(): void {
    if (this.#closed) return
    const { pullEveryMs, environment } = this.#of
    const wait = pullEveryMs * (0.8 + 0.4 * environment.random())
    this.#pullTimer = setTimeout(() => {
      this.trigger()
      this.#planPull()
    }, wait)
  }
}
