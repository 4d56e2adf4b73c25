/**
 * The words of the café's modules, put together: what its apps and its tests call things. Pure. The gateway takes them from
 * the modules themselves (index.ts).
 */
import { engineCodes } from '../sync/words.ts'
import { mayBy } from './access/roles.ts'
import * as access from './access/words.ts'
import * as attendance from './attendance/words.ts'
import * as audit from './audit/words.ts'
import * as cashSession from './cash-session/words.ts'
import * as closing from './closing/words.ts'
import * as inventory from './inventory/words.ts'
import * as menu from './menu/words.ts'
import * as policy from './policy/words.ts'
import * as sale from './sale/words.ts'
import * as tenant from './tenant/words.ts'

export const scopes = {
  ...tenant.scopes,
  ...policy.scopes,
  ...menu.scopes,
  ...access.scopes,
  ...cashSession.scopes,
  ...sale.scopes,
  ...inventory.scopes,
  ...attendance.scopes,
}
export type ModuleScope = keyof typeof scopes
export const moduleScopes = Object.keys(scopes) as ModuleScope[]
/** The scopes of which people with fewer rights read only their own records. */
export const personalScopes = moduleScopes.filter((scope) => 'readAll' in scopes[scope])

export const permissions = {
  ...tenant.permissions,
  ...access.permissions,
  ...policy.permissions,
  ...menu.permissions,
  ...cashSession.permissions,
  ...sale.permissions,
  ...closing.permissions,
  ...inventory.permissions,
  ...attendance.permissions,
  ...audit.permissions,
}
export type Permission = keyof typeof permissions

/** What it takes to read a scope. */
export const readPermission = Object.fromEntries(
  moduleScopes.map((scope) => [scope, scopes[scope].read]),
) as Readonly<Record<ModuleScope, Permission>>

/** What the café's roles may do, unless a gateway says otherwise. */
export const may: (role: string, permission: Permission) => boolean = mayBy(permissions)

/** Why an operation was not applied, with the plain sentence that says what each code means. */
export const codes = {
  ...engineCodes,
  ...access.codes,
  ...menu.codes,
  ...cashSession.codes,
  ...sale.codes,
  ...closing.codes,
  ...inventory.codes,
  ...attendance.codes,
}
export type OperationCode = keyof typeof codes
export const operationCodes = Object.keys(codes) as OperationCode[]

/** What is done about each of the modules' codes. */
export const handling = {
  ...access.handling,
  ...menu.handling,
  ...cashSession.handling,
  ...sale.handling,
  ...closing.handling,
  ...inventory.handling,
  ...attendance.handling,
}
