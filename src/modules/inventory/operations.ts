import { defineOperation } from '../../sync/module.ts'
import { inventoryAdjust, inventoryRestock, inventoryWaste } from './contract.ts'
import { decideAdjust, decideRestock, decideWaste } from './decide.ts'
import { stockItemById } from './tables.ts'

const online = { offline: false, scope: 'branch', permission: 'inventory.change' } as const

export const restock = defineOperation({
  ...online,
  type: 'inventory.restock',
  description: 'Adds what was delivered; makes the stock item in this branch where it is new.',
  payload: inventoryRestock,
  reads: [(op) => [stockItemById(op.branchId, op.payload.stockItemId)]],
  decide: decideRestock,
})

export const adjust = defineOperation({
  ...online,
  type: 'inventory.adjust',
  description: 'Corrects what is on hand after a count or a loss, with the reason.',
  payload: inventoryAdjust,
  reads: [(op) => [stockItemById(op.branchId, op.payload.stockItemId)]],
  decide: decideAdjust,
})

export const waste = defineOperation({
  type: 'inventory.waste',
  description: 'Takes off what was thrown away, with the reason.',
  payload: inventoryWaste,
  offline: true,
  scope: 'branch',
  permission: 'inventory.waste',
  reads: [(op) => [stockItemById(op.branchId, op.payload.stockItemId)]],
  decide: decideWaste,
})
