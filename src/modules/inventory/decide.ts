import { accept, type Decision, type Operation, reject } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { InventoryAdjust, InventoryRestock } from './contract.ts'
import { moveStock } from './ledger.ts'
import { stockItems } from './tables.ts'

export function decideRestock(state: State, op: Operation<InventoryRestock>): Decision {
  const { stockItemId, quantity, reason = null } = op.payload
  const known = state.get(stockItems, op.branchId, stockItemId)
  const name = op.payload.name ?? known?.name
  const unit = op.payload.unit ?? known?.unit
  if (!name || !unit)
    return reject('STOCK_ITEM_UNKNOWN', 'A stock item that is new in this branch needs a name and a unit.', {
      stockItemId,
    })
  return accept({
    writes: moveStock(state, op, [{ stockItemId, name, unit, quantity }], {
      kind: 'RESTOCK',
      saleId: null,
      reason,
    }),
    audit: [{ name: 'INVENTORY_RESTOCKED', data: { stockItemId, quantity } }],
    result: { stockItemId, onHand: (known?.onHand ?? 0) + quantity },
  })
}

export function decideAdjust(state: State, op: Operation<InventoryAdjust>): Decision {
  const { stockItemId, quantity, reason } = op.payload
  const known = state.get(stockItems, op.branchId, stockItemId)
  if (!known)
    return reject('STOCK_ITEM_UNKNOWN', `This branch has no stock item "${stockItemId}".`, { stockItemId })
  return accept({
    writes: moveStock(state, op, [{ ...known, stockItemId, quantity }], {
      kind: 'ADJUSTMENT',
      saleId: null,
      reason,
    }),
    audit: [{ name: 'INVENTORY_ADJUSTED', data: { stockItemId, quantity, reason } }],
    result: { stockItemId, onHand: known.onHand + quantity },
  })
}
