/** Stock as the till shows it, and what is thrown away. Quantities are in the base unit. */
import { isLow } from '../../contract.ts'
import type { Entity } from '../../sdk/index.ts'
import { parseKhr } from '../../ui/format.ts'

export type StockItem = Entity<'stockItem'>

/** By name; what is low comes first, as somebody should count or order it. */
export const inOrder = (items: readonly StockItem[]): readonly StockItem[] =>
  [...items].sort((a, b) => Number(isLow(b)) - Number(isLow(a)) || a.name.localeCompare(b.name))

/** A whole number of more than nothing, as typed in either script; null where it is none. */
export const quantityOf = (typed: string): number | null => parseKhr(typed) || null
