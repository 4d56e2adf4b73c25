/**
 * Days as a branch has them: by its time zone, in which a day may begin at one in the morning, and have 23 or 25 hours.
 * Pure, on `Intl` alone; the client imports this file.
 */

/** A day without a zone, `2026-03-01`: as texts they have the order of time. */
export type LocalDay = string

const isDay = /^\d{4}-\d{2}-\d{2}$/
/** Whether it is a day of the calendar, such as `2026-02-28`. */
export function isLocalDay(text: string): boolean {
  const utc = new Date(`${text}T00:00:00.000Z`)
  return isDay.test(text) && !Number.isNaN(utc.getTime()) && utc.toISOString().startsWith(text)
}

/** What a clock on the branch's wall says. `month` from 1, `hour` from 0 to 23. */
export type WallClock = { year: number; month: number; day: number; hour: number; minute: number }

/** Making one takes longer than asking it a hundred times; zones are few. */
const clocks = new Map<string, Intl.DateTimeFormat>()
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  clocks.set(timeZone, made)
  return made
}

export function wallClock(moment: Date, timeZone: string): WallClock {
  const parts = clockOf(timeZone).formatToParts(moment)
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)!.value)
  return { year: of('year'), month: of('month'), day: of('day'), hour: of('hour'), minute: of('minute') }
}

const digits = (value: number, count: number) => String(value).padStart(count, '0')

/** The day that it is then in the zone. */
export function dayOf(moment: Date, timeZone: string): LocalDay {
  const { year, month, day } = wallClock(moment, timeZone)
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`
}

/** So many days later; earlier where less than zero. */
export const dayAfter = (day: LocalDay, days = 1): LocalDay =>
  new Date(Date.parse(`${day}T00:00:00.000Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** How far the zone is ahead of UTC then. */
function offsetMs(moment: number, timeZone: string): number {
  const { year, month, day, hour, minute } = wallClock(new Date(moment), timeZone)
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(moment / 60_000) * 60_000
}

/** Offsets of the world go from -12 to +14 hours. */
const farthestMs = 15 * 3_600_000

/** The first moment of the day. Midnight, but where a change of clocks leaves it out. */
export function startOfDay(day: LocalDay, timeZone: string): Date {
  const utc = Date.parse(`${day}T00:00:00.000Z`)
  // Mostly the day begins as the one before it did: two looks say so.
  const likely = utc - offsetMs(utc - farthestMs, timeZone)
  if (
    dayOf(new Date(likely), timeZone) === day &&
    dayOf(new Date(likely - 1), timeZone) === dayAfter(day, -1)
  )
    return new Date(likely)
  let before = utc - farthestMs
  let within = utc + farthestMs
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2)
    if (dayOf(new Date(middle), timeZone) < day) before = middle
    else within = middle
  }
  return new Date(within)
}

/** From the first moment of a day to the first after it. */
export const spanOfDay = (day: LocalDay, timeZone: string): { from: Date; to: Date } => ({
  from: startOfDay(day, timeZone),
  to: startOfDay(dayAfter(day), timeZone),
})
