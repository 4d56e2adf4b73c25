import type { Way } from '../../codes/ways.ts'
import type { Scopes } from '../../sync/words.ts'
import type { Grants } from '../access/roles.ts'

export const permissions = {
  'menu.read': 'STAFF',
  'menu.edit': 'ADMIN',
} as const satisfies Grants

export const scopes = {
  MENU: { read: 'menu.read', formerBit: 2 },
} as const satisfies Scopes<keyof typeof permissions>

export const codes = {
  MENU_CATEGORY_UNKNOWN: 'There is no such category.',
  MENU_CATEGORY_IN_USE: 'An item is in this category; move it first.',
  MODIFIER_GROUP_UNKNOWN: 'There is no such modifier group.',
  MODIFIER_GROUP_IN_USE: 'An item uses this modifier group.',
  MENU_ITEM_UNKNOWN: 'There is no such item on the menu.',
} as const

/** What is done about each: src/codes/ways.ts. */
export const handling = {
  MENU_CATEGORY_UNKNOWN: 'taken',
  MENU_CATEGORY_IN_USE: 'input',
  MODIFIER_GROUP_UNKNOWN: 'taken',
  MODIFIER_GROUP_IN_USE: 'input',
  MENU_ITEM_UNKNOWN: 'taken',
} as const satisfies Record<keyof typeof codes, Way>

export const audits = [
  'MENU_ITEM_SAVED',
  'MENU_ITEM_REMOVED',
  'MENU_CATEGORY_SAVED',
  'MENU_CATEGORY_REMOVED',
  'MODIFIER_GROUP_SAVED',
  'MODIFIER_GROUP_REMOVED',
] as const
