import { z } from 'zod'
import { id, text } from '../primitives.ts'

const quantity = z.int().min(-1_000_000_000).max(1_000_000_000)

/** Name and unit are needed where the branch does not know the item yet; given otherwise, they replace what it had. */
export const inventoryRestock = z.object({
  stockItemId: id,
  /** In the base unit. */
  quantity: quantity.min(1),
  name: text(100).optional(),
  unit: text(20).optional(),
  reason: text(500).nullish(),
})

export const inventoryAdjust = z.object({
  stockItemId: id,
  /** What is added to what is on hand, in the base unit; may be negative. */
  quantity,
  reason: text(500),
})
export type InventoryRestock = z.infer<typeof inventoryRestock>
export type InventoryAdjust = z.infer<typeof inventoryAdjust>

export const stockItemEntity = z.object({
  name: z.string(),
  unit: z.string(),
  onHand: z.int(),
  /** Sold more than there was: somebody should count. */
  belowZero: z.boolean(),
})
export type StockItemEntity = z.infer<typeof stockItemEntity>
