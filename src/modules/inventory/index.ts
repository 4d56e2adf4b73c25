import { accept, defineModule, defineOperation, reject } from '../../sync/module.ts'
import type { Permission } from '../access/permissions.ts'
import { type InventoryAdjust, type InventoryRestock, inventoryAdjust, inventoryRestock } from './contract.ts'
import { moveStock } from './ledger.ts'
import { stockEntries, stockItemById, stockItems } from './tables.ts'

const online = { offline: false, scope: 'branch', permission: 'inventory.change' } as const

const restock = defineOperation<InventoryRestock, Permission>({
  ...online,
  type: 'inventory.restock',
  description: 'Adds what was delivered; makes the stock item in this branch where it is new.',
  payload: inventoryRestock,
  reads: [(op) => [stockItemById(op.branchId, op.payload.stockItemId)]],
  decide(state, op) {
    const { stockItemId, quantity, reason = null } = op.payload
    const known = state.get(stockItems, op.branchId, stockItemId)
    const name = op.payload.name ?? known?.name
    const unit = op.payload.unit ?? known?.unit
    if (!name || !unit)
      return reject(
        'STOCK_ITEM_UNKNOWN',
        'A stock item that is new in this branch needs a name and a unit.',
        { stockItemId },
      )
    return accept({
      writes: moveStock(state, op, [{ stockItemId, name, unit, quantity }], {
        kind: 'RESTOCK',
        saleId: null,
        reason,
      }),
      audit: [{ name: 'INVENTORY_RESTOCKED', data: { stockItemId, quantity } }],
      result: { stockItemId, onHand: (known?.onHand ?? 0) + quantity },
    })
  },
})

const adjust = defineOperation<InventoryAdjust, Permission>({
  ...online,
  type: 'inventory.adjust',
  description: 'Corrects what is on hand after a count or a loss, with the reason.',
  payload: inventoryAdjust,
  reads: [(op) => [stockItemById(op.branchId, op.payload.stockItemId)]],
  decide(state, op) {
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
  },
})

/** What is on hand in each branch, and the ledger that explains it. */
export const inventory = defineModule({
  name: 'inventory',
  tables: [stockItems, stockEntries],
  operations: [restock, adjust],
})
