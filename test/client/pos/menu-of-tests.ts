/** A small menu: two categories, three groups. */
import { type Category, type Group, type Item, menuOf } from '../../../client/pos/lib/menu.ts'
import type { Policy } from '../../../client/pos/lib/price-cart.ts'

export const category = (id: string, position: number): Category => ({
  id,
  name: id,
  position,
  pending: false,
})

export const item = (id: string, more: Partial<Item> = {}): Item => ({
  id,
  name: id,
  categoryId: 'coffee',
  priceUsd: 250,
  revision: 1,
  modifierGroupIds: [],
  archived: false,
  pending: false,
  ...more,
})

/** Options are named `ID-1`, `ID-2` ...; each costs as many cents as its number, times 10. */
export const group = (id: string, min: number, max: number, options = 4): Group => ({
  id,
  name: id,
  minSelections: min,
  maxSelections: max,
  options: Array.from({ length: options }, (_, i) => ({
    id: `${id}-${i + 1}`,
    name: `${id} ${i + 1}`,
    priceUsd: (i + 1) * 10,
  })),
  pending: false,
})

export const size = group('size', 1, 1)
export const milk = group('milk', 0, 1)
export const extras = group('extras', 0, 2)

export const latte = item('latte', { name: 'Latte', modifierGroupIds: ['size', 'milk', 'extras'] })
export const croissant = item('croissant', { name: 'Butter croissant', categoryId: 'bakery', priceUsd: 180 })

export const menuWith = (items: readonly Item[], groups: readonly Group[] = [size, milk, extras]) =>
  menuOf([category('bakery', 2), category('coffee', 1), category('empty', 0)], items, groups)

export const policy: Policy = {
  id: 'riverside',
  pending: false,
  revision: 3,
  vatEnabled: true,
  vatRatePercent: 10,
  fxRateKhrPerUsd: 4100,
  khrRoundingEnabled: true,
  khrRoundingMode: 'NEAREST',
  khrRoundingGranularity: 100,
}
