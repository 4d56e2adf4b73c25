import type { Way } from '../../codes/ways.ts'
import type { EnginePermission, Scopes } from '../../sync/words.ts'
import type { Grants, Role } from './roles.ts'

/** What the gateway itself asks leave for. */
const ofGateway = {
  'operations.readRejected': 'MANAGER',
  'operations.discard': 'MANAGER',
  'devices.read': 'MANAGER',
  'nudges.tenant': 'MANAGER',
} as const satisfies Record<EnginePermission, Role>

export const permissions = {
  ...ofGateway,
  'staff.read': 'STAFF',
  'staff.readAll': 'MANAGER',
  'staff.edit': 'ADMIN',
  'devices.shutOut': 'MANAGER',
  'devices.rename': 'MANAGER',
  'devices.enrol': 'MANAGER',
} as const satisfies Grants

export const scopes = {
  STAFF: { read: 'staff.read', formerBit: 3 },
} as const satisfies Scopes<keyof typeof permissions>

export const codes = {
  STAFF_CODE_TAKEN: 'This staff code belongs to somebody else.',
  LAST_ADMIN: 'The business would have no administrator left: make somebody else one first.',
} as const

/** What is done about each: src/codes/ways.ts. */
export const handling = {
  STAFF_CODE_TAKEN: 'input',
  LAST_ADMIN: 'access',
} as const satisfies Record<keyof typeof codes, Way>

export const audits = [
  'STAFF_SAVED',
  'DEVICE_SHUT_OUT',
  'DEVICE_LET_IN',
  'DEVICE_RENAMED',
  'DEVICE_APPROVED',
  'DEVICE_INVITED',
] as const
