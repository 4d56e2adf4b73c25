/**
 * Commands about backups, and a tenant's data for itself.
 */
import { stat } from 'node:fs/promises'
import { backUp, restore } from './backup.ts'
import { type Command, CommandError } from './command.ts'
import { exportTenant } from './export.ts'

const rowsOf = (rows: number) => `${rows} rows`

export const backups: Record<string, Command> = {
  backup: {
    args: [],
    needs: ['file'],
    does: 'everything as it is at this moment into one file, also while gateways run. The embedded database too',
    withoutTables: true,
    async run({ databaseUrl, options: { file = '' }, at, isDryRun }) {
      if (isDryRun) return { said: [`the backup would be written to ${file}`] }
      return { said: [`${rowsOf(await backUp(databaseUrl, file, at))} are in ${file}`] }
    },
  },
  export: {
    args: ['TENANT'],
    needs: ['folder'],
    does: "a tenant's data as it is at this moment, a file of JSON lines for each table, without what lets people in",
    inParts: true,
    async run({ databaseUrl, tenantId, options: { folder = '' }, isDryRun }) {
      if (isDryRun) return { said: [`the data of ${tenantId} would be written to ${folder}`] }
      return { rows: await exportTenant(databaseUrl, tenantId, folder) }
    },
  },
  restore: {
    args: [],
    needs: ['file'],
    does: 'fills an empty database from such a file, under new epochs: devices send again what it does not have',
    withoutTables: true,
    async run({ databaseUrl, options: { file = '' }, isDryRun }) {
      if (!(await stat(file).catch(() => null))) throw new CommandError('REFUSED', `there is no ${file}`)
      if (isDryRun) return { said: [`the database would be filled from ${file}`] }
      return { said: [`${rowsOf(await restore(databaseUrl, file))} are back, all streams under new epochs`] }
    },
  },
}
