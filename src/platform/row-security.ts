/**
 * Row-level security: PostgreSQL itself shows a transaction the rows of the tenant that it began with, and no others, to the
 * role that owns the tables too. A statement that nobody said it of reads nothing, and what it writes is refused.
 *
 * The version before this one says nothing of the kind, and would read nothing. So no migration puts the policies on, but
 * who knows that no such gateway is at work: the start of one that has its database to itself, or the operator.
 */
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { connect } from './connect.ts'
import type { Logger } from './log.ts'

/** Whose rows are meant. */
export type Reach = { readonly tenantId: string } | typeof everyTenant
/** For what is about all tenants: a setting of its own, so that no tenant's id can be taken for it. */
export const everyTenant = 'every tenant'

/** The setting that says so, and its value. */
export function settingOf(reach: Reach): readonly [string, string] {
  if (reach === everyTenant) return ['modula.every_tenant', 'on']
  if (reach.tenantId.includes('\0')) throw new RangeError('no tenant has a NUL in its id')
  return ['modula.tenant', reach.tenantId]
}

/** The statement that says so until the transaction ends. */
export function reachSql(reach: Reach): string {
  const [name, value] = settingOf(reach)
  return `set local ${name} = ${pg.escapeLiteral(value)}`
}

const policyName = 'modula_tenant'

/**
 * Compared as the column's type, by an operator that is leakproof, so the keys of the statement itself are looked up in its
 * indexes as ever. The settings are read by subqueries, once a statement: read for each row they doubled what a scan took.
 * (A CASE, as PostgreSQL would take an OR for a second condition on the tenant, and expect the square of what there is
 * less.)
 */
const policySql = `case when tenant_id = (select current_setting('modula.tenant', true)) then true
  else (select current_setting('modula.every_tenant', true) = 'on') end`

/** Tables with a tenant, partitions too, that are not as `isOn` says. */
const tablesSql = `select c.oid::regclass::text as "table" from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p
      where p.polrelid = c.oid and p.polname = '${policyName}')) <> $1
  order by 1`

/**
 * Views with a tenant that look at their tables as whoever made them, a migration perhaps run by a superuser, and not as
 * whoever asks. (Before PostgreSQL 15 none can do otherwise.)
 */
const viewsSql = `select c.oid::regclass::text as "view" from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
    and current_setting('server_version_num')::int >= 150000
    and not coalesce(c.reloptions, '{}') && '{security_invoker=true,security_invoker=on}' order by 1`

const putOn = (
  table: string,
) => `set local lock_timeout = '2s'; drop policy if exists ${policyName} on ${table};
  create policy ${policyName} on ${table} using (${policySql});
  alter table ${table} enable row level security, force row level security`

const takeOff = (
  table: string,
) => `set local lock_timeout = '2s'; drop policy if exists ${policyName} on ${table};
  alter table ${table} disable row level security, no force row level security`

/** How often a table is tried for that somebody uses all the while: two seconds each time, so that nobody waits for long. */
const tries = 10

/**
 * Has every table of tenants secured (or not any more), one after the other, also while gateways work; the tables for which
 * something was to be done.
 */
export const secureRows = (url: string, isOn: boolean): Promise<string[]> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ table: string }>(tablesSql, [isOn])
    for (const { table } of rows) await again(() => client.query(isOn ? putOn(table) : takeOff(table)))
    const views = isOn ? (await client.query<{ view: string }>(viewsSql)).rows : []
    for (const { view } of views)
      await again(() => client.query(`alter view ${view} set (security_invoker = true)`))
    return rows.map(({ table }) => table)
  })

/** Does it as soon as nobody is in the way. */
export async function again(change: () => Promise<unknown>): Promise<void> {
  for (let left = tries - 1; ; left -= 1)
    try {
      await change()
      return
    } catch (error) {
      const isBusy = ['55P03', '40P01'].includes((error as { code?: string }).code ?? '')
      if (!isBusy || left === 0) throw error
      await delay(200)
    }
}

const lookSql = `select rolsuper or rolbypassrls as "passesBy",
    (select relrowsecurity and relforcerowsecurity from pg_class where oid = to_regclass('public.tenant')) as "isOn"
  from pg_roles where rolname = current_user`

type Look = { passesBy: boolean; isOn: boolean | null }

/**
 * After migrations: secures everything in a database that `isOurs` alone (the embedded one, one that was empty until now),
 * and new tables where the others are secured.
 */
export async function secureWhereSafe(url: string, isOurs: boolean, log: Logger): Promise<void> {
  const { passesBy, isOn } = await withClient(
    url,
    async (client) => (await client.query<Look>(lookSql)).rows[0]!,
  )
  if (isOurs || isOn) await secureRows(url, true)
  else if (isOn === false)
    log.warn(
      'row-level security is off: once every gateway is of this version, npm run admin -- row-security on',
    )
  if (passesBy)
    log.warn(
      'row-level security means nothing to a superuser, or a role with BYPASSRLS: DATABASE_URL has one',
    )
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
