import {
  accept,
  alreadyApplied,
  type Decision,
  isDecision,
  type Operation,
  reject,
} from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { Money } from '../primitives.ts'
import type {
  CashSessionClose,
  CashSessionForceClose,
  CashSessionMovement,
  CashSessionOpen,
} from './contract.ts'
import { type CashSession, moveCash, openSessionOf, usableSession } from './drawer.ts'
import { cashMovements, cashSessions } from './tables.ts'

export function decideOpen(
  state: State,
  op: Operation<CashSessionOpen>,
): Decision<{ cashSessionId: string }> {
  const { cashSessionId, openingFloat } = op.payload
  const open = openSessionOf(state, op.branchId)
  if (open)
    return reject('CASH_SESSION_ALREADY_OPEN', 'This branch already has an open cash session.', {
      cashSessionId: open.id,
    })
  if (state.get(cashSessions, cashSessionId))
    return reject('PAYLOAD_INVALID', 'A cash session with this id was opened before.', {
      issues: [{ path: 'payload.cashSessionId', message: 'was used before' }],
    })
  const session: CashSession = {
    id: cashSessionId,
    branchId: op.branchId,
    status: 'OPEN',
    openedBy: op.actorId,
    openedAt: op.happenedAt,
    openingUsd: openingFloat.usd,
    openingKhr: openingFloat.khr,
    expectedUsd: openingFloat.usd,
    expectedKhr: openingFloat.khr,
    countedUsd: null,
    countedKhr: null,
    closedBy: null,
    closedAt: null,
    note: null,
  }
  return accept({
    writes: [cashSessions.row(session)],
    audit: [{ name: 'CASH_SESSION_OPENED', data: { cashSessionId, openingFloat } }],
    result: { cashSessionId },
  })
}

/** `sessionFor`: which session takes it. */
export function decideMovement(
  state: State,
  op: Operation<CashSessionMovement>,
  sessionFor: typeof usableSession = usableSession,
): Decision<{ movementId: string; cashSessionId: string }> {
  const { movementId, cashSessionId, kind, currency, amount, reason } = op.payload
  const signed = kind === 'PAID_OUT' ? -amount : amount
  const usd = currency === 'USD' ? signed : 0
  const khr = currency === 'KHR' ? signed : 0

  // The movement's own anchor: sent again under another key (to another session, say), it is still one movement.
  const earlier = state.get(cashMovements, movementId)
  if (earlier)
    return earlier.branchId === op.branchId &&
      earlier.kind === kind &&
      earlier.usd === usd &&
      earlier.khr === khr &&
      earlier.reason === reason
      ? alreadyApplied({ movementId, cashSessionId: earlier.cashSessionId })
      : reject('PAYLOAD_INVALID', 'Another movement with this id was recorded before.', {
          issues: [{ path: 'payload.movementId', message: 'was used before' }],
        })

  const session = sessionFor(state, op.branchId, cashSessionId)
  if (isDecision(session)) return session
  return accept({
    writes: moveCash(session, {
      id: movementId,
      kind,
      usd,
      khr,
      reason,
      saleId: null,
      actorId: op.actorId,
      occurredAt: op.happenedAt,
    }),
    audit: [{ name: 'CASH_MOVEMENT_RECORDED', data: { movementId, cashSessionId, kind, usd, khr, reason } }],
    result: { movementId, cashSessionId },
  })
}

/** `difference`: what was counted less what was expected; null: nobody counted. */
export type Closed = {
  cashSessionId: string
  expected: Money
  counted: Money | null
  difference: Money | null
}

type Closing = { status: 'CLOSED' | 'FORCE_CLOSED'; audit: string; note: string | null }

function close(
  state: State,
  op: Operation<{ cashSessionId: string }>,
  counted: { usd: number; khr: number } | null,
  { status, audit, note }: Closing,
): Decision<Closed> {
  const session = usableSession(state, op.branchId, op.payload.cashSessionId)
  if (isDecision(session)) return session
  const expected = { usd: session.expectedUsd, khr: session.expectedKhr }
  const difference = counted && { usd: counted.usd - expected.usd, khr: counted.khr - expected.khr }
  return accept({
    writes: [
      cashSessions.row({
        ...session,
        status,
        countedUsd: counted?.usd ?? null,
        countedKhr: counted?.khr ?? null,
        closedBy: op.actorId,
        closedAt: op.happenedAt,
        note,
      }),
    ],
    audit: [{ name: audit, data: { cashSessionId: session.id, expected, counted, difference, note } }],
    result: { cashSessionId: session.id, expected, counted, difference },
  })
}

export const decideClose = (state: State, op: Operation<CashSessionClose>): Decision<Closed> =>
  close(state, op, op.payload.counted, {
    status: 'CLOSED',
    audit: 'CASH_SESSION_CLOSED',
    note: op.payload.note || null,
  })

export const decideForceClose = (state: State, op: Operation<CashSessionForceClose>): Decision<Closed> =>
  close(state, op, op.payload.counted ?? null, {
    status: 'FORCE_CLOSED',
    audit: 'CASH_SESSION_FORCE_CLOSED',
    note: op.payload.reason,
  })
