/** How many of these moments are within the last 24 hours. */
export const inLastDay = (moments: readonly string[], now: number): number =>
  moments.filter((moment) => now - Date.parse(moment) < 86_400_000).length
