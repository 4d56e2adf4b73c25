/**
 * The statement of a closing: rides on whatever closes a session, so that it is written in the same transaction. Numbered
 * without gaps under the branch's lock, each holding the hash of the one before (docs/proof.md).
 */
import type { Accepted, Operation, Rider } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { Row, Write } from '../../sync/table.ts'
import { cashSessions } from '../cash-session/tables.ts'
import type { StatementContent } from './contract.ts'
import { firstPrev, hashOf } from './hash.ts'
import { outsideOf, outsideReads } from './outside.ts'
import { closingHeadOf, closingHeads, statements, tallies } from './tables.ts'
import { emptyTally, withDevice } from './tally.ts'

type Session = Row<typeof cashSessions>

/** Where a branch's statements and supplements are. */
export function headOf(state: State, { tenantId, branchId }: Pick<Operation, 'tenantId' | 'branchId'>) {
  return (
    state.get(closingHeads, branchId) ?? {
      branchId,
      statementNumber: 0,
      statementHash: firstPrev({ tenantId, branchId, kind: 'statement' }),
      supplementNumber: 0,
      supplementHash: firstPrev({ tenantId, branchId, kind: 'supplement' }),
    }
  )
}

const whereOf = ({ tenantId, branchId, payload, at, deviceId, link }: Operation) => ({
  ...{ tenantId, branchId, at },
  cashSessionId: (payload as { cashSessionId: string }).cashSessionId,
  by: deviceId === null ? null : { deviceId, deviceSeq: link?.deviceSeq ?? null },
})

function stated(state: State, op: Operation, { writes }: Accepted): Write[] {
  const session = writes.find(({ table }) => table === cashSessions)?.row as Session | undefined
  if (!session) return []
  const head = headOf(state, op)
  const number = head.statementNumber + 1
  const tally = withDevice(state.get(tallies, session.id)?.tally ?? emptyTally(), op)
  const expected = { usd: session.expectedUsd, khr: session.expectedKhr }
  const { countedUsd, countedKhr } = session
  const counted = countedUsd === null || countedKhr === null ? null : { usd: countedUsd, khr: countedKhr }
  const content: StatementContent = {
    kind: 'statement',
    version: 1,
    tenantId: op.tenantId,
    branchId: op.branchId,
    number,
    prev: head.statementHash,
    cashSessionId: session.id,
    recordedAt: op.at.toISOString(),
    status: session.status as StatementContent['status'],
    openedBy: session.openedBy,
    openedAt: session.openedAt.toISOString(),
    closedBy: session.closedBy ?? op.actorId,
    closedAt: (session.closedAt ?? op.happenedAt).toISOString(),
    note: session.note,
    openingFloat: { usd: session.openingUsd, khr: session.openingKhr },
    expected,
    counted,
    difference: counted && { usd: counted.usd - expected.usd, khr: counted.khr - expected.khr },
    ...tally,
    outside: outsideOf(whereOf(op), state),
    supplements: { number: head.supplementNumber, hash: head.supplementHash },
  }
  const hash = hashOf(content)
  const { branchId, cashSessionId } = content
  return [
    statements.row({ branchId, number, cashSessionId, content, hash, recordedAt: op.at }),
    closingHeads.row({ ...head, statementNumber: number, statementHash: hash }),
  ]
}

export const statementRider: Rider = {
  types: ['cashSession.close', 'cashSession.forceClose'],
  reads: [
    (op, state) => [closingHeadOf(op.branchId), ...outsideReads[0]!(whereOf(op), state)],
    (op, state) => outsideReads[1]!(whereOf(op), state),
  ],
  rides: stated,
}
