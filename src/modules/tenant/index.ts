import { accept, defineModule, defineOperation, reject } from '../../sync/module.ts'
import type { Permission } from '../access/permissions.ts'
import { memberByAccount, members } from '../access/tables.ts'
import { defaultPolicy, publishPolicy } from '../policy/publish.ts'
import {
  type BranchSave,
  branchFreeze,
  branchSave,
  branchUnfreeze,
  type TenantSave,
  tenantSave,
} from './contract.ts'
import { branchById, branches, tenants, theTenant } from './tables.ts'

const saveTenant = defineOperation<TenantSave, Permission>({
  type: 'tenant.save',
  description: "Changes the business's name and settings; what is left out stays.",
  payload: tenantSave,
  offline: false,
  scope: 'tenant',
  permission: 'tenant.edit',
  reads: [() => [theTenant()]],
  decide(state, { tenantId, payload }) {
    const known = state.get(tenants)
    if (!known) return reject('TENANT_NOT_ACTIVE', 'There is no such business.')
    return accept({
      writes: [tenants.row({ ...known, ...payload })],
      audit: [{ name: 'TENANT_SAVED', data: payload }],
      result: { tenantId },
    })
  },
})

const save = defineOperation<BranchSave, Permission>({
  type: 'branch.save',
  description: 'Opens a branch, with a policy to start from, and assigns the caller to it; or renames one.',
  payload: branchSave,
  offline: false,
  scope: 'tenant',
  permission: 'branch.edit',
  reads: [(op) => [branchById(op.branchId), memberByAccount(op.actorId)]],
  decide(state, { branchId, actorId, payload, at }) {
    if (!branchId)
      return reject('BRANCH_CONTEXT_REQUIRED', 'The operation does not say which branch it is about.')
    const known = state.get(branches, branchId)
    const branch = { branchId, name: payload.name, status: known?.status ?? 'ACTIVE' }
    const writes = [branches.row(branch)]
    const actor = state.get(members, actorId)
    if (known && !actor?.branchIds.includes(branchId))
      return reject('NO_BRANCH_ACCESS', 'You are not assigned to this branch.')
    if (branch.status !== 'ACTIVE')
      return reject(
        'BRANCH_FROZEN',
        'This branch is frozen; nothing can be changed in it until it is unfrozen.',
      )
    if (!known) {
      writes.push(...publishPolicy(branchId, { ...defaultPolicy, revision: 1 }, at))
      if (actor) writes.push(members.row({ ...actor, branchIds: [...actor.branchIds, branchId] }))
    }
    return accept({
      writes,
      audit: [{ name: 'BRANCH_SAVED', data: { branchId, name: payload.name } }],
      result: { branchId },
    })
  },
})

const setStatus = (
  type: 'branch.freeze' | 'branch.unfreeze',
  status: 'FROZEN' | 'ACTIVE',
  audit: string,
  description: string,
) =>
  defineOperation<Record<string, never>, Permission>({
    type,
    description,
    payload: type === 'branch.freeze' ? branchFreeze : branchUnfreeze,
    offline: false,
    scope: 'branch',
    permission: 'branch.freeze',
    onFrozen: true,
    reads: [],
    decide(state, { branchId }) {
      const branch = state.get(branches, branchId)
      if (!branch) return reject('NO_BRANCH_ACCESS', 'There is no such branch.')
      const changed = branch.status !== status
      return accept({
        writes: changed ? [branches.row({ ...branch, status })] : [],
        audit: changed ? [{ name: audit }] : [],
        result: { branchId, status },
      })
    },
  })

const freeze = setStatus(
  'branch.freeze',
  'FROZEN',
  'BRANCH_FROZEN',
  'Stops every write in the branch; reads go on.',
)
const unfreeze = setStatus('branch.unfreeze', 'ACTIVE', 'BRANCH_UNFROZEN', 'Lets writes in the branch go on.')

/** Tenants and their branches. */
export const tenant = defineModule({
  name: 'tenant',
  tables: [tenants, branches],
  operations: [saveTenant, save, freeze, unfreeze],
})
