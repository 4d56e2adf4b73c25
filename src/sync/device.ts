/**
 * Devices: the lock that keeps two batches of one device apart, and what is known of each.
 */
import type { Queryable } from '../platform/database.ts'
import type { Inspected } from './inspect.ts'
import type { Verdict } from './record.ts'

const lockName = (tenantId: string, deviceId: string) => `modula-sync device ${tenantId} ${deviceId}`

/** A session lock, because it must outlive the transactions of a batch's chunks; it goes with the connection. */
export async function lockDevice(db: Queryable, tenantId: string, deviceId: string): Promise<void> {
  await db.run('select pg_advisory_lock(hashtextextended($1, 0))', [lockName(tenantId, deviceId)])
}

export async function unlockDevice(db: Queryable, tenantId: string, deviceId: string): Promise<void> {
  await db.run('select pg_advisory_unlock(hashtextextended($1, 0))', [lockName(tenantId, deviceId)])
}

/** Keeps when the device pushed, and which of its numbers arrived: a gap between them was lost on the device. */
export async function noteDevice(
  db: Queryable,
  tenantId: string,
  deviceId: string,
  at: Date,
  inspected: readonly Inspected[],
  verdicts: readonly Verdict[],
): Promise<void> {
  const arrived = inspected
    .filter((_, i) => verdicts[i]?.status !== 'DEFERRED')
    .flatMap(({ deviceSeq }) => (deviceSeq === null ? [] : [deviceSeq]))
  await db.run(
    `insert into sync_device as d (tenant_id, device_id, first_seen_at, last_seen_at, last_push_at, received_seqs)
     values ($1, $2, $3, $3, $3, $4::int8multirange)
     on conflict (tenant_id, device_id) do update set
       last_seen_at = excluded.last_seen_at, last_push_at = excluded.last_push_at,
       received_seqs = d.received_seqs + excluded.received_seqs`,
    [tenantId, deviceId, at, multirange(arrived)],
  )
}

/** `{[1,4),[6,7)}` of 1, 2, 3, 6: runs of consecutive numbers, so that a batch is one range as a rule. */
export function multirange(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b)
  const runs: [number, number][] = []
  for (const n of sorted) {
    const run = runs.at(-1)
    if (run && run[1] === n) run[1] = n + 1
    else runs.push([n, n + 1])
  }
  return `{${runs.map(([from, to]) => `[${from},${to})`).join(',')}}`
}
