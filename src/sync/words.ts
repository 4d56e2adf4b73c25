/**
 * The words both sides of the wire share. Pure: the client imports this file.
 */

/**
 * A domain that a client can pull: a name that some module gave it (capitals, digits, underscores). It stands in cursors and
 * in the feed: it is never renamed.
 */
export type ModuleScope = string

/** What it takes to read a domain, and how cursors from before its name stood in them knew it. */
export type ScopeDefinition<Permission extends string = string> = {
  readonly read: Permission
  /** Its records have owners: without this permission people read only their own. */
  readonly readAll?: Permission
  /** Its bit in cursors of the first two editions; left out where it is younger. */
  readonly formerBit?: number
}
export type Scopes<Permission extends string = string> = Readonly<
  Record<ModuleScope, ScopeDefinition<Permission>>
>

export type OpKind = 'UPSERT' | 'TOMBSTONE'
export type Lane = 'REPLAY' | 'DIRECT'
export type OperationStatus = 'APPLIED' | 'REJECTED' | 'DEFERRED'

export const resetReasons = [
  'CURSOR_MALFORMED',
  'CURSOR_EXPIRED',
  'CURSOR_AHEAD',
  'SCOPE_MISMATCH',
  'STREAM_MISMATCH',
  'STREAM_RESET',
] as const
export type ResetReason = (typeof resetReasons)[number]

/**
 * Why an operation was not applied, where the engine or its gate says so; modules add theirs. Stable: clients and reports
 * rely on them. With the plain sentence that says what each means.
 */
export const engineCodes = {
  PAYLOAD_INVALID: 'The operation is not well formed.',
  PAYLOAD_HASH_MISMATCH: 'The operation was damaged on its way: its hash does not fit its content.',
  CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD:
    'This operation id was already used for something else; nothing was changed.',
  OPERATION_UNKNOWN: 'This server knows no operation of this type.',
  OPERATION_NOT_SUPPORTED_OFFLINE: 'This works only while online; it cannot be queued.',
  OPERATION_FAILED: 'The server could not process this operation.',
  DEPENDENCY_MISSING: 'An operation that this one builds on has not arrived.',
  DEPENDENCY_FAILED: 'An operation that this one builds on was not applied.',
  BRANCH_CONTEXT_REQUIRED: 'The operation does not say which branch it is about.',
  /* Of the gate: */
  ACTOR_NOT_ALLOWED: 'The person named has not signed in on this device.',
  ACTOR_PROOF_REQUIRED: 'The person who did it has to be at work on this device to send it.',
  TENANT_NOT_ACTIVE: 'This business is frozen; nothing can be changed.',
  NO_MEMBERSHIP: 'You do not belong to this business.',
  MEMBERSHIP_NOT_ACTIVE: 'Your membership of this business has ended.',
  NO_BRANCH_ACCESS: 'You are not assigned to this branch.',
  BRANCH_FROZEN: 'This branch is frozen; nothing can be changed in it until it is unfrozen.',
  ACTION_NOT_PERMITTED: 'This role may not do this.',
  DEVICE_NOT_YOURS: 'You are signed in on another device.',
  DEVICE_SHUT_OUT: 'This device has been shut out; a manager can let it in again.',
  DEVICE_NOT_ENROLLED:
    'This device has not been let into the business yet: a manager approves it, or gives a code.',
  ENROLMENT_CODE_WRONG: 'This code is wrong, was used before, or has run out.',
  /* DEFERRED: not decided, send it again. */
  OVERLOADED: 'The server is busy; send it again later.',
  BUSY: 'The branch is busy; the operation will be sent again.',
  UNAVAILABLE: 'The server cannot reach its database; the operation will be sent again.',
  EARLIER_OPERATION_DEFERRED: 'An operation before this one has to be sent again first.',
  STREAM_RESET: 'The server is not as this device knew it; it is sent again once the device has looked.',
} as const
export type EngineCode = keyof typeof engineCodes

/** What the gateway itself asks leave for, whatever its modules are; one of them says who has it. */
export const enginePermissions = [
  'operations.readRejected',
  'operations.discard',
  'devices.read',
  'nudges.tenant',
] as const
export type EnginePermission = (typeof enginePermissions)[number]

/** A JSON value as it travels. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
