/**
 * The composition root: everything that the gateway is made of, put together in one place, for `main.ts` and for
 * the tests.
 */
import type { IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createApps } from './apps.ts'
import { type BatchThread, createBatchThread } from './batch-thread/batch-thread.ts'
import type { Config } from './config.ts'
import { demoToken, firstSteps } from './demo/first-steps.ts'
import { createDrain } from './drain.ts'
import type { BaseContext, Caller } from './graphql/context.ts'
import { requestErrorCodes } from './graphql/errors.ts'
import { welcomeQuery } from './graphql/graphiql.ts'
import { graphiqlPage } from './graphql/graphiql-page.ts'
import { createNudgeDoors } from './graphql/nudge-doors.ts'
import { createRateLimit, type RateLimit, tellingCosts } from './graphql/rate-limit.ts'
import { buildSchema } from './graphql/schema.ts'
import { createGraphql } from './graphql/yoga.ts'
import { clientAddress } from './http/client-address.ts'
import type { OnReset, ResetReason } from './http/connections.ts'
import { allowsHost } from './http/hosts.ts'
import { listenForAll, listenForMetrics, listening } from './http/listening.ts'
import { createBatchServer, createHttpServer, createMetricsServer } from './http.ts'
import { startMaintenance } from './maintenance.ts'
import { createActorKeys, proofCheck } from './modules/access/actor-key.ts'
import { signInResults } from './modules/access/sign-in.ts'
import { cafe, type GatewayModule, keyedHashes, registryOf } from './modules/index.ts'
import { type Database, looksPooled, openDatabase } from './platform/database.ts'
import { checkDeclared } from './platform/declared-tables.ts'
import type { Logger } from './platform/log.ts'
import {
  createMetrics,
  createProcessMetrics,
  type Metrics,
  metricsText,
  registerGauges,
} from './platform/metrics.ts'
import { connectCounter, connectRedis } from './platform/redis.ts'
import { ownSecrets } from './platform/secrets.ts'
import { seldom } from './platform/seldom.ts'
import { ownTokens, providerTokens } from './platform/tokens.ts'
import { createServices, type Services } from './services.ts'
import type { NudgeBus } from './sync/nudge/bus.ts'
import { createNudgeHub } from './sync/nudge/hub.ts'
import { createProcessBus } from './sync/nudge/process-bus.ts'
import { createRedisBus } from './sync/nudge/redis-bus.ts'
import type { Passing } from './sync/passing.ts'
import { deferrals } from './sync/push.ts'
import { createReplica } from './sync/replica.ts'
import { headsToBe } from './sync/tenant-stream.ts'
import { createWelcome } from './welcome.ts'

export type App = {
  readonly db: Database
  readonly services: Services
  readonly bus: NudgeBus
  /** Starts to take requests; the address, with the port that was taken. */
  listen(): Promise<{ host: string; port: number; url: string }>
  /** From now on `/readyz` says no, so that a proxy sends its requests elsewhere; all else goes on. */
  leave(): void
  /** Takes no more, finishes what is in flight, closes sockets with 1001, lets go of database and bus. */
  close(): Promise<void>
}

const graphqlPath = '/graphql'

/** Behind a proxy all connections are of its address, and its to count. */
const connectionsPerAddress = ({ connectionsPerAddress, trustProxy }: Config) =>
  trustProxy > 0 || connectionsPerAddress === 0 ? Number.POSITIVE_INFINITY : connectionsPerAddress

/** Counts every connection that is reset; a line a minute says whose they were. */
function resetsToldOf(log: Logger, metrics: Metrics): OnReset {
  const tell = seldom<{ reason: ResetReason; address: string }>(60_000, (latest, resets) =>
    log.warn(
      { ...latest, resets },
      'connections were reset: too many of an address, or too many requests in one',
    ),
  )
  return (reason, address) => {
    metrics.connectionsReset.inc({ reason })
    tell({ reason, address })
  }
}

/** By its own name, which is the same in the repository and where it is installed as a package. */
const ownVersion = (): string => createRequire(import.meta.url)('modula-sync/package.json').version

