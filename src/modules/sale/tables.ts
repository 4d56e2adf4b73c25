import { col, defineFinder, defineTable, nullable } from '../../sync/table.ts'
import type { SaleEntity, SaleFinalize, SoldLine } from './contract.ts'
import type { Totals } from './pricing.ts'

export const sales = defineTable({
  name: 'sale',
  key: ['branchId', 'id'],
  write: 'upsert',
  columns: {
    branchId: col.text,
    id: col.uuid,
    /** The operation that made it; its ledger entries carry the same. */
    clientOpId: col.uuid,
    receiptNumber: col.bigint,
    status: col.text,
    saleType: col.text,
    cashSessionId: col.uuid,
    policyRevision: col.int,
    /** Empty: as its revision has it. Gateways of before copied it; the view `sale_told` has it of all. */
    policy: col.json<object>(),
    lines: col.json<SoldLine[]>(),
    totals: col.json<Totals>(),
    tender: col.json<SaleFinalize['tender']>(),
    pricedFromStaleCache: col.bool,
    actorId: col.text,
    finalizedAt: col.time,
    recordedAt: col.time,
    voidedAt: nullable(col.time),
    voidedBy: nullable(col.text),
    voidReason: nullable(col.text),
  },
  change: {
    module: 'SALE',
    kind: 'sale',
    scope: 'branch',
    id: (row) => row.id,
    finishedAt: (row) => row.voidedAt ?? row.recordedAt,
    payload: (row) =>
      ({
        receiptNumber: row.receiptNumber,
        status: row.status,
        saleType: row.saleType,
        cashSessionId: row.cashSessionId,
        policyRevision: row.policyRevision,
        lines: row.lines,
        totals: row.totals,
        tender: row.tender,
        pricedFromStaleCache: row.pricedFromStaleCache,
        actorId: row.actorId,
        finalizedAt: row.finalizedAt,
        ...(row.voidedAt ? { voidedAt: row.voidedAt, voidReason: row.voidReason ?? '' } : {}),
      }) as SaleEntity,
  },
})
/**
 * By its id alone: named with it, the branch would lead PostgreSQL to the indices that begin with it, and through all that it
 * has sold. A sale of another branch under the same id is a row of another key.
 */
export const saleById = defineFinder(sales, ['id'])

/** Receipt numbers are given in the order of decision, without gaps, under the branch's stream lock. */
export const receiptCounters = defineTable({
  name: 'receipt_counter',
  key: ['branchId'],
  write: 'upsert',
  columns: { branchId: col.text, lastNumber: col.bigint },
})
export const receiptCounterOf = defineFinder(receiptCounters, ['branchId'])
