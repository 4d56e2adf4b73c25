import { alreadyApplied, type Decision, type Operation, reject } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import { isDecision, usableSession } from '../cash-session/decide.ts'
import type { SaleFinalize } from './contract.ts'
import { priceSale } from './price.ts'
import type { Totals } from './pricing.ts'
import { recordSale, resultOf, type Sale } from './record.ts'
import { sales } from './tables.ts'

/** Decides `sale.finalize`. The order of the checks is the order in which a cashier would want to hear of them. */
export function decideFinalize(state: State, op: Operation<SaleFinalize>): Decision {
  const { payload } = op

  // The sale's own anchor: sent again under another key, it is still one sale.
  const earlier = state.get(sales, op.branchId, payload.saleId)
  if (earlier)
    return isSameSale(earlier, payload)
      ? alreadyApplied(resultOf(earlier))
      : reject('SALE_ALREADY_FINALIZED', 'Another sale was finalized under this id before.', {
          saleId: payload.saleId,
        })

  const session = usableSession(state, op.branchId, payload.cashSessionId)
  if (isDecision(session)) return session

  const priced = priceSale(state, op)
  if (isDecision(priced)) return priced
  return recordSale(state, op, session, priced)
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
  const { method, currency, received, change } = payload.tender
  const tender = sale.tender
  return (
    sale.saleType === payload.saleType &&
    sale.policyRevision === payload.policyRevision &&
    JSON.stringify(asSold.map(inOrder)) === JSON.stringify(payload.lines.map(inOrder)) &&
    (Object.keys(sale.totals) as (keyof Totals)[]).every(
      (name) => sale.totals[name] === payload.totals[name],
    ) &&
    tender.method === method &&
    tender.currency === currency &&
    tender.received === received &&
    tender.change.usd === change.usd &&
    tender.change.khr === change.khr
  )
}
