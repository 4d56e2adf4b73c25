/**
 * The words both sides of the wire share. Pure: the client imports this file.
 */

/** The domains a client can pull. Order is the order of the bits in a cursor: append, never reorder. */
export const moduleScopes = [
  'BRANCH',
  'POLICY',
  'MENU',
  'STAFF',
  'CASH_SESSION',
  'SALE',
  'INVENTORY',
  'ATTENDANCE',
] as const
export type ModuleScope = (typeof moduleScopes)[number]

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

/** Why an operation was not applied. Stable: clients and reports rely on them. */
export const operationCodes = [
  'PAYLOAD_INVALID',
  'PAYLOAD_HASH_MISMATCH',
  'CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD',
  'OPERATION_UNKNOWN',
  'OPERATION_NOT_SUPPORTED_OFFLINE',
  'OPERATION_FAILED',
  'DEPENDENCY_MISSING',
  'DEPENDENCY_FAILED',
  'BRANCH_CONTEXT_REQUIRED',
  'ACTOR_NOT_ALLOWED',
  'ACTOR_PROOF_REQUIRED',
  'TENANT_NOT_ACTIVE',
  'NO_MEMBERSHIP',
  'MEMBERSHIP_NOT_ACTIVE',
  'NO_BRANCH_ACCESS',
  'BRANCH_FROZEN',
  'ACTION_NOT_PERMITTED',
  'DEVICE_NOT_YOURS',
  'DEVICE_SHUT_OUT',
  'CASH_SESSION_ALREADY_OPEN',
  'CASH_SESSION_NOT_OPEN',
  'ATTENDANCE_ALREADY_ACTIVE',
  'ATTENDANCE_NOT_ACTIVE',
  'SALE_ALREADY_FINALIZED',
  'SALE_TOTALS_MISMATCH',
  'SALE_UNKNOWN',
  'SALE_ALREADY_VOIDED',
  'MENU_ITEM_UNKNOWN',
  'MENU_REVISION_UNKNOWN',
  'MENU_REVISION_TOO_OLD',
  'MENU_CATEGORY_UNKNOWN',
  'MENU_CATEGORY_IN_USE',
  'MODIFIER_GROUP_UNKNOWN',
  'MODIFIER_GROUP_IN_USE',
  'POLICY_REVISION_UNKNOWN',
  'POLICY_REVISION_TOO_OLD',
  'MODIFIER_SELECTION_INVALID',
  'TENDER_INSUFFICIENT',
  'TENDER_METHOD_NOT_ALLOWED',
  'STOCK_ITEM_UNKNOWN',
  'STAFF_CODE_TAKEN',
  /* DEFERRED: not decided, send it again */
  'OVERLOADED',
  'BUSY',
  'UNAVAILABLE',
  'EARLIER_OPERATION_DEFERRED',
] as const
export type OperationCode = (typeof operationCodes)[number]

/** A JSON value as it travels. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