/** Where `npm run build` puts the till and the console. */
const appsFolder = join(import.meta.dirname, '../dist/apps')

/** Redis where it is given, or else of this process alone. */
export function openBus({ redisUrl }: Config, log: Logger): NudgeBus {
  if (!redisUrl) return createProcessBus({ log })
  const { publisher, subscriber } = connectRedis(redisUrl)
  return createRedisBus({ publishClient: publisher, subscribeClient: subscriber, log })
}

/** A replica that does not answer by then is no help: the primary is asked. */
const REPLICA_PATIENCE_MS = 2_000

/** The replica with its pool, where there is one. That it is away, or of another version of the tables, is no fault of the gateway's. */
async function openReplica(of: { config: Config; primary: Database; bus: NudgeBus; log: Logger }) {
  const { config, primary, bus, log } = of
  const url = config.databaseReplicaUrl
  if (!url) return undefined
  const db = openDatabase({
    url,
    isPooled: await looksPooled(url).catch(() => false),
    poolSize: config.databasePool,
    statementTimeoutMs: REPLICA_PATIENCE_MS,
    lockTimeoutMs: REPLICA_PATIENCE_MS,
    connectMs: REPLICA_PATIENCE_MS,
  })
  const reads = createReplica({
    ...{ primary: primary.own, replica: db, bus, maxLagMs: config.replicaLagMs },
    onChange: (usable, why) =>
      usable
        ? log.info('pulls are read from the replica')
        : log.warn({ err: why }, 'pulls are read from the primary: the replica cannot be used'),
  })
  return {
    reads,
    async close() {
      await reads.close()
      await db.close()
    },
  }
}

type Parts = {
  config: Config
  databaseUrl: string
  log: Logger
  bus: NudgeBus
  clock?: (() => Date) | undefined
  /** The café's, unless others are given. */
  modules?: readonly GatewayModule[] | undefined
  passing?: Passing | undefined
  tell?: Services['tell'] | undefined
  /** Where requests are handed over from: told what they cost beside their heads, which are counted there. */
  charge?: ((caller: Caller, cost: number) => void) | undefined
  /** What large requests are handed over to, where there is such a thing. */
  openBatchThread?: ((services: Services, rateLimit: RateLimit) => BatchThread) | undefined
}

/** What each thread of the gateway has over a migrated database: the engine, and GraphQL over the engine. */
async function putTogether(of: Parts) {
  const { config, databaseUrl, log, bus, clock, modules = cafe, passing, tell, charge } = of
  let counted: Metrics | undefined
  const onSlow = () => counted?.slowStatements.inc()
  const db = await openGatewayDatabase({ config, databaseUrl, log, onSlow })
  const secrets = await ownSecrets(db.own.prisma)
  const actorKeys = createActorKeys(secrets('actor keys'))
  const registry = registryOf(modules, {
    isProven: proofCheck(actorKeys),
    keyedHash: keyedHashes(secrets('hashes of secrets')),
  })
  await checkDeclared(db.everyTenant, registry.tables).catch(async (error) => {
    await db.close()
    throw error
  })
  const codes = [...registry.codes.keys(), 'DUPLICATE']
  const labels = { lanes: ['REPLAY', 'DIRECT'], errors: requestErrorCodes, deferrals, signIns: signInResults }
  const metrics = createMetrics({ types: registry.operations.keys(), codes, labels })
  counted = metrics
  const replica = await openReplica({ config, primary: db, bus, log })
  const hub = createNudgeHub({
    ...{ bus, log, now: Date.now },
    allModules: [...registry.scopes.keys()],
    headsOf: (tenantId, branchIds) => headsToBe(db.tenant(tenantId), tenantId, branchIds),
  })
  const tokens = config.auth
    ? providerTokens(config.auth)
    : await ownTokens(db.own.prisma, config.tokenTtlSeconds)
  const parts = { config, registry, db, bus, hub, log, metrics, tokens, actorKeys, secrets }
  const services = createServices({ ...parts, replica: replica?.reads, clock, passing, tell })

  const schema = buildSchema(db.own.prisma, registry, tokens.issue)
  const counter = config.redisUrl ? connectCounter(config.redisUrl) : undefined
  const counting = createRateLimit(config.rateLimitPerSecond, counter && { redis: counter, log })
  const rateLimit = charge ? tellingCosts(counting, charge) : counting
  const base: BaseContext = { config, db, services, rateLimit }
  const { streams, openSockets } = createNudgeDoors({ schema, base, bus, log })
  const batchThread = of.openBatchThread?.(services, rateLimit)
  const graphql = createGraphql({
    ...{ schema, path: graphqlPath, base, streams, log, batchThread },
    headsAreCounted: charge !== undefined,
  })
  const { room, connections } = services.engine.turns
  registerGauges(metrics, {
    pool: () => db.pool,
    batches: () => ({ inHand: room.taken, waitingForConnection: connections.waiting }),
    nudges: () => hub.size,
    busHealthy: () => bus.healthy,
    replicaUsable: () => replica?.reads.usable ?? null,
    version: ownVersion(),
  })
  return {
    ...{ db, services, registry, streams, openSockets, graphql, batchThread },
    async close() {
      await services.checkpoints.flush()
      await replica?.close()
      hub.close()
      await bus.close()
      counter?.disconnect()
      await db.close()
    },
  }
}

