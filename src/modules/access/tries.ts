/**
 * Tries of PINs, counted before a PIN is looked at: whatever comes at once, on however many gateways, has been counted
 * when the first answer is known. What a try counts for, five failures in a row lock for that staff code, longer each
 * time:
 *
 * - from anywhere: for the device, for the address, and for the code itself, which has a budget for a day that whoever
 *   guesses from everywhere runs out of;
 * - naming a device where the person has signed in lately: for the device and the address. Anybody may name it, so this
 *   is bounded by device, and others can lock it;
 * - and coming from where they have signed in there last: for these two together and nothing else. Whoever is not in the
 *   café can neither use that up nor guess there, so nobody is locked out of their own till from outside.
 *
 * A code that nobody has is counted and answered alike.
 */
import { createHmac } from 'node:crypto'
import type { Queryable } from '../../platform/database.ts'

export type Tried = {
  readonly tenantId: string
  readonly staffCode: string
  readonly deviceId: string
  readonly address: string
  /** Of the person, if there is one: a new PIN begins anew. */
  readonly generation: number
  readonly known: Known
}

/** Whether the person has signed in on this device lately, and from this address the last time. */
export type Known = 'NOWHERE' | 'DEVICE' | 'DEVICE_AND_ADDRESS'

export type Tries = {
  /** Counts a try that is about to be made. False: it may not be made, and nothing was counted. */
  reserve(tried: Tried, at: Date): Promise<boolean>
  /** Milliseconds until the next try may be made; 0: now. */
  lockedFor(tried: Tried, at: Date): Promise<number>
  /** The try that was reserved was right: failures before it are forgotten. */
  succeed(tried: Tried): Promise<void>
  /** An address as it is kept with a sign-in: known again, and not to be read. */
  placeOf(tenantId: string, address: string): Buffer
}

const inARow = 5
/** The pause after the first five failures, the second five ... */
const pausesMs = [1, 5, 15, 60].map((minutes) => minutes * 60_000)
/** Failures of a code in a day, from devices where its person has not signed in lately. */
const dailyBudget = 100
/** Rows that are kept at most; each has some 100 bytes. */
const maxRows = 500_000

const day = `interval '1 day'`
/** Until when a row of tries allows no other; null: it does not lock. */
const lockedUntil = (t: string) => `case
  when ${t}.kind = 'code' and ${t}.failures >= ${dailyBudget} then ${t}.since + ${day}
  when ${t}.kind = 'source' and ${t}.failures % ${inARow} = 0 then ${t}.last_at
    + make_interval(secs => (array[${pausesMs.map((ms) => ms / 1000)}])[least(${t}.failures / ${inARow}, ${pausesMs.length})])
  end`
const isOpen = (t: string, at: string) => `coalesce(${lockedUntil(t)} <= ${at}, true)`
/** A source is forgiven after a day without a try, a code's budget is for a day from its first failure on. */
const isOver = (t: string, at: string) =>
  `(case ${t}.kind when 'code' then ${t}.since else ${t}.last_at end) <= ${at} - ${day}`

const reserveSql = `with held as (
    select ${isOpen('t', '$3')} as open from (select * from sign_in_try where key = any($1) order by key for update) t
  )
  insert into sign_in_try as t (key, kind, failures, since, last_at)
  select k.key, k.kind, 1, $3, $3 from unnest($1::bytea[], $2::text[]) as k(key, kind)
  where not exists (select from held where not open) order by k.key
  on conflict (key) do update set
    failures = case when ${isOver('t', '$3')} then 1 else t.failures + 1 end,
    since = case when ${isOver('t', '$3')} then $3 else t.since end, last_at = $3
  where ${isOpen('t', '$3')}`

/** `secret` keeps what people typed from whoever reads the table: a PIN may have been typed as the code. */
export function createTries(db: Queryable, secret: Buffer): Tries {
  const keyed = (parts: readonly unknown[]) =>
    createHmac('sha256', secret).update(JSON.stringify(parts)).digest().subarray(0, 16)

  function rowsOf({ tenantId, staffCode, generation, deviceId, address, known }: Tried) {
    const row = (kind: 'source' | 'code', ...source: string[]) => ({
      key: keyed([tenantId, staffCode, generation, ...source]),
      kind,
    })
    if (known === 'DEVICE_AND_ADDRESS') return [row('source', 'both', deviceId, address)]
    const sources = [row('source', 'device', deviceId), row('source', 'address', address)]
    return known === 'DEVICE' ? sources : [...sources, row('code', 'code')]
  }

  /** In the order of the keys, in which rows are locked. */
  function keysOf(tried: Tried) {
    const keys = rowsOf(tried).sort((a, b) => Buffer.compare(a.key, b.key))
    return { keys: keys.map(({ key }) => key), kinds: keys.map(({ kind }) => kind) }
  }

  return {
    placeOf: (tenantId, address) => keyed(['place', tenantId, address]),
    async reserve(tried, at) {
      const { keys, kinds } = keysOf(tried)
      return (await db.run(reserveSql, [keys, kinds, at])) === keys.length
    },
    async lockedFor(tried, at) {
      const [found] = await db.rows<{ until: Date | null }>(
        `select max(${lockedUntil('t')}) as until from sign_in_try t where t.key = any($1)`,
        [keysOf(tried).keys],
      )
      return Math.max(0, (found?.until?.getTime() ?? 0) - at.getTime())
    },
    async succeed(tried) {
      const { keys } = keysOf(tried)
      await db.run(
        `with cleared as (delete from sign_in_try where key = any($1) and kind = 'source')
         update sign_in_try set failures = failures - 1 where key = any($1) and kind = 'code'`,
        [keys],
      )
    },
  }
}

/** Forgets tries that count no more, and the oldest of more than are kept. Returns how many. */
export async function purgeTries(db: Queryable, at: Date): Promise<number> {
  const forgiven = await db.run(`delete from sign_in_try t where ${isOver('t', '$1::timestamptz')}`, [at])
  const tooMany = await db.run(
    `delete from sign_in_try where last_at <= (select last_at from sign_in_try order by last_at desc offset $1 limit 1)`,
    [maxRows],
  )
  return forgiven + tooMany
}
