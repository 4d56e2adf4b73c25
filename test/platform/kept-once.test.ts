/**
 * What is kept once since the ledger, the trail and a sale's policy say nothing twice: all that is read stays as it was, of
 * rows of before in a database that was migrated, and of new ones; and gateways of before, which are replaced one by one, read
 * and write beside the new.
 */
import { createHash, randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Queryable } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { load, writeRows } from '../../src/sync/sql.ts'
import { State } from '../../src/sync/state.ts'
import { type AnyRow, type AnyTable, col, defineFinder, defineTable, nullable } from '../../src/sync/table.ts'
import { openSession, sale, startWork } from '../support/cafe.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'

/** The first of the migrations that are about it. */
const since = '20261129151000_ledger_by_operation'
const log = createLogger('silent')

/** The tables as gateways of before have them. */
const stockEntries = defineTable({
  name: 'stock_entry',
  key: ['branchId', 'clientOpId', 'stockItemId'],
  write: 'append',
  columns: {
    branchId: col.text,
    clientOpId: col.uuid,
    stockItemId: col.text,
    kind: col.text,
    quantity: col.bigint,
    saleId: nullable(col.uuid),
    reason: nullable(col.text),
    occurredAt: col.time,
  },
})
const ofOperation = defineFinder(stockEntries, ['branchId', 'clientOpId'])
const auditEvents = defineTable({
  name: 'audit_event',
  key: [],
  write: 'append',
  columns: {
    branchId: nullable(col.text),
    name: col.text,
    actorId: col.text,
    submittedBy: col.text,
    approvedFor: nullable(col.text),
    deviceId: nullable(col.text),
    lane: col.text,
    clientOpId: col.uuid,
    occurredAt: col.time,
    recordedAt: col.time,
    data: nullable(col.json<object>()),
  },
})

const at = new Date('2026-03-01T08:00:00Z')
const op = { branchId: 'riverside', clientOpId: randomUUID() }
const entry = {
  ...op,
  stockItemId: 'milk',
  kind: 'WASTE',
  quantity: -3,
  reason: 'spilt',
  saleId: null,
  occurredAt: at,
}
const event = {
  ...{ ...op, name: 'INVENTORY_WASTED', actorId: 'dara', submittedBy: 'sophea', approvedFor: 'vannak' },
  ...{ deviceId: 'till-9', lane: 'REPLAY', occurredAt: at, recordedAt: at, data: { by: 'hand' } },
}

let before: TestDatabase
let made: Gateway
let migrated: Gateway
/** What a connection found after the migration by the statements that it had prepared before, beside what it found then. */
let prepared: { then: unknown[]; now: unknown[] }
const session = randomUUID()
const ofMilk = sale(session, {
  lines: [
    { menuItemId: 'latte', quantity: 2, modifierOptionIds: ['size-large', 'milk-oat'] },
    { menuItemId: 'latte', quantity: 1, modifierOptionIds: ['size-regular'] },
    { menuItemId: 'croissant' },
  ],
})
const sold = [
  ofMilk,
  sale(session),
  sale(session, { lines: [{ menuItemId: 'americano', quantity: 3, modifierOptionIds: ['size-regular'] }] }),
]
const saleIdOf = ({ payload }: { payload: unknown }) => (payload as { saleId: string }).saleId

beforeAll(async () => {
  made = await startGateway()
  const cashier = await made.as('cashier-1')
  const verdicts = await cashier.push([startWork(), openSession(session), ...sold])
  expect(verdicts.map(({ status }) => status)).toEqual(Array(5).fill('APPLIED'))
  const odd = { stockItemId: '__proto__', name: 'Odd', unit: 'g', quantity: 7 }
  const admin = await made.as('admin')
  for (const [field, input] of [
    ['saleVoid', { saleId: saleIdOf(sold[1]!), reason: 'spilt' }],
    ['inventoryRestock', odd],
    ['inventoryAdjust', { stockItemId: 'fresh-milk', quantity: -5, reason: 'counted' }],
    ['policyUpdate', { vatRatePercent: 7 }],
  ] as const)
    expect(await admin.direct(field, input), field).toMatchObject({ status: 'APPLIED' })
  before = await databaseOfBefore(made.databaseUrl)
  prepared = await acrossTheMigration(before.url, () => migrate(before.url, { log }))
  migrated = await startGateway({ databaseUrl: before.url })
})
afterAll(async () => {
  await made?.close()
  await migrated?.close()
  await before?.drop()
})

