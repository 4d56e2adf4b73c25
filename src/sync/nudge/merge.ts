import type { Nudge } from './bus.ts'

/** The one nudge that asks for all that two nudges of a branch ask for. */
export function mergeNudges(a: Nudge, b: Nudge): Nudge {
  return {
    tenantId: a.tenantId,
    branchId: a.branchId,
    modules: [...new Set([...a.modules, ...b.modules])],
    headSeq: Math.max(a.headSeq, b.headSeq),
    pullAfterMs: Math.max(a.pullAfterMs, b.pullAfterMs),
    at: latest(a.at, b.at),
  }
}

/** Of two times as ISO 8601 text in UTC; those sort as text. */
const latest = (a: string, b: string): string => (a < b ? b : a)

/** A map key for a tenant's branch. NUL cannot be part of an id: PostgreSQL's text does not hold it. */
export const branchKey = (nudge: Nudge): string => `${nudge.tenantId}\u0000${nudge.branchId}`

/** Nudges by tenant, in the order they came. */
export const byTenant = (nudges: Nudge[]): Map<string, Nudge[]> =>
  Map.groupBy(nudges, (nudge) => nudge.tenantId)
