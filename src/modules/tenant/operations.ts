import { defineOperation } from '../../sync/module.ts'
import { assignment, memberByAccount } from '../access/tables.ts'
import { branchFreeze, branchSave, branchUnfreeze, tenantSave } from './contract.ts'
import { decideSaveBranch, decideSaveTenant, decideStatus } from './decide.ts'
import { branchById, theTenant } from './tables.ts'

export const saveTenant = defineOperation({
  type: 'tenant.save',
  description: "Changes the business's name and settings; what is left out stays.",
  payload: tenantSave,
  offline: false,
  scope: 'tenant',
  permission: 'tenant.edit',
  fromDevice: ({ deviceEnrolment }) => deviceEnrolment === 'APPROVED',
  reads: [() => [theTenant()]],
  decide: decideSaveTenant,
})

export const save = defineOperation({
  type: 'branch.save',
  description:
    'Opens a branch, with a policy to start from, and assigns the caller to it; or renames one, or sets its time zone.',
  payload: branchSave,
  offline: false,
  scope: 'tenant',
  takesBranch: true,
  permission: 'branch.edit',
  reads: [
    (op) => [
      theTenant(),
      branchById(op.branchId),
      memberByAccount(op.actorId),
      assignment(op.actorId, op.branchId),
    ],
  ],
  decide: decideSaveBranch,
})

const ofStatus = {
  offline: false,
  scope: 'branch',
  permission: 'branch.freeze',
  onFrozen: true,
  reads: [],
} as const

export const freeze = defineOperation({
  ...ofStatus,
  type: 'branch.freeze',
  description: 'Stops every write in the branch; reads go on.',
  payload: branchFreeze,
  decide: decideStatus('FROZEN', 'BRANCH_FROZEN'),
})

export const unfreeze = defineOperation({
  ...ofStatus,
  type: 'branch.unfreeze',
  description: 'Lets writes in the branch go on.',
  payload: branchUnfreeze,
  decide: decideStatus('ACTIVE', 'BRANCH_UNFROZEN'),
})
