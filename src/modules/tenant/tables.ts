import { col, defineFinder, defineTable, nullable } from '../../sync/table.ts'
import type { BranchEntity } from './contract.ts'

export const tenants = defineTable({
  name: 'tenant',
  key: [],
  write: 'upsert',
  columns: {
    name: col.text,
    status: col.text,
    actingDays: col.int,
    managerPinDigits: col.int,
    refuseWeakPins: col.bool,
    refuseRevisionsOlderDays: nullable(col.int),
    deviceEnrolment: col.text,
    timeZone: col.text,
  },
})
export const theTenant = defineFinder(tenants, [])

export const branches = defineTable({
  name: 'branch',
  key: ['branchId'],
  write: 'upsert',
  columns: { branchId: col.text, name: col.text, status: col.text, timeZone: col.text },
  change: {
    module: 'BRANCH',
    kind: 'branch',
    scope: 'branch',
    id: (row) => row.branchId,
    payload: ({ name, status, timeZone }) => ({ name, status, timeZone }) as BranchEntity,
  },
})

export const branchById = defineFinder(branches, ['branchId'])
