/**
 * The queue of one till: for each day of its store a session opened, the sales, the session closed. Pure; the
 * same rows make the same operations to the letter.
 */
import { totalsOf } from '../src/modules/sale/pricing.ts'
import { storePolicy } from './catalogue.ts'
import { branchOf, type Ids, menuItemOf } from './ids.ts'
import type { Published } from './publish.ts'
import type { SaleRow } from './sort-out.ts'
import type { TillOperation } from './transport.ts'

/** An operation with the row that it comes from; sessions come from none. */
export type Queued = {
  operation: TillOperation
  row: SaleRow | null
  /** The row's transaction id stands in an earlier row: it is that row's sale again, or a wrong one. */
  repeated: boolean
}

/** What is in the drawer in the morning. */
const openingFloat = { usd: 10_000, khr: 0 }

/** The store's clock, taken as UTC. */
const timeOf = ({ date, time }: SaleRow) => `${date}T${time}.000Z`

/**
 * `rows`: the store's, in the till's order. `seen`: the transactions of the tills before this one; those of this one
 * are added. Which of several rows with one id is the sale is so decided by their order, not by chance.
 */
export function* tillQueue(
  storeId: number,
  rows: readonly SaleRow[],
  published: Published,
  ids: Ids,
  seen: Set<number>,
): Generator<Queued> {
  const branchId = branchOf(storeId)
  let deviceSeq = 0
  const queued = (
    operation: Omit<TillOperation, 'branchId' | 'deviceSeq'>,
    row: SaleRow | null = null,
    repeated = false,
  ): Queued => {
    // A till queues an intent once: its repetition takes no number.
    if (!repeated) deviceSeq += 1
    return { operation: { ...operation, branchId, deviceSeq: repeated ? null : deviceSeq }, row, repeated }
  }

  for (const [date, sales] of Map.groupBy(rows, (row) => row.date)) {
    const cashSessionId = ids.cashSession(storeId, date)
    const opened = ids.openOperation(storeId, date)
    yield queued({
      clientOpId: opened,
      type: 'cashSession.open',
      payload: { cashSessionId, openingFloat },
      dependsOn: [],
      occurredAt: timeOf(sales[0]!),
    })

    let taken = 0
    for (const row of sales) {
      const payload = salePayload(row, ids.sale(row.transactionId), cashSessionId, published)
      const repeated = seen.has(row.transactionId)
      seen.add(row.transactionId)
      if (!repeated) taken += payload.totals.totalUsd
      const clientOpId = ids.saleOperation(row.transactionId)
      yield queued(
        { clientOpId, type: 'sale.finalize', payload, dependsOn: [opened], occurredAt: timeOf(row) },
        row,
        repeated,
      )
    }

    // Not dependent on the sales: a day with one that was refused ends like any other.
    yield queued({
      clientOpId: ids.closeOperation(storeId, date),
      type: 'cashSession.close',
      payload: { cashSessionId, counted: { ...openingFloat, usd: openingFloat.usd + taken } },
      dependsOn: [opened],
      occurredAt: timeOf(sales.at(-1)!),
    })
  }
}

/** One line, paid with the exact amount in dollars. */
function salePayload(row: SaleRow, saleId: string, cashSessionId: string, published: Published) {
  const { storeId, productId, priceUsd, quantity } = row
  const totals = totalsOf([{ unitUsd: priceUsd, quantity }], storePolicy)
  return {
    saleId,
    cashSessionId,
    saleType: 'TAKEAWAY',
    policyRevision: published.policyRevisionOf(storeId),
    lines: [
      {
        menuItemId: menuItemOf(productId),
        menuItemRevision: published.revisionOf(productId, priceUsd),
        quantity,
        modifierOptionIds: [],
      },
    ],
    totals,
    tender: { method: 'CASH', currency: 'USD', received: totals.totalUsd, change: { usd: 0, khr: 0 } },
  }
}
