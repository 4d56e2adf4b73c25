/**
 * A long past: sales by the hundred thousand, with every row that pushing them would have left, as set-based copies
 * of sales that were pushed.
 */
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { branchName, decide, operation, saleOperation, tenantId } from './cafe.ts'
import { copyRows, withoutIndexes } from './copy.ts'
import { vacuumAnalyze, withClient, withServices } from './stage.ts'

const templates = 200
const branchId = branchName(0)

/** What grows with every sale. */
export const tablesOfSales = [
  'sale',
  'cash_movement',
  'stock_move',
  'audit_trail',
  'sync_operation',
  'sync_change',
] as const

/** Gives the café's first branch a past of `count` sales. */
export async function addPastSales(databaseUrl: string, count: number): Promise<void> {
  await withServices(databaseUrl, (services) =>
    decide(services, [
      // Whoever sells is at work, or it would be told with each sale.
      operation('attendance.startWork', branchId, { attendanceId: randomUUID() }),
      ...Array.from({ length: templates }, (_, i) => saleOperation(branchId, i)),
    ]),
  )
  await withClient(databaseUrl, (db) => fill(db, count))
}

/**
 * `past` pairs each new sale with the one it is a copy of; its ids and numbers take the place of that one's
 * everywhere. They are of the last year, in order of time, as devices make them.
 */
async function fill(db: pg.Client, count: number): Promise<void> {
  await db.query(
    `create table past as
     select o.client_op_id as template, uuid.op_id, uuid.sale_id, i as n
     from generate_series(1, ${count}) as i
     join (select client_op_id, row_number() over () as k from sync_operation where tenant_id = $1
       and type = 'sale.finalize') o on o.k = 1 + i % ${templates}
     cross join lateral (select uuidv7(ago) as op_id, uuidv7(ago) as sale_id
       from make_interval(secs => (i - ${count}) * 31536000.0 / ${count}) as ago) uuid`,
    [tenantId],
  )
  await vacuumAnalyze(db)
  const copy = (table: string, template: string, set: Record<string, string>) =>
    copyRows(db, table, {
      across: `join past p on p.template = ${template}`,
      where: `t.tenant_id = '${tenantId}'`,
      set: { client_op_id: 'p.op_id', ...set },
    })
  const head = `(select head_seq from sync_stream where tenant_id = '${tenantId}' and branch_id = '${branchId}')`
  const receipts = `${templates} + p.n`
  // As a till's: of its device, in its chain.
  const chained = {
    device_id: "'018f4e1a-6d2c-7b3f-9c01-bd3f2a170000'",
    lane: "'REPLAY'",
    device_seq: 'p.n',
    chain_id: "'018f4e1a-6d2c-7b3f-9c01-bd3f2a170001'",
    prev_link: "encode(sha256(p.op_id::text::bytea), 'hex')",
    payload: "replace(t.payload::text, t.payload ->> 'saleId', p.sale_id::text)::json",
    result: `json_build_object('saleId', p.sale_id, 'receiptNumber', ${receipts}, 'pricedFromStaleCache', false,
      'totals', t.result -> 'totals')`,
  }
  await withoutIndexes(db, tablesOfSales, async () => {
    await copy('sale', 't.client_op_id', { id: 'p.sale_id', receipt_number: receipts })
    await copy('cash_movement', 't.id', { id: 'p.op_id', sale_id: 'p.sale_id' })
    await copy('stock_move', 't.client_op_id', { sale_id: 'p.sale_id' })
    await copy('audit_trail', 't.client_op_id', {})
    await copy('sync_operation', 't.client_op_id', { ...chained, applied_seq: `${head} + p.n` })
    await copy('sync_change', `t.client_op_id and t.entity_kind = 'sale'`, {
      entity_id: 'p.sale_id::text',
      seq: `${head} + p.n`,
    })
  })
  await db.query('drop table past')
  await db.query('update sync_stream set head_seq = head_seq + $3 where tenant_id = $1 and branch_id = $2', [
    tenantId,
    branchId,
    count,
  ])
  await db.query(
    'update receipt_counter set last_number = last_number + $3 where tenant_id = $1 and branch_id = $2',
    [tenantId, branchId, count],
  )
  await vacuumAnalyze(db)
  await db.query('checkpoint')
}
