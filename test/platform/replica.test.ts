/** Pulls that read from a streaming replica: never behind what was told, and never without the primary's word on who may. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seedDemo } from '../../src/demo/seed.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { createProcessBus } from '../../src/sync/nudge/process-bus.ts'
import { type Pull, pullChanges } from '../../src/sync/pull.ts'
import { createReplica } from '../../src/sync/replica.ts'
import { createTurns } from '../../src/sync/turns.ts'
import { movement, openSession, sale } from '../support/cafe.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { metricAt } from '../support/metrics.ts'
import { type ReplicatedDatabase, startReplicatedDatabase } from '../support/standby.ts'

const log = createLogger('silent')
const main = new URL('../../src/main.ts', import.meta.url)
let database: ReplicatedDatabase
let gateway: Gateway
let admin: Client
let cashier: Client
const session = randomUUID()

beforeAll(async () => {
  database = await startReplicatedDatabase()
  await migrate(database.url, { log })
  gateway = await startGateway({
    databaseUrl: database.url,
    env: { DATABASE_REPLICA_URL: database.replicaUrl, REPLICA_LAG_MS: '200' },
  })
  await seedDemo(gateway.app.services, gateway.app.db, log)
  ;[admin, cashier] = await Promise.all([
    gateway.as('admin', { deviceId: 'office' }),
    gateway.as('cashier-1'),
  ])
  await cashier.push([openSession(session)])
})
afterAll(async () => {
  await gateway?.close()
  await database?.stop()
})

const metric = (name: string, of: Client = cashier) => metricAt(of.url, name)
const fromReplica = (of?: Client) => metric('modula_pulls_total{server="replica"}', of)
const untilItServes = (of: Client = cashier) =>
  expect
    .poll(
      async () => {
        const before = await fromReplica(of)
        await of.pull()
        return (await fromReplica(of)) - before
      },
      { timeout: 20_000 },
    )
    .toBe(1)

it('reads pages there, and from the primary what it has heard of that is not there yet', async () => {
  await untilItServes()
  const { cursor, changes } = await cashier.pullAll()
  expect(changes.length).toBeGreaterThan(20)
  await database.pause()
  const sold = sale(session)
  const [verdict] = await cashier.push([sold])
  const saved = await admin.direct(
    'menuItemSave',
    { menuItemId: 'croissant', priceUsd: 190 },
    { branchId: null },
  )
  expect(saved.status).toBe('APPLIED')
  const before = await fromReplica()
  const page = await cashier.pullAll({ cursor })
  expect(page.changes.map(({ entityId }) => entityId)).toEqual(
    expect.arrayContaining([(sold.payload as { saleId: string }).saleId, 'croissant']),
  )
  expect(page.headSeq).toBeGreaterThanOrEqual(verdict!.appliedSeq!)
  expect(await fromReplica()).toBe(before)
})

it('who may is asked of the primary, however far behind the replica is', async () => {
  const leaver = await gateway.as('barista-1', { deviceId: 'till-9' })
  const input = { tenantId: 'demo', branchId: 'riverside', deviceId: 'till-9', moduleScopes: ['MENU'] }
  await leaver.pull(input)
  await admin.direct('staffSave', { accountId: 'demo-barista-1', status: 'REVOKED' }, { branchId: null })
  const { errors } = await leaver.send(leaver.pullQuery, { input })
  expect(errors?.[0]?.extensions.code).toMatch(/FORBIDDEN|UNAUTHENTICATED/)
})

it('is not read from while it is too far behind, and again when it is not', async () => {
  await expect.poll(() => metric('modula_replica_up')).toBe(0)
  await database.resume()
  await untilItServes()
  expect(await metric('modula_replica_up')).toBe(1)
})

it('never goes back behind a cursor, whoever gave it, and knows nothing of a tenant before it has listened', async () => {
  const open = (url: string) =>
    openDatabase({ url, poolSize: 2, statementTimeoutMs: 5_000, lockTimeoutMs: 5_000 })
  const [db, replicaDb] = [open(database.url), open(database.replicaUrl)]
  const read: string[] = []
  let now = 0
  const replica = createReplica({
    ...{ primary: db.own, replica: replicaDb, bus: createProcessBus({ log }), maxLagMs: 60_000, lookMs: 20 },
    now: () => now,
    onChange: () => {},
  })
  // As another gateway, which hears of nothing that is committed here.
  const puller = { db, replica, turns: createTurns(2), onRead: (server: string) => void read.push(server) }
  const known = gateway.app.services.engine.registry.scopes
  const pull = (cursor: string | null): Pull => ({
    ...{ tenantId: 'demo', branchId: 'riverside', cursor, scopes: ['SALE', 'MENU'], limit: 2000 },
    ...{ accountId: 'demo-admin', onlyOwn: [], known, addsScopes: false },
  })
  const pageOf = async (cursor: string | null) => {
    const pulled = await pullChanges(puller, pull(cursor))
    if ('reset' in pulled) throw new Error(pulled.reset.reason)
    return pulled.page
  }
  try {
    await pageOf(null)
    now += 61_000
    await expect.poll(() => replica.usable).toBe(true)
    const there = await pageOf(null)
    expect(read).toEqual(['primary', 'replica'])
    await database.pause()
    await cashier.push([sale(session)])
    const { page } = (await pullChanges({ ...puller, replica: undefined }, pull(there.nextCursor))) as {
      page: typeof there
    }
    expect(page.count).toBe(1)
    const next = await pageOf(page.nextCursor)
    expect([next.count, next.headSeq, read.at(-1)]).toEqual([0, page.headSeq, 'primary'])
    await database.resume()
  } finally {
    await replica.close()
    await Promise.all([db.close(), replicaDb.close()])
  }
})

it('whoever has pushed sees it at once, also where the thread of large requests has decided it', async () => {
  const env = { DATABASE_REPLICA_URL: database.replicaUrl, REPLICA_LAG_MS: '1000' }
  const threaded = await startGateway({ entry: main, databaseUrl: database.url, env })
  const [till, rival] = await Promise.all([
    threaded.as('cashier-1'),
    threaded.as('admin', { tenantId: 'rival', deviceId: 'rival-till' }),
  ])
  try {
    await untilItServes(till)
    await database.delay(30)
    let { cursor } = await till.pullAll()
    for (
      let byThread = 0;
      byThread < 20;
      byThread = await metric('modula_requests_handed_over_total', till)
    ) {
      await rival.data('{ me(tenantId: "rival") { role } }')
      const verdicts = await till.push(Array.from({ length: 30 }, () => movement(session)))
      const page = await till.pullAll({ cursor })
      expect(page.headSeq).toBeGreaterThanOrEqual(verdicts.at(-1)!.appliedSeq!)
      cursor = page.cursor
    }
    await untilItServes(till)
  } finally {
    await database.delay(0)
    await threaded.close()
  }
}, 60_000)

it('that goes away is not missed', async () => {
  await untilItServes()
  await database.endReplica()
  const [{ status } = { status: '' }] = await cashier.push([sale(session)])
  expect(status).toBe('APPLIED')
  expect((await cashier.pullAll()).changes.length).toBeGreaterThan(20)
  await expect.poll(() => metric('modula_replica_up')).toBe(0)
})
