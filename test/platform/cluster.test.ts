/**
 * Three gateway processes on one PostgreSQL and one Redis behind HAProxy: what holds for one holds for all of them
 * together, and while they are restarted one after the other.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newBranch } from '../support/branch.ts'
import { openSession, sale } from '../support/cafe.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'
import { type Client, clientsOf } from '../support/gateway.ts'
import { listen } from '../support/listen.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { lockWaiters } from '../support/waiting.ts'

let database: TestDatabase
let redis: RedisServer
let cluster: Cluster
let admin: Client
/** The same person at the same device, at each gateway itself. */
const everywhere = ({ token, deviceId }: Client): Client[] =>
  cluster.members.map(({ url }) => clientsOf(`${url}/graphql`).withToken(token, { deviceId }))

beforeAll(async () => {
  ;[database, redis] = await Promise.all([createTestDatabase('nothing'), startRedis()])
  cluster = await startCluster(
    3,
    {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      DEMO: '1',
      DATABASE_POOL: '5',
      STOP_DELAY_MS: '1000',
    },
    (i) => (i === 0 ? { STATEMENT_TIMEOUT_MS: '2000' } : {}),
  )
  admin = await clientsOf(cluster.url).as('admin')
})
afterAll(async () => {
  await cluster?.stop()
  await redis?.stop()
  await database?.drop()
})

async function rows<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
  const client = new pg.Client(ofEveryTenant(database.url))
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

it('that start at once on an empty database migrate it once, and make its demo once', async () => {
  const migrated = cluster.members.filter(({ lines }) =>
    lines.some((line) => line.includes('migrations applied')),
  )
  expect(migrated).toHaveLength(1)
  const again = await rows('select migration_name from _prisma_migrations group by 1 having count(*) > 1')
  expect(again).toEqual([])
  expect(await rows('select tenant_id from tenant order by 1')).toEqual([
    { tenant_id: 'demo' },
    { tenant_id: 'rival' },
  ])
})

it('exactly once, in the order of each device: the same batches at all three at once, and again', async () => {
  const branchId = await newBranch(admin)
  const session = randomUUID()
  await admin.push([openSession(session, { branchId })])
  const tills = await Promise.all(
    [1, 2, 3].map((i) => clientsOf(cluster.url).as('admin', { deviceId: `till-${i}` })),
  )
  await Promise.all(
    tills.map(async (till) => {
      const batch = Array.from({ length: 6 }, (_, i) => sale(session, {}, { branchId, deviceSeq: i + 1 }))
      const answers = await Promise.all(everywhere(till).map((gateway) => gateway.push(batch)))
      expect(answers.flat().map(({ status }) => status)).toEqual(Array(18).fill('APPLIED'))
      // One gateway decided, the others repeat what it said.
      expect(answers.flat().filter(({ duplicate }) => !duplicate)).toHaveLength(6)
      const numbers = answers.map((results) => results.map(({ result }) => result.receiptNumber as number))
      expect(numbers[1]).toEqual(numbers[0])
      expect(numbers[2]).toEqual(numbers[0])
      expect(numbers[0]).toEqual(numbers[0]!.toSorted((a, b) => a - b))
    }),
  )
  const pulled = await Promise.all(everywhere(admin).map((gateway) => gateway.pullAll({ branchId })))
  expect(pulled[1]).toMatchObject({ changes: pulled[0]!.changes })
  expect(pulled[2]).toMatchObject({ changes: pulled[0]!.changes })
  const sold = pulled[0]!.changes.filter(({ entityKind }) => entityKind === 'sale')
  const receipts = sold.map(({ payload }) => payload.receiptNumber as number).toSorted((a, b) => a - b)
  expect(receipts).toEqual(Array.from({ length: 18 }, (_, i) => i + 1))
})

