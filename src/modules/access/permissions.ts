/**
 * Who may do what: the table of the café's roles. Pure; the client uses it to show what is not allowed.
 */
export const roles = ['STAFF', 'CASHIER', 'MANAGER', 'ADMIN'] as const
export type Role = (typeof roles)[number]

const staff = [
  'attendance.record',
  'branch.read',
  'policy.read',
  'menu.read',
  'staff.read',
  'attendance.readOwn',
] as const
const cashier = [
  ...staff,
  'cashSession.operate',
  'cashSession.read',
  'sale.finalize',
  'sale.read',
  'inventory.read',
] as const
const manager = [
  ...cashier,
  'cashSession.adjust',
  'cashSession.forceClose',
  'sale.void',
  'inventory.change',
  'attendance.readAll',
  'operations.readRejected',
  'operations.discard',
  'devices.read',
  'devices.shutOut',
  'staff.readAll',
  'nudges.tenant',
] as const
const admin = [
  ...manager,
  'menu.edit',
  'policy.edit',
  'branch.freeze',
  'branch.edit',
  'tenant.edit',
  'staff.edit',
  'audit.read',
] as const

export type Permission = (typeof admin)[number]

const granted: Record<Role, ReadonlySet<Permission>> = {
  STAFF: new Set(staff),
  CASHIER: new Set(cashier),
  MANAGER: new Set(manager),
  ADMIN: new Set(admin),
}

export const may = (role: string, permission: Permission): boolean =>
  granted[role as Role]?.has(permission) ?? false
