/**
 * `npm run streams:rebuild -- TENANT`: makes the streams of all branches of a tenant anew from the rows, under new
 * epochs, so that every device rebuilds. To be run after the database was restored from a backup: a device whose
 * cursor is from after the backup is told so only until the stream has grown past that cursor again.
 * Uses DATABASE_URL, or the embedded database in DATA_DIR while the gateway is stopped.
 */
import { loadConfig } from '../src/config.ts'
import { registry } from '../src/modules/index.ts'
import { openDatabase } from '../src/platform/database.ts'
import { createLogger } from '../src/platform/log.ts'
import { openPostgres } from '../src/platform/postgres.ts'
import { StartError } from '../src/platform/start-error.ts'
import { daysBefore } from '../src/sync/retention.ts'
import { rebuildStream } from '../src/sync/stream.ts'

async function rebuild(tenantId: string | undefined) {
  if (!tenantId) throw new StartError('usage: npm run streams:rebuild -- TENANT')
  const config = loadConfig(process.env)
  const { statementTimeoutMs, lockTimeoutMs, databaseUrl, dataDir } = config
  const postgres = await openPostgres({ databaseUrl, dataDir, log: createLogger('warn') })
  const db = openDatabase({ url: postgres.url, poolSize: 1, statementTimeoutMs, lockTimeoutMs })
  try {
    const branches = await db.rows<{ branchId: string }>(
      'select branch_id as "branchId" from sync_stream where tenant_id = $1 order by branch_id',
      [tenantId],
    )
    if (branches.length === 0) throw new StartError(`there is no tenant "${tenantId}" with a branch`)
    const at = new Date()
    const times = { at, finishedSince: daysBefore(at, config.feedRetentionDays) }
    for (const { branchId } of branches) {
      await db.transaction((tx) => rebuildStream(tx, registry, tenantId, branchId, times))
      console.log(`rebuilt the stream of ${branchId}`)
    }
  } finally {
    await db.close()
    await postgres.stop()
  }
}

try {
  await rebuild(process.argv[2])
} catch (error) {
  console.error(error instanceof StartError ? error.message : error)
  process.exitCode = 1
}
