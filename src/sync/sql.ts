/**
 * The SQL that a table's declaration implies: one query for each finder, one statement for all rows written.
 */
import type { Queryable } from '../platform/database.ts'
import type { State } from './state.ts'
import {
  type AnyRow,
  type AnyTable,
  type Column,
  type Condition,
  col,
  type Finder,
  keyText,
  type Read,
  snake,
  type Write,
} from './table.ts'

const columnsOf = (table: AnyTable) => Object.entries(table.columns as Record<string, Column<unknown>>)
const quoted = (name: string) => `"${name}"`

/** The columns of a table that goes by `t`, under their names in a row. */
export const selected = (table: AnyTable, without: readonly string[] = []): string =>
  columnsOf(table)
    .filter(([name]) => !without.includes(name))
    .map(([name]) => `t.${snake(name)} as ${quoted(name)}`)
    .join(', ')

/** The value stands in the text, so that PostgreSQL sees that an index with the same condition serves. */
function conditionSql(and: Condition, of = 't'): string {
  if ('yes' in and) return `${of}.${snake(and.yes)}`
  if ('not' in and) return `not ${of}.${snake(and.not)}`
  if ('none' in and) return `${of}.${snake(and.none)} is null`
  return `${of}.${snake(and.column)} = '${and.is.replaceAll("'", "''")}'`
}

const finderSql = new WeakMap<Finder, string>()

/**
 * Each key is looked up by itself (`offset 0` keeps it so). As a join, PostgreSQL goes through all that a tenant has of average
 * size, and does not know that a branch is of one tenant: it multiplies how little of a table each of the two has.
 */
function selectSql({ table, by, and, bounds }: Finder): string {
  const columns = columnsOf(table).map(
    ([name]) => `${name === bounds?.without ? 'null' : `t.${snake(name)}`} as ${quoted(name)}`,
  )
  const further = and ? ` and ${conditionSql(and)}` : ''
  if (by.length === 0)
    return `select ${columns.join(', ')} from ${table.name} t where t.tenant_id = $1${further}`
  // A number that no `int` can be is simply not found.
  const typeOf = (name: string) => (table.columns[name].sql === 'int' ? 'bigint' : table.columns[name].sql)
  const keys = by.map((name, i) => `$${i + 2}::${typeOf(name)}[]`)
  const on = by.map((name, i) => `t.${snake(name)} = k.k${i}`)
  const names = by.map((_, i) => `k${i}`)
  const within = bounds ? `limit ${bounds.most}` : 'offset 0'
  return `select t.* from unnest(${keys.join(', ')}) as k(${names.join(', ')}), lateral (
      select ${columns.join(', ')} from ${table.name} t
      where t.tenant_id = $1 and ${on.join(' and ')}${further} ${within}) t`
}

/**
 * Loads what the reads name into the state: one query for each distinct finder, whatever the number of reads, all
 * on their way at once.
 * Reads that were answered before (found or not) are not asked again.
 */
export async function load(
  db: Queryable,
  tenantId: string,
  reads: Iterable<Read>,
  state: State,
): Promise<void> {
  const wanted = new Map<Finder, Map<string, readonly unknown[]>>()
  for (const read of reads) {
    if (!state.claim(read)) continue
    const keys = wanted.get(read.finder) ?? new Map<string, readonly unknown[]>()
    keys.set(keyText(read.values), read.values)
    wanted.set(read.finder, keys)
  }
  const queries = [...wanted].map(async ([finder, keys]) => {
    let text = finderSql.get(finder)
    if (text === undefined) {
      text = selectSql(finder)
      finderSql.set(finder, text)
    }
    const values = [...keys.values()]
    const columns = finder.by.map((_, i) => values.map((value) => value[i]))
    for (const row of await db.rows<AnyRow>(text, [tenantId, ...columns]))
      state[finder.bounds?.without ? 'offer' : 'put']({ table: finder.table, row })
  })
  await Promise.all(queries)
}

/**
 * Whether a row's key could be another branch's row: its stream's lock does not keep that one's writer away, who
 * may have made it after this one looked.
 */
const sharesKeys = ({ change, key }: AnyTable) => change?.scope === 'branch' && !key.includes('branchId')

const insertSqlOf = new WeakMap<AnyTable, string>()

