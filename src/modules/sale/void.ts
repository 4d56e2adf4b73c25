import { accept, type Decision, type Operation, reject } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import { moveCash, openSessionOf } from '../cash-session/drawer.ts'
import { moveStock } from '../inventory/ledger.ts'
import { stockEntries } from '../inventory/tables.ts'
import type { SaleVoid } from './contract.ts'
import { sales } from './tables.ts'

/** Decides `sale.void`: the sale stays, marked; cash and stock are given back by entries of their own. */
export function decideVoid(state: State, op: Operation<SaleVoid>): Decision {
  const sale = state.get(sales, op.branchId, op.payload.saleId)
  if (!sale)
    return reject('SALE_UNKNOWN', 'There is no such sale in this branch.', { saleId: op.payload.saleId })
  if (sale.status === 'VOIDED')
    return reject('SALE_ALREADY_VOIDED', 'This sale was voided before.', { saleId: sale.id })
  const session = openSessionOf(state, op.branchId)
  if (!session)
    return reject('CASH_SESSION_NOT_OPEN', 'The refund needs an open cash session in this branch.')
  const { currency, received, change } = sale.tender
  const returned = state
    .filter(stockEntries, (entry) => entry.clientOpId === sale.clientOpId)
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
        usd: change.usd - (currency === 'USD' ? received : 0),
        khr: change.khr - (currency === 'KHR' ? received : 0),
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