it('a gateway whose host vanishes in the middle of a batch holds up its device for seconds', async () => {
  const branchId = await newBranch(admin)
  const session = randomUUID()
  await admin.push([openSession(session, { branchId })])
  const batch = [1, 2, 3].map((deviceSeq) => sale(session, {}, { branchId, deviceSeq }))
  const till = await clientsOf(cluster.url).as('admin', { deviceId: 'held-up' })
  const [vanishing, other] = everywhere(till)
  const holder = new pg.Client(ofEveryTenant(database.url))
  await holder.connect()
  await holder.query('begin')
  await holder.query('select 1 from sync_stream where branch_id = $1 for update', [branchId])
  const unanswered = vanishing!.push(batch).catch(() => [])
  await lockWaiters(database.url, 1)
  process.kill(cluster.members[0]!.pid!, 'SIGSTOP')
  try {
    await holder.query('commit')
    // Nobody closes its connection, and its transaction has the device and the branch.
    await expect
      .poll(async () => (await other!.push(batch)).map(({ status }) => status), { timeout: 30_000 })
      .toEqual(['APPLIED', 'APPLIED', 'APPLIED'])
  } finally {
    process.kill(cluster.members[0]!.pid!, 'SIGCONT')
    await holder.end()
  }
  // Back again it has lost its transaction, which is nobody's fault: put off, or told what the other decided.
  expect((await unanswered).filter(({ status }) => status === 'REJECTED')).toEqual([])
  await expect.poll(async () => (await vanishing!.push(batch)).every(({ duplicate }) => duplicate)).toBe(true)
})

it('PINs are counted together: five wrong ones, wherever they were tried, lock at each', async () => {
  const codeOf = async (i: number, pin: string) => {
    const { url } = cluster.members[i % 3]!
    const { errors } = await clientsOf(`${url}/graphql`)
      .withToken(null)
      .send('mutation ($input: SignInInput!) { signIn(input: $input) { token } }', {
        input: { tenantId: 'demo', staffCode: 'barista-1', pin, deviceId: 'guesser' },
      })
    return errors?.[0]?.extensions.code
  }
  for (let i = 0; i < 5; i += 1) expect(await codeOf(i, '7391')).toBe('UNAUTHENTICATED')
  for (let i = 0; i < 3; i += 1) expect(await codeOf(i, '1234')).toBe('TOO_MANY_ATTEMPTS')
})

it('who loses access is cut off at each: sockets closed, requests refused', async () => {
  const cashier = await clientsOf(cluster.url).as('cashier-2', { deviceId: 'lost' })
  const at = everywhere(cashier)
  const listening = at.map((gateway) =>
    listen(gateway, 'subscription { syncNudge(tenantId: "demo", branchId: "market") { headSeq } }'),
  )
  await Promise.all(listening.map(({ connected }) => connected))
  const heard = () => listening.every((each) => each.heard.length > 0)
  await expect
    .poll(async () => {
      await admin.direct('policyUpdate', { vatRatePercent: 10 }, { branchId: 'market' })
      return heard()
    })
    .toBe(true)
  expect(
    await admin.direct('staffSave', { accountId: 'demo-cashier-2', status: 'REVOKED' }, { branchId: null }),
  ).toMatchObject({ status: 'APPLIED' })
  expect(await Promise.all(listening.map(({ closed }) => closed))).toEqual([4403, 4403, 4403])
  const answers = await Promise.all(at.map((gateway) => gateway.send('{ me(tenantId: "demo") { role } }')))
  for (const { errors } of answers) expect(errors?.[0]?.extensions.code).toMatch(/UNAUTHENTICATED|FORBIDDEN/)
})

it('restarted one after the other under load, through the proxy nothing is refused and nothing is lost', async () => {
  const branchId = await newBranch(admin)
  const session = randomUUID()
  await admin.push([openSession(session, { branchId })])
  const tills = await Promise.all(
    [1, 2].map((i) => clientsOf(cluster.url).as('admin', { deviceId: `rolling-${i}` })),
  )
  let restarting = true
  let sold = 0
  const selling = tills.map(async (till) => {
    let cursor: string | undefined
    while (restarting) {
      // An answer that is none, or an error in it, throws.
      const results = await till.push([sale(session, {}, { branchId }), sale(session, {}, { branchId })])
      expect(results).toMatchObject([
        { status: 'APPLIED', duplicate: false },
        { status: 'APPLIED', duplicate: false },
      ])
      sold += 2
      cursor = (await till.pullAll({ branchId, cursor })).cursor
      // A machine that is all theirs would have nothing left for gateways that start.
      await wait(100)
    }
  })
  const failed = Promise.all(selling).then(() => {})
  failed.catch(() => {
    restarting = false
  })
  for (const member of cluster.members) {
    if (!restarting) break
    expect(await member.end('SIGTERM')).toBe(0)
    await member.start()
  }
  restarting = false
  await failed
  const { changes } = await admin.pullAll({ branchId })
  const receipts = changes
    .filter(({ entityKind }) => entityKind === 'sale')
    .map(({ payload }) => payload.receiptNumber as number)
    .toSorted((a, b) => a - b)
  expect(receipts).toEqual(Array.from({ length: sold }, (_, i) => i + 1))
})
