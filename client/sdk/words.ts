/**
 * The words of the SDK: what it keeps and shows, whatever its modules are. What apps write (`typed.ts`) has their types.
 */
import type { Json, ModuleScope, OperationStatus } from '../../src/sync/words.ts'
import type { QueuedOperation, Verdict } from './store/layout.ts'
import type { StoreFault } from './store/store.ts'

export type { Json, ModuleScope, OperationStatus, QueuedOperation, Verdict }

/** Of a module. */
export type EntityKind = string
/** `pending`: an operation that is not confirmed yet has made or changed it. The same object until it changes. */
// biome-ignore lint/suspicious/noExplicitAny: the fields of any kind
export type Entity = Readonly<{ [field: string]: any; id: string; pending: boolean }>
/** Fields that must be equal, or a function that says which. */
export type AnyWhere = { readonly [field: string]: unknown } | ((entity: Entity) => boolean)

/** Who works where. */
export type Context = { tenantId: string; branchId: string; actorId: string }

/**
 * What the SDK itself says, beside what the gateway and the modules do: of a tap that was not recorded, of a person who
 * was not let in, of a run that did not reach the end, of what stands in the way (`problem`).
 */
export type ClientCode =
  // A tap, a way out, a file.
  | 'SIGNED_OUT'
  | 'CACHE_MISSING'
  | 'APPROVAL_LAPSED'
  | 'NOT_FAILED'
  | 'CANNOT_REASSIGN'
  | 'IMPORT_INVALID'
  | 'UPCAST_FAILED'
  // A person.
  | 'WRONG_PIN'
  | 'TOO_MANY_ATTEMPTS'
  | 'UNKNOWN_PERSON'
  | 'INSECURE_CONTEXT'
  | 'NO_WEBCRYPTO'
  // The line.
  | 'OFFLINE'
  | 'NO_ANSWER'
  | 'CONNECTION_LOST'
  | 'LINE_TOO_SLOW'
  | 'REQUEST_TOO_LARGE'
  | 'PROXY_ERROR'
  | 'NOT_THE_SERVER'
  | 'WRONG_ADDRESS'
  | 'RESET_AGAIN'
  | 'CLOSED'
  // The store.
  | `STORAGE_${StoreFault}`
  | 'RECORD_DAMAGED'

export type QueueStatus = QueuedOperation['status']

export type FailedOperation = {
  clientOpId: string
  type: string
  code: string
  /** One plain sentence. */
  message: string
  details: Json
  payload: Json
  branchId: string
  actorId: string
  occurredAt: string
  /** Operations in the queue that build on it. */
  dependants: string[]
  /** What a person can do about it. */
  waysOut: WayOut[]
}
export type WayOut = 'retry' | 'reassign' | 'discard'

export type Status = {
  /** `slow`: the server answers, and takes seconds for it. */
  connectivity: 'online' | 'slow' | 'offline'
  phase: 'idle' | 'pushing' | 'pulling' | 'hydrating' | 'signedOut'
  /** Operations of this tenant that wait to be sent (not yet under way). */
  pending: number
  syncing: number
  /** How far the queue is: operations answered since it was empty last, of all since then; null: nothing waits. */
  sending: { sent: number; total: number } | null
  failed: FailedOperation[]
  /** Operations of other tenants; they wait until somebody of theirs signs in. */
  waitingForTenant: number
  lastSyncedAt: Date | null
  /** What selling needs is there (menu, prices, people, cash session, work), if perhaps old; the history may be on its way. */
  ready: boolean
  /** The branch's data is there and complete, if perhaps old. */
  hydrated: boolean
  /** While data is loaded: how many changes are here and how many there are, as far as known. */
  progress: { loaded: number; total: number | null } | null
  /** Changes are heard of at once; otherwise they come with the next pull. */
  nudges: boolean
  /** This device's clock less the server's, in whole seconds; null: no answer has come yet. Above two minutes it is wrong. */
  clockSkewMs: number | null
  leader: boolean
  storage: 'persistent' | 'best-effort'
  /**
   * Why the store serves no more, where it was lost while the app ran: nothing can be recorded until the app is opened
   * again. `code`: a StoreFault. What is shown stays, and `exportQueue` still has the queue.
   */
  storeFault: { code: StoreFault; message: string } | null
  context: Context | null
  /** `lapsed`: somebody is signed in, but the server takes no token of theirs any more; work goes on. */
  auth: 'ok' | 'lapsed' | 'signedOut'
  /** What stands in the way of synchronising, in one sentence; null where nothing does. */
  problem: { code: string; message: string } | null
}

/**
 * Somebody's leave for one act at a colleague's till, got by their PIN (`people.approve`): what is done with it is theirs.
 * Good for five minutes.
 */
export type Approval = Readonly<Pick<Person, 'tenantId' | 'accountId' | 'name'>>

/** Somebody who has signed in on this device. */
export type Person = {
  accountId: string
  tenantId: string
  staffCode: string
  name: string
  role: string
  branchIds: string[]
  lastSignedInAt: string
  /** A token of theirs is still good, by this device's clock. */
  hasToken: boolean
}
