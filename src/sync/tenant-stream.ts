/**
 * What concerns a whole tenant is written once, into a stream of the tenant's own, whose lock its writers hold; nobody ever
 * holds all branches' streams. A branch's stream takes what is newer under its own lock, before anything else is written
 * into it or handed out of it, and remembers how far it has come (`tenant_seq`). So a branch remains one stream in one
 * order, and what concerns ten thousand branches costs its writer one row.
 *
 * The numbers of the branch go on from its head as those of the tenant did: `head + (seq - tenant_seq)`. So where the
 * branch's head will be is known before anything is taken.
 */
import type { Queryable } from '../platform/database.ts'

/** Stands for a branch where the tenant itself is meant; no branch has it. */
export const tenantStream = ''

/** A tenant has its stream from its first change on. */
export const makeTenantStream = (db: Queryable, tenantId: string): Promise<number> =>
  db.run(
    `insert into sync_stream (tenant_id, branch_id, epoch) values ($1, '', gen_random_uuid())
     on conflict (tenant_id, branch_id) do nothing`,
    [tenantId],
  )

export const tenantHead = async (db: Queryable, tenantId: string): Promise<number> => {
  const [stream] = await db.rows<{ headSeq: number }>(
    `select head_seq as "headSeq" from sync_stream where tenant_id = $1 and branch_id = ''`,
    [tenantId],
  )
  return stream?.headSeq ?? 0
}

/**
 * Has these branches' streams, whose locks the caller holds, take what they lack; their new heads. What a branch may not
 * see is a tombstone where it has seen it, and nothing where it has not.
 */
export const takeTenantChanges = (
  tx: Queryable,
  tenantId: string,
  branchIds: readonly string[],
): Promise<{ branchId: string; headSeq: number }[]> =>
  tx.rows(
    `with s as (
       select s.branch_id, s.head_seq, s.tenant_seq, t.head_seq as tenant_head
       from sync_stream s join sync_stream t on t.tenant_id = $1 and t.branch_id = ''
       where s.tenant_id = $1 and s.branch_id = any($2::text[]) and s.tenant_seq < t.head_seq),
     taken as (
       insert into sync_change (tenant_id, branch_id, entity_kind, entity_id, seq, module, op_kind, payload,
         owner_id, actor_id, client_op_id, occurred_at, ages_from)
       select $1, s.branch_id, c.entity_kind, c.entity_id, s.head_seq + c.seq - s.tenant_seq, c.module,
         case when v.visible then c.op_kind else 'TOMBSTONE' end, case when v.visible then c.payload end,
         c.owner_id, c.actor_id, c.client_op_id, c.occurred_at,
         case when v.visible then c.ages_from else coalesce(c.ages_from, c.occurred_at) end
       from s join sync_change c on c.tenant_id = $1 and c.branch_id = '' and c.seq > s.tenant_seq
       cross join lateral (select case
         when c.only_in is null then true
         when '' = any(c.only_in) then coalesce((select bool_or(a.branch_id = s.branch_id) from sync_audience a
           where a.tenant_id = $1 and a.entity_kind = c.entity_kind and a.entity_id = c.entity_id), true)
         else s.branch_id = any(c.only_in) end as visible) v
       where v.visible or exists (select 1 from sync_change b where b.tenant_id = $1 and b.branch_id = s.branch_id
         and b.entity_kind = c.entity_kind and b.entity_id = c.entity_id)
       on conflict (tenant_id, branch_id, entity_kind, entity_id) do update set
         seq = excluded.seq, module = excluded.module, op_kind = excluded.op_kind, payload = excluded.payload,
         owner_id = excluded.owner_id, actor_id = excluded.actor_id, client_op_id = excluded.client_op_id,
         occurred_at = excluded.occurred_at, ages_from = excluded.ages_from)
     update sync_stream u set head_seq = s.head_seq + s.tenant_head - s.tenant_seq, tenant_seq = s.tenant_head
     from s where u.tenant_id = $1 and u.branch_id = s.branch_id
     returning u.branch_id as "branchId", u.head_seq as "headSeq"`,
    [tenantId, branchIds],
  )

/** The same for one branch whose lock nobody of ours holds; `waitMs`: for the lock, at most. */
export async function takeUnderLock(
  tx: Queryable,
  tenantId: string,
  branchId: string,
  waitMs?: number,
): Promise<void> {
  // Each its own statement, one after the other on one connection: what is taken is what there is once the lock is had.
  await Promise.all([
    ...(waitMs ? [tx.rows(`select set_config('lock_timeout', $1, true)`, [String(waitMs)])] : []),
    tx.run('select 1 from sync_stream where tenant_id = $1 and branch_id = $2 for update', [
      tenantId,
      branchId,
    ]),
    takeTenantChanges(tx, tenantId, [branchId]),
  ])
}

/** A branch, the head that it will have once it has taken what there is, and its place among all `count` of its tenant. */
export type HeadToBe = { branchId: string; headSeq: number; rank: number; count: number }

/** Of these branches; null: of all. */
export const headsToBe = (
  db: Queryable,
  tenantId: string,
  branchIds: readonly string[] | null,
): Promise<HeadToBe[]> =>
  db.rows(
    `select * from (
       select s.branch_id as "branchId", s.head_seq + t.head_seq - s.tenant_seq as "headSeq",
         row_number() over (order by s.branch_id) - 1 as rank, count(*) over () as count
       from sync_stream s join sync_stream t on t.tenant_id = $1 and t.branch_id = ''
       where s.tenant_id = $1 and s.branch_id <> '') of_all
     where $2::text[] is null or "branchId" = any($2) order by rank`,
    [tenantId, branchIds],
  )
