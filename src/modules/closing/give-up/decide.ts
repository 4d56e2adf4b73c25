/** Given up, with a reason: a note, not a lock. What is booked, before or after all, is booked. */
import { accept, alreadyApplied, type Decision, type Operation } from '../../../sync/module.ts'
import type { State } from '../../../sync/state.ts'
import type { OperationGiveUp } from '../contract.ts'
import { settled } from '../settled.ts'
import { refusals } from '../tables.ts'

export function decideGiveUp(state: State, op: Operation<OperationGiveUp>): Decision {
  const { clientOpIds, reason, operations = [] } = op.payload
  const ids = [...new Set(clientOpIds)]
  const known = ids.flatMap((id) => {
    const refusal = state.get(refusals, id)
    return refusal?.branchId === op.branchId ? [refusal] : []
  })
  const open = known.filter((refusal) => !refusal.settled)
  const others = ids.filter((id) => !known.some(({ clientOpId }) => clientOpId === id))
  const booked = others.filter((id) => {
    const verdict = state.verdictOf(id)
    return verdict?.status === 'APPLIED' && verdict.branchId === op.branchId
  })
  const unknown = others.filter((id) => !booked.includes(id))
  const result = {
    givenUp: open.map(({ clientOpId }) => clientOpId),
    settled: [
      ...known.filter((each) => each.settled).map(({ clientOpId, outcome }) => ({ clientOpId, outcome })),
      ...booked.map((clientOpId) => ({ clientOpId, outcome: 'BOOKED' })),
    ],
    unknown,
  }
  if (open.length + unknown.length === 0) return alreadyApplied(result)
  const data = [
    ...open.map(({ clientOpId, type, usd, khr, totalUsd }) => ({ clientOpId, type, usd, khr, totalUsd })),
    ...unknown.map((clientOpId) => ({
      clientOpId,
      type: operations.find((had) => had.clientOpId === clientOpId)?.type ?? null,
    })),
  ]
  return accept({
    writes: open.map((each) => settled(each, { outcome: 'GIVEN_UP', by: op.actorId, at: op.at, reason })),
    audit: data.map((each) => ({ name: 'OPERATION_GIVEN_UP', data: { ...each, reason } })),
    result,
  })
}