/** As gateways of before would have left it: its tables as they were, with what the views say of each row. */
async function databaseOfBefore(url: string): Promise<TestDatabase> {
  const target = await createTestDatabase('nothing')
  const { rows: names } = await asked(url, 'select migration_name as name from _prisma_migrations')
  const only = new Set(names.map(({ name }) => String(name)).filter((name) => name < since))
  await migrate(target.url, { log, only })
  const { rows: tables } = await asked(
    target.url,
    `select relname as name from pg_class c where relnamespace = 'public'::regnamespace and relkind = 'r'
       and relname <> '_prisma_migrations'
     order by exists (select from pg_constraint f where f.contype = 'f' and f.conrelid = c.oid), relname`,
  )
  for (const { name } of tables) {
    const from = name === 'sale' ? 'sale_told' : name
    const { rows } = await asked(url, `select coalesce(json_agg(t), '[]')::text as all from ${from} t`)
    const into = `insert into ${name} select * from json_populate_recordset(null::${name}, $1::json)`
    await asked(target.url, into, [rows[0]!.all])
  }
  // An event's id had no year.
  await asked(target.url, 'update audit_event set id = id % 1000000000000')
  await asked(target.url, `select setval('audit_event_id_seq', (select max(id) from audit_event))`)
  return target
}

async function asked(url: string, text: string, values: unknown[] = []) {
  const client = new pg.Client(ofEveryTenant(url))
  await client.connect()
  try {
    return await client.query<Record<string, unknown>>(text, values)
  } finally {
    await client.end()
  }
}

/** What one connection found by statements that it had prepared before the migration, and wrote by them, too. */
async function acrossTheMigration(url: string, migration: () => Promise<unknown>) {
  const client = new pg.Client(ofEveryTenant(url))
  await client.connect()
  const result = (text: string, values: readonly unknown[]) =>
    client.query({
      name: createHash('sha256').update(text).digest('hex').slice(0, 60),
      text,
      values: [...values],
    })
  const db: Queryable = {
    rows: async <Row>(text: string, values: readonly unknown[]) => (await result(text, values)).rows as Row[],
    run: async (text, values) => (await result(text, values)).rowCount ?? 0,
    texts: () => Promise.reject(new Error('nothing is asked for as text')),
  }
  const look = async () => {
    const clientOpId = randomUUID()
    await writeRows(db, 'demo', [
      stockEntries.row({ ...entry, clientOpId, branchId: 'market' }),
      auditEvents.row({ ...event, clientOpId, branchId: 'market' }),
    ])
    const state = new State()
    await load(db, 'demo', [ofOperation('market', clientOpId)], state)
    return state.filter(stockEntries, () => true).map(({ clientOpId: _, ...rest }) => rest)
  }
  try {
    const then = await look()
    await migration()
    const now = await look()
    await client.query(`delete from stock_move where branch_id = 'market' and kind = 'WASTE'`)
    await client.query(`delete from audit_trail where actor_id = 'dara'`)
    return { then, now }
  } finally {
    await client.end()
  }
}

const saleFields = `id receiptNumber status saleType cashSessionId policyRevision policy lines tender pricedFromStaleCache actorId
  finalizedAt recordedAt voidedAt voidedBy voidReason totals { subtotalUsd vatUsd totalUsd totalKhr }`
const eventFields =
  'id branchId name actorId submittedBy approvedFor deviceId lane clientOpId occurredAt recordedAt data'
const events = (of: string) =>
  `auditEvents(tenantId: "demo", ${of}) { edges { cursor node { ${eventFields} } } pageInfo { hasNextPage endCursor } }`
const readings = `{
  sales(tenantId: "demo", branchId: "riverside", first: 50) { edges { node { ${saleFields} } } }
  sale(tenantId: "demo", branchId: "riverside", saleId: "${saleIdOf(ofMilk)}") { ${saleFields} }
  stock(tenantId: "demo", branchId: "riverside") { edges { node { id onHand } } }
  all: ${events('first: 200')}
  page: ${events('first: 3, branchId: "riverside"')}
  sold: ${events('name: "SALE_FINALIZED"')}
  voided: ${events('name: "SALE_VOIDED", branchId: "riverside"')}
}`
// biome-ignore lint/suspicious/noExplicitAny: whatever is read
const read = async (gateway: Gateway): Promise<any> =>
  JSON.parse(JSON.stringify(await (await gateway.as('admin')).data(readings)), (name, value) => {
    if (name === 'id') return withoutYear(value)
    return value && /cursor$/i.test(name) ? withoutYear(Buffer.from(value, 'base64').toString()) : value
  })
/** An event's id as it is without the year of its writing, with which it begins since it lies in that year's partition. */
const withoutYear = (text: string) => text.replace(/\d{13,}/, (id) => String(Number(id) % 1_000_000_000_000))

/** What the ledger, the trail and the sales say, row by row. */
async function told(url: string): Promise<Record<string, string[]>> {
  const views: Record<string, string[]> = {}
  for (const view of ['stock_entry', 'audit_event', 'sale_told']) {
    const { rows } = await asked(url, `select to_jsonb(t)::text as row from ${view} t`)
    views[view] = rows.map(({ row }) => withoutYear(String(row))).sort()
  }
  return views
}

