/**
 * The stock ledger's arithmetic: what an operation moved and what is on hand after it are written together, so that what is
 * on hand is always the ledger's sum. It may fall below zero: the sale happened.
 */
import type { Operation } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { Write } from '../../sync/table.ts'
import { stockItems, stockMoves } from './tables.ts'

export type StockMove = { stockItemId: string; name: string; unit: string; quantity: number }
export type StockReason = {
  kind: 'SALE' | 'VOID' | 'RESTOCK' | 'ADJUSTMENT' | 'WASTE'
  saleId: string | null
  reason: string | null
}

/**
 * The rows of one operation's moves. Moves of the same item are added up. Name and unit serve items that are
 * new in the branch; a restock may rename.
 */
export function moveStock(
  state: State,
  op: Operation,
  moves: readonly StockMove[],
  why: StockReason,
): Write[] {
  const sums = new Map<string, StockMove>()
  for (const move of moves) {
    const sum = sums.get(move.stockItemId)
    sums.set(move.stockItemId, sum ? { ...sum, quantity: sum.quantity + move.quantity } : move)
  }
  const moved = [...sums.values()].filter(({ quantity }) => quantity !== 0)
  if (moved.length === 0) return []
  const { branchId, clientOpId, happenedAt: occurredAt } = op
  const items = Object.fromEntries(moved.map(({ stockItemId, quantity }) => [stockItemId, quantity]))
  return [
    stockMoves.row({ branchId, clientOpId, stockItemId: '', quantity: null, occurredAt, items, ...why }),
    ...moved.map(({ stockItemId, name, unit, quantity }) => {
      const known = state.get(stockItems, branchId, stockItemId)
      return stockItems.row({
        ...(known && why.kind !== 'RESTOCK'
          ? known
          : { branchId, id: stockItemId, name, unit, lowAt: known?.lowAt ?? null }),
        onHand: (known?.onHand ?? 0) + quantity,
      })
    }),
  ]
}
