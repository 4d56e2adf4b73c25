/**
 * A backup of some tenants, and what a restore from it does: the rows are as they were, and the streams are under
 * new epochs. Others in the same database know nothing of it.
 */
import pg from 'pg'

/** In one transaction, as somebody for whom no row is out of sight and no reference is looked at. */
async function inPlace<T>(
  superuserUrl: string,
  isolation: 'read committed' | 'repeatable read',
  work: (db: pg.Client) => Promise<T>,
): Promise<T> {
  const db = new pg.Client(superuserUrl)
  await db.connect()
  try {
    await db.query(`begin isolation level ${isolation}`)
    await db.query("set local session_replication_role = 'replica'")
    const done = await work(db)
    await db.query('commit')
    return done
  } finally {
    await db.end()
  }
}

type Table = { name: string; columns: string }

/** Every table that says whose its rows are; columns that are computed are left out. */
async function tablesOf(db: pg.Client): Promise<Table[]> {
  const { rows } = await db.query<Table>(
    `select c.oid::regclass::text as name, string_agg(quote_ident(a.attname), ', ') as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     group by c.oid having bool_or(a.attname = 'tenant_id')`,
  )
  return rows
}

const copyOf = ({ name }: Table) => `backup.${name}`

/** Of one moment, also while tills push. */
export const backUp = (superuserUrl: string, tenantIds: readonly string[]): Promise<void> =>
  inPlace(superuserUrl, 'repeatable read', async (db) => {
    await db.query('drop schema if exists backup cascade')
    await db.query('create schema backup')
    for (const table of await tablesOf(db)) {
      await db.query(`create table ${copyOf(table)} as table ${table.name} with no data`)
      await db.query(`insert into ${copyOf(table)} select * from ${table.name} where tenant_id = any($1)`, [
        tenantIds,
      ])
    }
  })

export const restore = (superuserUrl: string, tenantIds: readonly string[]): Promise<void> =>
  inPlace(superuserUrl, 'read committed', async (db) => {
    for (const table of await tablesOf(db)) {
      const { name, columns } = table
      await db.query(`delete from ${name} where tenant_id = any($1)`, [tenantIds])
      await db.query(
        `insert into ${name} (${columns}) overriding system value select ${columns} from ${copyOf(table)}`,
      )
    }
    await db.query('update sync_stream set epoch = gen_random_uuid() where tenant_id = any($1)', [tenantIds])
  })
