/**
 * The working set of one batch: the rows that its operations name, as loaded, then as each accepted
 * decision leaves them, so that every operation sees what the one before it did.
 */
import {
  type AnyRow,
  type AnyTable,
  type Columns,
  keyText,
  type Read,
  type RowOf,
  type Table,
  type Write,
} from './table.ts'

export class State {
  readonly #rows = new Map<AnyTable, Map<string, AnyRow>>()
  readonly #claimed = new Set<string>()
  readonly #finderIds = new Map<object, number>()

  /** The row of that key, or undefined. Only what was read (or written in this batch) is found. */
  get<C extends Columns>(table: Table<C>, ...key: unknown[]): RowOf<C> | undefined {
    return this.#rows.get(table)?.get(keyText(key)) as RowOf<C> | undefined
  }

  find<C extends Columns>(table: Table<C>, matches: (row: RowOf<C>) => boolean): RowOf<C> | undefined {
    for (const row of this.#rows.get(table)?.values() ?? [])
      if (matches(row as RowOf<C>)) return row as RowOf<C>
    return undefined
  }

  filter<C extends Columns>(table: Table<C>, matches: (row: RowOf<C>) => boolean): RowOf<C>[] {
    return [...(this.#rows.get(table)?.values() ?? [])].filter((row) =>
      matches(row as RowOf<C>),
    ) as RowOf<C>[]
  }

  put({ table, row }: Write): void {
    let rows = this.#rows.get(table)
    if (!rows) {
      rows = new Map()
      this.#rows.set(table, rows)
    }
    rows.set(table.keyOf(row), row)
  }

  /** True the first time a read is asked for; the loader skips the others. */
  claim({ finder, values }: Read): boolean {
    let id = this.#finderIds.get(finder)
    if (id === undefined) {
      id = this.#finderIds.size
      this.#finderIds.set(finder, id)
    }
    const name = `${id}\u0000${keyText(values)}`
    if (this.#claimed.has(name)) return false
    this.#claimed.add(name)
    return true
  }
}
