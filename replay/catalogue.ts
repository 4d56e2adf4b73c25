/**
 * What the tills need before they can sell: the stores as branches without VAT, and the products with every price
 * ever seen as a published revision. Pure; publish.ts sees to it that the gateway has it all.
 */
import type { PolicyValues } from '../src/modules/policy/contract.ts'
import type { FileRow } from './sales-file.ts'
import { compareText, mostSeen, type Store } from './sort-out.ts'

/** The prices of the file are what customers paid: nothing is added to them. The rest is what new branches have. */
export const storePolicy: PolicyValues = {
  vatEnabled: false,
  vatRatePercent: 10,
  fxRateKhrPerUsd: 4100,
  khrRoundingEnabled: true,
  khrRoundingMode: 'NEAREST',
  khrRoundingGranularity: 100,
}

/** As long as the menu lets names be. */
const branchName = (name: string) => name.slice(0, 100)
const categoryName = (name: string) => name.slice(0, 100)
const itemName = (name: string) => name.slice(0, 200)

export const nameOf = ({ id, name }: Store) => branchName(name ?? `Store ${id}`)

type Category = { categoryId: string; name: string }
/** `prices` in cents, in the order in which they were first charged; never none. */
type Product = { productId: number; name: string; categoryId: string; prices: number[] }
export type Catalogue = { categories: Category[]; products: Product[] }

/** Prefixed, so that a tenant's own categories are left alone. */
const categoryIdOf = (name: string) => `replayed-${name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')}`

/** When the row was sold, for sorting; what has no readable time comes last. */
const when = ({ fields: { date = '9', time = '' } }: FileRow) => `${date} ${time}`

/** From all rows that name a product, sold or not. */
export function catalogueOf(rows: readonly FileRow[]): Catalogue {
  const categories = new Map<string, Category>()
  const products: Product[] = []
  const byTime = rows
    .filter(({ fields }) => fields.productId !== undefined)
    .sort((a, b) => compareText(when(a), when(b)) || a.line - b.line)
  const byProduct = Map.groupBy(byTime, ({ fields }) => fields.productId!)
  for (const [productId, seen] of [...byProduct].sort(([a], [b]) => a - b)) {
    const prices = [...new Set(seen.flatMap(({ fields }) => fields.priceUsd ?? []))]
    if (prices.length === 0) continue
    const category = categoryName(mostSeen(seen.map((row) => row.category)) ?? 'Other')
    const categoryId = categoryIdOf(category)
    if (!categories.has(categoryId)) categories.set(categoryId, { categoryId, name: category })
    const name = itemName(mostSeen(seen.map((row) => row.detail)) ?? `Product ${productId}`)
    products.push({ productId, name, categoryId, prices })
  }
  return { categories: [...categories.values()], products }
}
