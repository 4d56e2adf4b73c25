import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { connect, reasonOf } from './connect.ts'
import type { Logger } from './log.ts'
import { noFilters, prismaFolders, readMigrations } from './migrations.ts'
import { secureWhereSafe } from './row-security.ts'
import { noModels, type SchemaEngine, withSchemaEngine } from './schema-engine.ts'
import { StartError } from './start-error.ts'

/** Our key among the database's advisory locks: "modula" in ASCII. */
const MIGRATION_LOCK = 0x6d6f64756c61

/**
 * Applies the migrations that the database does not have yet, each in a transaction of its own, and returns their names.
 * With `only`, those of these names: a backup's. Afterwards tenants are kept apart, where that is safe: in a database that
 * `isOurs` alone, too (row-security.ts). `_prisma_migrations` is kept as `prisma migrate deploy` keeps it. Several gateways may start at once: they take turns.
 * Throws a StartError when the database cannot be reached or refuses a migration.
 */
export async function migrate(
  databaseUrl: string,
  options: {
    log: Logger
    directory?: string
    further?: readonly string[]
    only?: ReadonlySet<string>
    isOurs?: boolean
  },
): Promise<string[]> {
  const { log, directory = prismaFolders.migrations, further, only, isOurs = false } = options
  const all = await readMigrations(directory, further)
  const wanted = (name: string) => !only || only.has(name)
  const migrationsList = {
    ...all,
    migrationDirectories: all.migrationDirectories.filter(({ path }) => wanted(path)),
  }
  return withMigrationLock(databaseUrl, () =>
    withSchemaEngine(databaseUrl, noModels, async (engine) => {
      await forgetInterrupted(engine, migrationsList, log)
      const { appliedMigrationNames: applied } = await engine
        .applyMigrations({ migrationsList, filters: noFilters })
        .catch((error) => {
          const name = /migration_name="([^"]+)"/.exec(error.message)?.[1] ?? 'the migrations'
          throw new StartError(`the database refuses ${name}: ${reasonOf(error)}`, { cause: error })
        })
      if (applied.length > 0) log.info({ migrations: applied }, 'migrations applied')
      const isNew = applied.length === migrationsList.migrationDirectories.length
      if (!only) await secureWhereSafe(databaseUrl, isOurs || isNew, log)
      return applied
    }),
  )
}

async function withMigrationLock<T>(databaseUrl: string, work: () => Promise<T>): Promise<T> {
  const client = await connect(databaseUrl)
  try {
    // Held by a transaction: through a pooler, a session's lock would stay with a session that nobody gets back.
    // And asked for again and again: who waits for it in the database has a session that whoever holds it may need.
    while (!(await lockIsOurs(client))) await delay(LOCK_AGAIN_MS)
    const result = await work()
    await client.query('commit')
    return result
  } finally {
    await client.end()
  }
}

const LOCK_AGAIN_MS = 100

/** True in a transaction that holds the lock; false in none. */
async function lockIsOurs(client: pg.Client): Promise<boolean> {
  await client.query('begin; set local idle_in_transaction_session_timeout = 0')
  // Without a parameter: that statement would keep its snapshot, for which an index that is made concurrently would wait.
  const { rows } = await client.query(`select pg_try_advisory_xact_lock(${MIGRATION_LOCK})`)
  const taken: boolean = rows[0].pg_try_advisory_xact_lock
  if (!taken) await client.query('rollback')
  return taken
}

/** A migration that began and did not finish was rolled back by PostgreSQL; Prisma wants to be told so. */
async function forgetInterrupted(
  engine: SchemaEngine,
  migrationsList: Awaited<ReturnType<typeof readMigrations>>,
  log: Logger,
): Promise<void> {
  const { failedMigrationNames } = await engine.diagnoseMigrationHistory({
    migrationsList,
    optInToShadowDatabase: false,
    filters: noFilters,
  })
  for (const migrationName of failedMigrationNames) {
    log.warn({ migration: migrationName }, 'migration was interrupted earlier, trying it again')
    await engine.markMigrationRolledBack({ migrationName })
  }
}
