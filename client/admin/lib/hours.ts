/** Who worked when: minutes by person and day of the branch, from the records of work. */
import { type LocalDay, spanOfDay } from '../../contract.ts'

export type Work = { actorId: string; startedAt: string; endedAt: string | null }
export type Hours = { actorId: string; minutes: readonly number[]; total: number }

/** In the order of the days given; whoever is at work still counts until `now`. Most hours first. */
export function hoursOf(
  work: readonly Work[],
  days: readonly LocalDay[],
  timeZone: string,
  now: number,
): Hours[] {
  const spans = days.map((day) => spanOfDay(day, timeZone))
  const msOf = new Map<string, number[]>()
  for (const { actorId, startedAt, endedAt } of work) {
    const [start, end] = [Date.parse(startedAt), endedAt === null ? now : Date.parse(endedAt)]
    spans.forEach(({ from, to }, i) => {
      const within = Math.min(end, to.getTime()) - Math.max(start, from.getTime())
      if (within <= 0) return
      const ms = msOf.get(actorId) ?? days.map(() => 0)
      ms[i]! += within
      msOf.set(actorId, ms)
    })
  }
  return [...msOf]
    .map(([actorId, ms]) => ({
      actorId,
      minutes: ms.map((each) => Math.round(each / 60_000)),
      total: Math.round(ms.reduce((sum, each) => sum + each, 0) / 60_000),
    }))
    .sort((one, other) => other.total - one.total)
}

/** Monday of the week that the day is in. */
export function mondayOf(day: LocalDay): LocalDay {
  const date = new Date(`${day}T00:00:00.000Z`)
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  return date.toISOString().slice(0, 10)
}

/** 125 minutes are `2:05`. */
export const hoursText = (minutes: number): string =>
  `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
