/**
 * What the SDK throws. One base with a stable `code`; `message` is one plain sentence for the person at the till.
 */
import type { Json } from '../../src/sync/words.ts'
import { StoreError } from './store/store.ts'
import { TransportError } from './transport/transport.ts'

export class SyncClientError extends Error {
  override readonly name: string = 'SyncClientError'
  readonly code: string
  readonly details: Json
  constructor(code: string, message: string, details: Json = null, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.details = details
  }
}

/**
 * The local state forbids the operation, or it cannot be queued: nothing was kept. `code` is one of the gateway's
 * operation codes where the same rule of the café decided, or one of the client's own: CACHE_MISSING (FR-5),
 * SIGNED_OUT, STORAGE_FULL, NOT_FAILED, CANNOT_REASSIGN.
 */
export class OperationBlocked extends SyncClientError {
  override readonly name = 'OperationBlocked'
}

/** There is no connection: what needs one was not done. */
export class Offline extends SyncClientError {
  override readonly name: string = 'Offline'
  constructor(message = 'There is no connection to the server.', options?: ErrorOptions) {
    super('OFFLINE', message, null, options)
  }
}

/**
 * A direct mutation was sent and its answer did not come: it may have been applied. Sent again under the same key it
 * is applied at most once: `online(type, input, { idempotencyKey })`, or `perform(type, input, { clientOpId })`.
 */
export class AnswerLost extends Offline {
  override readonly name = 'AnswerLost'
  readonly idempotencyKey: string
  constructor(idempotencyKey: string, options?: ErrorOptions) {
    super('The connection was lost before the server answered; it may have been done.', options)
    this.idempotencyKey = idempotencyKey
  }
}

/** Why `sync()` did not reach the end: nobody is signed in, no access, a store that is full ... */
export class SyncFailed extends SyncClientError {
  override readonly name = 'SyncFailed'
}

/** The same error in the words of the SDK. */
export function asClientError(error: unknown): unknown {
  if (error instanceof StoreError)
    return new SyncFailed(`STORAGE_${error.fault}`, error.message, null, { cause: error })
  if (!(error instanceof TransportError)) return error
  const { kind, code, message, retryAfterMs } = error
  if (kind === 'unreachable') return new Offline(undefined, { cause: error })
  return new SyncFailed(code, message, retryAfterMs === null ? null : { retryAfterMs }, { cause: error })
}
