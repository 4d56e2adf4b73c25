/**
 * The drawer's arithmetic: what a movement does to a session. Used by every module that moves cash, so that
 * `expected` is always the opening float plus the sum of the ledger.
 */
import type { State } from '../../sync/state.ts'
import type { Row, Write } from '../../sync/table.ts'
import { cashMovements, cashSessions } from './tables.ts'

export type CashSession = Row<typeof cashSessions>
export type CashMovement = Row<typeof cashMovements>

/** The branch's open session, as far as it was read. */
export const openSessionOf = (state: State, branchId: string): CashSession | undefined =>
  state.find(cashSessions, (session) => session.branchId === branchId && session.status === 'OPEN')

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
