/**
 * Tables as the engine sees them: typed rows, a key within the tenant, and what a written row means in
 * the change feed. The feed is derived from the rows that a decision writes, so nobody can forget it.
 */
import type { ModuleScope } from './words.ts'

export type Column<T> = { readonly sql: string; readonly nullable: boolean; readonly _type?: T }

const column = <T>(sql: string): Column<T> => ({ sql, nullable: false })

/** PostgreSQL column types and the TypeScript type of their values in a row. */
export const col = {
  text: column<string>('text'),
  uuid: column<string>('uuid'),
  int: column<number>('int'),
  /** Safe integers only: cents, riel, sequence numbers. */
  bigint: column<number>('bigint'),
  bool: column<boolean>('boolean'),
  time: column<Date>('timestamptz'),
  texts: column<string[]>('text[]'),
  uuids: column<string[]>('uuid[]'),
  /** A JSON value that this code made: it has no NUL and no lone surrogates, which PostgreSQL would not unescape. */
  json: <T>(): Column<T> => column<T>('json'),
  /** JSON as text, kept to the letter whatever it holds: what clients sent. */
  jsonText: column<string>('json as text'),
}

export const nullable = <T>(of: Column<T>): Column<T | null> => ({ sql: of.sql, nullable: true })

export type Columns = Record<string, Column<unknown>>
export type RowOf<C extends Columns> = { [K in keyof C]: C[K] extends Column<infer T> ? T : never }

/** What a row means to clients that pull. */
export type Change<Row, Kind extends string = string, Payload extends object = object> = {
  module: ModuleScope
  kind: Kind
  /** `branch`: in the stream of the row's branch. `tenant`: in the stream of every branch. */
  scope: 'branch' | 'tenant'
  id: (row: Row) => string
  /** The UPSERT's payload; null makes it a TOMBSTONE. */
  payload: (row: Row) => Payload | null
  /** Rows that no client needs to hear of (default: all are told). */
  when?: Condition<keyof Row & string>
  /** The account whose own it is; people without the right to see everybody's get only theirs. */
  owner?: (row: Row) => string
  /** Tenant scope: the branches that see it, a TOMBSTONE to the others; null: all of them. */
  onlyIn?: (row: Row) => string[] | null
  /**
   * Tenant scope: true of a row that only the branches see which the view `sync_audience` lists for its entity; or all,
   * where it lists none. For lists that are rows of their own.
   */
  listed?: (row: Row) => boolean
  /**
   * When this business was finished, as far as the row knows; null: it goes on. What is finished leaves the feed, the
   * retention time after its last change; the rest stays while it exists. A stream that is made anew, which knows of no
   * changes, goes by this time.
   */
  finishedAt?: (row: Row) => Date | null
}

export type Table<
  C extends Columns = Columns,
  Kind extends string = string,
  Payload extends object = object,
> = {
  readonly name: string
  readonly columns: C
  /** Property names of the key, without the tenant. */
  readonly key: readonly (keyof C & string)[]
  /** `append`: rows are only ever inserted, a second one of the same key is an error. `upsert`: the last one stands. */
  readonly write: 'append' | 'upsert'
  /** `upsert`: a row that is there is replaced only while this holds of it; else its key is taken. */
  readonly replaces: Condition<keyof C & string> | undefined
  /** `upsert`: columns that stay as they are where a row comes without them (null). */
  readonly kept: readonly (keyof C & string)[]
  readonly change: Change<RowOf<C>, Kind, Payload> | undefined
  readonly keyOf: (row: RowOf<C>) => string
  /** Pairs a row with its table, for a decision's list of writes. */
  readonly row: (row: RowOf<C>) => Write
}
// biome-ignore lint/suspicious/noExplicitAny: tables of any row are handled alike by the engine
export type AnyTable = Table<any, any, any>
export type AnyRow = Record<string, unknown>
export type Write = { readonly table: AnyTable; readonly row: AnyRow }

export const keyText = (parts: readonly unknown[]) =>
  parts.length === 1 ? String(parts[0]) : parts.join('\u0000')

/** Declares a table. `tenantId` is added to its columns: everything is keyed by tenant first. */
export function defineTable<
  const C extends Columns,
  const Kind extends string,
  Payload extends object,
>(spec: {
  name: string
  columns: C
  key: readonly (keyof C & string)[]
  write: 'append' | 'upsert'
  replaces?: Condition<keyof C & string>
  kept?: readonly (keyof C & string)[]
  change?: Change<RowOf<C>, Kind, Payload>
}): Table<C, Kind, Payload> {
  const { key } = spec
  const table: Table<C, Kind, Payload> = {
    ...spec,
    replaces: spec.replaces,
    change: spec.change,
    kept: spec.kept ?? [],
    keyOf: (row) => keyText(key.map((name) => row[name])),
    row: (row) => ({ table, row: row as AnyRow }),
  }
  return table
}

// biome-ignore lint/suspicious/noExplicitAny: whatever it feeds
export type Row<T> = T extends Table<infer C, any, any> ? RowOf<C> : never

/** What must hold of a row beside its key: a column is this text, a boolean is true, or false, or a column is null. */
export type Condition<Name extends string = string> =
  | { readonly column: Name; readonly is: string }
  | { readonly yes: Name }
  | { readonly not: Name }
  | { readonly none: Name }

/** What the condition's SQL says, of a row in memory; without one it holds. */
export function holds(condition: Condition | undefined, row: AnyRow): boolean {
  if (condition === undefined) return true
  if ('yes' in condition) return row[condition.yes] === true
  if ('not' in condition) return row[condition.not] === false
  if ('none' in condition) return row[condition.none] === null
  return row[condition.column] === condition.is
}

/**
 * A way to look rows up by some of their columns, with an optional further condition.
 * The engine collects all look-ups of a batch and runs one query for each finder.
 */
export type Finder = {
  readonly table: AnyTable
  readonly by: readonly string[]
  readonly and?: Condition
  readonly bounds?: Bounds
}
/**
 * Of a finder of which there may be any number of rows: so many are found for each key, any of them, and without a column
 * that may be large, which is null then (one of the table's `kept`). Such a row takes no other's place.
 */
export type Bounds<Name extends string = string> = { readonly most: number; readonly without?: Name }
export type Read = { readonly finder: Finder; readonly values: readonly unknown[] }

export function defineFinder<C extends Columns, const By extends readonly (keyof C & string)[]>(
  table: Table<C>,
  by: By,
  and?: Condition<keyof C & string>,
  bounds?: Bounds<keyof C & string>,
): (...values: { [K in keyof By]: NonNullable<RowOf<C>[By[K]]> }) => Read {
  const finder: Finder = { table, by, and, bounds }
  return (...values) => ({ finder, values })
}

/** Whether a row of the finder's table is one that it looks for: what its SQL says, for rows in memory. */
export function matches({ finder: { by, and }, values }: Read, row: AnyRow): boolean {
  return holds(and, row) && by.every((name, i) => row[name] === values[i])
}

export const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
