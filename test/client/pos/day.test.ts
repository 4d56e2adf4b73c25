import { describe, expect, it } from 'vitest'
import { byHour, filtered, type Sale, salesOf, summaryOf } from '../../../client/pos/lib/day.ts'
import { runningWork, timeSince } from '../../../client/pos/lib/work.ts'

const sale = (id: string, finalizedAt: Date, totalUsd = 500, more: Partial<Sale> = {}): Sale => ({
  id,
  pending: false,
  receiptNumber: 1,
  status: 'FINALIZED',
  saleType: 'DINE_IN',
  cashSessionId: 's1',
  policyRevision: 1,
  lines: [],
  totals: { subtotalUsd: totalUsd, vatUsd: 0, totalUsd, totalKhr: totalUsd * 41 },
  tender: { method: 'CASH', currency: 'USD', received: totalUsd, change: { usd: 0, khr: 0 } },
  pricedFromStaleCache: false,
  actorId: 'sophea',
  finalizedAt: finalizedAt.toISOString(),
  ...more,
})
/** In Phnom Penh, wherever this runs. */
const zone = 'Asia/Phnom_Penh'
const at = (hour: number, minute = 0) => new Date(Date.UTC(2026, 2, 2, hour - 7, minute))
const ids = (sales: readonly Sale[]) => sales.map(({ id }) => id)

describe('the sales of a day', () => {
  const sales = [
    sale('midnight', at(0)),
    sale('yesterday', new Date(at(0).getTime() - 1)),
    sale('noon', at(12), 300, { receiptNumber: null, pending: true }),
    sale('tomorrow', at(24)),
    sale('late', at(23, 59), 700, { status: 'VOIDED' }),
  ]
  const today = salesOf(sales, { day: '2026-03-02' }, zone)

  it('are those from midnight to midnight in the branch, newest first', () =>
    expect(ids(today)).toEqual(['late', 'noon', 'midnight']))

  it('a session’s are its own, whatever the date is', () => {
    const night = [
      sale('before', at(23), 500, { cashSessionId: 's1' }),
      sale('after', at(25), 500, { cashSessionId: 's1' }),
      sale('other', at(22), 500, { cashSessionId: 's2' }),
    ]
    expect(ids(salesOf(night, { cashSessionId: 's1' }, zone))).toEqual(['after', 'before'])
  })

  it('can be filtered', () => {
    expect(ids(filtered(today, 'waiting'))).toEqual(['noon'])
    expect(ids(filtered(today, 'voided'))).toEqual(['late'])
    expect(filtered(today, 'all')).toBe(today)
  })

  it('are counted without the voided ones', () => {
    expect(summaryOf(today)).toEqual({ count: 2, totalUsd: 800, averageUsd: 400 })
    expect(summaryOf([])).toEqual({ count: 0, totalUsd: 0, averageUsd: 0 })
  })

  it('by hour, with the empty hours between', () => {
    const hours = byHour([sale('a', at(8, 59)), sale('b', at(8)), sale('c', at(11), 250)], zone)
    expect(hours).toEqual([
      { hour: 8, count: 2, totalUsd: 1000 },
      { hour: 9, count: 0, totalUsd: 0 },
      { hour: 10, count: 0, totalUsd: 0 },
      { hour: 11, count: 1, totalUsd: 250 },
    ])
    expect(byHour([], zone)).toEqual([])
  })

  it('goes over midnight as a session does, and by the clock where it is longer than a day', () => {
    const night = byHour([sale('c', at(25)), sale('b', at(23)), sale('a', at(22))], zone)
    expect(night.map(({ hour, count }) => [hour, count])).toEqual([
      [22, 1],
      [23, 1],
      [0, 0],
      [1, 1],
    ])
    const long = byHour([sale('a', at(22)), sale('b', at(50))], zone)
    expect([long[0]!.hour, long.at(-1)!.hour, long.length]).toEqual([2, 22, 21])
  })
})

describe('work', () => {
  const attendance = (actorId: string, status: 'ACTIVE' | 'COMPLETED') => ({
    id: `${actorId}-${status}`,
    pending: false,
    actorId,
    status,
    startedAt: at(8).toISOString(),
    endedAt: null,
  })

  it('is the one of the person that runs', () => {
    const all = [attendance('a', 'COMPLETED'), attendance('b', 'ACTIVE'), attendance('a', 'ACTIVE')]
    expect(runningWork(all, 'a')?.id).toBe('a-ACTIVE')
    expect(runningWork(all, 'c')).toBeNull()
  })

  it('takes hours and minutes; a clock that was set back counts as nothing', () => {
    expect(timeSince(at(8), at(10, 5))).toEqual({ hours: 2, minutes: 5 })
    expect(timeSince(at(8), at(7))).toEqual({ hours: 0, minutes: 0 })
  })
})
