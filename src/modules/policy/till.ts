import { defineTillModule, entity, online, rowsFrom } from '../../sync/till.ts'
import type { PolicyUpdate } from './contract.ts'
import { policies, policyRevisions } from './tables.ts'
import { permissions, scopes } from './words.ts'

const longAgo = new Date(0)

export const policyTill = defineTillModule({
  name: 'policy',
  scopes,
  permissions,
  first: true,
  online: { 'policy.update': online<PolicyUpdate>('branch') },
  entities: [entity(policies, { row: (branchId, policy) => ({ branchId, ...policy, updatedAt: longAgo }) })],
  // Only the newest revision is known.
  rows: [
    rowsFrom(policies, policyRevisions, 'branchId', (branchId, policy) => ({
      branchId,
      ...policy,
      publishedAt: longAgo,
    })),
  ],
})
