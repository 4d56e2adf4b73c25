/**
 * What a push makes PostgreSQL read: what it decides about, however much its branch has sold, also where PostgreSQL has counted
 * nothing yet: by itself it does when a minute has passed, and thinks until then that a branch has hardly sold anything. And
 * where all is counted, and so many tenants have branches of their own that it would think so again: pages, pulls and exports, too.
 */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeSession, movement, openSession, sale } from '../support/cafe.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { watchReads } from '../support/reads.ts'

const branches = 10
const sold = 1_200
/** Of twenty sales, with what they are made of; where each goes through all that its branch has sold, 24,000. */
const few = 500

/** Of the n-th of many. */
const at = `now() - n * interval '1 hour'`
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
     select ${long}, 'CLOSED', 'a', ${at}, 0, 0, 0, 0 from generate_series(1, ${sold}) n`,
  )
  await beside.query(
    `insert into closing_statement (tenant_id, branch_id, cash_session_id, number, content, hash, recorded_at)
     select ${long}, n, '{}', '', now() from generate_series(1, ${sold}) n`,
  )
  await beside.query(
    `insert into refusal (tenant_id, branch_id, client_op_id, type, cash_session_id, thing_id, usd, khr, total_usd, code, message,
       actor_id, occurred_at, happened_at, refused_at, settled, outcome)
     select ${long}, 'sale.finalize', gen_random_uuid(), gen_random_uuid(), 0, 0, 0, 'X', '', 'a', ${at}, ${at}, ${at}, n % 2 = 0,
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

