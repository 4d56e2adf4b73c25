import { createHmac } from 'node:crypto'
import pg from 'pg'
import { ROLE } from './initialise.ts'

/** The role that a gateway works under: it owns its database, and may do nothing beside it. */
export const APP_ROLE = 'modula_app'

/** Made of the superuser's, which cannot be told from it: the same at every start, and no further file to lose. */
const passwordOf = (superusers: string) =>
  createHmac('sha256', superusers).update(APP_ROLE).digest('base64url')

/** The same database, under that role. */
export function appUrl(superuserUrl: string): URL {
  const url = new URL(superuserUrl)
  url.username = APP_ROLE
  url.password = passwordOf(decodeURIComponent(url.password))
  return url
}

/**
 * Sees to it that the role is there and owns the database with everything in it, also where the superuser made it (data
 * folders of versions before). Returns the URL to work under.
 */
export async function ensureAppRole(superuserUrl: string): Promise<string> {
  const url = appUrl(superuserUrl)
  const client = new pg.Client(superuserUrl)
  await client.connect()
  try {
    await client.query('begin')
    const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [APP_ROLE])
    if (!rowCount) await client.query(`create role ${APP_ROLE}`)
    await client.query(
      `alter role ${APP_ROLE} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
       password ${client.escapeLiteral(url.password)}`,
    )
    await client.query(handOver)
    await client.query('commit')
  } finally {
    await client.end()
  }
  return url.href
}

/**
 * The database, and what of `public` is still the superuser's. Sequences and indexes of a table go with it. (REASSIGN
 * OWNED would do, but not for a role that the system's own objects belong to.)
 */
const handOver = `do $$
declare each record;
begin
  execute format('alter database %I owner to ${APP_ROLE}', current_database());
  for each in
    select format('alter table %s owner to ${APP_ROLE}', c.oid::regclass) as statement
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relowner = '${ROLE}'::regrole
      and c.relkind in ('r', 'p', 'v', 'm', 'S')
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('a', 'i') and d.refobjsubid > 0)
    union all
    select format('alter type %s owner to ${APP_ROLE}', t.oid::regtype)
    from pg_type t
    where t.typnamespace = 'public'::regnamespace and t.typowner = '${ROLE}'::regrole and t.typtype in ('e', 'd')
    union all
    select format('alter routine %s owner to ${APP_ROLE}', p.oid::regprocedure)
    from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proowner = '${ROLE}'::regrole
  loop
    execute each.statement;
  end loop;
end $$`
