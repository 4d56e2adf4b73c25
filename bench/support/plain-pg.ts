/**
 * Plain `pg` writing rows that are there already, set-based, over one connection for each till: the same tables,
 * indexes and upserts as the gateway, with nothing decided, checked or looked up.
 */
import pg from 'pg'
import { ofEveryTenant } from '../../test/support/every-tenant.ts'
import { timed } from './measure.ts'
import { Heads, type Rows, type Sales, tables, transactions } from './same-rows.ts'

/** Writes the rows in one transaction. */
export type Write = (client: pg.Client, rows: Rows) => Promise<void>

type Column = { name: string; type: string }

/** The two ways of plain `pg` to write rows set-based. */
export async function plainWriters(db: pg.Client): Promise<{ aStatementATable: Write; oneStatement: Write }> {
  const columns = new Map<string, Column[]>()
  for (const { name } of tables) columns.set(name, await columnsOf(db, name))

  const inserts = tables.map(({ name, upsertBy }) => {
    const own = columns.get(name)!
    return { name, own, upsertBy, unnest: `${insertUnnest(name, own)}${onConflict(own, upsertBy)}` }
  })
  const json = inserts.map(
    ({ name, own, upsertBy }) => `${insertJson(name, own)}${onConflict(own, upsertBy)}`,
  )
  const parts = tables.map(({ name }) => `${name} json`).join(', ')
  const oneText = `with p as materialized (
      select * from json_to_record($1::json)
      as p("tenantId" text, "branchId" text, "headSeq" bigint, ${parts})
    ), ${json.map((text, i) => `w${i} as (${text})`).join(',\n')}
    update sync_stream s set head_seq = p."headSeq" from p
    where s.tenant_id = p."tenantId" and s.branch_id = p."branchId"`

  return {
    async aStatementATable(client, { tenantId, branchId, tables: byName, headSeq }) {
      await client.query('begin')
      for (const { name, own, unnest } of inserts) {
        const rows = byName.get(name)!
        const values = own.map((column) => rows.map((row) => asParameter(row[column.name], column)))
        await client.query({ name, text: unnest, values })
      }
      await client.query({
        name: 'head',
        text: 'update sync_stream set head_seq = $3 where tenant_id = $1 and branch_id = $2',
        values: [tenantId, branchId, headSeq],
      })
      await client.query('commit')
    },

    async oneStatement(client, { tenantId, branchId, tables: byName, headSeq }) {
      const all = JSON.stringify({ tenantId, branchId, headSeq, ...Object.fromEntries(byName) })
      await client.query({ name: 'all', text: oneText, values: [all] })
    },
  }
}

async function columnsOf(db: pg.Client, table: string): Promise<Column[]> {
  const { rows } = await db.query(
    `select a.attname as name, format_type(a.atttypid, null) as type from pg_attribute a
     where a.attrelid = ($1::text)::regclass and a.attnum > 0 and not a.attisdropped
       and coalesce(pg_get_serial_sequence($1::text, a.attname::text), '') = ''
     order by a.attnum`,
    [table],
  )
  return rows
}

/** Arrays cannot be unnested from an array of arrays, so they travel as text, as JSON does. */
const isText = ({ type }: Column) => type === 'json' || type.endsWith('[]')

function asParameter(value: unknown, { type }: Column): unknown {
  if (value === null || value === undefined) return null
  if (type === 'json') return JSON.stringify(value)
  return Array.isArray(value) ? `{${value.join(',')}}` : value
}

const names = (columns: readonly Column[]) => columns.map(({ name }) => name).join(', ')

function insertUnnest(table: string, columns: readonly Column[]): string {
  const arrays = columns.map((column, i) => `$${i + 1}::${isText(column) ? 'text' : column.type}[]`)
  const values = columns.map((column) => (isText(column) ? `${column.name}::${column.type}` : column.name))
  return `insert into ${table} (${names(columns)})
    select ${values.join(', ')} from unnest(${arrays.join(', ')}) as t(${names(columns)})`
}

function insertJson(table: string, columns: readonly Column[]): string {
  const record = columns.map(({ name, type }) => `${name} ${type}`).join(', ')
  return `insert into ${table} (${names(columns)})
    select ${columns.map(({ name }) => `t.${name}`).join(', ')}
    from p cross join lateral json_to_recordset(p.${table}) as t(${record})`
}

function onConflict(columns: readonly Column[], key: readonly string[] | undefined): string {
  if (!key) return ''
  const others = columns.filter(({ name }) => !key.includes(name))
  return ` on conflict (${key.join(', ')}) do update set ${others
    .map(({ name }) => `${name} = excluded.${name}`)
    .join(', ')}`
}

/** Plain `pg` in place of the gateway: a tenant for each way of writing, whose streams go on from round to round. */
export class PlainPg {
  readonly #clients: readonly pg.Client[]
  readonly #branches: readonly string[]
  readonly #heads = new Map<string, Heads>()

  /** A connection for each of the branches. */
  static async connect(databaseUrl: string, branches: readonly string[]): Promise<PlainPg> {
    const clients = branches.map(() => new pg.Client(ofEveryTenant(databaseUrl)))
    for (const client of clients) await client.connect()
    return new PlainPg(clients, branches)
  }

  constructor(clients: readonly pg.Client[], branches: readonly string[]) {
    this.#clients = clients
    this.#branches = branches
  }

  /** Each connection writes one till's sales, `size` of them a transaction; sales a second. */
  async write(plainTenant: string, write: Write, sales: readonly Sales[], size: number): Promise<number> {
    const heads = this.#heads.get(plainTenant) ?? new Heads()
    this.#heads.set(plainTenant, heads)
    const work = sales.map((each) => transactions(each, size, plainTenant, heads))
    await this.#openStreams(plainTenant)
    const ms = await timed(() =>
      Promise.all(
        this.#clients.map(async (client, i) => {
          for (const rows of work[i]!) await write(client, rows)
        }),
      ),
    )
    const count = sales.reduce((sum, { sold }) => sum + sold.length, 0)
    return (count / ms) * 1_000
  }

  async #openStreams(plainTenant: string): Promise<void> {
    await this.#clients[0]!.query(
      `insert into sync_stream (tenant_id, branch_id, epoch)
       select distinct $1, branch_id, gen_random_uuid() from unnest($2::text[]) as b(branch_id)
       on conflict do nothing`,
      [plainTenant, this.#branches],
    )
  }

  async close(): Promise<void> {
    for (const client of this.#clients) await client.end()
  }
}
