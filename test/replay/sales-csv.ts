/**
 * Files of café sales for tests: clean ones whose sums are known, and rows with dirt to put among them.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export const header =
  'transaction_id,transaction_date,transaction_time,transaction_qty,store_id,store_location,product_id,unit_price,product_category,product_type,product_detail'

export type Cells = {
  id: string
  date: string
  time: string
  quantity: string
  store: string
  location: string
  product: string
  price: string
  category: string
  type: string
  detail: string
}

const order = [
  'id',
  'date',
  'time',
  'quantity',
  'store',
  'location',
  'product',
  'price',
  'category',
  'type',
  'detail',
] as const satisfies (keyof Cells)[]

const ordinary: Cells = {
  id: '1',
  date: '2023-01-09',
  time: '12:49:07',
  quantity: '1',
  store: '3',
  location: 'Lower Manhattan',
  product: '6',
  price: '3.0',
  category: 'Tea',
  type: 'Brewed Chai tea',
  detail: 'Spicy Eye Opener Chai Lg',
}

/** A line of the file: an ordinary sale, but for what is given. */
export const line = (cells: Partial<Cells> = {}): string => {
  const all = { ...ordinary, ...cells }
  return order.map((name) => all[name]).join(',')
}

const locations: Record<number, string> = { 3: 'Lower Manhattan', 5: "Hell's Kitchen" }
const details: Record<number, string> = {
  6: 'Spicy Eye Opener Chai Lg',
  11: 'Croissant',
  18: 'Espresso Roast',
}

export type CleanSale = { store: number; cents: number; line: string }

/**
 * So many sales over some days, two fifths of them in one store and the rest in another, at prices that change from
 * day to day and back, in no order. Ids from 1001 on.
 */
export function cleanSales(count: number, days: number): CleanSale[] {
  const sales = Array.from({ length: count }, (_, i) => {
    const store = i % 5 < 2 ? 3 : 5
    const product = [6, 11, 18][(i % 7) % 3]!
    const quantity = 1 + (i % 4)
    const day = i % days
    const cents = product * 50 + ((day + (i % 2)) % 3) * 25
    return {
      store,
      cents: cents * quantity,
      line: line({
        id: String(1001 + i),
        date: `2023-02-${String(1 + day).padStart(2, '0')}`,
        time: `${String(8 + (i % 9)).padStart(2, '0')}:${String((i * 7) % 60).padStart(2, '0')}:00`,
        quantity: String(quantity),
        store: String(store),
        location: locations[store]!,
        product: String(product),
        price: (cents / 100).toString(),
        detail: details[product]!,
      }),
    }
  })
  return sales.map((_, i) => sales[(i * 31) % count]!)
}

/** Sales and cents by store. */
export function sumsOfSales(sales: readonly CleanSale[]): Record<number, { sales: number; cents: number }> {
  const sums: Record<number, { sales: number; cents: number }> = {}
  for (const { store, cents } of sales) {
    const { sales: before, cents: so } = sums[store] ?? { sales: 0, cents: 0 }
    sums[store] = { sales: before + 1, cents: so + cents }
  }
  return sums
}

/** Writes a file with these lines below the header, for the test that runs; its path. */
export async function csvFile(
  lines: readonly string[],
  { newline = '\n', head = header } = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modula-replay-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'sales.csv')
  await writeFile(path, [head, ...lines, ''].join(newline))
  return path
}
