/**
 * Reads a file of café sales, one sale a row, as far as its rows can be read. What is missing or unreadable is noted
 * at the row, and nothing is judged: which rows are sold is decided in sort-out.ts.
 */
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { type Info, parse } from 'csv-parse'
import { cents } from '../src/modules/primitives.ts'
import { saleLine } from '../src/modules/sale/contract.ts'
import { ReplayError } from './replay-error.ts'

/** What a sale is made of. `date` and `time` are the store's own, as in the file; the price in US cents. */
export type Fields = {
  transactionId: number
  date: string
  time: string
  quantity: number
  productId: number
  priceUsd: number
  storeId: number
}

export type FileRow = {
  /** Its (last) line in the file, counted from 1. */
  line: number
  /** The transaction id as it is written. */
  id: string
  fields: Partial<Fields>
  /** What is missing or cannot be read, in the order of the fields. */
  faults: Fault[]
  /** Texts that a sale does not depend on; empty where they are missing. */
  storeName: string
  category: string
  detail: string
}
type Fault = { field: keyof Fields | 'row'; text: string }

const columns = [
  'transaction_id',
  'transaction_date',
  'transaction_time',
  'transaction_qty',
  'store_id',
  'store_location',
  'product_id',
  'unit_price',
  'product_category',
  'product_type',
  'product_detail',
] as const
type Column = (typeof columns)[number]

/** Spreadsheets and data frames write a whole number with a gap in its column as `3.0`. */
const whole = (text: string) => (/^\d{1,15}(\.0+)?$/.test(text) ? Number.parseInt(text, 10) : null)

const accepted = (schema: { safeParse: (value: unknown) => { success: boolean } }, value: number | null) =>
  schema.safeParse(value).success ? value : null

/** Dollars as cents, without the detour over a binary fraction; null where there is more than whole cents. */
function dollars(text: string): number | null {
  const [, whole, fraction = ''] = /^(\d{1,9})(?:\.(\d{1,2})0*)?$/.exec(text) ?? []
  return whole === undefined ? null : Number(whole) * 100 + Number(fraction.padEnd(2, '0'))
}

/** Only days that the calendar has: `2023-02-30` is no date. */
function day(text: string): string | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : null
}

const timeOfDay = (text: string) => (/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(text) ? text : null)

type FieldReader = { column: Column; noun: string; read: (text: string) => string | number | null }

/** In this order a row is found fault with. */
const readers: Record<keyof Fields, FieldReader> = {
  transactionId: { column: 'transaction_id', noun: 'transaction id', read: whole },
  date: { column: 'transaction_date', noun: 'date', read: day },
  time: { column: 'transaction_time', noun: 'time', read: timeOfDay },
  quantity: {
    column: 'transaction_qty',
    noun: 'quantity',
    read: (text) => accepted(saleLine.shape.quantity, whole(text)),
  },
  productId: { column: 'product_id', noun: 'product', read: whole },
  priceUsd: { column: 'unit_price', noun: 'price', read: (text) => accepted(cents, dollars(text)) },
  storeId: { column: 'store_id', noun: 'store', read: whole },
}

const entries = Object.entries as <K extends string, V>(of: Record<K, V>) => [K, V][]

function readRow(record: readonly string[], place: ReadonlyMap<string, number>, line: number): FileRow {
  const text = (column: Column) => record[place.get(column)!] ?? ''
  const fields: Record<string, string | number> = {}
  const faults: Fault[] = []
  if (record.length !== place.size) faults.push({ field: 'row', text: 'not as many fields as the header' })
  for (const [field, { column, noun, read }] of entries(readers)) {
    const value = read(text(column))
    if (value !== null) fields[field] = value
    else faults.push({ field, text: text(column) === '' ? `no ${noun}` : `${noun} that cannot be read` })
  }
  return {
    line,
    id: text('transaction_id'),
    fields: fields as Partial<Fields>,
    faults,
    storeName: text('store_location'),
    category: text('product_category'),
    detail: text('product_detail'),
  }
}

function placesOf(header: readonly string[], path: string): Map<string, number> {
  const place = new Map(header.map((name, i) => [name.toLowerCase(), i]))
  const missing = columns.filter((column) => !place.has(column))
  if (missing.length > 0)
    throw new ReplayError(`${path} is not a file of café sales: its first line has no ${missing.join(', ')}`)
  return place
}

/** All data rows of the file, in its order. Throws a ReplayError for a file that is not of this layout. */
export async function readSalesFile(path: string): Promise<FileRow[]> {
  const parser = parse({
    bom: true,
    trim: true,
    info: true,
    skip_empty_lines: true,
    // A row of another length is a dirty row, not the end of the file.
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ['\r\n', '\n', '\r'],
  })
  // A source that fails ends the parser with its error, which the loop below throws.
  pipeline(createReadStream(path), parser, () => {})
  const rows: FileRow[] = []
  let place: Map<string, number> | undefined
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      if (place) rows.push(readRow(record, place, info.lines))
      else place = placesOf(record, path)
    }
  } catch (error) {
    if (error instanceof ReplayError) throw error
    throw new ReplayError(`${path} cannot be read: ${(error as Error).message}`)
  }
  if (!place) throw new ReplayError(`${path} is empty`)
  return rows
}
