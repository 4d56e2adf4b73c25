/**
 * The drawer, for every module that moves cash: which session takes something, and what a movement does to it, so that
 * `expected` is always the opening float plus the sum of the ledger.
 */
import { type Rejected, reject } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { Row, Write } from '../../sync/table.ts'
import { cashMovements, cashSessions } from './tables.ts'

export type CashSession = Row<typeof cashSessions>
export type CashMovement = Row<typeof cashMovements>

/** The branch's open session, as far as it was read. */
export const openSessionOf = (state: State, branchId: string): CashSession | undefined =>
  state.find(cashSessions, (session) => session.branchId === branchId && session.status === 'OPEN')

/** The session named, if it is this branch's and still takes something; else why not. */
export function usableSession(state: State, branchId: string, cashSessionId: string): CashSession | Rejected {
  const session = state.get(cashSessions, cashSessionId)
  if (session && session.branchId === branchId && session.status === 'OPEN') return session
  return session && session.branchId === branchId
    ? reject('CASH_SESSION_NOT_OPEN', 'The cash session is closed already.', { cashSessionId })
    : reject('CASH_SESSION_NOT_OPEN', 'This branch has no such cash session open.', { cashSessionId })
}

/** The rows of one movement: the ledger's, and the session with what it now should hold. */
export function moveCash(
  session: CashSession,
  movement: Omit<CashMovement, 'cashSessionId' | 'branchId'>,
): Write[] {
  return [
    cashMovements.row({ ...movement, cashSessionId: session.id, branchId: session.branchId }),
    cashSessions.row({
      ...session,
      expectedUsd: session.expectedUsd + movement.usd,
      expectedKhr: session.expectedKhr + movement.khr,
    }),
  ]
}
