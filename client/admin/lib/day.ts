/** The day on this device: whoever looks at today's sales looks at a clock on the same wall. */

/** Midnight of the day that `now` is in, ISO 8601. */
export function startOfDay(now: number): string {
  const day = new Date(now)
  day.setHours(0, 0, 0, 0)
  return day.toISOString()
}

/** How many of these moments are within the last 24 hours. */
export const inLastDay = (moments: readonly string[], now: number): number =>
  moments.filter((moment) => now - Date.parse(moment) < 86_400_000).length
