/**
 * What a branch has sold in some days of its own: by day, hour, item and person.
 */
import type { Queryable } from '../../platform/database.ts'
import { createYielding } from '../../sync/yielding.ts'
import { dayAfter, type LocalDay, startOfDay, wallClock } from '../tenant/days.ts'

/** Days that a report has at most; a year, and its leap day. */
export const maxReportDays = 366

/** `totalUsd` in cents, of those that were not voided; `sales` counts these, `voided` the others. */
type Sums = { sales: number; totalUsd: number; voided: number }
export type SalesReport = Sums & {
  /** Every day of the range, also those without a sale. */
  days: (Sums & { day: LocalDay })[]
  /** Every hour of the clock from the first with a sale to the last. */
  hours: (Sums & { hour: number })[]
  /** The 1,000 that brought in most, the best first; lines before VAT. */
  items: { menuItemId: string; name: string; categoryName: string; quantity: number; totalUsd: number }[]
  people: (Sums & { actorId: string })[]
}

/** The days from `from` to `to`, both of them in it; null where that is none, or more than a report has. */
export function daysFrom(from: LocalDay, to: LocalDay): LocalDay[] | null {
  const days: LocalDay[] = []
  for (let day = from; day <= to; day = dayAfter(day)) {
    if (days.length === maxReportDays) return null
    days.push(day)
  }
  return days.length === 0 ? null : days
}

type Found = {
  hours: (Sums & { day: number; hour: number })[]
  people: SalesReport['people']
  items: SalesReport['items']
}

/** Amounts as JSON numbers, which are far below 2^53. `day` counts from 1; `hour` from the day's first moment, so that a day of 25 hours has 25. */
const statement = `
  with sold as materialized (
    select status, actor_id, totals, lines, finalized_at, width_bucket(finalized_at, $3::timestamptz[]) as day
    from sale where tenant_id = $1 and branch_id = $2
      and finalized_at >= ($3::timestamptz[])[1] and finalized_at < $4),
  by_hour as (
    select day, floor(date_part('epoch', finalized_at - ($3::timestamptz[])[day]) / 3600)::int as hour,
      count(*) filter (where status <> 'VOIDED') as sales,
      count(*) filter (where status = 'VOIDED') as voided,
      coalesce(sum((totals ->> 'totalUsd')::bigint) filter (where status <> 'VOIDED'), 0) as "totalUsd"
    from sold group by 1, 2),
  by_person as (
    select actor_id as "actorId",
      count(*) filter (where status <> 'VOIDED') as sales,
      count(*) filter (where status = 'VOIDED') as voided,
      coalesce(sum((totals ->> 'totalUsd')::bigint) filter (where status <> 'VOIDED'), 0) as "totalUsd"
    from sold group by 1 order by "totalUsd" desc),
  by_item as (
    select line ->> 'menuItemId' as "menuItemId", max(line ->> 'name') as name,
      max(line ->> 'categoryName') as "categoryName", sum((line ->> 'quantity')::bigint) as quantity,
      sum((line ->> 'lineUsd')::bigint) as "totalUsd"
    from sold, json_array_elements(lines) line where status <> 'VOIDED'
    group by 1 order by 5 desc, 1 limit 1000)
  select (select coalesce(json_agg(by_hour), '[]') from by_hour) as hours,
    (select coalesce(json_agg(by_person), '[]') from by_person) as people,
    (select coalesce(json_agg(by_item), '[]') from by_item) as items`

const nothing: Sums = { sales: 0, totalUsd: 0, voided: 0 }
const plus = (one: Sums, other: Sums): Sums => ({
  sales: one.sales + other.sales,
  totalUsd: one.totalUsd + other.totalUsd,
  voided: one.voided + other.voided,
})

/** What was sold in these days, which follow each other (`daysFrom`), by the branch's zone. */
export async function salesReport(
  db: Pick<Queryable, 'rows'>,
  of: { tenantId: string; branchId: string; timeZone: string; days: readonly LocalDay[] },
): Promise<SalesReport> {
  const { tenantId, branchId, timeZone, days } = of
  // Of a year there are thousands of hours, and a zone's clock is asked for each: 30 ms and more.
  const yielding = createYielding()
  const starts: Date[] = []
  for (const day of days) {
    starts.push(startOfDay(day, timeZone))
    await yielding()
  }
  const end = startOfDay(dayAfter(days.at(-1)!), timeZone)
  const [found] = await db.rows<Found>(statement, [tenantId, branchId, starts, end])
  const { hours, people, items } = found!
  const ofDays = days.map((day) => ({ day, ...nothing }))
  const ofHours = Array.from({ length: 24 }, (_, hour) => ({ hour, ...nothing }))
  for (const { day, hour, ...sold } of hours) {
    const at = new Date(starts[day - 1]!.getTime() + hour * 3_600_000)
    const onTheWall = wallClock(at, timeZone).hour
    Object.assign(ofDays[day - 1]!, plus(ofDays[day - 1]!, sold))
    Object.assign(ofHours[onTheWall]!, plus(ofHours[onTheWall]!, sold))
    await yielding()
  }
  const isSold = ({ sales, voided }: Sums) => sales + voided > 0
  const [first, last] = [ofHours.findIndex(isSold), ofHours.findLastIndex(isSold)]
  return {
    ...ofDays.reduce<Sums>(plus, nothing),
    days: ofDays,
    hours: first < 0 ? [] : ofHours.slice(first, last + 1),
    people,
    items,
  }
}
