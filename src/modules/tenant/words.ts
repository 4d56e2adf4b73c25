import type { Scopes } from '../../sync/words.ts'
import type { Grants } from '../access/roles.ts'

export const permissions = {
  'branch.read': 'STAFF',
  'branch.freeze': 'ADMIN',
  'branch.edit': 'ADMIN',
  'tenant.edit': 'ADMIN',
} as const satisfies Grants

export const scopes = {
  BRANCH: { read: 'branch.read', formerBit: 0 },
} as const satisfies Scopes<keyof typeof permissions>

export const audits = ['TENANT_SAVED', 'BRANCH_SAVED', 'BRANCH_FROZEN', 'BRANCH_UNFROZEN'] as const
