/**
 * The caller of a read: looked up at every request, because membership and assignments change.
 */
import type { Queryable } from '../../platform/database.ts'
import { type Rejected, reject } from '../../sync/module.ts'
import { load } from '../../sync/sql.ts'
import { State } from '../../sync/state.ts'
import { branchAccess, type Member, membership, permitted } from './gate.ts'
import type { Permission } from './permissions.ts'
import { memberByAccount, members } from './tables.ts'

export type Asked = { branchId?: string | null; permissions?: readonly Permission[] }

/** The caller's membership, if it lets them do what is asked; else the rule that does not. */
export async function callerOf(
  db: Queryable,
  tenantId: string,
  accountId: string,
  { branchId, permissions = [] }: Asked = {},
): Promise<{ member: Member; denied: null } | { member: null; denied: Rejected }> {
  const state = new State()
  // An id that PostgreSQL cannot hold belongs to nobody.
  if (!tenantId.includes('\u0000') && !accountId.includes('\u0000'))
    await load(db, tenantId.toWellFormed(), [memberByAccount(accountId)], state)
  const member = state.get(members, accountId)
  const denied = membership(member)
  if (denied || !member) return { member: null, denied: denied ?? reject('NO_MEMBERSHIP', 'Not a member.') }
  const refused =
    (branchId != null ? branchAccess(member, branchId) : null) ??
    permissions.map((permission) => permitted(member, permission)).find((each) => each !== null)
  return refused ? { member: null, denied: refused } : { member, denied: null }
}
