import { defineOperation, type Operation } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { Read } from '../../sync/table.ts'
import { memberByAccount } from '../access/tables.ts'
import { movement } from '../cash-session/operations.ts'
import { cashSessionById } from '../cash-session/tables.ts'
import { finalize } from '../sale/operations.ts'
import * as contract from './contract.ts'
import { asRefused, decideBookRefused, decideSupplement } from './decide.ts'
import {
  closingHeadOf,
  openRefusalsOfThing,
  type Refusal,
  refusalById,
  refusals,
  statementOf,
} from './tables.ts'

type Late = Operation<{
  cashSessionId: string
  clientOpIds: readonly string[]
  actorId?: string | undefined
}>

const refusedOf = ({ branchId, payload }: Late, state: State): Refusal[] =>
  payload.clientOpIds.flatMap((id) => {
    const refusal = state.get(refusals, id)
    return refusal?.payload && refusal.branchId === branchId ? [refusal] : []
  })

/** What the refused operations themselves need, a stage later than they would. */
const stage =
  (place: number) =>
  (op: Late, state: State): Read[] =>
    refusedOf(op, state).flatMap((refusal) => {
      const { cashSessionId, actorId } = op.payload
      const of = { 'sale.finalize': finalize, 'cashSession.movement': movement }[refusal.type]
      const reads = of?.reads[place] as ((op: Operation, state: State) => readonly Read[]) | undefined
      return [
        ...(reads?.(asRefused(op, refusal, cashSessionId, actorId), state) ?? []),
        ...(place === 0 && refusal.cashSessionId ? [cashSessionById(refusal.cashSessionId)] : []),
        ...(place === 0 && refusal.thingId ? [openRefusalsOfThing(op.branchId, refusal.thingId)] : []),
      ]
    })

const lateReads = [
  (op: Late) => [
    cashSessionById(op.payload.cashSessionId),
    closingHeadOf(op.branchId),
    statementOf(op.branchId, op.payload.cashSessionId),
    ...(op.payload.actorId === undefined ? [] : [memberByAccount(op.payload.actorId)]),
    ...op.payload.clientOpIds.map((id) => refusalById(id)),
  ],
  stage(0),
  stage(1),
] as const

export const supplement = defineOperation({
  type: 'cashSession.supplement',
  description:
    'Books operations that came too late into the closed session in which they were made; its statement stays as it is.',
  payload: contract.cashSessionSupplement,
  offline: false,
  scope: 'branch',
  permission: 'cashSession.supplement',
  reads: lateReads,
  decide: decideSupplement,
})

export const bookRefused = defineOperation({
  type: 'cashSession.bookRefused',
  description: 'Books operations that were refused into the session that is open now.',
  payload: contract.cashSessionBookRefused,
  offline: false,
  scope: 'branch',
  permission: 'cashSession.supplement',
  reads: lateReads,
  decide: decideBookRefused,
})
