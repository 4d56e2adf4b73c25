import { col, defineFinder, defineTable, nullable, type Row } from '../../sync/table.ts'
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

/** The ledger: a row for each operation, so that nothing can be deducted twice. */
export const stockMoves = defineTable({
  name: 'stock_move',
  key: ['branchId', 'clientOpId', 'stockItemId'],
  write: 'append',
  columns: {
    branchId: col.text,
    clientOpId: col.uuid,
    /** Empty where `items` says what moved; gateways of before wrote a row for each item. */
    stockItemId: col.text,
    kind: col.text,
    quantity: nullable(col.bigint),
    saleId: nullable(col.uuid),
    reason: nullable(col.text),
    occurredAt: col.time,
    /** Signed, by stock item, in the base unit. */
    items: nullable(col.json<Record<string, number>>()),
  },
})
export const stockMovesOfOperation = defineFinder(stockMoves, ['branchId', 'clientOpId'])

/** What a row of the ledger moved, item by item. */
export const movedBy = ({
  stockItemId,
  quantity,
  items,
}: Row<typeof stockMoves>): { stockItemId: string; quantity: number }[] =>
  Object.entries(items ?? { [stockItemId]: quantity ?? 0 }).map(([id, moved]) => ({
    stockItemId: id,
    quantity: moved,
  }))
