/**
 * What a branch has taken since some moment, for whoever looks at a day.
 */
import type { Queryable } from '../../platform/database.ts'

/** `totalUsd` in cents, of those that were not voided; `sales` counts these, `voided` the others. */
export type Takings = { sales: number; totalUsd: number; voided: number }

/** Of all that was paid since, whenever it was told. */
export async function takingsSince(
  db: Queryable,
  tenantId: string,
  branchId: string,
  since: Date,
): Promise<Takings> {
  const [row] = await db.rows<Record<keyof Takings, string>>(
    `select count(*) filter (where status <> 'VOIDED') as sales, count(*) filter (where status = 'VOIDED') as voided,
       coalesce(sum((totals ->> 'totalUsd')::bigint) filter (where status <> 'VOIDED'), 0) as "totalUsd"
     from sale where tenant_id = $1 and branch_id = $2 and finalized_at >= $3`,
    [tenantId, branchId, since],
  )
  return { sales: Number(row!.sales), totalUsd: Number(row!.totalUsd), voided: Number(row!.voided) }
}
