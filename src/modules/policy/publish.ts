import type { Write } from '../../sync/table.ts'
import type { PolicyEntity, PolicyValues } from './contract.ts'
import { policies, policyRevisions } from './tables.ts'

/** What a new branch starts with. */
export const defaultPolicy: PolicyValues = {
  vatEnabled: true,
  vatRatePercent: 10,
  fxRateKhrPerUsd: 4100,
  khrRoundingEnabled: true,
  khrRoundingMode: 'NEAREST',
  khrRoundingGranularity: 100,
}

/** The rows of a policy coming into force: the branch's own, and the revision that sales will name for good. */
export function publishPolicy(branchId: string, policy: PolicyEntity, at: Date): Write[] {
  return [
    policies.row({ branchId, ...policy, updatedAt: at }),
    policyRevisions.row({ branchId, ...policy, publishedAt: at }),
  ]
}
