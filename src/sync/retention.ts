/**
 * Retention: tombstones and finished business leave the feed when they are old. The horizon of the stream
 * remembers how far that went; a cursor behind it is answered with CURSOR_EXPIRED, so nothing is missed in silence.
 * The business rows stay: only the feed forgets. And what an applied operation said is kept once, when it is old: where the
 * rows that it made say it again, its record keeps key, hash and verdict alone.
 */
import { setTimeout as rest } from 'node:timers/promises'
import type { Database, Queryable } from '../platform/database.ts'
import { takeUnderLock, tenantStream } from './tenant-stream.ts'

export type Retention = { tombstoneDays: number; feedDays: number }

const pageSize = 2000
const lockName = 'modula-sync retention'

/** Purges all that is due; the number of changes purged. One gateway at a time: null where another is at it. */
export async function purge(db: Database, retention: Retention, now: Date): Promise<number | null> {
  let purged = 0
  for (;;) {
    const before = purged
    for (const stream of await duePage(db.everyTenant, retention, now)) {
      if (stream.branchId === tenantStream) await bringAllUp(db, stream.tenantId)
      const gone = await db
        .tenant(stream.tenantId)
        .transaction(async (tx) => ((await isOurTurn(tx)) ? purgeStream(tx, stream, retention, now) : null))
      if (gone === null) return purged > 0 ? purged : null
      purged += gone
    }
    if (purged === before) return purged
  }
}

/** For the transaction: a session may be another's by the next one. */
async function isOurTurn(tx: Queryable): Promise<boolean> {
  const [lock] = await tx.rows<{ taken: boolean }>(
    'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as taken',
    [lockName],
  )
  return lock?.taken ?? false
}

/** Before the tenant's own stream forgets, every branch's has taken what is forgotten: those of which nobody pulls, too. */
async function bringAllUp(db: Database, tenantId: string): Promise<void> {
  const rows = db.tenant(tenantId)
  const behind = await rows.rows<Stream>(
    `select s.tenant_id as "tenantId", s.branch_id as "branchId" from sync_stream s
     where s.tenant_id = $1 and s.branch_id <> '' and s.tenant_seq <
       (select t.head_seq from sync_stream t where t.tenant_id = $1 and t.branch_id = '')`,
    [tenantId],
  )
  for (const { branchId } of behind) await rows.transaction((tx) => takeUnderLock(tx, tenantId, branchId))
}

type Stream = { tenantId: string; branchId: string }

/** So many days earlier. */
export const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * 86_400_000)

/** Streams with something due, found by the index on what ages: the cost follows what is due, not what is kept. */
const duePage = (db: Queryable, { tombstoneDays, feedDays }: Retention, now: Date) =>
  db.rows<Stream>(
    `select distinct tenant_id as "tenantId", branch_id as "branchId" from (
       select tenant_id, branch_id from sync_change
       where ages_from < greatest($1::timestamptz, $2::timestamptz)
         and ages_from < case when op_kind = 'TOMBSTONE' then $1::timestamptz else $2::timestamptz end
       order by ages_from limit ${pageSize}) due
     order by 1, 2`,
    [daysBefore(now, tombstoneDays), daysBefore(now, feedDays)],
  )

/**
 * One page of one stream, under its lock: what is purged and the horizon are committed together. Nobody else writes
 * under the lock, so the rows are where they were found, and are deleted there: by their keys, PostgreSQL took them
 * one by one against all others where it knew no better, a second for a page.
 */
async function purgeStream(
  tx: Queryable,
  { tenantId, branchId }: Stream,
  retention: Retention,
  now: Date,
): Promise<number> {
  await tx.run('select 1 from sync_stream where tenant_id = $1 and branch_id = $2 for update', [
    tenantId,
    branchId,
  ])
  const [result] = await tx.rows<{ count: number }>(
    `with gone as (
       delete from sync_change where tenant_id = $1 and branch_id = $2 and ctid = any(array(
         select ctid from sync_change
         where tenant_id = $1 and branch_id = $2
           and ages_from < case when op_kind = 'TOMBSTONE' then $3::timestamptz else $4::timestamptz end
         order by ages_from limit ${pageSize}))
       returning seq),
     moved as (
       update sync_stream set horizon_seq = greatest(horizon_seq, (select max(seq) from gone))
       where tenant_id = $1 and branch_id = $2 and exists (select 1 from gone))
     select count(*)::int as count from gone`,
    [tenantId, branchId, daysBefore(now, retention.tombstoneDays), daysBefore(now, retention.feedDays)],
  )
  return result?.count ?? 0
}

/** As many as are looked at within a tenth of a second. */
const operationsPage = 200

/**
 * Looks once at each applied operation that is so many days old: where the view `sync_retold` says its payload and its
 * result again, they leave its record. Whatever they do not say as it was said, a key or a spelling, stays. How many left;
 * null where another gateway is at it.
 */
export async function forgetRetold(db: Database, days: number, now: Date): Promise<number | null> {
  const before = daysBefore(now, days)
  let left = 0
  for (const { tenantId } of await dueTenants(db.everyTenant, before)) {
    let since = new Date(0)
    for (;;) {
      const began = performance.now()
      const page = await db
        .tenant(tenantId)
        .transaction(async (tx) => ((await isOurTurn(tx)) ? forgetPage(tx, tenantId, since, before) : null))
      if (page === null) return left > 0 ? left : null
      left += page.left
      if (!page.last || page.seen < operationsPage) break
      since = page.last
      // After an upgrade there may be years of them: as much time is left to everybody else.
      await rest(performance.now() - began)
    }
  }
  return left
}

/** A probe of an index for each tenant. */
const dueTenants = (db: Queryable, before: Date) =>
  db.rows<{ tenantId: string }>(
    `select tenant_id as "tenantId" from tenant t where exists (
       select 1 from sync_operation o where o.tenant_id = t.tenant_id and o.status = 'APPLIED' and o.retold is null
         and o.decided_at < $1)`,
    [before],
  )

type Looked = { seen: number; left: number; last: Date | null }

/**
 * Each is compared once: as a subquery, PostgreSQL did so at each of the three places that ask, and a page of 500 took 0.7 s.
 * Goes on where the page before ended: from the beginning, the index would lead by all that was looked at since, which it
 * has until a vacuum, and while somebody's snapshot is older, as a backup's is.
 */
async function forgetPage(tx: Queryable, tenantId: string, since: Date, before: Date): Promise<Looked> {
  const [page] = await tx.rows<Looked>(
    `with due as materialized (
       select client_op_id, payload, result, decided_at from sync_operation
       where tenant_id = $1 and status = 'APPLIED' and retold is null and decided_at >= $2 and decided_at < $3
       order by decided_at limit ${operationsPage}),
     compared as materialized (
       select d.client_op_id, coalesce((
         select d.payload::jsonb = r.payload::jsonb and d.result::jsonb = r.result::jsonb from sync_retold r
         where r.tenant_id = $1 and r.client_op_id = d.client_op_id), false) as same
       from due d),
     looked as (
       update sync_operation o set retold = e.same, payload = case when not e.same then o.payload end,
         result = case when not e.same then o.result end
       from compared e
       where o.tenant_id = $1 and o.client_op_id = e.client_op_id
       returning o.retold)
     select count(*)::int as seen, count(*) filter (where retold)::int as left, (select max(decided_at) from due) as last
     from looked`,
    [tenantId, since, before],
  )
  return page ?? { seen: 0, left: 0, last: null }
}
