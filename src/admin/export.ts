/**
 * A tenant's data as files: a folder with one of JSON lines, compressed, for each table, all of one moment, while gateways
 * run. However much there is, a piece at a time is in memory.
 */
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { inTransaction } from './backup.ts'
import { writtenWhole } from './whole.ts'

/** What lets somebody in is nobody's data. */
const secret = ['credential', 'sign_in_place']

/** Of tables that do not say everything again: the views that do, and what their files are called. */
const told: Record<string, { from: string; name: string }> = {
  stock_move: { from: 'stock_entry', name: 'stock_entry' },
  audit_trail: { from: 'audit_event', name: 'audit_event' },
  sale: { from: 'sale_told', name: 'sale' },
}

const tablesSql = `
  select c.relname as "table"
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname <> all ($1::text[])
  order by c.relname`

/** A row is a line, whatever is in it: nothing in JSON text is one of the characters that COPY would look for. */
const asLines = `with (format csv, delimiter E'\\x01', quote E'\\x02')`

/** Writes the folder, which is there as a whole or not at all. Returns how many rows of which table are in it. */
export async function exportTenant(
  url: string,
  tenantId: string,
  folder: string,
): Promise<{ table: string; rows: number }[]> {
  return writtenWhole(folder, (part) => writeTables(url, tenantId, part), { recursive: true })
}

async function writeTables(url: string, tenantId: string, part: string) {
  await rm(part, { recursive: true, force: true })
  await mkdir(part, { mode: 0o700 })
  return inTransaction(url, 'isolation level repeatable read read only', { tenantId }, async (client) => {
    const { rows: tables } = await client.query<{ table: string }>(tablesSql, [secret])
    const written: { table: string; rows: number }[] = []
    for (const { table } of tables) {
      const { from, name } = told[table] ?? { from: table, name: table }
      const copied = client.query(
        copyTo(
          `copy (select row_to_json(t) from ${pg.escapeIdentifier(from)} t
             where tenant_id = ${pg.escapeLiteral(tenantId)}) to stdout ${asLines}`,
        ),
      )
      await pipeline(copied, createGzip(), createWriteStream(join(part, `${name}.jsonl.gz`), { mode: 0o600 }))
      written.push({ table: name, rows: copied.rowCount })
    }
    return written
  })
}
