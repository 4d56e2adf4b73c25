import { defineOperation } from '../../sync/module.ts'
import { policyUpdate } from './contract.ts'
import { decideUpdate } from './decide.ts'
import { policyOf } from './tables.ts'

export const update = defineOperation({
  type: 'policy.update',
  description:
    "Changes the branch's policy; every change is a new revision, and sales priced with an older one stay valid.",
  payload: policyUpdate,
  offline: false,
  scope: 'branch',
  permission: 'policy.edit',
  reads: [(op) => [policyOf(op.branchId)]],
  decide: decideUpdate,
})
