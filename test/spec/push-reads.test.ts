/**
 * What a push makes PostgreSQL read: what it decides about, however much its branch has sold, also where PostgreSQL has counted
 * nothing yet: by itself it does when a minute has passed, and thinks until then that a branch has hardly sold anything.
 */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { closeSession, movement, openSession, sale } from '../support/cafe.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { watchReads } from '../support/reads.ts'

const branches = 10
const sold = 1_200
/** Of twenty sales, with what they are made of; where each goes through all that its branch has sold, 24,000. */
const few = 500

const large = ['sale', 'cash_session', 'closing_statement', 'refusal']

const reads = watchReads()
let gateway: Gateway
let cashier: Client
let beside: pg.Client
const [session, saleId] = [randomUUID(), randomUUID()]

beforeAll(async () => {
  gateway = await startGateway()
  cashier = await gateway.as('cashier-1')
  beside = new pg.Client(ofEveryTenant(gateway.databaseUrl))
  await beside.connect()
  const [opened] = await cashier.push([openSession(session, { usd: 5000, khr: 0 })])
  expect(opened!.status).toBe('APPLIED')
  await cashier.push([sale(session, { saleId })])
  const columns = `status, sale_type, cash_session_id, policy_revision, policy, lines, totals, tender, priced_from_stale_cache,
    actor_id, finalized_at, recorded_at`
  for (const table of large) await beside.query(`alter table ${table} set (autovacuum_enabled = false)`)
  await beside.query(
    `insert into sale (tenant_id, branch_id, id, client_op_id, receipt_number, ${columns})
     select 'demo', case b when 1 then 'riverside' else 'branch-' || b end, gen_random_uuid(), gen_random_uuid(), n + 1, ${columns}
     from generate_series(1, ${branches}) b, generate_series(1, ${sold}) n, sale where sale.id = $1`,
    [saleId],
  )
})
afterAll(async () => {
  await beside?.end()
  await gateway?.close()
  reads.stop()
})

const isFew = { rows: expect.toSatisfy((rows: number) => rows <= few) }

it.each([1, 20])('%i sales at once', async (count) => {
  const batch = Array.from({ length: count }, () => sale(session))
  expect(await reads.mostReadBy(beside, () => cashier.push(batch))).toMatchObject(isFew)
})

it('once it has been counted, which is when a few were sold: a sale, cash that is moved, a session that is closed', async () => {
  const long = `'demo', 'riverside', gen_random_uuid()`
  await beside.query(
    `insert into cash_session (tenant_id, branch_id, id, status, opened_by, opened_at, opening_usd, opening_khr, expected_usd, expected_khr)
     select ${long}, 'CLOSED', 'a', now(), 0, 0, 0, 0 from generate_series(1, ${sold})`,
  )
  await beside.query(
    `insert into closing_statement (tenant_id, branch_id, cash_session_id, number, content, hash, recorded_at)
     select ${long}, n, '{}', '', now() from generate_series(1, ${sold}) n`,
  )
  await beside.query(
    `insert into refusal (tenant_id, branch_id, client_op_id, type, cash_session_id, thing_id, usd, khr, total_usd, code, message,
       actor_id, occurred_at, happened_at, refused_at, settled, outcome)
     select ${long}, 'sale.finalize', gen_random_uuid(), gen_random_uuid(), 0, 0, 0, 'X', '', 'a', now(), now(), now(), n % 2 = 0,
       case when n % 2 = 0 then 'GIVEN_UP' end from generate_series(1, ${sold}) n`,
  )
  for (let i = 0; i < 16; i += 1) await cashier.push([sale(session)])
  const uncounted = `select relname from pg_class where relname = any($1) and reltuples < 0`
  await expect
    .poll(async () => (await beside.query(uncounted, [large])).rows, { timeout: 20_000 })
    .toEqual([])
  const batch = [sale(session), movement(session), closeSession(session)]
  expect(await reads.mostReadBy(beside, () => cashier.push(batch))).toMatchObject(isFew)
})

it('a sale that is asked for', async () => {
  const query = `{ sale(tenantId: "demo", branchId: "riverside", saleId: "${saleId}") { receiptNumber } }`
  expect(await reads.mostReadBy(beside, () => cashier.data(query))).toMatchObject(isFew)
})
