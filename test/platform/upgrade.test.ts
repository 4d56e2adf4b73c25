/**
 * What the first release left behind (`test/fixtures/first-release.json.gz`: a day of the demo café in its database, what a till
 * of its had sent, and where it had pulled to) goes on under this one.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verify } from '../../scripts/verify.ts'
import { exportPage } from '../../src/modules/closing/export.ts'
import { createLogger } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { closeSession, sale } from '../support/cafe.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import {
  type Client,
  type Envelope,
  type Gateway,
  operation,
  type Result,
  startGateway,
} from '../support/gateway.ts'

type Row = Record<string, unknown>
type Left = {
  tables: Record<string, Row[]>
  pushed: Envelope[]
  results: Result[]
  cursor: string
  /** The cash session that was open at the end. */
  openSession: string
}
const file = join(import.meta.dirname, '../fixtures/first-release.json.gz')
const left: Left = JSON.parse(gunzipSync(readFileSync(file)).toString())
const log = createLogger('silent')
const firstRelease = new Set(['20261123000000_init', '20261125012638_device_report'])

/** The scopes of that cursor. */
const askedFor = ['BRANCH', 'POLICY', 'MENU', 'CASH_SESSION', 'SALE', 'INVENTORY']

/** It goes on an hour after the last thing that was done. */
const lastDone = left.tables.sync_operation!.map(({ decided_at }) => String(decided_at)).sort()
const now = new Date(new Date(lastDone.at(-1)!).getTime() + 3_600_000)

let database: TestDatabase
let gateway: Gateway
let cashier: Client

beforeAll(async () => {
  database = await createTestDatabase('nothing')
  await migrate(database.url, { log, only: firstRelease })
  await fill(database.superuserUrl)
  await migrate(database.url, { log })
  gateway = await startGateway({ databaseUrl: database.url, clock: () => now })
  cashier = await gateway.as('cashier-1')
})
afterAll(async () => {
  await gateway?.close()
  await database?.drop()
})

async function fill(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    // Rows come in the order of their tables' names.
    await client.query('set session_replication_role = replica')
    for (const [name, rows] of Object.entries(left.tables))
      await client.query(`insert into ${name} select * from json_populate_recordset(null::${name}, $1)`, [
        JSON.stringify(rows),
      ])
    await client.query(`select setval('audit_event_id_seq', (select max(id) from audit_event))`)
  } finally {
    await client.end()
  }
}

type Connection = { edges: { node: Row }[] }
const nodesOf = ({ edges }: Connection) => edges.map(({ node }) => node)
const ofDemo = (table: string) => left.tables[table]!.filter(({ tenant_id }) => tenant_id === 'demo')

describe('a database of the first release', () => {
  it('answers what its tills had sent as it did then, once more and for ever', async () => {
    const again = await cashier.push(left.pushed)
    expect(again).toEqual(left.results.map((result) => ({ ...result, duplicate: true })))
  })

  it('goes on from the cursors that it gave, with what is new', async () => {
    const [sold] = await cashier.push([sale(left.openSession, {}, { occurredAt: now.toISOString() })])
    expect(sold).toMatchObject({ status: 'APPLIED', result: { receiptNumber: 5 } })
    const { changes } = await cashier.pullAll({ cursor: left.cursor, moduleScopes: askedFor })
    expect(changes).toContainEqual(
      expect.objectContaining({ entityKind: 'sale', payload: expect.objectContaining({ receiptNumber: 5 }) }),
    )
  })

  it('tells whoever starts anew all that it told then', async () => {
    const { changes } = await cashier.pullAll()
    const told = new Set(changes.map(({ entityKind, entityId }) => `${entityKind} ${entityId}`))
    // Of people and attendance, cashiers are told less than the stream holds.
    const held = ofDemo('sync_change').filter(
      ({ branch_id, op_kind, owner_id, entity_kind }) =>
        branch_id === 'riverside' && op_kind === 'UPSERT' && owner_id === null && entity_kind !== 'member',
    )
    expect(held.length).toBeGreaterThan(50)
    expect(
      held.map((each) => `${each.entity_kind} ${each.entity_id}`).filter((name) => !told.has(name)),
    ).toEqual([])
  })

  it('has its books: sales, who did what, what is in stock', async () => {
    const manager = await gateway.as('admin')
    const { sales, auditEvents, stock } = await manager.data<
      Record<'sales' | 'auditEvents' | 'stock', Connection>
    >(`{
      sales(tenantId: "demo", branchId: "riverside", first: 50) {
        edges { node { id receiptNumber status totals { totalUsd totalKhr } policy tender lines } }
      }
      auditEvents(tenantId: "demo", first: 200) { edges { node { name actorId deviceId lane clientOpId } } }
      stock(tenantId: "demo", branchId: "riverside", first: 200) { edges { node { id onHand } } }
    }`)
    const found = nodesOf(sales)
    for (const { id, receipt_number, status, totals, policy, tender, lines } of ofDemo('sale')) {
      const sold = found.find((each) => each.id === id)
      expect(sold).toMatchObject({ receiptNumber: receipt_number, status, policy, tender, lines })
      expect(totals).toMatchObject(sold!.totals as Row)
    }
    const events = nodesOf(auditEvents)
    for (const { name, actor_id, device_id, lane, client_op_id } of ofDemo('audit_event'))
      expect(events).toContainEqual({
        ...{ name, actorId: actor_id, deviceId: device_id, lane, clientOpId: client_op_id },
      })
    const beans = ofDemo('stock_item').find(({ id }) => id === 'beans')!
    expect(nodesOf(stock)).toContainEqual({ id: 'beans', onHand: beans.on_hand })
  })

  it('closes the session that was open, and what it leaves can be proved', async () => {
    const [closed] = await cashier.push([
      closeSession(left.openSession, undefined, { occurredAt: now.toISOString() }),
      operation(
        'attendance.startWork',
        { attendanceId: crypto.randomUUID() },
        { occurredAt: now.toISOString() },
      ),
    ])
    expect(closed).toMatchObject({ status: 'APPLIED', result: { expected: expect.anything() } })
    const days = {
      tenantId: 'demo',
      branchId: 'riverside',
      from: new Date(0),
      to: new Date(now.getTime() + 86_400_000),
    }
    const { lines, next } = await exportPage(gateway.app.db.tenant('demo'), days, null)
    expect(next).toBeNull()
    expect(verify(lines)).toEqual([])
    expect(lines.filter((line) => line.includes('"kind":"statement"'))).toHaveLength(1)
  })

  it('lets in who could sign in: also whoever was hired last', async () => {
    const hired = gateway.withToken(null, { deviceId: 'till-2' })
    const answer = await hired.data<{ signIn: { token: string } }>(
      'mutation ($input: SignInInput!) { signIn(input: $input) { token } }',
      { input: { tenantId: 'demo', staffCode: 'new-1', pin: '4321', deviceId: 'till-2' } },
    )
    expect(answer.signIn.token).toBeTruthy()
  })
})
