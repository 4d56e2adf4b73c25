/** The nudges that came, the newest first, and how many came when. */
import type { ModuleScope } from '../../sdk/index.ts'

/** A nudge as it arrived here; `at` in ms of the local clock. */
export type News = {
  readonly id: number
  readonly at: number
  readonly branchId: string
  readonly modules: readonly ModuleScope[]
  readonly headSeq: number
}

/** The chart looks back a minute; the list shows the last ones, however old. */
export const chartMs = 60_000
const listed = 50
const keptAtMost = 2_000

export const withNews = (news: readonly News[], more: News): readonly News[] =>
  [more, ...news].slice(0, keptAtMost).filter((each, index) => index < listed || more.at - each.at <= chartMs)

/** One bar of the chart: how many came in `bucketMs` from `at` on, by branch. */
export type Bucket = { readonly at: number; readonly counts: Readonly<Record<string, number>> }

/**
 * The last minute in equal parts, oldest first, at the same points of time whenever it is asked: a bar does not change
 * its shape as it moves on. The last part is the one that `now` is in.
 */
export function bucketsOf(
  news: readonly News[],
  branchIds: readonly string[],
  now: number,
  bucketMs: number,
): Bucket[] {
  const last = Math.floor(now / bucketMs)
  const first = last - chartMs / bucketMs + 1
  const buckets = Array.from({ length: last - first + 1 }, (_, index) => ({
    at: (first + index) * bucketMs,
    counts: Object.fromEntries(branchIds.map((branchId) => [branchId, 0])),
  }))
  for (const { at, branchId } of news) {
    const bucket = buckets[Math.floor(at / bucketMs) - first]
    if (bucket && branchId in bucket.counts) bucket.counts[branchId]! += 1
  }
  return buckets
}

/** The name of all branches but the busiest: no id of a branch. */
const others = '*'

/** As many names as there is room for: all branches, or the busiest of them and `others`, with the counts of those. */
export function busiestOf(
  buckets: readonly Bucket[],
  branchIds: readonly string[],
  room: number,
): { names: readonly string[]; buckets: readonly Bucket[] } {
  if (branchIds.length <= room) return { names: branchIds, buckets }
  const sumOf = (id: string) => buckets.reduce((sum, { counts }) => sum + (counts[id] ?? 0), 0)
  const byCount = branchIds.map((id) => ({ id, count: sumOf(id) })).sort((a, b) => b.count - a.count)
  const first = byCount.slice(0, room - 1).map(({ id }) => id)
  const rest = byCount.slice(room - 1).map(({ id }) => id)
  return {
    names: [...first, others],
    buckets: buckets.map(({ at, counts }) => ({
      at,
      counts: {
        ...Object.fromEntries(first.map((id) => [id, counts[id] ?? 0])),
        [others]: rest.reduce((sum, id) => sum + (counts[id] ?? 0), 0),
      },
    })),
  }
}
