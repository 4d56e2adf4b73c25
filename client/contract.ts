/**
 * What both sides of the wire agree on, for integrators in TypeScript: the contract of each payload and entity (zod),
 * the words, who may do what, the price arithmetic, and the text that a payload is hashed as.
 */
export * from '../src/modules/access/contract.ts'
export { isInCharge, type Role, roles } from '../src/modules/access/roles.ts'
export * from '../src/modules/attendance/contract.ts'
export * from '../src/modules/cash-session/contract.ts'
export {
  aboutPerson,
  type ClosingStatementEntity,
  type ClosingSupplementEntity,
  cashSessionBookRefused,
  cashSessionSupplement,
  closingStatementEntity,
  closingSupplementEntity,
  type Outside,
  operationGiveUp,
  type RefusalEntity,
  refusalEntity,
} from '../src/modules/closing/contract.ts'
export * from '../src/modules/inventory/contract.ts'
export * from '../src/modules/menu/contract.ts'
export * from '../src/modules/policy/contract.ts'
export * from '../src/modules/primitives.ts'
export * from '../src/modules/sale/contract.ts'
export * from '../src/modules/sale/pricing.ts'
export * from '../src/modules/sale/tender.ts'
export * from '../src/modules/tenant/contract.ts'
export * from '../src/modules/tenant/days.ts'
export {
  codes,
  type ModuleScope,
  may,
  moduleScopes,
  type OperationCode,
  operationCodes,
  type Permission,
  personalScopes,
  readPermission,
} from '../src/modules/words.ts'
export * from '../src/sync/canonical.ts'
export { isClockWrong, placedAt } from '../src/sync/clock.ts'
export type { Wire } from '../src/sync/till.ts'
export {
  type Json,
  type Lane,
  type OperationStatus,
  type OpKind,
  type ResetReason,
  resetReasons,
} from '../src/sync/words.ts'
export type {
  Entity,
  EntityKind,
  EntityPayloads,
  OfflinePayloads,
  OfflineType,
  OnlinePayloads,
  OnlineType,
  Verdict,
} from './sdk/typed.ts'
