/**
 * How far each device has pulled: for people who look after tills, never for correctness. Written at most once
 * in a while for each device and branch, after the answer has gone out, those of many devices together.
 */
import type { Database } from '../platform/database.ts'

type Checkpoint = {
  tenantId: string
  deviceId: string
  branchId: string
  accountId: string
  pulledSeq: number
}

export type Checkpoints = {
  note: (checkpoint: Checkpoint) => void
  /** Writes what waits. */
  flush: () => Promise<void>
}

/** Between two writes of one device and branch, at least. */
const intervalMs = 5_000
/** What comes within this time is written together, so that a hundred thousand tills are a few transactions a second. */
const gatherMs = 1_000
/** In one statement. */
const maxBatch = 1_000
/** Noted and not written yet, while the database is slow: what is past it comes with the device's next pull. */
const maxWaiting = 20_000
const maxRemembered = 20_000

export function createCheckpoints(
  db: Database,
  clock: () => Date,
  onError: (error: unknown) => void,
): Checkpoints {
  const waiting = new Map<string, Checkpoint>()
  const writtenAt = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const nameOf = ({ tenantId, deviceId, branchId }: Checkpoint) =>
    [tenantId, deviceId, branchId].join('\u0000')

  /** Writes the first of what waits, of what may be written: all of it, or what is due. One batch after the other. */
  function writeBatch(isOf: (name: string) => boolean): Promise<void> {
    writing = writing.then(async () => {
      const at = clock()
      const names = [...waiting.keys()].filter(isOf).slice(0, maxBatch)
      const batch = names.map((name) => waiting.get(name)!)
      if (writtenAt.size > maxRemembered) writtenAt.clear()
      for (const name of names) {
        waiting.delete(name)
        writtenAt.set(name, at.getTime())
      }
      if (batch.length > 0) await write(db, batch, at).catch(onError)
    })
    return writing
  }

  const isDue = (name: string) => (writtenAt.get(name) ?? 0) + intervalMs <= clock().getTime()

  const gather = () => {
    timer ??= setTimeout(async () => {
      await writeBatch(isDue)
      timer = undefined
      if (waiting.size > 0) gather()
    }, gatherMs).unref()
  }

  return {
    note(checkpoint) {
      const name = nameOf(checkpoint)
      if (waiting.size < maxWaiting || waiting.has(name)) waiting.set(name, checkpoint)
      gather()
    },
    async flush() {
      clearTimeout(timer)
      timer = undefined
      do await writeBatch(() => true)
      while (waiting.size > 0)
    },
  }
}

/** A statement for each tenant, so that each is about one. */
async function write(db: Database, batch: readonly Checkpoint[], at: Date): Promise<void> {
  for (const [tenantId, ofTenant] of Map.groupBy(batch, (checkpoint) => checkpoint.tenantId)) {
    const column = (name: keyof Checkpoint) => ofTenant.map((checkpoint) => checkpoint[name])
    await db.tenant(tenantId).run(
      `with c as (select * from unnest($3::text[], $4::text[], $5::text[], $6::bigint[])
           as c(device_id, branch_id, account_id, pulled_seq)),
         d as (insert into sync_device (tenant_id, device_id, first_seen_at, last_seen_at)
           select $1, device_id, $2::timestamptz, $2::timestamptz from (select distinct device_id from c order by 1) c
           on conflict (tenant_id, device_id) do update set last_seen_at = excluded.last_seen_at returning 1)
       insert into sync_checkpoint (tenant_id, device_id, branch_id, account_id, pulled_seq, pulled_at)
       select $1, device_id, branch_id, account_id, pulled_seq, $2 from c order by 2, 3
       on conflict (tenant_id, device_id, branch_id) do update set
         account_id = excluded.account_id, pulled_seq = excluded.pulled_seq, pulled_at = excluded.pulled_at`,
      [tenantId, at, column('deviceId'), column('branchId'), column('accountId'), column('pulledSeq')],
    )
  }
}
