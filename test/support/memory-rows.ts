/**
 * Tables in memory, read as the engine reads the database: by the finders that an operation names, and nothing
 * else. A decider that looks at a row which its operation did not read finds nothing here either.
 */
import type { State } from '../../src/sync/state.ts'
import {
  type AnyRow,
  type AnyTable,
  type Columns,
  matches,
  type Read,
  type RowOf,
  type Table,
  type Write,
} from '../../src/sync/table.ts'

export class MemoryRows {
  readonly #rows = new Map<AnyTable, Map<string, AnyRow>>()

  constructor(writes: readonly Write[] = []) {
    this.apply(writes)
  }

  /** Stores rows as the database would: a second `append` of the same key is an error. */
  apply(writes: readonly Write[]): void {
    for (const { table, row } of writes) {
      const rows = this.#rows.get(table) ?? new Map<string, AnyRow>()
      this.#rows.set(table, rows)
      // The key of an append-only table without one is the database's own.
      const ownKey = table.write === 'append' && table.key.length === 0
      const key = ownKey ? String(rows.size) : table.keyOf(row)
      if (table.write === 'append' && rows.has(key)) throw new Error(`${table.name} has ${key} already`)
      rows.set(key, row)
    }
  }

  load(reads: readonly Read[], state: State): void {
    for (const read of reads) {
      if (!state.claim(read)) continue
      for (const row of this.#rows.get(read.finder.table)?.values() ?? [])
        if (matches(read, row)) state.put({ table: read.finder.table, row })
    }
  }

  all<C extends Columns>(table: Table<C>): RowOf<C>[] {
    return [...(this.#rows.get(table)?.values() ?? [])] as RowOf<C>[]
  }
}