describe('where a thousand tenants have ten branches of their own', () => {
  const id = 'gen_random_uuid()'
  /** Of each table, of which branches have so many: a row. */
  const rows = {
    sale: [
      'id, client_op_id, receipt_number, status, sale_type, cash_session_id, policy_revision, policy, lines, totals, tender, priced_from_stale_cache, actor_id, finalized_at, recorded_at',
      `${id}, ${id}, n, 'FINALIZED', 'TAKEAWAY', ${id}, 1, '{}', '[]', '{}', '{}', false, 'a', ${at}, ${at}`,
    ],
    cash_session: [
      'id, status, opened_by, opened_at, opening_usd, opening_khr, expected_usd, expected_khr',
      `${id}, 'CLOSED', 'a', ${at}, 0, 0, 0, 0`,
    ],
    closing_statement: [
      'cash_session_id, number, content, hash, recorded_at',
      `${id}, n + 100000, '{"devices":[],"supplements":{"number":0}}', '', ${at}`,
    ],
    closing_supplement: [
      'cash_session_id, client_op_id, number, content, hash, recorded_at',
      `${id}, ${id}, n, '{}', '', ${at}`,
    ],
    cash_movement: [
      'id, cash_session_id, kind, usd, khr, sale_id, actor_id, occurred_at',
      `${id}, ${id}, 'SALE_IN', 0, 0, ${id}, 'a', ${at}`,
    ],
    refusal: [
      'client_op_id, type, cash_session_id, thing_id, usd, khr, total_usd, code, message, actor_id, occurred_at, happened_at, refused_at, settled, outcome',
      `${id}, 'sale.finalize', ${id}, ${id}, 0, 0, 0, 'X', '', 'a', ${at}, ${at}, ${at}, n % 2 = 0, case when n % 2 = 0 then 'GIVEN_UP' end`,
    ],
    attendance: ['id, actor_id, status, started_at, ended_at', `${id}, 'a', 'COMPLETED', ${at}, ${at}`],
    sync_change: [
      'entity_kind, entity_id, seq, module, op_kind, payload, occurred_at',
      `'cashSession', ${id}, n + 100000, 'CASH_SESSION', 'UPSERT', '{}', ${at}`,
    ],
    sync_operation: [
      'client_op_id, type, payload_hash, status, code, actor_id, submitted_by, lane, occurred_at, decided_at',
      `${id}, 'sale.finalize', '', 'REJECTED', 'X', 'a', 'a', 'REPLAY', ${at}, ${at}`,
    ],
  } as const
  const place = 'tenantId: "demo", branchId: "riverside"'
  const day = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
  let manager: Client
  let old: { session: string; refused: string }

  beforeAll(async () => {
    manager = await gateway.as('manager', { deviceId: 'office' })
    for (const [table, [columns, values]] of Object.entries(rows)) {
      const own = { sale: 0, cash_session: 0, refusal: 0, closing_supplement: 300 }[table as string] ?? sold
      await beside.query(
        `insert into ${table} (tenant_id, branch_id, ${columns}) select tenant_id, branch_id, ${values} from (
           select 'tenant-' || t, 'branch-' || t || '-' || b, n
           from generate_series(1, 1000) t, generate_series(1, 10) b, generate_series(1, 3) n
           union all select 'demo', 'riverside', n from generate_series(1, ${own}) n
           union all select 'demo', 'market', n from generate_series(1, 30) n) of (tenant_id, branch_id, n)`,
      )
      await beside.query(`analyze ${table}`)
    }
    const stream = `tenant_id = 'demo' and branch_id = 'riverside'`
    await beside.query(`update sync_stream set head_seq = 200000 where ${stream}`)
    const { rows: found } = await beside.query(
      `select (select cash_session_id from closing_statement where ${stream} order by recorded_at limit 1) as session,
         (select cash_session_id from refusal where ${stream} and cash_session_id is not null order by refused_at limit 1) as refused`,
    )
    old = found[0]
  })

  it('whose a branch is follows from the branch, as each table of branches tells PostgreSQL', async () => {
    const { rows: untold } = await beside.query(
      `select c.table_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
       where table_schema = 'public' and table_type = 'BASE TABLE' and column_name in ('tenant_id', 'branch_id')
         and not exists (select from pg_statistic_ext where stxrelid = c.table_name::regclass and stxkind = '{f}')
       group by 1 having count(*) = 2`,
    )
    expect(untold).toEqual([])
  })

  it('a shift that is pushed: a sale, cash that is moved, its end, and what comes too late', async () => {
    const own = randomUUID()
    const shift = [openSession(own), sale(own), movement(own), closeSession(own), sale(own)]
    expect(await reads.mostReadBy(beside, () => cashier.push(shift))).toMatchObject(isFew)
  })

  const pages: Record<string, () => string> = {
    sales: () => `sales(${place}, first: 50) { edges { node { receiptNumber policy } } }`,
    sessions: () => `cashSessions(${place}, first: 50) { edges { node { id } } }`,
    closings: () => `closings(${place}, first: 50) { edges { node { number late { count } } } }`,
    'the closing of a session': () =>
      `closings(${place}, cashSessionId: "${old.session}") { edges { node { number supplements { edges { node { number } } } } } }`,
    'closings of a day': () =>
      `closings(${place}, from: "${day(1000)}", to: "${day(976)}") { edges { node { number } } }`,
    refusals: () => `refusals(${place}, first: 50) { edges { node { clientOpId } } }`,
    'refusals that nobody has dealt with': () =>
      `refusals(${place}, settled: false, first: 50) { edges { node { clientOpId } } }`,
    'refusals of a session': () =>
      `refusals(${place}, cashSessionId: "${old.refused}") { edges { node { clientOpId } } }`,
    'what is outside of a session': () => `closingOutside(${place}, cashSessionId: "${old.session}")`,
    'what was rejected': () => `rejectedOperations(${place}, first: 50) { edges { node { clientOpId } } }`,
    'what was rejected elsewhere': () =>
      'rejectedOperations(tenantId: "demo", branchId: "market", first: 50) { edges { node { clientOpId } } }',
    'work records': () => `attendance(${place}, first: 50) { edges { node { id } } }`,
    'the export of a day': () =>
      `proofExport(${place}, from: "${day(1000)}", to: "${day(976)}") { lines next }`,
  }
  it.each(Object.entries(pages))('%s', async (_, page) => {
    expect(await reads.mostReadBy(beside, () => manager.data(`{ ${page()} }`))).toMatchObject(isFew)
  })

  it('a branch that is opened', async () => {
    const admin = await gateway.as('admin', { deviceId: 'office' })
    const open = async () => {
      const saved = await admin.direct('branchSave', { name: 'Station' }, { branchId: 'station' })
      expect(saved.status).toBe('APPLIED')
    }
    expect(await reads.mostReadBy(beside, open)).toMatchObject(isFew)
  })

  it('a pull', async () => {
    expect(await reads.mostReadBy(beside, () => cashier.pull({ limit: 100 }))).toMatchObject(isFew)
  })
})
