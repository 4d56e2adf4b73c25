import { col, defineFinder, defineTable, nullable } from '../../sync/table.ts'
import type { StaffMemberEntity } from './contract.ts'

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
    branchIds: col.texts,
  },
  change: {
    module: 'STAFF',
    kind: 'staffMember',
    scope: 'tenant',
    id: (row) => row.accountId,
    payload: ({ staffCode, name, role, status }) =>
      status === 'ACTIVE' ? ({ staffCode, name, role } as StaffMemberEntity) : null,
  },
})
export const memberByAccount = defineFinder(members, ['accountId'])
export const memberByStaffCode = defineFinder(members, ['staffCode'])

export const credentials = defineTable({
  name: 'credential',
  key: ['accountId'],
  write: 'upsert',
  columns: {
    accountId: col.text,
    pinHash: col.text,
    failedAttempts: col.int,
    lockedUntil: nullable(col.time),
  },
})

export const deviceSignIns = defineTable({
  name: 'device_sign_in',
  key: ['deviceId', 'accountId'],
  write: 'upsert',
  columns: { deviceId: col.text, accountId: col.text, signedInAt: col.time },
})
export const deviceSignIn = defineFinder(deviceSignIns, ['deviceId', 'accountId'])
