/** What stands outside a session now, for people who are about to close it, and what came of it after it was closed. */
import type { Database, Queryable } from '../../platform/database.ts'
import { load } from '../../sync/sql.ts'
import { State } from '../../sync/state.ts'
import type { Outcome, Outside } from './contract.ts'
import { outsideOf, outsideReads } from './outside.ts'

export function outsideNow(db: Database, where: Parameters<typeof outsideOf>[0]): Promise<Outside> {
  return db.tenant(where.tenantId).transaction(async (tx) => {
    const state = new State()
    for (const reads of outsideReads) await load(tx, where.tenantId, reads(where, state), state)
    return outsideOf(where, state)
  })
}

export type Late = {
  deviceId: string | null
  /** Null: nobody has dealt with them. */
  outcome: Outcome | null
  count: number
  usd: number
  khr: number
  totalUsd: number
}
/** Devices and outcomes of a closing. */
const maxLate = 200

/**
 * What was refused of a session and dealt with after its closing, or not yet. What is one sale or movement counts once, by how it
 * came into the books where it did.
 */
export const lateOf = (
  db: Queryable,
  of: { tenantId: string; branchId: string; cashSessionId: string; recordedAt: Date },
): Promise<Late[]> =>
  db.rows<Late>(
    `select "deviceId", outcome, count(*) as count, sum(usd)::bigint as usd, sum(khr)::bigint as khr,
       sum(total_usd)::bigint as "totalUsd"
     from (
       select distinct on (coalesce(thing_id, client_op_id)) device_id as "deviceId", outcome, usd, khr, total_usd
       from refusal
       where tenant_id = $1 and branch_id = $2 and cash_session_id = $3 and (settled_at is null or settled_at > $4)
       order by coalesce(thing_id, client_op_id),
         case outcome when 'SUPPLEMENTED' then 1 when 'BOOKED' then 2 when 'RETRIED' then 3 when 'GIVEN_UP' then 5 else 4 end
     ) as each
     group by "deviceId", outcome order by min(outcome) nulls first, "deviceId" limit $5`,
    [of.tenantId, of.branchId, of.cashSessionId, of.recordedAt, maxLate],
  )
