import { accept, type Decision, type Operation, reject } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import { isAssigned } from '../access/gate.ts'
import { memberBranches, members } from '../access/tables.ts'
import { defaultPolicy, publishPolicy } from '../policy/publish.ts'
import { defaultTimeZone } from '../primitives.ts'
import type { BranchSave, TenantSave } from './contract.ts'
import { branches, tenants } from './tables.ts'

export function decideSaveTenant(state: State, { tenantId, payload }: Operation<TenantSave>): Decision {
  const known = state.get(tenants)
  if (!known) return reject('TENANT_NOT_ACTIVE', 'There is no such business.')
  return accept({
    writes: [tenants.row({ ...known, ...payload })],
    audit: [{ name: 'TENANT_SAVED', data: payload }],
    result: { tenantId },
  })
}

export function decideSaveBranch(
  state: State,
  { branchId, actorId, payload, at }: Operation<BranchSave>,
): Decision {
  if (!branchId)
    return reject('BRANCH_CONTEXT_REQUIRED', 'The operation does not say which branch it is about.')
  const known = state.get(branches, branchId)
  const timeZone = payload.timeZone ?? known?.timeZone ?? state.get(tenants)?.timeZone ?? defaultTimeZone
  const branch = { branchId, name: payload.name, status: known?.status ?? 'ACTIVE', timeZone }
  const writes = [branches.row(branch)]
  const actor = state.get(members, actorId)
  // Whoever runs the gateway is no member, and assigned to nothing.
  if (known && actor && !isAssigned(state, actorId, branchId))
    return reject('NO_BRANCH_ACCESS', 'You are not assigned to this branch.')
  if (branch.status !== 'ACTIVE')
    return reject(
      'BRANCH_FROZEN',
      'This branch is frozen; nothing can be changed in it until it is unfrozen.',
    )
  if (!known) {
    writes.push(...publishPolicy(branchId, { ...defaultPolicy, revision: 1 }, at))
    // Written anew, so that the branch's stream tells of who opened it.
    if (actor)
      writes.push(members.row(actor), memberBranches.row({ accountId: actorId, branchId, ended: false }))
  }
  return accept({
    writes,
    audit: [{ name: 'BRANCH_SAVED', data: { branchId, name: payload.name, timeZone } }],
    result: { branchId },
  })
}

/** Freezing a branch and letting it go on: the same again changes nothing. */
export const decideStatus =
  (status: 'FROZEN' | 'ACTIVE', audit: string) =>
  (state: State, { branchId }: Operation<Record<string, never>>): Decision => {
    const branch = state.get(branches, branchId)
    if (!branch) return reject('NO_BRANCH_ACCESS', 'There is no such branch.')
    const changed = branch.status !== status
    return accept({
      writes: changed ? [branches.row({ ...branch, status })] : [],
      audit: changed ? [{ name: audit }] : [],
      result: { branchId, status },
    })
  }
