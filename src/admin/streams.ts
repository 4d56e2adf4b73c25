/**
 * Commands about what tills pull: after a restore from a backup, and for repairs.
 */
import { daysBefore, forgetRetold, purge } from '../sync/retention.ts'
import { rebuildStream } from '../sync/stream.ts'
import { type Command, CommandError, type Given } from './command.ts'

async function streamsOf({ db, tenantId, args: [branchId] }: Given): Promise<string[]> {
  const found = await db.rows<{ branchId: string }>(
    `select branch_id as "branchId" from sync_stream
     where tenant_id = $1 and branch_id <> '' and ($2::text is null or branch_id = $2) order by branch_id`,
    [tenantId, branchId ?? null],
  )
  if (found.length === 0)
    throw new CommandError(
      'REFUSED',
      branchId ? `there is no branch "${branchId}"` : 'there is no branch yet',
    )
  return found.map((each) => each.branchId)
}

export const streams: Record<string, Command> = {
  epoch: {
    args: ['[TENANT]', '[BRANCH]'],
    does: 'a new epoch, of all tenants where none is named: every device there begins anew, and sends again what it had. To be done after a restore by other means than restore',
    async run(given) {
      if (!given.tenantId) {
        const streams = await given.db.run('update sync_stream set epoch = gen_random_uuid()', [])
        return { said: [`${streams} streams have a new epoch`] }
      }
      const branchIds = await streamsOf(given)
      await given.db.run(
        'update sync_stream set epoch = gen_random_uuid() where tenant_id = $1 and branch_id = any($2::text[])',
        [given.tenantId, branchIds],
      )
      return { said: branchIds.map((id) => `${id} has a new epoch`) }
    },
  },
  rebuild: {
    args: ['TENANT', '[BRANCH]'],
    does: 'makes the streams anew from the business rows, under new epochs. For repairs; a restore needs but the epoch',
    inParts: true,
    async run(given) {
      const { db, operator, tenantId, at, config, isDryRun } = given
      const branchIds = await streamsOf(given)
      if (isDryRun) return { said: branchIds.map((id) => `the stream of ${id} would be rebuilt`) }
      const times = { at, finishedSince: daysBefore(at, config.feedRetentionDays) }
      for (const branchId of branchIds)
        await db.transaction((tx) => rebuildStream(tx, operator.registry, tenantId, branchId, times))
      return { said: branchIds.map((id) => `the stream of ${id} is rebuilt`) }
    },
  },
  retention: {
    args: [],
    does: 'cleans up now what MAINTENANCE_INTERVAL_SECONDS would come to',
    inParts: true,
    async run({ database, config, at, isDryRun }) {
      const days = { tombstoneDays: config.tombstoneRetentionDays, feedDays: config.feedRetentionDays }
      const { payloadRetentionDays } = config
      if (isDryRun)
        return {
          said: [
            `removals after ${days.tombstoneDays} days and finished business after ${days.feedDays} would leave the feed`,
            `payloads of applied operations that the rows say again would leave the record after ${payloadRetentionDays} days`,
          ],
        }
      const purged = await purge(database, days, at)
      const retold = await forgetRetold(database, payloadRetentionDays, at)
      if (purged === null || retold === null) return { said: ['a gateway is at it already'] }
      return { said: [`${purged} changes left the feed`, `${retold} payloads left the record`] }
    },
  },
}
