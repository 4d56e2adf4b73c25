import type { Grants } from '../access/roles.ts'

export const permissions = {
  'audit.read': 'ADMIN',
} as const satisfies Grants
