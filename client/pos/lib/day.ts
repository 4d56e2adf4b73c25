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

/** From the first hour with a sale to the last, with the empty ones between. */
export function byHour(sales: readonly Sale[], timeZone: string): readonly Hour[] {
  const hours = Array.from({ length: 24 }, (_, hour): Hour => ({ hour, count: 0, totalUsd: 0 }))
  for (const { finalizedAt, totals } of counted(sales)) {
    const hour = hours[wallClock(new Date(finalizedAt), timeZone).hour]!
    hour.count += 1
    hour.totalUsd += totals.totalUsd
  }
  const first = hours.findIndex(({ count }) => count > 0)
  return first < 0 ? [] : hours.slice(first, hours.findLastIndex(({ count }) => count > 0) + 1)
}
