/** Stock as it is shown and changed. Quantities are in the base unit. */
import { type InventoryAdjust, inventoryAdjust, isLow } from '../../contract.ts'
import type { StockQuery } from '../generated/graphql.ts'
import { type FormValues, formValues } from './form-values.ts'
import { parseWhole } from './money.ts'

export type StockItem = StockQuery['stock']['edges'][number]['node']

/** How full the bar of each item is, 0 to 1: beside the item of the same unit that there is most of. */
export function levelsOf(items: readonly StockItem[]): ReadonlyMap<string, number> {
  const most = new Map<string, number>()
  for (const { unit, onHand } of items) most.set(unit, Math.max(most.get(unit) ?? 0, onHand))
  return new Map(items.map(({ id, unit, onHand }) => [id, Math.max(0, onHand) / (most.get(unit) || 1)]))
}

/** Below zero: somebody should count. Low: somebody should order. */
const urgency = (item: StockItem): number => (item.belowZero ? 2 : isLow(item) ? 1 : 0)

/** Those that fit; what is below zero comes first, then what is low, then by name. */
export function shown(
  items: readonly StockItem[],
  filter: { search: string; onlyLow: boolean },
): readonly StockItem[] {
  const wanted = filter.search.trim().toLowerCase()
  return items
    .filter((item) => item.name.toLowerCase().includes(wanted) && (isLow(item) || !filter.onlyLow))
    .sort((a, b) => urgency(b) - urgency(a) || a.name.localeCompare(b.name))
}

/** `counted`: what there is; `change`: what is to be added, or taken with a minus. */
export type AdjustmentMode = 'counted' | 'change'

/** By how much a typed text changes what is on hand; null where it is no whole number, or a count below zero. */
export function adjustmentOf(mode: AdjustmentMode, text: string, onHand: number): number | null {
  const typed = parseWhole(text)
  if (typed === null || (mode === 'counted' && typed < 0)) return null
  return mode === 'counted' ? typed - onHand : typed
}

export type AdjustmentDraft = { mode: AdjustmentMode; quantity: string; reason: string }

/** What is sent is the change, as sales come in meanwhile; one that changes nothing is none. */
export function adjustmentFrom(
  { mode, quantity: text, reason }: AdjustmentDraft,
  { stockItemId, onHand }: { stockItemId: string; onHand: number },
): FormValues<InventoryAdjust> {
  const quantity = adjustmentOf(mode, text, onHand)
  return formValues(inventoryAdjust, { stockItemId, quantity, reason }, [quantity === 0 && 'quantity'])
}
