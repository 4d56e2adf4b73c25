import type { Way } from '../../codes/ways.ts'
import type { Scopes } from '../../sync/words.ts'
import type { Grants } from '../access/roles.ts'

export const permissions = {
  'sale.finalize': 'CASHIER',
  'sale.read': 'CASHIER',
  'sale.void': 'MANAGER',
  'sale.report': 'MANAGER',
} as const satisfies Grants

export const scopes = {
  SALE: { read: 'sale.read', formerBit: 5 },
} as const satisfies Scopes<keyof typeof permissions>

export const codes = {
  SALE_ALREADY_FINALIZED: 'Another sale was finalized under this id before.',
  SALE_TOTALS_MISMATCH: 'The totals or the change of the sale are not what its prices add up to.',
  SALE_UNKNOWN: 'There is no such sale in this branch.',
  SALE_ALREADY_VOIDED: 'This sale was voided before.',
  MENU_REVISION_UNKNOWN: 'The sale has an item that was never published at this price.',
  MENU_REVISION_TOO_OLD: 'The sale has an item at a price that was replaced too long ago.',
  POLICY_REVISION_UNKNOWN: 'The sale was priced with a policy that was never in force here.',
  POLICY_REVISION_TOO_OLD: 'The sale was priced with a policy that was replaced too long ago.',
  MODIFIER_SELECTION_INVALID: 'The choices of a line do not fit its item.',
  TENDER_INSUFFICIENT: 'The cash received does not cover the total.',
  TENDER_METHOD_NOT_ALLOWED: 'Only cash can be taken here.',
} as const

/** What is done about each: src/codes/ways.ts. */
export const handling = {
  SALE_ALREADY_FINALIZED: 'taken',
  SALE_TOTALS_MISMATCH: 'stale',
  SALE_UNKNOWN: 'taken',
  SALE_ALREADY_VOIDED: 'taken',
  MENU_REVISION_UNKNOWN: 'stale',
  MENU_REVISION_TOO_OLD: 'stale',
  POLICY_REVISION_UNKNOWN: 'stale',
  POLICY_REVISION_TOO_OLD: 'stale',
  MODIFIER_SELECTION_INVALID: 'stale',
  TENDER_INSUFFICIENT: 'input',
  TENDER_METHOD_NOT_ALLOWED: 'input',
} as const satisfies Record<keyof typeof codes, Way>

export const audits = [
  'SALE_FINALIZED',
  'SALE_VOIDED',
  'INVENTORY_DEDUCTION_APPLIED',
  'SALE_PRICED_FROM_STALE_CACHE',
  'SALE_DATED_FAR_OFF',
  'SALE_FINALIZED_WITHOUT_ATTENDANCE',
] as const
