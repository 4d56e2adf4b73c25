import { col, defineFinder, defineTable, nullable } from '../../sync/table.ts'
import type { StockItemEntity } from './contract.ts'

export const stockItems = defineTable({
  name: 'stock_item',
  key: ['branchId', 'id'],
  write: 'upsert',
  columns: {
    branchId: col.text,
    id: col.text,
    name: col.text,
    unit: col.text,
    onHand: col.bigint,
    lowAt: nullable(col.bigint),
  },
  change: {
    module: 'INVENTORY',
    kind: 'stockItem',
    scope: 'branch',
    id: (row) => row.id,
    payload: ({ name, unit, onHand, lowAt }): StockItemEntity => ({
      ...{ name, unit, onHand, lowAt },
      belowZero: onHand < 0,
    }),
  },
})
export const stockItemById = defineFinder(stockItems, ['branchId', 'id'])

/** The ledger: one entry for each operation and stock item, so that nothing can be deducted twice. */
export const stockEntries = defineTable({
  name: 'stock_entry',
  key: ['branchId', 'clientOpId', 'stockItemId'],
  write: 'append',
  columns: {
    branchId: col.text,
    clientOpId: col.uuid,
    stockItemId: col.text,
    kind: col.text,
    quantity: col.bigint,
    saleId: nullable(col.uuid),
    reason: nullable(col.text),
    occurredAt: col.time,
  },
})
export const stockEntriesOfOperation = defineFinder(stockEntries, ['branchId', 'clientOpId'])
