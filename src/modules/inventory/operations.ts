import { defineOperation } from '../../sync/module.ts'
import { inventoryAdjust, inventoryRestock, inventorySetThreshold, inventoryWaste } from './contract.ts'
import { decideAdjust, decideRestock, decideSetThreshold, decideWaste } from './decide.ts'
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

export const setThreshold = defineOperation({
  ...online,
  type: 'inventory.setThreshold',
  description: 'Says from which level on somebody is warned that a stock item runs low.',
  payload: inventorySetThreshold,
  reads: [(op) => [stockItemById(op.branchId, op.payload.stockItemId)]],
  decide: decideSetThreshold,
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
