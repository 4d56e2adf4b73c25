/**
 * Which scope of a branch's stream brings what: by kind of entity, and by type of operation. A module that is to work
 * offline adds its lines here.
 */
import type { Role } from '../../src/modules/access/roles.ts'
import { may, readPermission } from '../../src/modules/words.ts'
import type { EntityKind, ModuleScope } from './words.ts'

export const scopeOf: Record<EntityKind, ModuleScope> = {
  branch: 'BRANCH',
  policy: 'POLICY',
  menuCategory: 'MENU',
  menuItem: 'MENU',
  modifierGroup: 'MENU',
  staffMember: 'STAFF',
  cashSession: 'CASH_SESSION',
  cashMovement: 'CASH_SESSION',
  sale: 'SALE',
  stockItem: 'INVENTORY',
  attendance: 'ATTENDANCE',
}

/** Where the effects of an operation are seen. */
export function scopesTouchedBy(type: string): readonly ModuleScope[] {
  if (type.startsWith('attendance.')) return ['ATTENDANCE']
  return type === 'sale.finalize' ? ['CASH_SESSION', 'SALE', 'INVENTORY'] : ['CASH_SESSION']
}

export const mayRead = (role: Role, scope: ModuleScope): boolean => may(role, readPermission[scope])

/** What is pulled, for whom. */
export type Pulling = {
  /** What whoever is at work may read of what is wanted. */
  scopes: readonly ModuleScope[]
  /** What this device wants to know. */
  wanted: readonly ModuleScope[]
  /** Of what has an owner, only the records of this account come; null: everybody's. */
  onlyOwn: string | null
}
