/**
 * The gate: whether a person may do a thing in a branch, now. Asked for every operation, whatever its lane;
 * every denial says which rule it was. The questions about the caller alone (may they see this tenant and
 * branch at all) serve the reads as well.
 */
import type { Gate, Operation, Rejected } from '../../sync/module.ts'
import { reject } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { Row } from '../../sync/table.ts'
import { branchById, branches, tenants, theTenant } from '../tenant/tables.ts'
import type { May } from './roles.ts'
import {
  assignment,
  deviceAccess,
  deviceAccessOf,
  deviceSignIn,
  deviceSignIns,
  memberBranches,
  memberByAccount,
  members,
} from './tables.ts'

export type Member = Row<typeof members>

/** Whether the person belongs to the tenant; a denial or null. */
export function membership(member: Member | undefined): Rejected | null {
  if (!member) return reject('NO_MEMBERSHIP', 'You do not belong to this business.')
  if (member.status !== 'ACTIVE')
    return reject('MEMBERSHIP_NOT_ACTIVE', 'Your membership of this business has ended.')
  return null
}

/** Whether the person is assigned to the branch: no role implies one. */
export function branchAccess(isAssigned: boolean, branchId: string): Rejected | null {
  return isAssigned ? null : reject('NO_BRANCH_ACCESS', 'You are not assigned to this branch.', { branchId })
}

export const isAssigned = (state: State, accountId: string, branchId: string): boolean =>
  state.get(memberBranches, accountId, branchId)?.ended === false

export function permitted(may: May, member: Member, permission: string): Rejected | null {
  return may(member.role, permission)
    ? null
    : reject('ACTION_NOT_PERMITTED', `The role ${member.role} may not do this.`, {
        permission,
        role: member.role,
      })
}

/** Whether the actor of an operation has signed it, being of these generations. */
export type ProofCheck = (
  op: Operation,
  generations: { memberGeneration: number; deviceGeneration: number },
) => boolean

const dayMs = 86_400_000

/** Whether the person named may be acted for: they signed in on this device, not too long ago. */
function actingFault(state: State, op: Operation): Rejected | null {
  if (op.actorId === op.submittedBy) return null
  const days = state.get(tenants)?.actingDays ?? 0
  const signIn = op.deviceId === null ? undefined : state.get(deviceSignIns, op.deviceId, op.actorId)
  if (signIn && op.at.getTime() - signIn.signedInAt.getTime() <= days * dayMs) return null
  return reject(
    'ACTOR_NOT_ALLOWED',
    `The person named has not signed in on this device in the last ${days} days.`,
    { actorId: op.actorId },
  )
}

/** What the gate asks of others: whose role may do what, and (of the gateway's secret) whether an actor signed. */
export type Asked = { readonly may: May; readonly isProven: ProofCheck }

/** What the one who brings the operation may not do themselves, its actor must have signed. */
function proofFault(
  state: State,
  op: Operation,
  permission: string,
  { may, isProven }: Asked,
): Rejected | null {
  if (op.actorId === op.submittedBy) return null
  if (may(state.get(members, op.submittedBy)?.role ?? '', permission)) return null
  const generations = {
    memberGeneration: state.get(members, op.actorId)?.tokenGeneration ?? 0,
    deviceGeneration: state.get(deviceAccess, op.deviceId)?.generation ?? 0,
  }
  if (op.proof && isProven(op, generations)) return null
  return reject(
    'ACTOR_PROOF_REQUIRED',
    'You may not do this yourself: the person who did it has to be at work on this device to send it.',
    { actorId: op.actorId, permission },
  )
}

/** Nobody can prove anything: on a device, which decides for the person at work alone. */
export const nothingProven: ProofCheck = () => false

export const createGate = (asked: Asked): Gate => ({
  may: asked.may,

  reads: (op) => [
    theTenant(),
    memberByAccount(op.actorId),
    memberByAccount(op.submittedBy),
    ...(op.branchId
      ? [
          branchById(op.branchId),
          assignment(op.actorId, op.branchId),
          assignment(op.submittedBy, op.branchId),
        ]
      : []),
    ...(op.deviceId && op.actorId !== op.submittedBy
      ? [deviceSignIn(op.deviceId, op.actorId), deviceAccessOf(op.deviceId)]
      : []),
  ],

  admit(state, op, definition) {
    const caller = state.get(members, op.submittedBy)
    // A branch that this operation is to make is nobody's yet.
    const mayMakeBranch = op.lane === 'DIRECT' && definition?.scope === 'tenant'
    const ofBranch = op.branchId !== '' && !(mayMakeBranch && !state.get(branches, op.branchId))
    return (
      membership(caller) ??
      (ofBranch && caller ? branchAccess(isAssigned(state, op.submittedBy, op.branchId), op.branchId) : null)
    )
  },

  check(state, op, definition) {
    const actor = state.get(members, op.actorId)
    const fault = actingFault(state, op) ?? membership(actor)
    if (fault || !actor) return fault

    if (state.get(tenants)?.status !== 'ACTIVE')
      return reject('TENANT_NOT_ACTIVE', 'This business is frozen; nothing can be changed.')
    const branch = op.branchId ? state.get(branches, op.branchId) : undefined
    if (definition.scope === 'branch' && branch) {
      const denied = branchAccess(isAssigned(state, op.actorId, op.branchId), op.branchId)
      if (denied) return denied
      if (branch.status !== 'ACTIVE' && !definition.onFrozen)
        return reject(
          'BRANCH_FROZEN',
          'This branch is frozen; nothing can be changed in it until it is unfrozen.',
        )
    }
    const permission: string =
      typeof definition.permission === 'function' ? definition.permission(op.payload) : definition.permission
    return permitted(asked.may, actor, permission) ?? proofFault(state, op, permission, asked)
  },
})