/** Puts the gateway together over a migrated database. */
export async function createApp(options: {
  config: Config
  databaseUrl: string
  log: Logger
  clock?: () => Date
  /** The café's, unless others are given. */
  modules?: readonly GatewayModule[]
  /** The demo café is there: GraphiQL shows its first steps, signed in. */
  demo?: boolean
  /** What a thread for large requests begins with; without it there is none. */
  entry?: URL | undefined
}): Promise<App> {
  const { config, databaseUrl, log, clock, modules, demo = false, entry } = options
  const bus = openBus(config, log)
  const batchThreadOf =
    (entry: URL) =>
    ({ engine: { turns }, metrics, tell }: Services, rateLimit: RateLimit) =>
      createBatchThread({
        ...{ entry, config, databaseUrl, turns, tell, log },
        charge: (caller, cost) => void rateLimit(caller, cost).catch(() => {}),
        onHandedOver: () => metrics.handedOver.inc(),
      })
  const parts = await putTogether({
    ...{ config, databaseUrl, log, bus, clock, modules },
    openBatchThread: entry && config.batchThread ? batchThreadOf(entry) : undefined,
  })
  const { db, services, registry, batchThread, streams } = parts
  let leaving = false
  const { server, metricsServer, listen } = openServers({
    ...{ config, bus, log, services, batchThread },
    graphql: parts.graphql,
    isLeaving: () => leaving,
    welcome: createWelcome(db.everyTenant),
    ready: () => db.ping(),
    opening: demo
      ? { tabs: firstSteps, token: () => demoToken(db, services, services.tokens.issue) }
      : { tabs: [welcomeQuery([...registry.scopes.keys()])], token: async () => null },
  })
  const drain = createDrain(server)
  const sockets = parts.openSockets(server, graphqlPath)
  const maintenance = startMaintenance({ config, db, log, metrics: services.metrics, clock: services.clock })

  return {
    ...{ db, services, bus, listen },
    leave() {
      leaving = true
    },
    async close() {
      drain.begin()
      metricsServer?.close().closeAllConnections()
      streams.close()
      await sockets.close()
      await maintenance.stop()
      await drain.finish(config.requestTimeoutMs)
      await batchThread?.close()
      await parts.close()
    },
  }
}

/** Of the pool that it has beside the gateway's own. */
const poolOfBatches = ({ databasePool }: Config) => Math.ceil(databasePool / 2)

