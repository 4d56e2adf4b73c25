/**
 * Refusals: what a queue brought and was rejected, kept until somebody has dealt with it. The direct lane's are not: whoever
 * asked was there to hear it.
 */
import type { Kept, Operation, Rider } from '../../sync/module.ts'
import type { Write } from '../../sync/table.ts'
import type { Json } from '../../sync/words.ts'
import { type CashSessionMovement, cashSessionMovement } from '../cash-session/contract.ts'
import { type SaleFinalize, saleFinalize } from '../sale/contract.ts'
import { gainOf } from '../sale/tender.ts'
import type { HadOperation, OperationGiveUp } from './contract.ts'
import { hashOf } from './hash.ts'
import { settled } from './settled.ts'
import { givenUpOfThing, openRefusalsOfThing, type Refusal, refusalById, refusals } from './tables.ts'

type About = Pick<Refusal, 'cashSessionId' | 'thingId' | 'usd' | 'khr' | 'totalUsd'>

const nothing: About = { cashSessionId: null, thingId: null, usd: 0, khr: 0, totalUsd: 0 }

const notDealtWith = {
  settled: false,
  outcome: null,
  settledBy: null,
  settledAt: null,
  reason: null,
  bookedAs: null,
}

/** What an operation of a queue would have done to a drawer. */
const abouts: Record<string, (payload: never) => About> = {
  'sale.finalize': ({ saleId, cashSessionId, totals, tender }: SaleFinalize) => ({
    ...{ cashSessionId, thingId: saleId, totalUsd: totals.totalUsd },
    ...gainOf(tender),
  }),
  'cashSession.movement': ({ movementId, cashSessionId, kind, currency, amount }: CashSessionMovement) => {
    const signed = kind === 'PAID_OUT' ? -amount : amount
    return {
      ...{ cashSessionId, thingId: movementId, totalUsd: 0 },
      ...{ usd: currency === 'USD' ? signed : 0, khr: currency === 'KHR' ? signed : 0 },
    }
  },
  'cashSession.open': ({ cashSessionId }: { cashSessionId: string }) => ({ ...nothing, cashSessionId }),
  'cashSession.close': ({ cashSessionId }: { cashSessionId: string }) => ({ ...nothing, cashSessionId }),
}

const readers = { 'sale.finalize': saleFinalize, 'cashSession.movement': cashSessionMovement }

/** Of a sale or movement that nobody has read yet, and what its contract reads: nothing where it cannot be read. */
function readAs(type: string, payload: Json): About & Pick<Refusal, 'payload'> {
  const reader = readers[type as keyof typeof readers]
  const { data } = reader?.safeParse(payload) ?? {}
  return data
    ? { ...abouts[type]!(data as never), payload: data as Refusal['payload'] }
    : { ...nothing, payload: null }
}

const aboutRead = (op: Operation): About => abouts[op.type]?.(op.payload as never) ?? nothing

/** A rejection opens a refusal; one that was tried again and applied is dealt with. */
export function keepRefusal({ op, rejected, was, deviceSeq, sound }: Kept): readonly Write[] {
  if (op.lane !== 'REPLAY' || op.branchId === '') return []
  const about = sound ? aboutRead(op) : nothing
  const refusal: Refusal = {
    clientOpId: op.clientOpId,
    branchId: op.branchId,
    type: op.type,
    ...about,
    payload: about.thingId ? (op.payload as Refusal['payload']) : null,
    code: rejected?.code ?? was?.code ?? '',
    message: rejected?.message ?? was?.message ?? '',
    actorId: op.actorId,
    deviceId: op.deviceId,
    deviceSeq,
    occurredAt: op.occurredAt,
    happenedAt: op.happenedAt,
    refusedAt: op.at,
    ...notDealtWith,
  }
  return [
    rejected ? refusals.row(refusal) : settled(refusal, { outcome: 'RETRIED', by: op.actorId, at: op.at }),
  ]
}

/**
 * What is applied, by its own key or (a sale, a movement) by whichever, settles what was refused of it; also where somebody
 * has given it up, as then it is in the books after all.
 */
export const settleRider: Rider = {
  types: [
    'sale.finalize',
    ...['cashSession.open', 'cashSession.movement', 'cashSession.close'],
    ...['attendance.startWork', 'attendance.endWork'],
  ],
  reads: [
    (op) => {
      const { thingId } = aboutRead(op)
      const ofThing = thingId
        ? [openRefusalsOfThing(op.branchId, thingId), givenUpOfThing(op.branchId, thingId)]
        : []
      return op.branchId === '' ? [] : [refusalById(op.clientOpId), ...ofThing]
    },
  ],
  rides(state, op, decision) {
    const { thingId } = aboutRead(op)
    const isOf = ({ branchId, clientOpId, ...of }: Refusal): boolean =>
      branchId === op.branchId &&
      (clientOpId === op.clientOpId || (thingId !== null && of.thingId === thingId))
    return state
      .filter(refusals, (each) => (!each.settled || each.outcome === 'GIVEN_UP') && isOf(each))
      .map((refusal) => {
        const isRetried = refusal.clientOpId === op.clientOpId && !decision.duplicate
        return settled(refusal, { outcome: isRetried ? 'RETRIED' : 'BOOKED', by: op.actorId, at: op.at })
      })
  },
}

export const openOf = (all: readonly Refusal[], thingId: string | null, branchId: string): Refusal[] =>
  all.filter((each) => !each.settled && each.branchId === branchId && each.thingId === thingId)

/** What never came, from what its device tells of it: its money only where the payload is the one that was hashed. */
function asRefusal(op: Operation, had: HadOperation): Refusal {
  const { clientOpId, type, actorId, occurredAt, payloadHash, deviceSeq = null } = had
  const payload: Json = had.payload ?? null
  const { branchId, deviceId, at } = op
  const isIts = payload !== null && hashOf({ type, branchId, payload }) === payloadHash
  const read = isIts ? readAs(type, payload) : { ...nothing, payload: null }
  const madeAt = new Date(occurredAt)
  return {
    ...{ clientOpId, branchId, type, ...read, actorId, deviceId, deviceSeq },
    code: 'NEVER_SENT',
    message: 'It was given up on its device before it was accepted.',
    ...{ occurredAt: madeAt, happenedAt: madeAt > at ? at : madeAt, refusedAt: at },
    ...notDealtWith,
  }
}

/** What was given up before it ever came is a refusal that was dealt with: people see what it was. */
export const giveUpRider: Rider = {
  types: ['operation.giveUp'],
  reads: [],
  rides: (state, op) => {
    const { clientOpIds, reason, operations = [] } = op.payload as OperationGiveUp
    const neverCame = (id: string) => !state.get(refusals, id) && state.verdictOf(id)?.status !== 'APPLIED'
    return operations
      .filter(({ clientOpId }) => clientOpIds.includes(clientOpId) && neverCame(clientOpId))
      .map((had) => settled(asRefusal(op, had), { outcome: 'GIVEN_UP', by: op.actorId, at: op.at, reason }))
  },
}
