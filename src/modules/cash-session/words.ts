import type { Way } from '../../codes/ways.ts'
import type { Scopes } from '../../sync/words.ts'
import type { Grants } from '../access/roles.ts'

export const permissions = {
  'cashSession.operate': 'CASHIER',
  'cashSession.read': 'CASHIER',
  'cashSession.adjust': 'MANAGER',
  'cashSession.forceClose': 'MANAGER',
} as const satisfies Grants

export const scopes = {
  CASH_SESSION: { read: 'cashSession.read', formerBit: 4 },
} as const satisfies Scopes<keyof typeof permissions>

export const codes = {
  CASH_SESSION_ALREADY_OPEN: 'This branch already has an open cash session.',
  CASH_SESSION_NOT_OPEN: 'The cash session is closed already, or this branch has no such one.',
} as const

/** What is done about each: src/codes/ways.ts. */
export const handling = {
  CASH_SESSION_ALREADY_OPEN: 'taken',
  CASH_SESSION_NOT_OPEN: 'taken',
} as const satisfies Record<keyof typeof codes, Way>

export const audits = [
  'CASH_SESSION_OPENED',
  'CASH_MOVEMENT_RECORDED',
  'CASH_SESSION_CLOSED',
  'CASH_SESSION_FORCE_CLOSED',
] as const
