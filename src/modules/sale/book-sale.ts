/**
 * A sale as it is kept: the snapshot with its receipt number, the cash into the drawer, what it took from stock,
 * and the audit trail, all in one decision.
 */
import { type Accepted, accept, type Operation } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { Row } from '../../sync/table.ts'
import { activeAttendance } from '../attendance/decide.ts'
import { type CashSession, moveCash } from '../cash-session/drawer.ts'
import { moveStock } from '../inventory/ledger.ts'
import type { SaleFinalize } from './contract.ts'
import type { PricedSale } from './priced-sale.ts'
import type { Totals } from './pricing.ts'
import { daysBetween, daysFarOff } from './revisions.ts'
import { receiptCounters, sales } from './tables.ts'
import { gainOf } from './tender.ts'

export type Sale = Row<typeof sales>

/** Books a sale that was priced into a session that takes it. */
export function bookSale(
  state: State,
  op: Operation<SaleFinalize>,
  session: CashSession,
  { lines, totals, stale, staleSince }: PricedSale,
): Accepted<Booked> {
  const { payload } = op
  const receiptNumber = (state.get(receiptCounters, op.branchId)?.lastNumber ?? 0) + 1
  const sale: Sale = {
    branchId: op.branchId,
    id: payload.saleId,
    clientOpId: op.clientOpId,
    receiptNumber,
    status: 'FINALIZED',
    saleType: payload.saleType,
    cashSessionId: session.id,
    policyRevision: payload.policyRevision,
    policy: {},
    lines: lines.map(({ sold }) => sold),
    totals,
    tender: payload.tender,
    pricedFromStaleCache: stale,
    actorId: op.actorId,
    finalizedAt: op.happenedAt,
    recordedAt: op.at,
    voidedAt: null,
    voidedBy: null,
    voidReason: null,
  }
  const deductions = moveStock(
    state,
    op,
    lines.flatMap(({ uses }) => uses),
    { kind: 'SALE', saleId: sale.id, reason: null },
  )
  const about = { saleId: sale.id, receiptNumber }
  const stalePrice = staleSince && {
    replacedAt: staleSince.toISOString(),
    daysAgo: daysBetween(staleSince, op.at),
  }
  const daysOff = daysFarOff(op)
  return accept({
    writes: [
      sales.row(sale),
      receiptCounters.row({ branchId: op.branchId, lastNumber: receiptNumber }),
      ...moveCash(session, {
        id: op.clientOpId,
        kind: 'SALE_IN',
        ...gainOf(payload.tender),
        reason: null,
        saleId: sale.id,
        actorId: op.actorId,
        occurredAt: op.happenedAt,
      }),
      ...deductions,
    ],
    // What the sale says itself is not said again: two of these rows come with every sale.
    audit: [
      { name: 'SALE_FINALIZED', data: about },
      ...(deductions.length > 0 ? [{ name: 'INVENTORY_DEDUCTION_APPLIED', data: { receiptNumber } }] : []),
      ...(stale ? [{ name: 'SALE_PRICED_FROM_STALE_CACHE', data: { ...about, ...stalePrice } }] : []),
      ...(daysOff === null
        ? []
        : [
            {
              name: 'SALE_DATED_FAR_OFF',
              data: { ...about, daysOff, occurredAt: op.occurredAt.toISOString() },
            },
          ]),
      ...(activeAttendance(state, op.actorId)
        ? []
        : [{ name: 'SALE_FINALIZED_WITHOUT_ATTENDANCE', data: about }]),
    ],
    result: resultOf(sale),
  })
}

/** What the operation made, for whoever sent it. */
export type Booked = { saleId: string; receiptNumber: number; pricedFromStaleCache: boolean; totals: Totals }

export const resultOf = ({ id, receiptNumber, pricedFromStaleCache, totals }: Sale): Booked => ({
  saleId: id,
  receiptNumber,
  pricedFromStaleCache,
  totals: { ...totals },
})
