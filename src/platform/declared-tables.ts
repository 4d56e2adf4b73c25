/**
 * Whether the database has the tables that the modules declare. A column is declared beside its migration: whoever forgets
 * either learns it at the start, and not from the first operation.
 */
import type { AnyTable, Column } from '../sync/table.ts'
import { snake } from '../sync/table.ts'
import type { Rows } from './database.ts'
import { StartError } from './start-error.ts'

/** The types, as PostgreSQL names them, that a declared one may be. */
const kept: Readonly<Record<string, readonly string[]>> = {
  int: ['integer', 'smallint'],
  timestamptz: ['timestamp with time zone'],
  json: ['json', 'jsonb'],
  'json as text': ['json', 'jsonb'],
}

/** Throws a StartError that names the first table or column that is not there, or is of another type. */
export async function checkDeclared(db: Rows, tables: readonly AnyTable[]): Promise<void> {
  const found = await db.rows<{ table: string; column: string; type: string }>(
    `select relname as table, attname as column, format_type(atttypid, null) as type
     from pg_attribute join pg_class on pg_class.oid = attrelid
     where attnum > 0 and not attisdropped and pg_class.oid = any(select to_regclass(name) from unnest($1::text[]) name)`,
    [tables.map(({ name }) => name)],
  )
  const typeOf = new Map(found.map(({ table, column, type }) => [`${table}.${column}`, type]))
  const there = new Set(found.map(({ table }) => table))
  for (const { name, columns } of tables) {
    if (!there.has(name))
      throw new StartError(
        `the database has no table ${name}, which a module declares: is its migration given?`,
      )
    for (const [property, { sql }] of Object.entries(columns as Record<string, Column<unknown>>)) {
      const type = typeOf.get(`${name}.${snake(property)}`)
      if (!type)
        throw new StartError(`the table ${name} has no column ${snake(property)}, which a module declares`)
      if (!(kept[sql] ?? [sql]).includes(type))
        throw new StartError(
          `${name}.${snake(property)} is ${type} in the database, and ${sql} as a module declares it`,
        )
    }
  }
}
