/**
 * Who may approve what somebody else may not do alone.
 */
import { may, type Permission, type Role } from '../../contract.ts'
import type { Context, Person } from '../../sdk/index.ts'

/** A role that is not known yet is not in anybody's way: the gateway decides. */
export const mayAlone = (role: Role | null, permission: Permission): boolean =>
  role === null || may(role, permission)

/** Of the people of this tablet, whoever works in the branch and may; they need no network. */
export const approversOf = (
  people: readonly Person[],
  { tenantId, branchId, actorId }: Context,
  permission: Permission,
): Person[] =>
  people.filter(
    (person) =>
      person.tenantId === tenantId &&
      person.accountId !== actorId &&
      person.branchIds.includes(branchId) &&
      may(person.role, permission),
  )
