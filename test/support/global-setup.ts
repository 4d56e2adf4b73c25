import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { type Cluster, startCluster } from '../../src/platform/embedded/cluster.ts'
import { APP_ROLE } from '../../src/platform/embedded/role.ts'
import { createLogger } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { hasRedisServer, startRedis } from './redis-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The server's own database, as its superuser; tests take a copy of the template by createTestDatabase. */
    postgresUrl: string
    /** The same as a gateway has it. */
    appUrl: string
    redisUrl: string
  }
}

export const TEMPLATE = 'modula_template'

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
  await createTemplate(cluster)
  project.provide('postgresUrl', cluster.superuserUrl)
  project.provide('appUrl', cluster.url)
  project.provide('redisUrl', redis.url)
  return async () => {
    await Promise.all([cluster.stop(), redis.stop()])
    await rm(folder, { recursive: true })
  }
}

/** Migrated once. Nobody may connect to it afterwards, as PostgreSQL copies only what is not in use. */
async function createTemplate({ superuserUrl, url: appUrl }: Cluster): Promise<void> {
  const client = new pg.Client(superuserUrl)
  await client.connect()
  await client.query(`CREATE DATABASE ${TEMPLATE} OWNER ${APP_ROLE}`)
  const url = new URL(appUrl)
  url.pathname = `/${TEMPLATE}`
  await migrate(url.href, { log })
  await client.query(`ALTER DATABASE ${TEMPLATE} ALLOW_CONNECTIONS false`)
  await client.end()
}
