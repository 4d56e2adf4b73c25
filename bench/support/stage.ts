/**
 * What every scenario stands on: one embedded PostgreSQL with its durable defaults (fsync on, nothing tuned), and
 * gateways in processes of their own.
 */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { startCluster } from '../../src/platform/embedded/cluster.ts'
import { lockFolder } from '../../src/platform/embedded/folder-lock.ts'
import { clearOrphan } from '../../src/platform/embedded/orphan.ts'
import { APP_ROLE } from '../../src/platform/embedded/role.ts'
import { createLogger } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import type { Services } from '../../src/services.ts'
import { ofEveryTenant } from '../../test/support/every-tenant.ts'
import { type Gateway, startGateway } from './children.ts'

export type Stage = {
  postgresVersion: string
  /** Goes with the stage. On the disk that is measured, for whatever else a scenario keeps. */
  folder: string
  /** A migrated database without anything in it; its address. */
  createDatabase(name: string): Promise<string>
  dropDatabase(name: string): Promise<void>
  openGateway(databaseUrl: string): Promise<Gateway>
  close(): Promise<void>
}

const log = createLogger('warn')
/** Beside the gateway's own data, so that its disk is measured: the system's folder for temporary files may be memory. */
const folder = join(import.meta.dirname, '../../.data')
const prefix = 'bench-'
const template = 'bench_template'

/** `profileFolder`: where gateways leave a CPU profile when they end. */
export async function openStage({ profileFolder }: { profileFolder?: string } = {}): Promise<Stage> {
  await mkdir(folder, { recursive: true })
  await removeLeftovers()
  const dataDir = await mkdtemp(join(folder, prefix))
  const postgres = await startCluster(dataDir, { log })
  const urlOf = (name: string) => {
    const url = new URL(postgres.url)
    url.pathname = `/${name}`
    return url.href
  }
  const run = (statement: string) => withClient(postgres.superuserUrl, (client) => client.query(statement))
  // What a scenario leaves behind as autovacuum would.
  await run(`grant pg_checkpoint, pg_maintain to ${APP_ROLE}`)
  await run(`create database ${template} owner ${APP_ROLE}`)
  await migrate(urlOf(template), { log })
  const { rows } = await run('show server_version')
  const nodeArgs = profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : []

  return {
    postgresVersion: rows[0].server_version,
    folder: dataDir,
    async createDatabase(name) {
      await run(`create database ${name} template ${template} owner ${APP_ROLE}`)
      return urlOf(name)
    },
    async dropDatabase(name) {
      await run(`drop database ${name} with (force)`)
    },
    openGateway: (databaseUrl) => startGateway(databaseUrl, nodeArgs),
    async close() {
      await postgres.stop()
      await rm(dataDir, { recursive: true })
    },
  }
}

/** Stops and removes the databases of runs that were killed. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix)) continue
    const dataDir = join(folder, name)
    const unlock = lockFolder(dataDir)
    if (!unlock) continue
    await clearOrphan(join(dataDir, 'postgres'), log)
    unlock()
    await rm(dataDir, { recursive: true })
  }
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(ofEveryTenant(url))
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/**
 * As autovacuum would have left it within a minute: the tables' statistics, from which plans are made. Named one by one,
 * as PostgreSQL warns of each table of its own that a gateway's role may not look at.
 */
export async function vacuumAnalyze(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ tables: string }>(
    `select string_agg(format('%I', tablename), ', ') as tables from pg_tables where schemaname = current_schema`,
  )
  await client.query(`vacuum analyze ${rows[0]!.tables}`)
}

/** The gateway's services in this process, to prepare a database with. */
export async function withServices<T>(
  databaseUrl: string,
  work: (services: Services) => Promise<T>,
): Promise<T> {
  const config = loadConfig({ PORT: '0', STATEMENT_TIMEOUT_MS: '600000' })
  const app = await createApp({ config, databaseUrl, log })
  try {
    return await work(app.services)
  } finally {
    await app.close()
  }
}
