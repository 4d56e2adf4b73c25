import { col, defineFinder, defineTable, nullable } from '../../sync/table.ts'
import type { DeviceNameEntity, StaffMemberEntity } from './contract.ts'

export const members = defineTable({
  name: 'member',
  key: ['accountId'],
  write: 'upsert',
  columns: {
    accountId: col.text,
    staffCode: col.text,
    name: col.text,
    role: col.text,
    status: col.text,
    tokenGeneration: col.int,
  },
  change: {
    module: 'STAFF',
    kind: 'staffMember',
    scope: 'tenant',
    id: (row) => row.accountId,
    // Of ten thousand branches each knows its own people, and those who look after all.
    listed: ({ role }) => role !== 'ADMIN',
    payload: ({ staffCode, name, role, status }) =>
      status === 'ACTIVE' ? ({ staffCode, name, role } as StaffMemberEntity) : null,
  },
})
export const memberByAccount = defineFinder(members, ['accountId'])
export const memberByStaffCode = defineFinder(members, ['staffCode'])
export const activeByRole = defineFinder(members, ['role'], { column: 'status', is: 'ACTIVE' })

export const memberBranches = defineTable({
  name: 'member_branch',
  key: ['accountId', 'branchId'],
  write: 'upsert',
  columns: { accountId: col.text, branchId: col.text, ended: col.bool },
})
export const assignment = defineFinder(memberBranches, ['accountId', 'branchId'])
export const assignmentsOf = defineFinder(memberBranches, ['accountId'], { not: 'ended' })

export const credentials = defineTable({
  name: 'credential',
  key: ['accountId'],
  write: 'upsert',
  columns: {
    accountId: col.text,
    pinHash: col.text,
    pinDigits: col.int,
  },
})
export const credentialOf = defineFinder(credentials, ['accountId'])

export const deviceSignIns = defineTable({
  name: 'device_sign_in',
  key: ['deviceId', 'accountId'],
  write: 'upsert',
  columns: { deviceId: col.text, accountId: col.text, signedInAt: col.time },
})
export const deviceSignIn = defineFinder(deviceSignIns, ['deviceId', 'accountId'])

/** Devices that were ever shut out or let into the business; one without a row is of generation 0, and not shut out. */
export const deviceAccess = defineTable({
  name: 'device_access',
  key: ['deviceId'],
  write: 'upsert',
  columns: {
    deviceId: col.text,
    generation: col.int,
    shutOutAt: nullable(col.time),
    shutOutBy: nullable(col.text),
    reason: nullable(col.text),
    enrolledAt: nullable(col.time),
    enrolledBy: nullable(col.text),
  },
})
export const deviceAccessOf = defineFinder(deviceAccess, ['deviceId'])

/** Of each person the last code that they made: it lets one device into the business. */
export const deviceInvites = defineTable({
  name: 'device_invite',
  key: ['madeBy'],
  write: 'upsert',
  columns: {
    madeBy: col.text,
    codeHash: col.text,
    name: nullable(col.text),
    expiresAt: col.time,
    usedBy: nullable(col.text),
  },
})

/** What people call devices; one that was named once keeps its row. */
export const deviceNames = defineTable({
  name: 'device_name',
  key: ['deviceId'],
  write: 'upsert',
  columns: { deviceId: col.text, name: nullable(col.text) },
  change: {
    module: 'STAFF',
    kind: 'deviceName',
    scope: 'tenant',
    id: (row) => row.deviceId,
    payload: ({ name }): DeviceNameEntity | null => (name === null ? null : { name }),
  },
})
export const deviceNameOf = defineFinder(deviceNames, ['deviceId'])
