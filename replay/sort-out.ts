/**
 * Which rows of the file are sold, in the order of the tills, and which cannot be, with the reason. Pure.
 */
import type { Fields, FileRow } from './sales-file.ts'

/** A row that a till can sell. */
export type SaleRow = Fields & Place

/** `name` is null where no row says it. */
export type Store = { id: number; name: string | null }

/** Where a row is in the file. */
export type Place = { line: number; id: string }

export type SortedOut = {
  /** Ordered by store, then as the store's till sold them. */
  sales: SaleRow[]
  stores: Store[]
  unusable: { row: FileRow; reason: string }[]
  /** What sold rows lack, and where it was taken from. */
  mended: { row: SaleRow; how: string }[]
}

/** The value that is there most often; of several, the first one seen. Null where there is none. */
export function mostSeen(values: Iterable<string>): string | null {
  const counts = new Map<string, number>()
  for (const value of values) if (value) counts.set(value, (counts.get(value) ?? 0) + 1)
  let best: string | null = null
  for (const [value, count] of counts) if (best === null || count > counts.get(best)!) best = value
  return best
}

/** The stores of the file by their ids, with the names that they go by. */
function storesOf(rows: readonly FileRow[]): Map<number, Store> {
  const known = rows.filter(({ fields }) => fields.storeId !== undefined)
  const grouped = Map.groupBy(known, ({ fields }) => fields.storeId!)
  return new Map(
    [...grouped].map(([id, group]) => [id, { id, name: mostSeen(group.map(({ storeName }) => storeName)) }]),
  )
}

/** The store that alone goes by this name. */
function storeNamed(name: string, stores: Iterable<Store>): number | undefined {
  const named = [...stores].filter((store) => name !== '' && store.name === name)
  return named.length === 1 ? named[0]!.id : undefined
}

/** The order in which a till sold: by date, time and transaction; of two rows alike, the one above in the file. */
const inTillOrder = (a: SaleRow, b: SaleRow) =>
  a.storeId - b.storeId ||
  compareText(a.date, b.date) ||
  compareText(a.time, b.time) ||
  a.transactionId - b.transactionId ||
  a.line - b.line

export const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

export function sortOut(rows: readonly FileRow[]): SortedOut {
  const stores = storesOf(rows)
  const sales: SaleRow[] = []
  const unusable: SortedOut['unusable'] = []
  const mended: SortedOut['mended'] = []
  for (const row of rows) {
    const { line, id, fields, storeName, category, detail } = row
    const storeId = fields.storeId ?? storeNamed(storeName, stores.values())
    const fault = row.faults.find(({ field }) => field !== 'storeId' || storeId === undefined)
    if (fault || storeId === undefined) {
      unusable.push({ row, reason: fault?.text ?? 'no store' })
      continue
    }
    const sale = { ...fields, storeId, line, id } as SaleRow
    sales.push(sale)
    if (fields.storeId === undefined) mended.push({ row: sale, how: 'no store id, the store of that name' })
    else if (storeName === '') mended.push({ row: sale, how: 'no store name, the store of that id' })
    else if (stores.get(storeId)?.name !== storeName)
      mended.push({ row: sale, how: 'another store name than usual, the store of that id' })
    if (!category || !detail) mended.push({ row: sale, how: "no product text, the product's in other rows" })
  }
  sales.sort(inTillOrder)
  const open = new Set(sales.map(({ storeId }) => storeId))
  return {
    sales,
    stores: [...stores.values()].filter(({ id }) => open.has(id)).sort((a, b) => a.id - b.id),
    unusable,
    mended,
  }
}
