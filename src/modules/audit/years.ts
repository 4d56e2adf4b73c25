/**
 * The trail lies in partitions by year, which an event's id begins with (2027000000000123, by the database's clock), so that
 * whoever runs the gateway can take old years out. What was there before it did is the oldest of them, and what comes after all
 * that were made ahead the newest.
 */
import type { Queryable } from '../../platform/database.ts'

/** As many ids as a year has: 2027 begins with 2027 times as many. */
export const idsOfYear = 1_000_000_000_000

export type Part = {
  table: string
  /** Its first id, and the first that is not in it; null: it has no such end. */
  from: number | null
  to: number | null
  /** Taking it out was begun, and not ended. */
  isGoing: boolean
}

/** The partitions of the trail, the oldest first. */
export const partsOf = (db: Queryable): Promise<Part[]> =>
  db.rows<Part>(
    `select c.relname as "table", substring(bounds, 'FROM ..([0-9]+)')::bigint as "from",
       substring(bounds, 'TO ..([0-9]+)')::bigint as "to", coalesce(to_jsonb(i) ->> 'inhdetachpending' = 'true', false) as "isGoing"
     from pg_inherits i join pg_class c on c.oid = i.inhrelid cross join pg_get_expr(c.relpartbound, c.oid) as bounds
     where i.inhparent = 'audit_trail'::regclass order by 2 nulls first`,
    [],
  )

/** Since when nothing is missing: what is older was taken out. Null: it is all there, from the beginning. */
export async function wholeSince(db: Queryable): Promise<Date | null> {
  let from: number | null = null
  for (const part of (await partsOf(db)).filter(({ isGoing }) => !isGoing).reverse()) {
    if (part.to !== from) break
    from = part.from
  }
  return from === null ? null : new Date(Date.UTC(from / idsOfYear, 0))
}
