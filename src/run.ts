/**
 * Configuration, database, gateway, listening; and the way back down.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { createApp } from './app.ts'
import { batchThreadData, serveBatches } from './batch-thread/serve-batches.ts'
import { loadConfig } from './config.ts'
import { isDemoOpen, isReached, seedDemo, wantsDemo } from './demo/seed.ts'
import { schemaAlone } from './graphql/printed-schema.ts'
import { cafe, type GatewayModule, registryOf } from './modules/index.ts'
import { reasonOf } from './platform/connect.ts'
import type { Database } from './platform/database.ts'
import { createLogger, type Logger } from './platform/log.ts'
import { migrate } from './platform/migrate.ts'
import { openPostgres } from './platform/postgres.ts'
import { StartError } from './platform/start-error.ts'
import type { NudgeBus } from './sync/nudge/bus.ts'
import { createWelcome } from './welcome.ts'

/** What a gateway is of, beside what its environment says. */
export type GatewayOptions = {
  /** The café's, unless others are given: `[...cafe, loyalty]`. */
  readonly modules?: readonly GatewayModule[]
  /** Folders of migrations of the modules that are not the café's. */
  readonly migrations?: readonly string[]
  /**
   * The file that calls this, as `import.meta.url`, where it does nothing else: large requests are then decided on a thread of
   * their own once several tenants are about, which begins with the same file.
   */
  readonly entry?: string
}

async function serve({ modules = cafe, migrations = [], entry }: GatewayOptions): Promise<void> {
  const config = loadConfig(process.env)
  if (modules !== cafe) checkModules(modules)
  const log = createLogger(config.logLevel)
  // Before the database starts: a signal that comes meanwhile must not leave it running.
  const stopped = stopSignal()
  const postgres = await openPostgres({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log })
  try {
    await migrate(postgres.url, { log, further: migrations, isOurs: postgres.embedded })
    const demo = wantsDemo(config, postgres.embedded)
    const thread = entry === undefined ? undefined : new URL(entry)
    const app = await createApp({ config, databaseUrl: postgres.url, log, modules, demo, entry: thread })
    try {
      if (demo) await seedDemo(app.services, app.db, log)
      else if (isReached(config))
        await tellOfDemo(app.db, log, config.demo === undefined && postgres.embedded)
      const { url } = await app.listen()
      await adviseFirstTenant(app.db, log)
      await busSettled(app.bus)
      console.log(`ready ${url}`)
      await stopped
      if (config.stopDelayMs > 0) {
        log.info({ stopDelayMs: config.stopDelayMs }, 'stopping: /readyz says so, requests are still taken')
        app.leave()
        await delay(config.stopDelayMs)
      }
      log.info('stopping: finishing what is in flight')
    } finally {
      await app.close()
    }
  } finally {
    await postgres.stop()
  }
}

/** Before there is a database: what does not fit together is one line that says what. */
function checkModules(modules: readonly GatewayModule[]): void {
  try {
    const nobody = { isProven: () => false, keyedHash: String }
    schemaAlone(registryOf(modules, nobody))
  } catch (error) {
    throw new StartError(`the modules do not fit together: ${reasonOf(error)}`, { cause: error })
  }
}

/** A start for this machine alone may have left it, and nobody else thinks of that. */
async function tellOfDemo(db: Database, log: Logger, isMissed: boolean): Promise<void> {
  if (await isDemoOpen(db))
    log.warn(
      'the demo café is in this database from an earlier start: everybody knows its PIN 1234, and others reach it than this machine; give its people other PINs, or begin with another database',
    )
  else if (isMissed)
    log.info(
      'no demo café: everybody knows its PINs, and by HOST, TRUST_PROXY or ALLOWED_HOSTS others reach it than this machine; DEMO=1 makes it',
    )
}

/** Nobody can sign in where there is no tenant, and nothing but this makes one. */
async function adviseFirstTenant(db: Database, log: Logger): Promise<void> {
  const { tenants } = await createWelcome(db.everyTenant)()
  if (!tenants)
    log.warn(
      'there is no tenant yet: npm run admin -- tenant create TENANT --name NAME --branch BRANCH makes the first',
    )
}

/** What the bus says of its first connection comes before `ready`, which is the last line of a start. */
async function busSettled(bus: NudgeBus): Promise<void> {
  for (let waited = 0; !bus.healthy && waited < maxBusWaitMs; waited += 20) await delay(20)
}
const maxBusWaitMs = 2_000

/** Resolves at the first SIGTERM, SIGINT or SIGHUP; a second one ends the process at once. */
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
    process.on('SIGHUP', stop)
  })

/** Runs the gateway until it is told to stop, then ends the process: with 0, or with one line of why it could not run. */
export async function runGateway(options: GatewayOptions = {}): Promise<never> {
  const batches = batchThreadData()
  if (batches) return serveBatches(batches, options.modules)
  try {
    await serve(options)
    process.exit(0)
  } catch (error) {
    console.error(error instanceof StartError ? error.message : error)
    process.exit(1)
  }
}
