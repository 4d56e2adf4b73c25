import { accept, type Decision, type Operation, reject } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { PolicyEntity, PolicyUpdate } from './contract.ts'
import { publishPolicy } from './publish.ts'
import { policies } from './tables.ts'

export function decideUpdate(state: State, { branchId, payload, at }: Operation<PolicyUpdate>): Decision {
  const current = state.get(policies, branchId)
  if (!current) return reject('PAYLOAD_INVALID', 'The branch has no policy to change.')
  const { branchId: _, updatedAt: __, ...values } = current
  const next = { ...values, ...payload, revision: current.revision + 1 } as PolicyEntity
  return accept({
    writes: publishPolicy(branchId, next, at),
    audit: [{ name: 'POLICY_UPDATED', data: { ...next } }],
    result: { revision: next.revision },
  })
}
