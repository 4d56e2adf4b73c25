import { col, defineFinder, defineTable } from '../../sync/table.ts'
import type { PolicyEntity } from './contract.ts'

const values = {
  branchId: col.text,
  revision: col.int,
  vatEnabled: col.bool,
  vatRatePercent: col.int,
  fxRateKhrPerUsd: col.int,
  khrRoundingEnabled: col.bool,
  khrRoundingMode: col.text,
  khrRoundingGranularity: col.int,
}

export const policies = defineTable({
  name: 'policy',
  key: ['branchId'],
  write: 'upsert',
  columns: { ...values, updatedAt: col.time },
  change: {
    module: 'POLICY',
    kind: 'policy',
    scope: 'branch',
    id: (row) => row.branchId,
    payload: ({ branchId: _, updatedAt: __, ...policy }) => policy as PolicyEntity,
  },
})
export const policyOf = defineFinder(policies, ['branchId'])

export const policyRevisions = defineTable({
  name: 'policy_revision',
  key: ['branchId', 'revision'],
  write: 'append',
  columns: { ...values, publishedAt: col.time },
})
export const policyRevision = defineFinder(policyRevisions, ['branchId', 'revision'])
