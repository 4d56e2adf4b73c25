/**
 * Retention: tombstones and finished business leave the feed when they are old. The horizon of the stream
 * remembers how far that went; a cursor behind it is answered with CURSOR_EXPIRED, so nothing is missed in silence.
 * The business rows stay: only the feed forgets.
 */
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
    for (const stream of await duePage(db, retention, now)) {
      if (stream.branchId === tenantStream) await bringAllUp(db, stream.tenantId)
      const gone = await db.transaction(async (tx) =>
        (await isOurTurn(tx)) ? purgeStream(tx, stream, retention, now) : null,
      )
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
  const behind = await db.rows<Stream>(
    `select s.tenant_id as "tenantId", s.branch_id as "branchId" from sync_stream s
     where s.tenant_id = $1 and s.branch_id <> '' and s.tenant_seq <
       (select t.head_seq from sync_stream t where t.tenant_id = $1 and t.branch_id = '')`,
    [tenantId],
  )
  for (const { branchId } of behind) await db.transaction((tx) => takeUnderLock(tx, tenantId, branchId))
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
