/**
 * Behind a pooler that lends another session for each transaction (PgBouncer, transaction mode, three sessions): nothing
 * is kept in a session, and no fault of the pooler's counts as an operation's.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isTransient, looksPooled, openDatabase } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { purge } from '../../src/sync/retention.ts'
import { newBranch } from '../support/branch.ts'
import { openSession, sale } from '../support/cafe.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { type Pooler, startPgBouncer } from '../support/pgbouncer.ts'

let database: TestDatabase
let pooler: Pooler
/** That drops what it does not know, as most are set up. */
let tolerant: Pooler
let gateways: Gateway[]
let admin: Client

beforeAll(async () => {
  database = await createTestDatabase('demo')
  ;[pooler, tolerant] = await Promise.all([
    startPgBouncer(database.url),
    startPgBouncer(database.url, [
      'ignore_startup_parameters = statement_timeout,lock_timeout,idle_in_transaction_session_timeout',
    ]),
  ])
  gateways = await Promise.all([pooler, tolerant].map(({ url }) => startGateway({ databaseUrl: url })))
  admin = await gateways[0]!.as('admin')
})
afterAll(async () => {
  await Promise.all((gateways ?? []).map((gateway) => gateway.close()))
  await Promise.all([pooler, tolerant].map((each) => each?.stop()))
  await database?.drop()
})

it('is noticed, whether it refuses settings of a session or drops them; PostgreSQL itself is not taken for one', async () => {
  expect(await Promise.all([pooler.url, tolerant.url, database.url].map(looksPooled))).toEqual([
    true,
    true,
    false,
  ])
})

it('ten tills sell at once at two gateways: everything once, gapless, and pulled alike', async () => {
  const branchId = await newBranch(admin)
  const session = randomUUID()
  await admin.push([openSession(session, { branchId })])
  const tills = await Promise.all(
    Array.from({ length: 10 }, (_, i) => gateways[i % 2]!.as('admin', { deviceId: `till-${i}` })),
  )
  const batches = await Promise.all(
    tills.map(async (till) => {
      const batch = Array.from({ length: 6 }, () => sale(session, {}, { branchId }))
      const first = await till.push(batch)
      expect(await till.push(batch)).toMatchObject(first.map((verdict) => ({ ...verdict, duplicate: true })))
      await Promise.all([till.pullAll({ branchId }), till.data('{ me(tenantId: "demo") { role } }')])
      return first
    }),
  )
  expect(new Set(batches.flat().map(({ status }) => status))).toEqual(new Set(['APPLIED']))
  const numbers = batches.flat().map(({ result }) => result.receiptNumber as number)
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1))
  const [here, there] = await Promise.all(tills.slice(0, 2).map((till) => till.pullAll({ branchId })))
  expect(here!.changes).toEqual(there!.changes)
})

it("nothing of one transaction's tenant stays for the next, in whichever session of the pooler's", async () => {
  const { db } = gateways[0]!.app
  const seen = () =>
    db.own.rows(
      "select tenant_id from tenant union all select nullif(current_setting('modula.tenant', true), '')",
      [],
    )
  const whose = async (tenantId: string) =>
    (await db.tenant(tenantId).rows<{ id: string }>('select tenant_id as id from tenant', [])).map(
      ({ id }) => id,
    )
  const names = Array.from({ length: 12 }, (_, i) => (i % 2 ? 'demo' : 'rival'))
  expect(await Promise.all(names.map(whose))).toEqual(names.map((name) => [name]))
  expect(await Promise.all(Array.from({ length: 12 }, seen))).toEqual(Array(12).fill([{ tenant_id: null }]))
})

it('an operation that fails costs itself only; retention and a price for all branches run', async () => {
  const item = { menuItemId: `item-${randomUUID()}`, name: 'Thing', categoryId: 'retail', priceUsd: 100 }
  expect(await admin.direct('menuItemSave', item, { branchId: null })).toMatchObject({ status: 'APPLIED' })
  const { changes } = await admin.pullAll()
  expect(changes.map(({ entityId }) => entityId)).toContain(item.menuItemId)
  expect(await purge(gateways[0]!.app.db, { tombstoneDays: 1, feedDays: 1 }, new Date())).toEqual(
    expect.any(Number),
  )
})

it('bounds of time hold in a transaction, and for what is asked alone', async () => {
  const options = {
    url: pooler.url,
    poolSize: 1,
    statementTimeoutMs: 200,
    lockTimeoutMs: 100,
    isPooled: true,
  }
  const db = openDatabase(options)
  try {
    const slow = [
      db.tenant('demo').transaction((tx) => tx.run('select pg_sleep(5)', [])),
      db.tenant('demo').run('select pg_sleep(5)', []),
    ]
    await Promise.all(slow.map((each) => expect(each).rejects.toMatchObject({ code: '57014' })))
  } finally {
    await db.close()
  }
})

it('migrations of an empty database run through it, however many gateways start at once, and leave no lock', async () => {
  const empty = await createTestDatabase('nothing')
  const url = Object.assign(new URL(pooler.url), { pathname: new URL(empty.url).pathname }).href
  const log = createLogger('silent')
  const applied = await Promise.all([1, 2, 3].map(() => migrate(url, { log })))
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
  expect(await migrate(url, { log })).toEqual([])
  await empty.drop()
})

it('a prepared statement that another session has, or has not, and a transaction that idled, are passing faults', () => {
  for (const code of ['42P05', '26000', '25P03']) expect(isTransient({ code }), code).toBe(true)
  expect(isTransient({ code: '42601' })).toBe(false)
})
