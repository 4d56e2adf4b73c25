/**
 * A branch whose stream is long already: copies of the sales that were made in it, as they are pulled.
 */
import type pg from 'pg'
import { tenantId } from './cafe.ts'

/** Copies the sales of the branch, of which there must be some, until its stream holds `changes`. */
export async function fillStream(db: pg.Client, branchId: string, changes: number): Promise<void> {
  await db.query(
    `with head as (
       select head_seq, (select count(*) from sync_change where tenant_id = $1 and branch_id = $2) as held
       from sync_stream where tenant_id = $1 and branch_id = $2
     ), sold as (
       select row_number() over () as n, count(*) over () as of, c.* from sync_change c
       where tenant_id = $1 and branch_id = $2 and entity_kind = 'sale'
     )
     insert into sync_change (tenant_id, branch_id, entity_kind, entity_id, seq, module, op_kind, payload, owner_id,
       actor_id, client_op_id, occurred_at, ages_from)
     select tenant_id, branch_id, entity_kind, gen_random_uuid(), head_seq + i, module, op_kind, payload, owner_id,
       actor_id, gen_random_uuid(), occurred_at, ages_from
     from head cross join lateral generate_series(1, $3 - held) as i join sold on n = 1 + i % of`,
    [tenantId, branchId, changes],
  )
  await db.query(
    `update sync_stream set head_seq = (select max(seq) from sync_change where tenant_id = $1 and branch_id = $2)
     where tenant_id = $1 and branch_id = $2`,
    [tenantId, branchId],
  )
}
