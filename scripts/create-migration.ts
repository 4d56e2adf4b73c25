/**
 * `npm run migration:create -- NAME`: writes the migration that brings prisma/migrations to what prisma/ says. With
 * `--empty` it is written also where the two agree, for SQL that models cannot say. A PostgreSQL of its own does the work.
 */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { startCluster } from '../src/platform/embedded/cluster.ts'
import { createLogger } from '../src/platform/log.ts'
import { migrationDrift, prismaFolders } from '../src/platform/migrations.ts'

const { values, positionals } = parseArgs({ options: { empty: { type: 'boolean' } }, allowPositionals: true })
const name = positionals.join('_').toLowerCase().replace(/\W+/g, '_')

if (!name) {
  console.error('usage: npm run migration:create -- NAME [--empty]')
  process.exitCode = 1
} else {
  const sql = (await findDrift()) ?? (values.empty ? '-- by hand\n' : undefined)
  console.log(sql ? `written: ${await write(name, sql)}` : 'migrations and models agree, nothing is written')
}

async function findDrift(): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'modula-migration-'))
  const cluster = await startCluster(folder, { log: createLogger('warn'), settings: { fsync: 'off' } })
  try {
    return await migrationDrift(cluster.superuserUrl)
  } finally {
    await cluster.stop()
    await rm(folder, { recursive: true })
  }
}

/** Named as Prisma names them: the UTC time to the second orders the migrations. */
async function write(name: string, sql: string): Promise<string> {
  const { migrations } = prismaFolders
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  const file = join(migrations, `${stamp}_${name}`, 'migration.sql')
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, sql)
  const lockfile = join(migrations, 'migration_lock.toml')
  if (!existsSync(lockfile)) await writeFile(lockfile, 'provider = "postgresql"\n')
  return relative('.', file)
}
