/**
 * When something happened, by a device whose clock may be wrong. The device compares its clock with the server's at each
 * answer and says with an operation what it knew of the error: times are moved by it, and what the clock said is kept.
 */

/** More than answers are on their way, and than people call wrong. */
const clockErrorMs = 120_000
/** A clock that lost its battery is in 1970; nothing is further off. */
const largestErrorMs = 100 * 366 * 86_400_000

/** Of the years that PostgreSQL can hold. */
export function isKept(time: Date): boolean {
  const year = time.getUTCFullYear()
  return year >= 1 && year <= 9999
}

/** Whether a clock that is so much ahead (behind: below zero) is wrong. */
export const isClockWrong = (clockSkewMs: number): boolean => Math.abs(clockSkewMs) > clockErrorMs

/** The device's time put right by what it knew of its error; as it was where it knew none, or the error is none. */
export function placedAt(occurredAt: Date, clockSkewMs: number | null | undefined): Date {
  if (clockSkewMs == null || !isClockWrong(clockSkewMs) || Math.abs(clockSkewMs) > largestErrorMs)
    return occurredAt
  const placed = new Date(occurredAt.getTime() - clockSkewMs)
  return isKept(placed) ? placed : occurredAt
}
