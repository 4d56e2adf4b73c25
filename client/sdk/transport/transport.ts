/**
 * What the SDK asks of the gateway, and how asking fails. `http.ts` implements it over HTTP and a WebSocket.
 */
import type { ResetReason } from '../../../src/sync/words.ts'
import type { Document } from '../api.ts'
import type { Json, ModuleScope, QueuedOperation, Verdict } from '../words.ts'
import type { DirectArguments } from './direct.ts'

/** An operation as it is sent: `SyncOperationInput`. */
export type PushOperation = Pick<
  QueuedOperation,
  'clientOpId' | 'type' | 'payload' | 'payloadHash' | 'dependsOn' | 'occurredAt' | 'clockSkewMs' | 'actorId'
> &
  Pick<QueuedOperation, 'approvedFor' | 'actorProof' | 'deviceSeq' | 'retry'> & {
    branchId: string | null
    /** See `outbox/chain.ts`. */
    chain?: { id: string; prev: string; madeAs?: string }
  }

export type PulledChange = {
  seq: number
  opKind: 'UPSERT' | 'TOMBSTONE'
  module: ModuleScope
  entityKind: string
  entityId: string
  /** Null on a TOMBSTONE. */
  payload: Json
  occurredAt: string
  actorId: string | null
  /** The operation that caused it. */
  clientOpId: string | null
  /** When it was finished, by the server's clock (ISO 8601): it leaves the feed `finishedKeptDays` later. Null: it stays. */
  agesFrom: string | null
}
export type PullPage = {
  changes: PulledChange[]
  nextCursor: string
  /** Of the stream: another where it was made anew, or the server restored. */
  epoch: string
  hasMore: boolean
  /** The head of the stream when the page was read. */
  headSeq: number
  /** The scopes that this page begins from their beginning. */
  added: ModuleScope[]
  /** Of these scopes only the own records of `accountId` are told. */
  personal: ModuleScope[]
  /** Who asked, by their token: it may be a colleague of whoever is at work. */
  accountId: string
  serverTime: string
  finishedKeptDays: number
}
/** The cursor no longer holds: rebuild the local data of the branch. `newEpoch`: the stream's, where the gateway looked. */
export type PullReset = { reset: ResetReason; message: string; newEpoch: string | null }

/** "Pull now", after `pullAfterMs`. */
export type Nudge = { branchId: string; modules: ModuleScope[]; headSeq: number; pullAfterMs: number }

/** What a device says of itself, for whoever looks after it. */
type DeviceReport = {
  tenantId: string
  deviceId: string
  branchId: string | null
  /** The device's clock, ISO 8601. */
  at: string
  /** Operations of this tenant that wait, and that were rejected. */
  waiting: number
  failed: number
  oldestWaitingAt: string | null
  storage: 'PERSISTENT' | 'BEST_EFFORT'
  usageBytes: number | null
  quotaBytes: number | null
  appVersion: string | null
  chain: { id: string; deviceSeq: number; link: string; held: number } | null
}

/** The token of whoever is signed in, or null. Asked before a request, and again (`refused`) when it was not taken. */
export type TokenSource = (asked: { refused: string | null }) => Promise<string | null>

/** Every request may throw a TransportError, and nothing else. */
export interface Transport {
  /** One result for each operation, in the order sent; an answer that has anything else is a broken one. */
  push(input: {
    tenantId: string
    deviceId: string
    /** A stream as the device knows it: where it is another by now, all is DEFERRED, `STREAM_RESET`. */
    stream?: { branchId: string; epoch: string }
    operations: PushOperation[]
  }): Promise<{ results: Verdict[]; serverTime: string }>

  /** `cursor: null` begins at the beginning. */
  pull(input: {
    tenantId: string
    branchId: string
    deviceId: string
    cursor: string | null
    moduleScopes: readonly ModuleScope[]
    /** What the cursor lacks is loaded beside the rest. */
    addScopes?: boolean
    limit: number
  }): Promise<PullPage | PullReset>

  /**
   * A mutation of the direct lane, by the operation's type; its field is found by the rule of `naming.ts`. `token`: that
   * of whoever acts, asked as the transport's own is.
   */
  direct(type: string, args: DirectArguments, token?: TokenSource): Promise<Verdict>

  /** A query of the typed reads. `token`: for this request, instead of the transport's own. */
  read<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables: Variables,
    options?: { token?: string },
  ): Promise<Data>

  /** Needs no token, and changes none. */
  signIn(credentials: {
    tenantId: string
    staffCode: string
    pin: string
    deviceId: string
    enrolmentCode?: string
  }): Promise<{ token: string; expiresAt: string; actorId: string; actorKey: string }>

  /** By which whoever is signed in proves on this device what they do; it counts as having signed in here. */
  actorKey(input: { tenantId: string; deviceId: string }): Promise<string>

  report(input: DeviceReport): Promise<{ serverTime: string }>

  /**
   * The lightest request that proves that the gateway answers. Needs no token. Once it is answered, whatever has been
   * silent for long since before is given up: its connection is dead.
   */
  probe(options?: { withinMs?: number }): Promise<void>

  /**
   * Listens for nudges until it is stopped (by what it returns), and never gives up: a socket that is gone is opened
   * anew after a while, and asks for another token where the last one was not taken. `open`: from now on nudges come;
   * what was nudged before is lost. `closed`: none come until the next `open`. `refused`: the gateway lets nobody listen
   * by that token, and the answer to a request will say why. `branchId: null`: every branch.
   */
  listen(
    of: { tenantId: string; branchId: string | null; moduleScopes: readonly ModuleScope[] },
    on: { nudge(nudge: Nudge): void; open(): void; closed(): void; refused?(): void },
  ): () => void

  /** Stops listening and gives up what is under way. */
  close(): void
}

/**
 * `unreachable`: no answer, or none that the gateway has thought about; later it may work.
 * `unauthenticated`: there is no token, or none that is taken.
 * `forbidden`: the person may not do this; `code` is the access rule's (`NO_BRANCH_ACCESS` ...).
 * `limited`: too many requests; `retryAfterMs` says when to come again.
 * `refused`: the request itself is wrong (`BAD_USER_INPUT`, `BATCH_TOO_LARGE`, `TOO_MANY_ATTEMPTS` ...).
 */
export type TransportFault = 'unreachable' | 'unauthenticated' | 'forbidden' | 'limited' | 'refused'

/** Why a whole request got no answer. Never a verdict on an operation. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  readonly kind: TransportFault
  /** Stable: the gateway's, or one of the transport's own: NETWORK, TIMEOUT, STALLED, HTTP_502, BROKEN_ANSWER, CLOSED. */
  readonly code: string
  /** How long to wait before asking again, where the gateway has said. */
  readonly retryAfterMs: number | null
  /** False: the request certainly was not processed. */
  readonly sent: boolean
  constructor(
    kind: TransportFault,
    code: string,
    message: string,
    options: { retryAfterMs?: number | null; sent?: boolean } & ErrorOptions = {},
  ) {
    super(message, options)
    this.kind = kind
    this.code = code
    this.retryAfterMs = options.retryAfterMs ?? null
    this.sent = options.sent ?? true
  }
}
