/**
 * Who is at work, and for how long.
 */
import type { Entity } from '../../sdk/index.ts'

type Attendance = Entity<'attendance'>

/** The person's work that runs; there is at most one. */
export const runningWork = (attendances: readonly Attendance[], actorId: string): Attendance | null =>
  attendances.find((each) => each.actorId === actorId && each.status === 'ACTIVE') ?? null

/** The last ones first; as many as one looks through. */
export const latestWork = (attendances: readonly Attendance[]): Attendance[] =>
  [...attendances].sort((one, other) => other.startedAt.localeCompare(one.startedAt)).slice(0, 14)

/** Whole hours and minutes since; a clock that was set back counts as nothing. */
export function timeSince(start: Date | string, now: Date): { hours: number; minutes: number } {
  const minutes = Math.max(0, Math.floor((now.getTime() - new Date(start).getTime()) / 60_000))
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 }
}
