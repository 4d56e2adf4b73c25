import type { Way } from '../../codes/ways.ts'
import type { Scopes } from '../../sync/words.ts'
import type { Grants } from '../access/roles.ts'

export const permissions = {
  'inventory.read': 'CASHIER',
  'inventory.waste': 'CASHIER',
  'inventory.change': 'MANAGER',
} as const satisfies Grants

export const scopes = {
  INVENTORY: { read: 'inventory.read', formerBit: 6 },
} as const satisfies Scopes<keyof typeof permissions>

export const codes = {
  STOCK_ITEM_UNKNOWN: 'This branch has no such stock item.',
} as const

/** What is done about each: src/codes/ways.ts. */
export const handling = {
  STOCK_ITEM_UNKNOWN: 'taken',
} as const satisfies Record<keyof typeof codes, Way>

export const audits = [
  'INVENTORY_RESTOCKED',
  'INVENTORY_ADJUSTED',
  'INVENTORY_WASTED',
  'INVENTORY_THRESHOLD_SET',
] as const
