import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isTimeZone } from '../../src/modules/primitives.ts'
import {
  dayAfter,
  dayOf,
  isLocalDay,
  spanOfDay,
  startOfDay,
  wallClock,
} from '../../src/modules/tenant/days.ts'

const hours = ({ from, to }: { from: Date; to: Date }) => (to.getTime() - from.getTime()) / 3_600_000

describe('a day of a branch', () => {
  it.each([
    ['Asia/Phnom_Penh', '2026-03-01', '2026-02-28T17:00:00.000Z', 24],
    ['UTC', '2026-03-01', '2026-03-01T00:00:00.000Z', 24],
    ['clocks go forward', '2026-03-29', '2026-03-28T23:00:00.000Z', 23, 'Europe/Paris'],
    ['clocks go back', '2026-10-25', '2026-10-24T22:00:00.000Z', 25, 'Europe/Paris'],
    ['midnight is left out', '2018-11-04', '2018-11-04T03:00:00.000Z', 23, 'America/Sao_Paulo'],
    ['midnight comes twice', '2026-11-01', '2026-11-01T04:00:00.000Z', 25, 'America/Havana'],
    ['half an hour', '2026-10-04', '2026-10-03T13:30:00.000Z', 23.5, 'Australia/Lord_Howe'],
    ['a day that was left out', '2011-12-30', '2011-12-30T10:00:00.000Z', 0, 'Pacific/Apia'],
  ])('%s, %s', (name, day, from, length, timeZone = name) => {
    const span = spanOfDay(day, timeZone)
    expect(span.from.toISOString()).toBe(from)
    expect(hours(span)).toBe(length)
  })

  it('each moment is in the one day that it says, and days leave no moment out', () => {
    const zones = ['Asia/Phnom_Penh', 'Europe/Paris', 'America/Havana', 'Asia/Kathmandu', 'Pacific/Auckland']
    const moments = { min: Date.parse('2020-01-01'), max: Date.parse('2030-01-01') }
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer(moments), (timeZone, ms) => {
        const day = dayOf(new Date(ms), timeZone)
        const { from, to } = spanOfDay(day, timeZone)
        expect(from.getTime()).toBeLessThanOrEqual(ms)
        expect(ms).toBeLessThan(to.getTime())
        expect(startOfDay(dayAfter(day), timeZone)).toEqual(to)
      }),
    )
  })

  it('a clock on the wall says its hour', () => {
    const at = new Date('2026-03-01T17:05:00.000Z')
    expect(wallClock(at, 'Asia/Phnom_Penh')).toEqual({ year: 2026, month: 3, day: 2, hour: 0, minute: 5 })
  })

  it('names are the database’s: no offsets, which some read the other way', () => {
    expect(['Asia/Phnom_Penh', 'UTC', 'Etc/GMT-7'].filter(isTimeZone)).toHaveLength(3)
    expect(['', '+07:00', 'GMT+7', 'Asia/Phnom_Pen', "'; --", 'Europe'].filter(isTimeZone)).toEqual([])
  })

  it('days are of the calendar', () => {
    expect(isLocalDay('2028-02-29')).toBe(true)
    expect(['2026-02-29', '2026-3-1', 'today', '2026-13-01', ''].filter(isLocalDay)).toEqual([])
  })
})
