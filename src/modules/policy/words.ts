import type { Scopes } from '../../sync/words.ts'
import type { Grants } from '../access/roles.ts'

export const permissions = {
  'policy.read': 'STAFF',
  'policy.edit': 'ADMIN',
} as const satisfies Grants

export const scopes = {
  POLICY: { read: 'policy.read', formerBit: 1 },
} as const satisfies Scopes<keyof typeof permissions>

export const audits = ['POLICY_UPDATED'] as const