/** What the thread of batches is: the same over a pool of its own, answering at a socket what the gateway hands over. */
export async function createBatchApp(options: {
  config: Config
  databaseUrl: string
  log: Logger
  /** The gateway's own. */
  passing: Passing
  tell: Services['tell']
  charge: (caller: Caller, cost: number) => void
  modules?: readonly GatewayModule[] | undefined
}) {
  const { log } = options
  // The gateway is one more proxy, reads from the replica, tells of what is committed here, and counts at Redis.
  const config: Config = {
    ...options.config,
    trustProxy: options.config.trustProxy + 1,
    databasePool: poolOfBatches(options.config),
    redisUrl: undefined,
    databaseReplicaUrl: undefined,
  }
  const parts = await putTogether({ ...options, config, bus: createProcessBus({ log }) })
  // Those are of the gateway's own thread, where nudges and what ends an access are heard of.
  parts.streams.close()
  const { company, tenants } = parts.services.engine.turns
  const server = createBatchServer({
    graphql: parts.graphql,
    addressOf: (request) => clientAddress(request, config.trustProxy),
    onConnectionReset: resetsToldOf(log, parts.services.metrics),
  })
  const drain = createDrain(server)
  return {
    ...{ company, tenants },
    metrics: () => parts.services.metrics.registry.getMetricsAsJSON(),
    listen: (path: string) => listening(server, { path }),
    async close() {
      drain.begin()
      await drain.finish(config.requestTimeoutMs)
      await parts.close()
    },
  }
}

async function openGatewayDatabase(of: {
  config: Config
  databaseUrl: string
  log: Logger
  onSlow: () => void
}): Promise<Database> {
  const { config, databaseUrl, log, onSlow } = of
  const isPooled = await looksPooled(databaseUrl)
  if (isPooled) log.info('a pooler lends the connections: nothing is kept in a session')
  return openDatabase({
    isPooled,
    url: databaseUrl,
    poolSize: config.databasePool,
    statementTimeoutMs: config.statementTimeoutMs,
    lockTimeoutMs: config.lockTimeoutMs,
    slowMs: config.slowStatementMs,
    onSlow(statement, ms) {
      onSlow()
      log.warn({ statement, ms }, 'a slow statement')
    },
    onError: (error) => log.warn({ err: error }, 'a database connection was lost'),
  })
}

/** What answers HTTP: the gateway's own address, and the metrics' where they have one. */
function openServers(of: {
  config: Config
  services: Services
  bus: NudgeBus
  graphql: ReturnType<typeof createGraphql>
  batchThread: BatchThread | undefined
  log: Logger
  ready: () => Promise<boolean>
  isLeaving: () => boolean
  welcome: ReturnType<typeof createWelcome>
  /** What GraphiQL shows at first. */
  opening: Parameters<typeof graphiqlPage>[0]
}) {
  const { config, bus, graphql, batchThread, log, ready, isLeaving, welcome, opening } = of
  const { metrics } = of.services
  const ofProcess = createProcessMetrics()
  const allMetrics = async () => metricsText(ofProcess, metrics, (await batchThread?.metrics()) ?? [])
  const onConnectionReset = resetsToldOf(log, metrics)
  const addressOf = (request: IncomingMessage) => clientAddress(request, config.trustProxy)
  const server = createHttpServer({
    graphqlPath,
    graphql,
    ...{ ready, isLeaving, welcome },
    busHealthy: () => bus.healthy,
    metrics: config.metricsAddress ? null : allMetrics,
    graphiql: config.graphiql
      ? graphiqlPage(opening, { renewMs: (config.tokenTtlSeconds * 1000) / 2 })
      : null,
    allowsHost: allowsHost(config),
    connectionsPerAddress: connectionsPerAddress(config),
    addressOf,
    onConnectionReset,
    apps: createApps(appsFolder),
  })
  const metricsServer = config.metricsAddress
    ? createMetricsServer(allMetrics, {
        ...{ addressOf, onConnectionReset },
        allowsHost: allowsHost({ ...config, host: config.metricsAddress.host }),
      })
    : null

  async function listen() {
    if (config.metricsAddress) await listenForMetrics(metricsServer!, config.metricsAddress)
    await listenForAll(server, config)
    const { port } = server.address() as AddressInfo
    const host = config.host.includes(':') ? `[${config.host}]` : config.host
    return { host: config.host, port, url: `http://${host}:${port}` }
  }

  return { server, metricsServer, listen }
}
