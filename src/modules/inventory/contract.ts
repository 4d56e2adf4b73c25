import * as z from 'zod/mini'
import { id, text, whole } from '../primitives.ts'

const quantity = whole(-1_000_000_000, 1_000_000_000)

/** Name and unit are needed where the branch does not know the item yet; given otherwise, they replace what it had. */
export const inventoryRestock = z.object({
  stockItemId: id,
  /** In the base unit. */
  quantity: quantity.check(z.minimum(1)),
  name: z.optional(text(100)),
  unit: z.optional(text(20)),
  reason: z.nullish(text(500)),
})

export const inventoryAdjust = z.object({
  stockItemId: id,
  /** What is added to what is on hand, in the base unit; may be negative. */
  quantity,
  reason: text(500),
})
/** What was thrown away, in the base unit. */
export const inventoryWaste = z.object({
  stockItemId: id,
  quantity: quantity.check(z.minimum(1)),
  reason: text(500),
})
/** From which level on somebody is warned, in the base unit; null: nobody is. */
export const inventorySetThreshold = z.object({
  stockItemId: id,
  lowAt: z.nullable(quantity.check(z.minimum(0))),
})
export type InventoryRestock = z.infer<typeof inventoryRestock>
export type InventoryAdjust = z.infer<typeof inventoryAdjust>
export type InventoryWaste = z.infer<typeof inventoryWaste>
export type InventorySetThreshold = z.infer<typeof inventorySetThreshold>

export const stockItemEntity = z.object({
  name: z.string(),
  unit: z.string(),
  onHand: z.int(),
  /** Sold more than there was: somebody should count. */
  belowZero: z.boolean(),
  /** The threshold; null, or left out by what was written before there were any: none. */
  lowAt: z.nullish(z.int()),
})
export type StockItemEntity = z.infer<typeof stockItemEntity>

/** Whether somebody should order: at its threshold or below, and below zero whatever that is. */
export const isLow = ({ onHand, lowAt }: { onHand: number; lowAt?: number | null | undefined }): boolean =>
  onHand < 0 || (lowAt != null && onHand <= lowAt)
