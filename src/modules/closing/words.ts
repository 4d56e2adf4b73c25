import type { Way } from '../../codes/ways.ts'
import type { Grants } from '../access/roles.ts'

export const permissions = {
  'cashSession.supplement': 'MANAGER',
  'closing.export': 'MANAGER',
  'refusals.giveUp': 'MANAGER',
} as const satisfies Grants

export const codes = {
  REFUSAL_UNKNOWN: 'There is no such refused sale or movement of this cash session.',
  PERSON_NOT_IN_DOUBT: 'It was not refused because of the person: nobody else can have done it.',
  NEVER_SENT: 'It was given up on its device before it was accepted.',
  CASH_SESSION_STILL_OPEN: 'The cash session is still open: what belongs to it can simply be sent again.',
} as const

/** What is done about each: src/codes/ways.ts. */
export const handling = {
  REFUSAL_UNKNOWN: 'taken',
  PERSON_NOT_IN_DOUBT: 'taken',
  NEVER_SENT: 'taken',
  CASH_SESSION_STILL_OPEN: 'taken',
} as const satisfies Record<keyof typeof codes, Way>

export const audits = [
  'CASH_SESSION_SUPPLEMENTED',
  'REFUSED_OPERATIONS_BOOKED',
  'OPERATION_GIVEN_UP',
] as const
