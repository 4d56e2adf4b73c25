import type { Way } from '../../codes/ways.ts'
import type { Scopes } from '../../sync/words.ts'
import type { Grants } from '../access/roles.ts'

export const permissions = {
  'attendance.record': 'STAFF',
  'attendance.readOwn': 'STAFF',
  'attendance.readAll': 'MANAGER',
} as const satisfies Grants

export const scopes = {
  ATTENDANCE: { read: 'attendance.readOwn', readAll: 'attendance.readAll', formerBit: 7 },
} as const satisfies Scopes<keyof typeof permissions>

export const codes = {
  ATTENDANCE_ALREADY_ACTIVE: 'This person has started work already.',
  ATTENDANCE_NOT_ACTIVE: 'This person has no such work running in this branch.',
} as const

/** What is done about each: src/codes/ways.ts. */
export const handling = {
  ATTENDANCE_ALREADY_ACTIVE: 'taken',
  ATTENDANCE_NOT_ACTIVE: 'taken',
} as const satisfies Record<keyof typeof codes, Way>

export const audits = ['WORK_STARTED', 'WORK_ENDED'] as const
