/**
 * What a branch has taken since some moment, for whoever looks at a day.
 */
import type { Queryable } from '../../platform/database.ts'

/** `totalUsd` in cents, of those that were not voided; `sales` counts these, `voided` the others. */
export type Takings = { sales: number; totalUsd: number; voided: number }

/**
 * A sale is recorded after it was paid, and receipts are numbered in the order of recording (but for what goes on at the
 * same time: an hour is more than that ever takes). So the newest receipts, back to the last one that was recorded
 * before, have all that was paid since: no more rows than that are read, and no index is kept for it.
 */
export async function takingsSince(
  db: Queryable,
  tenantId: string,
  branchId: string,
  since: Date,
): Promise<Takings> {
  const [row] = await db.rows<Record<keyof Takings, string>>(
    `select count(*) filter (where status <> 'VOIDED') as sales, count(*) filter (where status = 'VOIDED') as voided,
       coalesce(sum((totals ->> 'totalUsd')::bigint) filter (where status <> 'VOIDED'), 0) as "totalUsd"
     from sale
     where tenant_id = $1 and branch_id = $2 and finalized_at >= $3 and receipt_number > coalesce(
       (select receipt_number from sale where tenant_id = $1 and branch_id = $2
        and recorded_at < $3::timestamptz - interval '1 hour' order by receipt_number desc limit 1), 0)`,
    [tenantId, branchId, since],
  )
  return { sales: Number(row!.sales), totalUsd: Number(row!.totalUsd), voided: Number(row!.voided) }
}
