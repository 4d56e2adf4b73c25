/**
 * The sales of a day of the branch, or of a cash session.
 */
import { type LocalDay, spanOfDay, wallClock } from '../../contract.ts'
import type { Entity } from '../../sdk/index.ts'
import { referenceAt } from './references.ts'

export type Sale = Entity<'sale'>

/** What is looked at: a day, or the session that is open, whatever the date is. */
export type Period = { day: LocalDay } | { cashSessionId: string }

/** Newest first. */
export function salesOf(sales: readonly Sale[], period: Period, timeZone: string): readonly Sale[] {
  const at = new Map(sales.map((sale) => [sale, new Date(sale.finalizedAt).getTime()]))
  const within = (sales: readonly Sale[]) => {
    if ('cashSessionId' in period)
      return sales.filter(({ cashSessionId }) => cashSessionId === period.cashSessionId)
    const { from, to } = spanOfDay(period.day, timeZone)
    return sales.filter((sale) => at.get(sale)! >= from.getTime() && at.get(sale)! < to.getTime())
  }
  return [...within(sales)].sort((one, other) => at.get(other)! - at.get(one)!)
}

/** By which a receipt is found again: its place in this till's chain; of a sale made elsewhere the end of its id. */
export const referenceOf = ({ id }: Pick<Sale, 'id'>): string => referenceAt(id) ?? id.slice(-6).toUpperCase()

export const saleFilters = ['all', 'waiting', 'voided'] as const
export type SaleFilter = (typeof saleFilters)[number]

/** `waiting`: the server has not given it a number yet. */
export function filtered(sales: readonly Sale[], filter: SaleFilter): readonly Sale[] {
  if (filter === 'waiting') return sales.filter(isWaiting)
  if (filter === 'voided') return sales.filter(({ status }) => status === 'VOIDED')
  return sales
}

export const isWaiting = ({ receiptNumber }: Pick<Sale, 'receiptNumber'>): boolean => receiptNumber === null

/** What counts: voided sales do not. */
const counted = (sales: readonly Sale[]) => sales.filter(({ status }) => status === 'FINALIZED')

/** `averageUsd`: in whole cents, 0 where there is no sale. */
export function summaryOf(sales: readonly Sale[]): { count: number; totalUsd: number; averageUsd: number } {
  const of = counted(sales)
  const totalUsd = of.reduce((sum, { totals }) => sum + totals.totalUsd, 0)
  return { count: of.length, totalUsd, averageUsd: of.length === 0 ? 0 : Math.round(totalUsd / of.length) }
}

/** From 0 to 23. */
export type Hour = { hour: number; count: number; totalUsd: number }

const dayMs = 86_400_000

/** From the first hour with a sale to the last, with the empty ones between: over midnight too, as a session goes. */
export function byHour(sales: readonly Sale[], timeZone: string): readonly Hour[] {
  const hours = Array.from({ length: 24 }, (_, hour): Hour => ({ hour, count: 0, totalUsd: 0 }))
  const hourOf = (at: Date) => hours[wallClock(at, timeZone).hour]!
  const of = counted(sales)
  for (const { finalizedAt, totals } of of) {
    const hour = hourOf(new Date(finalizedAt))
    hour.count += 1
    hour.totalUsd += totals.totalUsd
  }
  const times = of.map(({ finalizedAt }) => Date.parse(finalizedAt)).sort((one, other) => one - other)
  if (times.length === 0) return []
  // What is longer than a day has no order but the clock's.
  const start = times.at(-1)! - times[0]! < dayMs ? hourOf(new Date(times[0]!)).hour : 0
  const inOrder = [...hours.slice(start), ...hours.slice(0, start)]
  const isSold = ({ count }: Hour) => count > 0
  return inOrder.slice(inOrder.findIndex(isSold), inOrder.findLastIndex(isSold) + 1)
}
