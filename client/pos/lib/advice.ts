/**
 * What to do about an operation that was not accepted, by its code. The words are in the locales (`sync.advice`).
 */
import type { OperationCode } from '../../contract.ts'
import type { WayOut } from '../../sdk/index.ts'

export const adviceKinds = [
  'reassign',
  'first',
  'retry',
  'unfreeze',
  'permission',
  'signIn',
  'done',
  'discard',
  'support',
] as const
export type Advice = (typeof adviceKinds)[number]

/**
 * `reassign`: send it to the open session. `first`: solve the one it builds on. `retry`: try again later. `unfreeze`,
 * `permission`, `signIn`: somebody has to change something first. `done`: it was done already, so it can be discarded.
 * `discard`: it cannot go as it is; write down what happened, and discard it. `support`: a fault; keep it, tell somebody.
 */
const byCode: Record<OperationCode, Advice> = {
  PAYLOAD_INVALID: 'support',
  PAYLOAD_HASH_MISMATCH: 'retry',
  CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD: 'support',
  OPERATION_UNKNOWN: 'support',
  OPERATION_NOT_SUPPORTED_OFFLINE: 'discard',
  OPERATION_FAILED: 'retry',
  DEPENDENCY_MISSING: 'first',
  DEPENDENCY_FAILED: 'first',
  BRANCH_CONTEXT_REQUIRED: 'support',
  ACTOR_NOT_ALLOWED: 'signIn',
  ACTOR_PROOF_REQUIRED: 'signIn',
  TENANT_NOT_ACTIVE: 'unfreeze',
  NO_MEMBERSHIP: 'permission',
  MEMBERSHIP_NOT_ACTIVE: 'permission',
  NO_BRANCH_ACCESS: 'permission',
  BRANCH_FROZEN: 'unfreeze',
  ACTION_NOT_PERMITTED: 'permission',
  DEVICE_NOT_YOURS: 'signIn',
  DEVICE_SHUT_OUT: 'permission',
  DEVICE_NOT_ENROLLED: 'permission',
  ENROLMENT_CODE_WRONG: 'permission',
  CASH_SESSION_ALREADY_OPEN: 'reassign',
  CASH_SESSION_NOT_OPEN: 'reassign',
  ATTENDANCE_ALREADY_ACTIVE: 'done',
  ATTENDANCE_NOT_ACTIVE: 'done',
  SALE_ALREADY_FINALIZED: 'support',
  SALE_TOTALS_MISMATCH: 'support',
  SALE_UNKNOWN: 'discard',
  SALE_ALREADY_VOIDED: 'done',
  MENU_ITEM_UNKNOWN: 'discard',
  MENU_REVISION_TOO_OLD: 'support',
  MENU_REVISION_UNKNOWN: 'support',
  MENU_CATEGORY_UNKNOWN: 'discard',
  MENU_CATEGORY_IN_USE: 'discard',
  MODIFIER_GROUP_UNKNOWN: 'discard',
  MODIFIER_GROUP_IN_USE: 'discard',
  POLICY_REVISION_TOO_OLD: 'support',
  POLICY_REVISION_UNKNOWN: 'support',
  MODIFIER_SELECTION_INVALID: 'discard',
  TENDER_INSUFFICIENT: 'discard',
  TENDER_METHOD_NOT_ALLOWED: 'discard',
  STOCK_ITEM_UNKNOWN: 'discard',
  STAFF_CODE_TAKEN: 'discard',
  LAST_ADMIN: 'discard',
  REFUSAL_UNKNOWN: 'done',
  NEVER_SENT: 'done',
  PERSON_NOT_IN_DOUBT: 'support',
  CASH_SESSION_STILL_OPEN: 'retry',
  OVERLOADED: 'retry',
  BUSY: 'retry',
  UNAVAILABLE: 'retry',
  EARLIER_OPERATION_DEFERRED: 'retry',
  STREAM_RESET: 'retry',
}

/** The way out that an advice speaks of; null: to leave it alone, to solve another first, or that its person signs in. */
export const wayOfAdvice: Record<Advice, WayOut | null> = {
  reassign: 'reassign',
  first: null,
  retry: 'retry',
  unfreeze: 'retry',
  permission: 'retry',
  signIn: null,
  done: 'discard',
  discard: 'discard',
  support: null,
}

/**
 * What a person can do about what stands in the way of synchronising. `portal`: sign in to the network. `server`: wait,
 * and tell somebody if it lasts. `full`: make room. `support`: tell somebody. Null: it passes by itself.
 */
export type Obstacle = 'portal' | 'server' | 'full' | 'support'
const obstacles: Readonly<Record<string, Obstacle>> = {
  NOT_THE_SERVER: 'portal',
  PROXY_ERROR: 'server',
  STORAGE_FULL: 'full',
  REQUEST_TOO_LARGE: 'support',
  WRONG_ADDRESS: 'support',
  RESET_AGAIN: 'support',
  RECORD_DAMAGED: 'support',
}
export const obstacleFor = (code: string | null | undefined): Obstacle | null => obstacles[code ?? ''] ?? null

/** A code that is new here: nothing can be said but to tell somebody. */
export const adviceFor = (code: string): Advice => byCode[code as OperationCode] ?? 'support'