/** Inserts rows given as one JSON parameter, which takes as long as arrays to unnest, and needs no columns made of rows. */
function insertSql(table: AnyTable): string {
  const columns = columnsOf(table)
  const isText = (column: Column<unknown>) => column.sql === col.jsonText.sql
  const record = columns.map(([name, c]) => `${quoted(name)} ${isText(c) ? 'text' : c.sql}`).join(', ')
  const into = columns.map(([name]) => snake(name)).join(', ')
  const values = columns.map(([name, c]) => `x.${quoted(name)}${isText(c) ? '::json' : ''}`).join(', ')
  const set = columns
    .filter(([name]) => !table.key.includes(name))
    .map(([name]) =>
      table.kept.includes(name)
        ? `${snake(name)} = coalesce(excluded.${snake(name)}, ${table.name}.${snake(name)})`
        : `${snake(name)} = excluded.${snake(name)}`,
    )
  const key = ['tenant_id', ...table.key.map(snake)].join(', ')
  const guards = [
    ...(sharesKeys(table) ? [`${table.name}.branch_id = excluded.branch_id`] : []),
    ...(table.replaces ? [conditionSql(table.replaces, table.name)] : []),
  ]
  const guard = guards.length > 0 ? ` where ${guards.join(' and ')}` : ''
  const onConflict =
    table.write === 'append' ? '' : ` on conflict (${key}) do update set ${set.join(', ')}${guard}`
  return `insert into ${table.name} (tenant_id, ${into})
    select $1, ${values} from json_to_recordset($2::json) as x(${record})${onConflict}`
}

/**
 * Writes all rows, one statement for each table, all on their way at once: PostgreSQL writes the first while the
 * others are being printed. (One statement for all, with a CTE for each table, took a fifth longer.) Later rows of
 * the same key win (`upsert`) or are an error (`append`), as is a key whose row may not be replaced.
 */
export async function writeRows(db: Queryable, tenantId: string, writes: readonly Write[]): Promise<void> {
  const byTable = new Map<AnyTable, AnyRow[] | Map<string, AnyRow>>()
  for (const { table, row } of writes) {
    if (table.write === 'append') {
      const rows = (byTable.get(table) ?? []) as AnyRow[]
      rows.push(row)
      byTable.set(table, rows)
    } else {
      const rows = (byTable.get(table) ?? new Map()) as Map<string, AnyRow>
      rows.set(table.keyOf(row), row)
      byTable.set(table, rows)
    }
  }
  const statements = [...byTable].map(([table, rows]) => {
    let text = insertSqlOf.get(table)
    if (text === undefined) {
      text = insertSql(table)
      insertSqlOf.set(table, text)
    }
    const given = [...rows.values()]
    return db.run(text, [tenantId, JSON.stringify(given)]).then((written) => {
      if (written < given.length) throw new KeyTakenError(table.name)
    })
  })
  await Promise.all(statements)
}

/** As PostgreSQL's own unique violation, for rows that may not be replaced: another branch's, or a final one. */
class KeyTakenError extends Error {
  override readonly name = 'KeyTakenError'
  readonly code = '23505'
  constructor(table: string) {
    super(`a row of ${table} under the same key is not to be replaced`)
  }
}

/** All rows of a table that clients hear of and that belong to a tenant (and, given one, to a branch), in pages by key. */
export async function* selectTold(
  db: Queryable,
  table: AnyTable,
  tenantId: string,
  branchId: string | null,
  pageSize: number,
): AsyncGenerator<AnyRow[]> {
  const key = table.key as readonly string[]
  const keyColumns = key.map((name) => `t.${snake(name)}`).join(', ')
  const ofBranch = branchId === null ? '' : ' and t.branch_id = $2'
  const own = branchId === null ? [] : [branchId]
  const told = table.change?.when ? ` and ${conditionSql(table.change.when)}` : ''
  let last: AnyRow | undefined
  do {
    const from = own.length + 2
    const after = last
      ? ` and (${keyColumns}) > (${key.map((name, i) => `$${from + i}::${table.columns[name].sql}`).join(', ')})`
      : ''
    const rows: AnyRow[] = await db.rows(
      `select ${selected(table)} from ${table.name} t where t.tenant_id = $1${ofBranch}${told}${after}
       order by ${keyColumns} limit ${pageSize}`,
      [tenantId, ...own, ...(last ? key.map((name) => last?.[name]) : [])],
    )
    if (rows.length > 0) yield rows
    last = rows.length === pageSize ? rows.at(-1) : undefined
  } while (last)
}
