/**
 * How far each device has pulled: for people who look after tills, never for correctness. Written at most once
 * in a while for each device and branch, after the answer has gone out.
 */
import type { Queryable } from '../platform/database.ts'

export type Checkpoint = {
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

const intervalMs = 5_000
const maxRemembered = 20_000

export function createCheckpoints(
  db: Queryable,
  clock: () => Date,
  onError: (error: unknown) => void,
): Checkpoints {
  const waiting = new Map<string, Checkpoint>()
  const writtenAt = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const nameOf = ({ tenantId, deviceId, branchId }: Checkpoint) =>
    [tenantId, deviceId, branchId].join('\u0000')

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const batch = [...waiting.values()]
    waiting.clear()
    if (batch.length === 0) return writing
    const at = clock()
    if (writtenAt.size > maxRemembered) writtenAt.clear()
    for (const checkpoint of batch) writtenAt.set(nameOf(checkpoint), at.getTime())
    writing = writing.then(() => write(db, batch, at)).catch(onError)
    return writing
  }

  return {
    note(checkpoint) {
      const name = nameOf(checkpoint)
      waiting.set(name, checkpoint)
      const due = (writtenAt.get(name) ?? 0) + intervalMs <= clock().getTime()
      if (due) void flush()
      else timer ??= setTimeout(() => void flush(), intervalMs).unref()
    },
    flush,
  }
}

async function write(db: Queryable, batch: readonly Checkpoint[], at: Date): Promise<void> {
  const column = (name: keyof Checkpoint) => batch.map((checkpoint) => checkpoint[name])
  await db.run(
    `with c as (select * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
         as c(tenant_id, device_id, branch_id, account_id, pulled_seq)),
       d as (insert into sync_device (tenant_id, device_id, first_seen_at, last_seen_at)
         select distinct tenant_id, device_id, $1::timestamptz, $1::timestamptz from c order by 1, 2
         on conflict (tenant_id, device_id) do update set last_seen_at = excluded.last_seen_at returning 1)
     insert into sync_checkpoint (tenant_id, device_id, branch_id, account_id, pulled_seq, pulled_at)
     select tenant_id, device_id, branch_id, account_id, pulled_seq, $1 from c order by 1, 2, 3
     on conflict (tenant_id, device_id, branch_id) do update set
       account_id = excluded.account_id, pulled_seq = excluded.pulled_seq, pulled_at = excluded.pulled_at`,
    [
      at,
      column('tenantId'),
      column('deviceId'),
      column('branchId'),
      column('accountId'),
      column('pulledSeq'),
    ],
  )
}
