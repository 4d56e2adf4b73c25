/**
 * What became of a replay: where each row ended, and the money of each store in the file beside that at the gateway.
 */
import { nameOf } from './catalogue.ts'
import { areProven, type Closings, closingsOf } from './closings.ts'
import type { Gateway } from './gateway.ts'
import { branchOf, type Ids } from './ids.ts'
import type { SortedOut } from './sort-out.ts'
import { distinctSales, nothing, type Sum, sumAtGateway, sumsByStore } from './sums.ts'
import { createTally, type Line, sessionOutcomes } from './tally.ts'

export type StoreReport = {
  storeId: number
  name: string
  inFile: Sum
  atGateway: Sum
  /** What else was sold in the branch; no business of this file. */
  others: Sum
}

/** Rows that were sold though they lack something; `byStore`: what they amount to in the sums of the file. */
export type MendedLine = Line & { byStore: Map<number, Sum> }

type Counted = {
  /** Data rows of the file. */
  rows: number
  /** Where they ended, each in one line. */
  outcomes: Line[]
  sessions: Line[]
  /** Rows and operations that were sent, and how long that took. */
  sent: number
  operations: number
  milliseconds: number
}

export type Report = Counted & {
  mended: MendedLine[]
  stores: StoreReport[]
  closings: Closings[]
  /** Every row is accounted for, every store has the file's sum, and every day of it a closing that can be proven. */
  addsUp: boolean
}

export async function reportOf(
  options: Counted & { gateway: Gateway; tenantId: string; ids: Ids; sorted: SortedOut },
): Promise<Report> {
  const { gateway, tenantId, ids, sorted, ...counted } = options
  const distinct = distinctSales(sorted.sales)
  const sums = sumsByStore(distinct)
  const saleIds = new Set([...distinct].map(({ transactionId }) => ids.sale(transactionId)))
  const stores: StoreReport[] = []
  const closings: Closings[] = []
  for (const store of sorted.stores) {
    const atGateway = await sumAtGateway(gateway, tenantId, branchOf(store.id), (id) => saleIds.has(id))
    const inFile = sums.get(store.id) ?? nothing
    stores.push({ storeId: store.id, name: nameOf(store), inFile, ...atGateway })
    const own = [...distinct].filter(({ storeId }) => storeId === store.id)
    closings.push(await closingsOf({ gateway, tenantId, ids }, store.id, own))
  }
  const mended = mendedLines(sorted.mended, distinct)
  return {
    ...counted,
    stores,
    closings,
    mended,
    addsUp: addsUp(counted, stores) && closings.every(areProven),
  }
}

function mendedLines(mended: SortedOut['mended'], distinct: ReturnType<typeof distinctSales>): MendedLine[] {
  const tally = createTally()
  for (const { row, how } of mended) tally.add(how, row)
  const rowsOf = (text: string) => mended.filter(({ how }) => how === text).map(({ row }) => row)
  return tally
    .lines()
    .map((line) => ({ ...line, byStore: sumsByStore(rowsOf(line.text).filter((row) => distinct.has(row))) }))
}

export const accountedFor = ({ outcomes }: Pick<Counted, 'outcomes'>) =>
  outcomes.reduce((sum, { count }) => sum + count, 0)

export const isEqual = ({ inFile, atGateway }: StoreReport) =>
  inFile.sales === atGateway.sales && inFile.cents === atGateway.cents

function addsUp(counted: Counted, stores: readonly StoreReport[]): boolean {
  const wellKnown: readonly string[] = Object.values(sessionOutcomes)
  return (
    accountedFor(counted) === counted.rows &&
    counted.sessions.every(({ text }) => wellKnown.includes(text)) &&
    stores.every(isEqual)
  )
}
