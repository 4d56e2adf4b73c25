/**
 * The working set of one batch: the rows that its operations name, as loaded, then as each accepted
 * decision leaves them, so that every operation sees what the one before it did.
 */
import {
  type AnyRow,
  type AnyTable,
  type Columns,
  type Finder,
  keyText,
  type Read,
  type RowOf,
  type Table,
  type Write,
} from './table.ts'
import type { OperationStatus } from './words.ts'

/** What became of an operation, as far as another's decider has to know. */
type VerdictOf = (
  clientOpId: string,
) => { readonly status: OperationStatus; readonly branchId: string | null } | undefined

export class State {
  readonly #rows = new Map<AnyTable, Map<string, AnyRow>>()
  readonly #claimed = new Set<string>()
  readonly #finderIds = new Map<Finder, number>()
  #verdictOf: VerdictOf = () => undefined

  /**
   * The row of that key, or undefined where there is none. Throws where nobody asked for it: what was not read would
   * look like what is not there.
   */
  get<C extends Columns>(table: Table<C>, ...key: unknown[]): RowOf<C> | undefined {
    const row = this.#rows.get(table)?.get(keyText(key))
    if (!row && !this.#wasAskedFor(table, key))
      throw new Error(
        `${table.name} ${JSON.stringify(key)} is looked at, but not among the operation's reads`,
      )
    return row as RowOf<C> | undefined
  }

  #wasAskedFor(table: AnyTable, key: readonly unknown[]): boolean {
    for (const [finder, id] of this.#finderIds) {
      if (finder.table !== table || finder.and) continue
      const places = finder.by.map((name) => table.key.indexOf(name))
      if (places.includes(-1)) continue
      if (
        this.#claimed.has(
          nameOf(
            id,
            places.map((place) => key[place]),
          ),
        )
      )
        return true
    }
    return false
  }

  /** Among the rows that were read; throws where no read was of that table at all. */
  find<C extends Columns>(table: Table<C>, matches: (row: RowOf<C>) => boolean): RowOf<C> | undefined {
    for (const row of this.#rowsOf(table)) if (matches(row)) return row
    return undefined
  }

  /** As `find`. */
  filter<C extends Columns>(table: Table<C>, matches: (row: RowOf<C>) => boolean): RowOf<C>[] {
    return [...this.#rowsOf(table)].filter(matches)
  }

  #rowsOf<C extends Columns>(table: Table<C>): Iterable<RowOf<C>> {
    if (![...this.#finderIds.keys()].some((finder) => finder.table === table))
      throw new Error(`${table.name} is looked through, but not among the operation's reads`)
    return (this.#rows.get(table)?.values() ?? []) as Iterable<RowOf<C>>
  }

  /**
   * The verdict on another operation, kept or given before in this batch, of those that an operation `asksAbout`; undefined:
   * there is none, or (on a device) nobody to ask. One of another branch is nothing to be told of.
   */
  verdictOf: VerdictOf = (clientOpId) => this.#verdictOf(clientOpId)

  /** Whom verdicts are asked of. */
  hear(verdictOf: VerdictOf): void {
    this.#verdictOf = verdictOf
  }

  put({ table, row }: Write): void {
    let rows = this.#rows.get(table)
    if (!rows) {
      rows = new Map()
      this.#rows.set(table, rows)
    }
    rows.set(table.keyOf(row), row)
  }

  /** As `put`, but for a row that is there already. */
  offer(write: Write): void {
    if (!this.#rows.get(write.table)?.has(write.table.keyOf(write.row))) this.put(write)
  }

  /** Another state that begins as this one is; what is put into one is not in the other. */
  copy(): State {
    const copy = new State()
    for (const [table, rows] of this.#rows) copy.#rows.set(table, new Map(rows))
    for (const name of this.#claimed) copy.#claimed.add(name)
    for (const [finder, id] of this.#finderIds) copy.#finderIds.set(finder, id)
    copy.#verdictOf = this.#verdictOf
    return copy
  }

  /** True the first time a read is asked for; the loader skips the others. */
  claim({ finder, values }: Read): boolean {
    let id = this.#finderIds.get(finder)
    if (id === undefined) {
      id = this.#finderIds.size
      this.#finderIds.set(finder, id)
    }
    const name = nameOf(id, values)
    if (this.#claimed.has(name)) return false
    this.#claimed.add(name)
    return true
  }
}

const nameOf = (finderId: number, values: readonly unknown[]) => `${finderId}\u0000${keyText(values)}`
