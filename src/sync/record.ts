/**
 * The operation record: one row for each key that was ever decided, whatever the lane.
 * It is what makes a replay exact: a key that is in it is answered from it.
 */
import type { Queryable } from '../platform/database.ts'
import { type Inspected, storable } from './inspect.ts'
import { col, defineTable, nullable, type Row, type Write } from './table.ts'
import type { Json, OperationStatus } from './words.ts'

const spec = {
  name: 'sync_operation',
  key: ['clientOpId'],
  columns: {
    clientOpId: col.uuid,
    type: col.text,
    branchId: nullable(col.text),
    payload: nullable(col.jsonText),
    payloadHash: col.text,
    status: col.text,
    code: nullable(col.text),
    message: nullable(col.text),
    details: nullable(col.json<Json>()),
    result: nullable(col.json<Json>()),
    appliedSeq: nullable(col.bigint),
    actorId: col.text,
    submittedBy: col.text,
    approvedFor: nullable(col.text),
    deviceId: nullable(col.text),
    deviceSeq: nullable(col.bigint),
    chainId: nullable(col.uuid),
    prevLink: nullable(col.text),
    madeHash: nullable(col.text),
    lane: col.text,
    dependsOn: col.uuids,
    occurredAt: col.time,
    clockSkewMs: nullable(col.bigint),
    decidedAt: col.time,
  },
} as const

/** New keys are inserted: a second writer of the same key is an error, and its operation is decided again. */
export const operationTable = defineTable({ ...spec, write: 'append' })
/**
 * A rejection that a person asked to try again is replaced by the new verdict. A denial waits for nobody: what was
 * applied meanwhile stays.
 */
export const operationRetryTable = defineTable({
  ...spec,
  write: 'upsert',
  replaces: { column: 'status', is: 'REJECTED' },
})

export type Verdict = {
  readonly clientOpId: string
  readonly status: OperationStatus
  readonly duplicate: boolean
  readonly code: string | null
  readonly message: string | null
  readonly details: Json
  readonly result: Json
  readonly appliedSeq: number | null
}

/** What is remembered of a key. */
export type Known = Verdict & {
  readonly branchId: string | null
  readonly payloadHash: string
  /** The chain that its record has a place in. */
  readonly chainId?: string | null
  /** Answered in this batch without being kept (it speaks of who brought the operation). */
  readonly unkept?: boolean
}

/** What the record holds of these keys. What the rows that an operation made say again is told by them (`retold`). */
export async function loadKnown(
  db: Queryable,
  tenantId: string,
  clientOpIds: Iterable<string>,
): Promise<Map<string, Known>> {
  const ids = [...new Set(clientOpIds)]
  const rows = await db.rows<Known>(
    `select client_op_id as "clientOpId", branch_id as "branchId", payload_hash as "payloadHash", chain_id as "chainId", status, code,
       message, details, applied_seq as "appliedSeq", false as duplicate, case when retold then (
         select r.result from sync_retold r where r.tenant_id = $1 and r.client_op_id = o.client_op_id) else result end as result
     from sync_operation o where tenant_id = $1 and client_op_id = any($2::uuid[])`,
    [tenantId, ids],
  )
  return new Map(rows.map((row) => [row.clientOpId, row]))
}

/** The row that keeps a verdict. `replaces`: the key was rejected before and tried again. */
export function recordRow(inspected: Inspected, verdict: Verdict, replaces: boolean): Write {
  const { op, payloadText } = inspected
  const row: Row<typeof operationTable> = {
    clientOpId: op.clientOpId,
    type: storable(op.type),
    branchId: op.branchId || null,
    payload: payloadText,
    payloadHash: inspected.payloadHash,
    status: verdict.status,
    code: verdict.code,
    message: verdict.message,
    details: verdict.details,
    result: verdict.result,
    appliedSeq: verdict.appliedSeq,
    actorId: op.actorId,
    submittedBy: op.submittedBy,
    approvedFor: op.approvedFor ?? null,
    deviceId: op.deviceId,
    deviceSeq: inspected.deviceSeq,
    chainId: op.link?.chain ?? null,
    prevLink: inspected.chain?.prev ?? null,
    madeHash: inspected.chain?.madeAs ?? null,
    lane: op.lane,
    dependsOn: [...inspected.dependsOn],
    occurredAt: op.occurredAt,
    clockSkewMs: op.clockSkewMs ?? null,
    decidedAt: op.at,
  }
  return (replaces ? operationRetryTable : operationTable).row(row)
}
