/**
 * What a device says of itself: its queue, its storage, its clock. The latest report of each device is kept, for
 * people who look after tills; nothing is decided by it.
 */
import type { Queryable } from '../platform/database.ts'

export const deviceStorages = ['PERSISTENT', 'BEST_EFFORT'] as const
export type DeviceStorage = (typeof deviceStorages)[number]

export type DeviceReport = {
  tenantId: string
  deviceId: string
  /** Whose token it reported with. */
  accountId: string
  /** Where it works, as it says: nothing is looked up. */
  branchId: string | null
  /** The device's clock, and the server's when the report came. */
  reportedAt: Date
  receivedAt: Date
  waiting: number
  failed: number
  oldestWaitingAt: Date | null
  storage: DeviceStorage | null
  usageBytes: number | null
  quotaBytes: number | null
  appVersion: string | null
  /** The head of its chain (docs/proof.md); null: it has none. */
  chain: { id: string; deviceSeq: number; link: string; held: number } | null
}

/**
 * Keeps the report in place of the one before; a device that was never seen is known from then on. Its times go as
 * text: a device may be centuries off, when this machine's zone was no whole minutes away from UTC, and `pg` prints
 * no such offset.
 */
export async function keepReport(db: Queryable, report: DeviceReport): Promise<void> {
  await db.run(
    `with d as (insert into sync_device (tenant_id, device_id, first_seen_at, last_seen_at) values ($1, $2, $6, $6)
         on conflict (tenant_id, device_id) do update set last_seen_at = excluded.last_seen_at)
     insert into sync_device_report (tenant_id, device_id, account_id, branch_id, reported_at, received_at, waiting,
       failed, oldest_waiting_at, storage, usage_bytes, quota_bytes, app_version,
       chain_id, head_seq, head_link, head_held)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     on conflict (tenant_id, device_id) do update set
       account_id = excluded.account_id, branch_id = excluded.branch_id, reported_at = excluded.reported_at,
       received_at = excluded.received_at, waiting = excluded.waiting, failed = excluded.failed,
       oldest_waiting_at = excluded.oldest_waiting_at, storage = excluded.storage,
       usage_bytes = excluded.usage_bytes, quota_bytes = excluded.quota_bytes, app_version = excluded.app_version,
       rolled_back_at = case
         when excluded.chain_id is distinct from sync_device_report.chain_id then null
         when excluded.head_seq < sync_device_report.head_seq
           and excluded.reported_at > sync_device_report.reported_at then excluded.received_at
         else sync_device_report.rolled_back_at end,
       chain_id = excluded.chain_id, head_seq = excluded.head_seq, head_link = excluded.head_link,
       head_held = excluded.head_held`,
    [
      report.tenantId,
      report.deviceId,
      report.accountId,
      report.branchId,
      report.reportedAt.toISOString(),
      report.receivedAt,
      report.waiting,
      report.failed,
      report.oldestWaitingAt?.toISOString(),
      report.storage,
      report.usageBytes,
      report.quotaBytes,
      report.appVersion,
      report.chain?.id,
      report.chain?.deviceSeq,
      report.chain?.link,
      report.chain?.held,
    ],
  )
}
