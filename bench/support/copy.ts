/**
 * Set-based copies of rows that operations made: a tenant that is large already is not made by a million
 * operations, but its rows are what they would have been.
 */
import type pg from 'pg'

/** The table's columns but those that the database fills by itself. */
async function columnsOf(db: pg.Client, table: string): Promise<string[]> {
  const { rows } = await db.query(
    `select attname from pg_attribute where attrelid = ($1::text)::regclass and attnum > 0 and not attisdropped
       and coalesce(pg_get_serial_sequence($1::text, attname::text), '') = '' order by attnum`,
    [table],
  )
  return rows.map(({ attname }) => attname)
}

/**
 * Copies rows of a table, called `t` in the SQL given: `across` joins what they are multiplied by, `where` says which,
 * and `set` what is new in a copy.
 */
export async function copyRows(
  db: pg.Client,
  table: string,
  how: { across: string; where: string; set: Record<string, string>; values?: unknown[] },
): Promise<void> {
  const columns = await columnsOf(db, table)
  const of = columns.map((name) => how.set[name] ?? `t.${name}`)
  await db.query(
    `insert into ${table} (${columns.join(', ')}) select ${of.join(', ')} from ${table} t ${how.across} where ${how.where}`,
    how.values,
  )
}

/** Runs `work` without the tables' indexes and makes them anew: building one costs far less than feeding it. */
export async function withoutIndexes(
  db: pg.Client,
  tables: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const { rows: constraints } = await db.query(
    `select conrelid::regclass as "table", conname as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where conrelid = any($1::text[]::regclass[]) and contype in ('p', 'u')`,
    [tables],
  )
  const { rows: indexes } = await db.query(
    `select indexrelid::regclass as name, pg_get_indexdef(indexrelid) as definition from pg_index
     where indrelid = any($1::text[]::regclass[])
       and indexrelid not in (select conindid from pg_constraint where contype in ('p', 'u'))`,
    [tables],
  )
  for (const { table, name } of constraints) await db.query(`alter table ${table} drop constraint "${name}"`)
  for (const { name } of indexes) await db.query(`drop index ${name}`)
  await work()
  await db.query(`set maintenance_work_mem = '512MB'`)
  for (const { table, name, definition } of constraints)
    await db.query(`alter table ${table} add constraint "${name}" ${definition}`)
  // Of a table in partitions it is told without theirs.
  for (const { definition } of indexes) await db.query(definition.replace(' ON ONLY ', ' ON '))
}
