/**
 * Configuration, database, gateway, listening; and the way back down.
 */
import { createApp } from './app.ts'
import { loadConfig } from './config.ts'
import { seedDemo } from './demo/seed.ts'
import { createLogger } from './platform/log.ts'
import { migrate } from './platform/migrate.ts'
import { openPostgres } from './platform/postgres.ts'
import { StartError } from './platform/start-error.ts'

async function main() {
  const config = loadConfig(process.env)
  const log = createLogger(config.logLevel)
  const postgres = await openPostgres({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log })
  try {
    await migrate(postgres.url, { log })
    const app = await createApp({ config, databaseUrl: postgres.url, log })
    try {
      if (config.demo ?? postgres.embedded) await seedDemo(app.services, app.db, log)
      const { url } = await app.listen()
      console.log(`ready ${url}`)
      await stopSignal()
      log.info('stopping: finishing what is in flight')
    } finally {
      await app.close()
    }
  } finally {
    await postgres.stop()
  }
}

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once. */
const stopSignal = () =>
  new Promise<void>((resolve) => {
    let asked = false
    const stop = () => {
      if (asked) process.exit(130)
      asked = true
      resolve()
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })

try {
  await main()
  process.exit(0)
} catch (error) {
  const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
  const known = error instanceof StartError || inUse
  console.error(known ? (error as Error).message : error)
  process.exit(1)
}
