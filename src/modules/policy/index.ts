import { accept, defineModule, defineOperation, reject } from '../../sync/module.ts'
import type { Permission } from '../access/permissions.ts'
import { type PolicyEntity, type PolicyUpdate, policyUpdate } from './contract.ts'
import { publishPolicy } from './publish.ts'
import { policies, policyOf, policyRevisions } from './tables.ts'

const update = defineOperation<PolicyUpdate, Permission>({
  type: 'policy.update',
  description:
    "Changes the branch's policy; every change is a new revision, and sales priced with an older one stay valid.",
  payload: policyUpdate,
  offline: false,
  scope: 'branch',
  permission: 'policy.edit',
  reads: [(op) => [policyOf(op.branchId)]],
  decide(state, { branchId, payload, at }) {
    const current = state.get(policies, branchId)
    if (!current) return reject('PAYLOAD_INVALID', 'The branch has no policy to change.')
    const { branchId: _, updatedAt: __, ...values } = current
    const next = { ...values, ...payload, revision: current.revision + 1 } as PolicyEntity
    return accept({
      writes: publishPolicy(branchId, next, at),
      audit: [{ name: 'POLICY_UPDATED', data: { ...next } }],
      result: { revision: next.revision },
    })
  },
})

/** VAT, exchange rate and riel rounding of each branch. */
export const policy = defineModule({
  name: 'policy',
  tables: [policies, policyRevisions],
  operations: [update],
})
