/**
 * What a push makes PostgreSQL read: what it decides about, however much its branch has sold, also where PostgreSQL has counted
 * nothing yet: by itself it does when a minute has passed, and thinks until then that a branch has hardly sold anything.
 */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSession, sale } from '../support/cafe.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { watchReads } from '../support/reads.ts'

const branches = 10
const sold = 1_200
/** Of twenty sales, with what they are made of; where each goes through all that its branch has sold, 24,000. */
const few = 500

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
  await beside.query('alter table sale set (autovacuum_enabled = false)')
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

it('a sale that is asked for', async () => {
  const query = `{ sale(tenantId: "demo", branchId: "riverside", saleId: "${saleId}") { receiptNumber } }`
  expect(await reads.mostReadBy(beside, () => cashier.data(query))).toMatchObject(isFew)
})
