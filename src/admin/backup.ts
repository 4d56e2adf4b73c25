/**
 * A backup in one file, of whichever PostgreSQL, the embedded one too: all tables as they are at one moment, while gateways
 * run. Its rows are PostgreSQL's own text of them, so it is restored into any later PostgreSQL, and into a gateway of
 * this version or a later one. Row-level security is not in it: COPY fills no table that has it, so it comes on afterwards.
 *
 * The file is gzip of lines: a head with the migrations that its tables have; for each table a line of JSON, its rows as
 * COPY writes them, and `\.`; and an end that says how many rows there were, so that half a file is known as such.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { connect } from '../platform/connect.ts'
import { createLogger } from '../platform/log.ts'
import { migrate } from '../platform/migrate.ts'
import { everyTenant, type Reach, reachSql } from '../platform/row-security.ts'
import { CommandError } from './command.ts'
import { writtenWhole } from './whole.ts'

const format = 'modula-sync backup 1'
const endOfRows = '\\.'

type Head = { format: string; at: string; migrations: string[] }
type TableHead = { table: string; columns: string[] }
type End = { end: true; tables: number; rows: number }

/** What is kept of what: migrations are listed in the head, and made anew by themselves. */
const tablesSql = `
  select c.relname as "table", array_agg(a.attname::text order by a.attnum) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname <> '_prisma_migrations'
  group by c.oid, c.relname
  -- What others refer to comes before them.
  order by exists (select from pg_constraint f where f.contype = 'f' and f.conrelid = c.oid), c.relname`

const migrationsSql = `select migration_name as name from _prisma_migrations
  where finished_at is not null and rolled_back_at is null order by migration_name`

const quoted = (name: string) => pg.escapeIdentifier(name)
const listed = ({ columns }: TableHead) => columns.map(quoted).join(', ')

/** A connection whose statements take as long as they take, in one transaction. */
export async function inTransaction<T>(
  url: string,
  kind: string,
  reach: Reach,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connect(url)
  try {
    await client.query(`begin ${kind}; set local statement_timeout = 0; ${reachSql(reach)};
      set local idle_in_transaction_session_timeout = 0; set local timezone = 'UTC'`)
    const result = await work(client)
    await client.query('commit')
    return result
  } finally {
    await client.end()
  }
}

/** Writes the backup, which is there as a whole or not at all. Returns how many rows it has. */
export async function backUp(url: string, file: string, at: Date): Promise<number> {
  let rows = 0
  async function* content(client: pg.Client): AsyncGenerator<string | Buffer> {
    const line = (value: Head | TableHead | End) => `${JSON.stringify(value)}\n`
    const migrations = (await client.query<{ name: string }>(migrationsSql)).rows.map(({ name }) => name)
    const tables = (await client.query<TableHead>(tablesSql)).rows
    yield line({ format, at: at.toISOString(), migrations })
    for (const table of tables) {
      yield line(table)
      const copied = client.query(
        copyTo(`copy (select ${listed(table)} from ${quoted(table.table)}) to stdout`),
      )
      yield* copied
      rows += copied.rowCount
      yield `${endOfRows}\n`
    }
    yield line({ end: true, tables: tables.length, rows })
  }
  await writtenWhole(file, async (part) => {
    await inTransaction(url, 'isolation level repeatable read read only', everyTenant, (client) =>
      // It holds PINs' hashes and keys: nobody else's to read.
      pipeline(
        Readable.from(content(client)),
        createGzip({ level: 1 }),
        createWriteStream(part, { mode: 0o600 }),
      ),
    )
    await durable(part)
  })
  return rows
}

async function durable(file: string): Promise<void> {
  const handle = await open(file)
  await handle.sync().finally(() => handle.close())
}

/** A backup's lines, one after the other. */
class Lines {
  readonly #lines: AsyncGenerator<Buffer>
  constructor(file: string) {
    this.#lines = linesOf(createReadStream(file).pipe(createGunzip()))
  }
  async next(): Promise<Buffer> {
    const { value, done } = await this.#lines.next().catch((cause) => {
      throw new CommandError('REFUSED', `the backup is damaged: ${(cause as Error).message}`)
    })
    if (done) throw new CommandError('REFUSED', 'the backup ends in the middle')
    return value
  }
  async json<T>(): Promise<T> {
    const line = await this.next()
    try {
      return JSON.parse(line.toString())
    } catch {
      throw new CommandError('REFUSED', 'this is no backup of modula-sync')
    }
  }
  /** Rows up to the end of their table, as COPY wrote them. */
  async *rows(): AsyncGenerator<Buffer> {
    for (;;) {
      const line = await this.next()
      if (line.length === 2 && line.toString() === endOfRows) return
      yield Buffer.concat([line, newline])
    }
  }
}
const newline = Buffer.from('\n')

/** By line feeds alone: other characters that end lines are content. */
async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of stream) {
    let from = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      const line = chunk.subarray(from, at)
      yield rest.length > 0 ? Buffer.concat([rest, line]) : line
      rest = Buffer.alloc(0)
      from = at + 1
    }
    rest = Buffer.concat([rest, chunk.subarray(from)])
  }
}

/**
 * Fills an empty database from a backup, in one transaction, and gives every stream a new epoch: whatever devices saw from
 * after the backup, they begin anew and send again what it does not have. Returns how many rows there are.
 */
export async function restore(url: string, file: string): Promise<number> {
  const lines = new Lines(file)
  const head = await lines.json<Head>()
  if (head.format !== format) throw new CommandError('REFUSED', 'this is no backup of modula-sync')
  const log = createLogger('silent')
  // Its tables are made as they were; what came later is done to its rows afterwards, as with an upgrade.
  const made = await migrate(url, { log, only: new Set(head.migrations) })
  if (made.length < head.migrations.length) {
    const known = new Set(made)
    const unknown = head.migrations.find((name) => !known.has(name))
    throw new CommandError(
      'REFUSED',
      `the database is not empty, or the backup is of a newer version (${unknown})`,
    )
  }
  const rows = await inTransaction(url, '', everyTenant, async (client) => {
    const filled = await fill(client, lines)
    await client.query('update sync_stream set epoch = gen_random_uuid()')
    await client.query(sequencesSql)
    return filled
  })
  await migrate(url, { log, isOurs: true })
  return rows
}

async function fill(client: pg.Client, lines: Lines): Promise<number> {
  let rows = 0
  for (let tables = 0; ; tables += 1) {
    const next = await lines.json<TableHead | End>()
    if ('end' in next) {
      if (next.rows !== rows || next.tables !== tables)
        throw new CommandError('REFUSED', 'the backup is not whole')
      return rows
    }
    const copying = client.query(copyFrom(`copy ${quoted(next.table)} (${listed(next)}) from stdin`))
    await pipeline(Readable.from(lines.rows()), copying)
    rows += copying.rowCount
  }
}

/** Numbers that PostgreSQL gives go on after those that are there. */
const sequencesSql = `do $$
declare each record; last bigint;
begin
  for each in select table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name) as sequence
    from information_schema.columns
    where table_schema = 'public' and pg_get_serial_sequence(quote_ident(table_name), column_name) is not null
  loop
    execute format('select max(%I) from %I', each.column_name, each.table_name) into last;
    if last is not null then perform setval(each.sequence, last); end if;
  end loop;
end $$`
