/** Stock as the till shows it, and what is thrown away. Quantities are in the base unit. */
import type { Entity } from '../../sdk/index.ts'
import { parseKhr } from '../../ui/format.ts'

export type StockItem = Entity<'stockItem'>

/** By name; what is below zero comes first, as somebody should count it. */
export const inOrder = (items: readonly StockItem[]): readonly StockItem[] =>
  [...items].sort((a, b) => Number(b.belowZero) - Number(a.belowZero) || a.name.localeCompare(b.name))

/** A whole number of more than nothing, as typed in either script; null where it is none. */
export const quantityOf = (typed: string): number | null => parseKhr(typed) || null
