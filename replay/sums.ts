/**
 * The money of each store, twice and apart from each other: as the file has it, and as the gateway has it. Neither
 * looks at the verdicts on the operations.
 */
import type { Gateway } from './gateway.ts'
import type { SaleRow } from './sort-out.ts'

/** `cents`: US cents. */
export type Sum = { sales: number; cents: number }

const add = (sum: Sum, cents: number): Sum => ({ sales: sum.sales + 1, cents: sum.cents + cents })
export const nothing: Sum = { sales: 0, cents: 0 }

/** Of the rows with one transaction id the first, in the order of the tills: that one is the sale. */
export function distinctSales(rows: readonly SaleRow[]): Set<SaleRow> {
  const firsts = new Map<number, SaleRow>()
  for (const row of rows) if (!firsts.has(row.transactionId)) firsts.set(row.transactionId, row)
  return new Set(firsts.values())
}

/** By store. */
export function sumsByStore(rows: Iterable<SaleRow>): Map<number, Sum> {
  const sums = new Map<number, Sum>()
  for (const { storeId, quantity, priceUsd } of rows)
    sums.set(storeId, add(sums.get(storeId) ?? nothing, quantity * priceUsd))
  return sums
}

const pageSize = 200
const salesQuery = `query ($tenantId: ID!, $branchId: ID!, $after: String) {
  sales(tenantId: $tenantId, branchId: $branchId, first: ${pageSize}, after: $after) {
    pageInfo { hasNextPage endCursor }
    edges { node { id status totals { totalUsd } } }
  }
}`
type Sale = { id: string; status: string; totals: { totalUsd: number } }
type Page = { pageInfo: { hasNextPage: boolean; endCursor: string | null }; edges: { node: Sale }[] }
type Sales = { sales: Page }

/** What the gateway says of a branch: the sum of the file's sales, and of what else was sold there. */
export async function sumAtGateway(
  gateway: Gateway,
  tenantId: string,
  branchId: string,
  isOfFile: (saleId: string) => boolean,
): Promise<{ atGateway: Sum; others: Sum }> {
  let atGateway = nothing
  let others = nothing
  let after: string | null = null
  do {
    const page: Page = await gateway.request(
      salesQuery,
      { tenantId, branchId, after },
      ({ sales }: Sales) => sales,
    )
    for (const { node } of page.edges) {
      if (node.status !== 'FINALIZED') continue
      if (isOfFile(node.id)) atGateway = add(atGateway, node.totals.totalUsd)
      else others = add(others, node.totals.totalUsd)
    }
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
  } while (after !== null)
  return { atGateway, others }
}
