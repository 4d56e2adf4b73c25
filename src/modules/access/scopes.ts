import type { ModuleScope } from '../../sync/words.ts'
import type { Permission } from './permissions.ts'

/** What it takes to read a scope. */
export const readPermission: Record<ModuleScope, Permission> = {
  BRANCH: 'branch.read',
  POLICY: 'policy.read',
  MENU: 'menu.read',
  STAFF: 'staff.read',
  CASH_SESSION: 'cashSession.read',
  SALE: 'sale.read',
  INVENTORY: 'inventory.read',
  ATTENDANCE: 'attendance.readOwn',
}

/** The scopes of which people with fewer rights read only their own records. */
export const personalScopes: readonly ModuleScope[] = ['ATTENDANCE']
