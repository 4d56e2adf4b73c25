/**
 * A bad two minutes: 200 devices push and pull through HAProxy, three gateways and PgBouncer, while every 20 seconds a
 * gateway is killed, Redis is killed and comes back, and PostgreSQL is restarted. Then everything must be there, once.
 * `CLUSTER_SECONDS` and `CLUSTER_DEVICES` make it shorter.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startCluster } from '../test/support/cluster.ts'
import { startPgBouncer } from '../test/support/pgbouncer.ts'
import { startRedis } from '../test/support/redis-server.ts'
import { admin, branchName, makeCafe, tenantId } from './support/cafe.ts'
import { quantile } from './support/measure.ts'
import type { Line } from './support/report.ts'
import { Seller } from './support/seller.ts'
import { type Stage, withClient, withServices } from './support/stage.ts'

const seconds = Number(process.env.CLUSTER_SECONDS ?? 120)
const devices = Number(process.env.CLUSTER_DEVICES ?? 200)
const branches = Math.max(1, Math.floor(devices / 10))
/** The first and the last sixth are quiet. */
const quiet = seconds / 6

export async function cluster(stage: Stage): Promise<Line[]> {
  const databaseUrl = await stage.createDatabase('cluster')
  const deviceIds = Array.from({ length: devices }, (_, i) => `device-${i}`)
  const tokens = await withServices(databaseUrl, async (services) => {
    await makeCafe(services, branches)
    const as = { accountId: admin, tenantId, memberGeneration: 0, deviceGeneration: 0 }
    return Promise.all(
      deviceIds.map(async (deviceId) => (await services.tokens.issue!({ ...as, deviceId })).token),
    )
  })
  const pooler = await startPgBouncer(databaseUrl, [
    'default_pool_size = 20',
    'max_client_conn = 500',
    // A server that comes back is found at once.
    'server_login_retry = 1',
  ])
  let redis = await startRedis()
  const gateways = await startCluster(3, {
    DATABASE_URL: pooler.url,
    REDIS_URL: redis.url,
    DEMO: '0',
    LOG_LEVEL: 'error',
    RATE_LIMIT_PER_SECOND: '0',
  })
  const sellers = deviceIds.map(
    (deviceId, i) =>
      new Seller({ url: gateways.url, token: tokens[i]!, deviceId, branchId: branchName(i % branches) }),
  )
  const began = performance.now()
  const say = (what: string) => console.log(`${((performance.now() - began) / 1000).toFixed(1)} s: ${what}`)
  const at = (second: number) => wait(Math.max(0, second * 1000 - (performance.now() - began)))

  async function killGateways() {
    for (let second = quiet, i = 0; second < seconds - quiet; second += Math.min(20, seconds / 6), i += 1) {
      await at(second)
      const member = gateways.members[i % 3]!
      await member.end('SIGKILL')
      say(`gateway ${(i % 3) + 1} killed`)
      await member.start()
      say(`gateway ${(i % 3) + 1} is back`)
    }
  }
  async function killRedis() {
    await at(seconds * 0.4)
    await redis.kill()
    say('Redis killed')
    await wait(2_000)
    redis = await startRedis({ port: redis.port })
  }
  async function restartPostgres() {
    await at(seconds * 0.6)
    const [pid] = readFileSync(join(stage.folder, 'postgres/postmaster.pid'), 'utf8').split('\n')
    // In order, as an upgrade does; what runs it starts it again.
    process.kill(Number(pid), 'SIGINT')
    say('PostgreSQL is restarted')
  }

  try {
    say('devices begin')
    const end = began + seconds * 1000
    await Promise.all([
      ...sellers.map((seller) => seller.sellUntil(end)),
      killGateways(),
      killRedis(),
      restartPostgres(),
    ])
    say('all have ended')
    await Promise.all(sellers.map((seller) => seller.catchUp()))
    await verify(databaseUrl, sellers)
    return lines(sellers, began)
  } finally {
    await gateways.stop()
    await Promise.all([pooler.stop(), redis.stop()])
    await stage.dropDatabase('cluster')
  }
}

/** Throws what is lost, there twice, missing in a row of receipts, or seen otherwise by one device than by another. */
async function verify(databaseUrl: string, sellers: readonly Seller[]): Promise<void> {
  const sold = sellers.flatMap((seller) => seller.sold)
  const stored = await withClient(databaseUrl, async (db) => {
    const { rows } = await db.query<{ id: string; branch_id: string; receipt_number: number }>(
      'select id, branch_id, receipt_number::int from sale where tenant_id = $1',
      [tenantId],
    )
    return rows
  })
  const ids = new Set(stored.map(({ id }) => id))
  const lost = sold.filter((id) => !ids.has(id))
  if (lost.length > 0) throw new Error(`${lost.length} sales are lost`)
  if (stored.length !== sold.length)
    throw new Error(`${stored.length} sales are there, ${sold.length} were made`)
  for (const [branchId, own] of Map.groupBy(stored, (each) => each.branch_id)) {
    const numbers = own.map((each) => each.receipt_number).sort((a, b) => a - b)
    if (numbers.some((number, i) => number !== i + 1)) throw new Error(`receipts of ${branchId} have a gap`)
    for (const seller of sellers.filter((each) => each.branchId === branchId)) {
      const seen = [...seller.seen].sort(([a], [b]) => (a < b ? -1 : 1))
      const there = own.map((each) => [each.id, each.receipt_number]).sort(([a], [b]) => (a! < b! ? -1 : 1))
      if (JSON.stringify(seen) !== JSON.stringify(there))
        throw new Error(`${seller.deviceId} sees ${seen.length} sales of ${there.length}`)
    }
  }
  const again = sellers.reduce((sum, { tries }) => sum + tries.again, 0)
  console.log(
    `${sold.length} sales by ${sellers.length} devices in ${seconds} s: nothing lost, nothing twice, receipts gapless, all see the same; ${again} requests were sent again`,
  )
}

function lines(sellers: readonly Seller[], began: number): Line[] {
  const of = (kind: 'push' | 'pull', from: number, to: number) =>
    sellers
      .flatMap((seller) => seller.waits[kind])
      .filter(({ at }) => at >= began + from * 1000 && at < began + to * 1000)
      .map(({ ms }) => ms)
  const phases = [
    ['before', quiet / 4, quiet],
    ['during', quiet, seconds - quiet],
    ['after', seconds - quiet, seconds],
  ] as const
  return (['push', 'pull'] as const).flatMap((kind) =>
    phases.flatMap(([phase, from, to]) => {
      const waits = of(kind, from, to)
      if (waits.length === 0) return []
      const what = (name: string) => `cluster, ${kind} until answered, ${name} ${phase}`
      return [
        { what: what('median'), unit: 'ms' as const, ours: quantile(waits, 0.5) },
        { what: what('p99'), unit: 'ms' as const, ours: quantile(waits, 0.99) },
      ]
    }),
  )
}
