import { accept, type Decision, type Operation, reject } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { InventoryAdjust, InventoryRestock, InventorySetThreshold, InventoryWaste } from './contract.ts'
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

const unknownItem = (stockItemId: string) =>
  reject('STOCK_ITEM_UNKNOWN', `This branch has no stock item "${stockItemId}".`, { stockItemId })

type Changed = { stockItemId: string; onHand: number }

/** A change of what the branch has, with its reason. It may fall below zero: what is gone is gone. */
function change(
  state: State,
  op: Operation,
  { stockItemId, quantity, reason }: InventoryAdjust,
  { kind, audit }: { kind: 'ADJUSTMENT' | 'WASTE'; audit: string },
): Decision<Changed> {
  const known = state.get(stockItems, op.branchId, stockItemId)
  if (!known) return unknownItem(stockItemId)
  return accept({
    writes: moveStock(state, op, [{ ...known, stockItemId, quantity }], { kind, saleId: null, reason }),
    audit: [{ name: audit, data: { stockItemId, quantity, reason } }],
    result: { stockItemId, onHand: known.onHand + quantity },
  })
}

/** Changes nothing that is counted, and so leaves no entry in the ledger. */
export function decideSetThreshold(state: State, op: Operation<InventorySetThreshold>): Decision {
  const { stockItemId, lowAt } = op.payload
  const known = state.get(stockItems, op.branchId, stockItemId)
  if (!known) return unknownItem(stockItemId)
  return accept({
    writes: known.lowAt === lowAt ? [] : [stockItems.row({ ...known, lowAt })],
    audit: [{ name: 'INVENTORY_THRESHOLD_SET', data: { stockItemId, lowAt } }],
    result: { stockItemId, lowAt },
  })
}

export const decideAdjust = (state: State, op: Operation<InventoryAdjust>): Decision<Changed> =>
  change(state, op, op.payload, { kind: 'ADJUSTMENT', audit: 'INVENTORY_ADJUSTED' })

export const decideWaste = (state: State, op: Operation<InventoryWaste>): Decision<Changed> =>
  change(
    state,
    op,
    { ...op.payload, quantity: -op.payload.quantity },
    { kind: 'WASTE', audit: 'INVENTORY_WASTED' },
  )
