/**
 * Devices: the lock that keeps two batches of one device apart, and what is known of each.
 */
import type { Queryable } from '../platform/database.ts'
import type { Inspected } from './inspect.ts'
import type { Verdict } from './record.ts'

const lockName = (tenantId: string, deviceId: string) => `modula-sync device ${tenantId} ${deviceId}`

/** Until the transaction ends, in which all of a batch is decided: two batches of one device never interleave. */
export async function lockDevice(tx: Queryable, tenantId: string, deviceId: string): Promise<void> {
  await tx.run('select pg_advisory_xact_lock(hashtextextended($1, 0))', [lockName(tenantId, deviceId)])
}

/** How far beyond its highest number so far a device's next may lie, and the runs that are kept of one device. */
export const maxSeqStep = 100_000
export const maxSeqRuns = 1_000

/**
 * Keeps when the device pushed, and which of its numbers arrived: a gap between them was lost on the device. Numbers that
 * cannot be its next are only counted, and make no gaps: those below 1, those far beyond the highest so far, and those
 * of a batch by which there would be more runs than a queue can have.
 */
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
  await Promise.all([
    db.run(
      `insert into sync_device (tenant_id, device_id, first_seen_at, last_seen_at) values ($1, $2, $3, $3)
       on conflict (tenant_id, device_id) do nothing`,
      [tenantId, deviceId, at],
    ),
    db.run(
      `update sync_device d set last_seen_at = $3, last_push_at = $3,
         (received_seqs, stray_seqs, last_stray_seq) = (
           select entered,
             d.stray_seqs + (select coalesce(sum(upper(run) - lower(run)), 0) from unnest(stray) as run),
             coalesce(upper(stray) - 1, d.last_stray_seq)
           from (select greatest(coalesce(upper(d.received_seqs), 1), 1) + $5::bigint as past) p,
             lateral (select d.received_seqs + $4::int8multirange * int8multirange(int8range(1, past)) as seqs) s,
             lateral (select case when (select count(*) from unnest(seqs)) > $6::int then d.received_seqs
               else seqs end as entered) e,
             lateral (select $4::int8multirange - entered as stray) o)
       where d.tenant_id = $1 and d.device_id = $2`,
      [tenantId, deviceId, at, multirange(arrived), maxSeqStep, maxSeqRuns],
    ),
  ])
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
