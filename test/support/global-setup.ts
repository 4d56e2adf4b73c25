import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { type Cluster, startCluster } from '../../src/platform/embedded/cluster.ts'
import { APP_ROLE } from '../../src/platform/embedded/role.ts'
import { createLogger } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { hasRedisServer, startRedis } from './redis-server.ts'
import { templates } from './templates.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The server's own database, as its superuser; tests take a copy of the template by createTestDatabase. */
    postgresUrl: string
    /** The same as a gateway has it. */
    appUrl: string
    redisUrl: string
  }
}

const log = createLogger('silent')

/** Files of a test run are thrown away, so nothing waits for the disk. */
const notDurable = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
}

/** One PostgreSQL and one Redis for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!hasRedisServer) throw new Error('redis-server is needed: install it, or let `npm test` do so')
  const folder = await mkdtemp(join(tmpdir(), 'modula-test-'))
  const cluster = await startCluster(folder, { log, settings: notDurable })
  const redis = await startRedis()
  await createTemplates(cluster)
  project.provide('postgresUrl', cluster.superuserUrl)
  project.provide('appUrl', cluster.url)
  project.provide('redisUrl', redis.url)
  return async () => {
    await Promise.all([cluster.stop(), redis.stop()])
    await rm(folder, { recursive: true })
  }
}

/** Made once each. Nobody may connect to them afterwards, as PostgreSQL copies only what is not in use. */
async function createTemplates({ superuserUrl, url: appUrl }: Cluster): Promise<void> {
  const client = new pg.Client(superuserUrl)
  await client.connect()
  const urlOf = (name: string) => Object.assign(new URL(appUrl), { pathname: `/${name}` }).href
  await client.query(`CREATE DATABASE ${templates.tables} OWNER ${APP_ROLE}`)
  await migrate(urlOf(templates.tables), { log })
  await client.query(`ALTER DATABASE ${templates.tables} ALLOW_CONNECTIONS false`)
  await client.query(`CREATE DATABASE ${templates.demo} TEMPLATE ${templates.tables} OWNER ${APP_ROLE}`)
  await seed(urlOf(templates.demo))
  await client.query(`ALTER DATABASE ${templates.demo} ALLOW_CONNECTIONS false`)
  await client.end()
}

/** As a gateway does at its start, but for its keys: each that begins with a copy has keys of its own. */
async function seed(databaseUrl: string): Promise<void> {
  const app = await createApp({ config: loadConfig({ LOG_LEVEL: 'silent' }), databaseUrl, log })
  await seedDemo(app.services, app.db, log)
  await app.db.own.rows('delete from signing_key', [])
  await app.close()
}
