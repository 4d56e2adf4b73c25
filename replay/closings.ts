/**
 * The closings of each store, as an auditor would look at them: exported by the gateway, verified by what needs nothing of it
 * (docs/proof.md), and each day's statement beside the rows of that day.
 */
import { type Fault, verify } from '../scripts/verify.ts'
import type { Gateway } from './gateway.ts'
import { branchOf, type Ids } from './ids.ts'
import type { SaleRow } from './sort-out.ts'

/**
 * `days`: of the file. `stated`: those whose statement says what the rows of that day come to. `faults`: of the books. `tills`:
 * what the chains say of the tills themselves: a queue in memory that is run again is a till whose store was lost, and an id
 * that is used for two things leaves a number out.
 */
export type Closings = { storeId: number; days: number; stated: number; faults: Fault[]; tills: Fault[] }

const ofTills = ['CHAIN_FORKED', 'OPERATION_MISSING']

export const areProven = ({ days, stated, faults }: Closings): boolean =>
  stated === days && faults.length === 0

const exportQuery = `query ($tenantId: ID!, $branchId: ID!, $after: String) {
  proofExport(tenantId: $tenantId, branchId: $branchId, from: "1970-01-01T00:00:00Z", to: "9999-01-01T00:00:00Z", after: $after) {
    lines
    next
  }
}`
type Page = { lines: string[]; next: string | null }

async function exported(gateway: Gateway, tenantId: string, branchId: string): Promise<string[]> {
  const lines: string[] = []
  let after: string | null = null
  do {
    const page: Page = await gateway.request(
      exportQuery,
      { tenantId, branchId, after },
      ({ proofExport }: { proofExport: Page }) => proofExport,
    )
    lines.push(...page.lines)
    after = page.next
  } while (after !== null)
  return lines
}

type Statement = { cashSessionId: string; sales: { count: number; totalUsd: number } }

/** By session. */
function statementsIn(lines: readonly string[]): Map<string, Statement> {
  const statements = lines
    .filter((line) => line.startsWith('{"kind":"statement"'))
    .map((line) => JSON.parse(line) as Statement)
  return new Map(statements.map((each) => [each.cashSessionId, each]))
}

/** `sales`: the store's, each transaction once. */
export async function closingsOf(
  { gateway, tenantId, ids }: { gateway: Gateway; tenantId: string; ids: Ids },
  storeId: number,
  sales: readonly SaleRow[],
): Promise<Closings> {
  const lines = await exported(gateway, tenantId, branchOf(storeId))
  const statements = statementsIn(lines)
  const days = Map.groupBy(sales, ({ date }) => date)
  const stated = [...days].filter(([date, rows]) => {
    const told = statements.get(ids.cashSession(storeId, date))?.sales
    const cents = rows.reduce((sum, { quantity, priceUsd }) => sum + quantity * priceUsd, 0)
    return told?.count === rows.length && told.totalUsd === cents
  })
  const all = verify(lines)
  const [tills, faults] = [true, false].map((is) => all.filter(({ name }) => ofTills.includes(name) === is))
  return { storeId, days: days.size, stated: stated.length, faults: faults!, tills: tills! }
}