describe('what is read', () => {
  it('is the same of rows of before, migrated, and of new ones', async () => {
    const [now, then] = [await read(made), await read(migrated)]
    expect(now).toEqual(then)
    expect(now.sales.edges.map(({ node }: { node: { policy: object } }) => node.policy)).toEqual(
      Array(3).fill(expect.objectContaining({ vatEnabled: true, vatRatePercent: 10 })),
    )
    expect(now.sold.edges).toHaveLength(3)
    for (const { node } of now.all.edges)
      expect(node).toMatchObject({ actorId: expect.any(String), recordedAt: expect.any(String) })
    expect(await told(made.databaseUrl)).toEqual(await told(before.url))
  })

  it('though little of it is kept twice: a row an operation, no actor beside its record, no copy of a policy', async () => {
    const count = (url: string) =>
      asked(
        url,
        `select (select count(*)::int from stock_move) as moves, (select count(*)::int from audit_trail where actor_id is null) as short,
           (select count(*)::int from sale where policy::text = '{}') as bare`,
      ).then(({ rows }) => rows[0])
    const { rows } = await asked(
      before.url,
      'select count(*)::int as items, count(distinct client_op_id)::int as operations from stock_entry',
    )
    const { items, operations } = rows[0]!
    expect(Number(items)).toBeGreaterThan(Number(operations))
    expect(await count(before.url)).toEqual({ moves: items, short: 0, bare: 0 })
    const now = await count(made.databaseUrl)
    expect(now).toEqual({ moves: operations, short: expect.any(Number), bare: 3 })
    expect(now!.short).toBeGreaterThan(5)
  })

  it('and what is done next comes to the same: a sale of before is voided as a new one', async () => {
    const events: unknown[] = []
    for (const gateway of [made, migrated]) {
      const manager = await gateway.as('manager', { deviceId: 'office' })
      const saleId = saleIdOf(ofMilk)
      const verdict = await manager.direct('saleVoid', { saleId, reason: 'spilt' })
      expect(verdict).toMatchObject({ status: 'APPLIED', code: null })
      const { rows } = await asked(
        gateway.databaseUrl,
        `select stock_item_id, sum(quantity)::int as left from stock_entry where sale_id = $1 group by 1`,
        [saleId],
      )
      expect(rows.length).toBeGreaterThan(3)
      expect(rows.filter(({ left }) => left !== 0)).toEqual([])
      const { stock, voided, sale } = await read(gateway)
      const { policy, status } = sale
      events.push({ stock, policy, status, voided: voided.edges.length, data: voided.edges[0].node.data })
    }
    expect(events[0]).toEqual(events[1])
  })
})

describe('a gateway of before, beside the new ones', () => {
  const demo = () => made.app.db.tenant('demo')

  it('finds item by item what a new one took from stock', async () => {
    const state = new State()
    await demo().transaction((tx) => load(tx, 'demo', [ofOperation('riverside', ofMilk.clientOpId)], state))
    const entries = state.filter(stockEntries, () => true)
    const byNew = new State()
    await migrated.app.db
      .tenant('demo')
      .transaction((tx) => load(tx, 'demo', [ofOperation('riverside', ofMilk.clientOpId)], byNew))
    expect(entries.length).toBeGreaterThan(3)
    const inOrder = (rows: typeof entries) =>
      rows.toSorted((a, b) => (a.stockItemId < b.stockItemId ? -1 : 1))
    expect(inOrder(entries)).toEqual(inOrder(byNew.filter(stockEntries, () => true)))
  })

  const write = (table: AnyTable, ...rows: object[]) =>
    demo().transaction((tx) =>
      writeRows(
        tx,
        'demo',
        rows.map((row) => table.row(row as AnyRow)),
      ),
    )

  it('goes on with the statements that its connections have prepared', () => {
    expect(prepared.now).toEqual(prepared.then)
    expect(prepared.now).toEqual([expect.objectContaining({ kind: 'WASTE', quantity: '-3' })])
  })

  it('writes what the new ones read, and no entry twice', async () => {
    await write(stockEntries, entry, { ...entry, stockItemId: 'beans' })
    await write(auditEvents, event)
    const rows = await demo().rows<{ stockItemId: string; items: unknown }>(
      `select stock_item_id as "stockItemId", items from stock_move where tenant_id = 'demo' and client_op_id = $1 order by 1`,
      [op.clientOpId],
    )
    expect(rows).toEqual([
      { stockItemId: 'beans', items: null },
      { stockItemId: 'milk', items: null },
    ])
    await expect(write(stockEntries, entry)).rejects.toMatchObject({ code: '23505' })
    const admin: Client = await made.as('admin')
    const { auditEvents: page } = await admin.data<{ auditEvents: { edges: { node: object }[] } }>(
      `{ ${events('first: 1')} }`,
    )
    expect(page.edges[0]!.node).toMatchObject({
      ...event,
      occurredAt: at.toISOString(),
      recordedAt: at.toISOString(),
    })
  })
})
