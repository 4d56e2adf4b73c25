/**
 * What runs in the background: the feed's and the record's retention, and forgetting old tries of PINs.
 */
import type { Config } from './config.ts'
import { purgeTries } from './modules/access/tries.ts'
import type { Database } from './platform/database.ts'
import type { Logger } from './platform/log.ts'
import type { Metrics } from './platform/metrics.ts'
import { forgetRetold, purge } from './sync/retention.ts'

export function startMaintenance(parts: {
  config: Config
  db: Database
  log: Logger
  metrics: Metrics
  clock: () => Date
}) {
  const { config, db, log, metrics, clock } = parts
  const retention = { tombstoneDays: config.tombstoneRetentionDays, feedDays: config.feedRetentionDays }
  async function run() {
    try {
      await purgeTries(db.own, clock())
      const purged = await purge(db, retention, clock())
      if (purged) {
        metrics.maintenancePurged.inc({ kind: 'change' }, purged)
        log.info({ purged }, 'changes past their retention left the feed')
      }
      const retold = await forgetRetold(db, config.payloadRetentionDays, clock())
      if (retold) {
        metrics.maintenancePurged.inc({ kind: 'payload' }, retold)
        log.info({ retold }, 'payloads that the rows say again left the record')
      }
    } catch (error) {
      log.warn({ err: error }, 'retention could not run; it will be tried again')
    }
  }

  // At the start too: a gateway that is restarted every day would otherwise never come to it.
  let running = run()
  const timer = setInterval(() => {
    running = running.then(run)
  }, config.maintenanceIntervalSeconds * 1000).unref()

  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
