import {
  accept,
  alreadyApplied,
  type Decision,
  isDecision,
  type Operation,
  reject,
} from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import { moveCash, openSessionOf, usableSession } from '../cash-session/drawer.ts'
import { moveStock } from '../inventory/ledger.ts'
import { movedBy, stockMoves } from '../inventory/tables.ts'
import { type Booked, bookSale, resultOf, type Sale } from './book-sale.ts'
import type { SaleFinalize, SaleVoid } from './contract.ts'
import { priceSale } from './priced-sale.ts'
import type { Totals } from './pricing.ts'
import { sales } from './tables.ts'
import { gainOf, isSameTender } from './tender.ts'

/**
 * Decides `sale.finalize`. The order of the checks is the order in which a cashier would want to hear of them. `sessionFor`:
 * which session takes it.
 */
export function decideFinalize(
  state: State,
  op: Operation<SaleFinalize>,
  sessionFor: typeof usableSession = usableSession,
): Decision<Booked> {
  const { payload } = op

  // The sale's own anchor: sent again under another key, it is still one sale.
  const earlier = state.get(sales, op.branchId, payload.saleId)
  if (earlier)
    return isSameSale(earlier, payload)
      ? alreadyApplied(resultOf(earlier))
      : reject('SALE_ALREADY_FINALIZED', 'Another sale was finalized under this id before.', {
          saleId: payload.saleId,
        })

  const session = sessionFor(state, op.branchId, payload.cashSessionId)
  if (isDecision(session)) return session

  const priced = priceSale(state, op)
  if (isDecision(priced)) return priced
  return bookSale(state, op, session, priced)
}

/** The same sale as the customer paid it: everything but the session that the cash was booked into. */
function isSameSale(sale: Sale, payload: SaleFinalize): boolean {
  const asSold = sale.lines.map((line) => ({
    menuItemId: line.menuItemId,
    menuItemRevision: line.menuItemRevision,
    quantity: line.quantity,
    modifierOptionIds: line.modifiers.map(({ id }) => id),
  }))
  const inOrder = ({
    menuItemId,
    menuItemRevision,
    quantity,
    modifierOptionIds,
  }: SaleFinalize['lines'][number]) => [menuItemId, menuItemRevision, quantity, modifierOptionIds]
  return (
    sale.saleType === payload.saleType &&
    sale.policyRevision === payload.policyRevision &&
    JSON.stringify(asSold.map(inOrder)) === JSON.stringify(payload.lines.map(inOrder)) &&
    (Object.keys(sale.totals) as (keyof Totals)[]).every(
      (name) => sale.totals[name] === payload.totals[name],
    ) &&
    isSameTender(sale.tender, payload.tender)
  )
}

/** Decides `sale.void`: the sale stays, marked; cash and stock are given back by entries of their own. */
export function decideVoid(
  state: State,
  op: Operation<SaleVoid>,
): Decision<{ saleId: string; status: 'VOIDED' }> {
  const sale = state.get(sales, op.branchId, op.payload.saleId)
  if (!sale)
    return reject('SALE_UNKNOWN', 'There is no such sale in this branch.', { saleId: op.payload.saleId })
  if (sale.status === 'VOIDED')
    return reject('SALE_ALREADY_VOIDED', 'This sale was voided before.', { saleId: sale.id })
  const session = openSessionOf(state, op.branchId)
  if (!session)
    return reject('CASH_SESSION_NOT_OPEN', 'The refund needs an open cash session in this branch.')
  const gained = gainOf(sale.tender)
  const returned = state
    .filter(stockMoves, (move) => move.clientOpId === sale.clientOpId)
    .flatMap(movedBy)
    .map(({ stockItemId, quantity }) => ({ stockItemId, name: stockItemId, unit: '', quantity: -quantity }))
  const { reason } = op.payload
  return accept({
    writes: [
      sales.row({
        ...sale,
        status: 'VOIDED',
        voidedAt: op.happenedAt,
        voidedBy: op.actorId,
        voidReason: reason,
      }),
      ...moveCash(session, {
        id: op.clientOpId,
        kind: 'REFUND',
        usd: 0 - gained.usd,
        khr: 0 - gained.khr,
        reason,
        saleId: sale.id,
        actorId: op.actorId,
        occurredAt: op.happenedAt,
      }),
      ...moveStock(state, op, returned, { kind: 'VOID', saleId: sale.id, reason }),
    ],
    audit: [{ name: 'SALE_VOIDED', data: { saleId: sale.id, receiptNumber: sale.receiptNumber, reason } }],
    result: { saleId: sale.id, status: 'VOIDED' },
  })
}
