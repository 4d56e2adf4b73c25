/**
 * Closing while others sell, late sales from three devices, and desk and device deciding at once: whatever the order in which
 * they come, money, statements with supplements and ledger agree, and each sale is booked once. `CLOSING_RUNS` tries more.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verify } from '../../scripts/verify.ts'
import { exportPage } from '../../src/modules/closing/export.ts'
import { dice } from '../proof/history.ts'
import { newBranch } from '../support/branch.ts'
import { closeSession, movement, openSession, sale } from '../support/cafe.ts'
import { Chained } from '../support/chained.ts'
import { type Client, type Envelope, type Gateway, operation, startGateway } from '../support/gateway.ts'

const runs = Number(process.env.CLOSING_RUNS ?? 8)
let gateway: Gateway
let admin: Client
let manager: Client
let tills: Client[]

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin', { deviceId: 'office' })
  manager = await gateway.as('manager', { deviceId: 'desk' })
  tills = await Promise.all(
    ['a', 'b', 'c'].map((name) => gateway.as('cashier-1', { deviceId: `till-${name}` })),
  )
})
afterAll(() => gateway?.close())

type Row = Record<string, number | string | null>

/** One branch's evening, in an order of the seed's. Resolves to what went wrong. */
async function evening(seed: number): Promise<unknown[]> {
  const of = dice(seed)
  const branchId = await newBranch(admin, 'demo-cashier-1', 'demo-manager')
  const [session, next] = [of.uuid(), of.uuid()]
  const chains = tills.map(({ deviceId }) => new Chained(deviceId, 'demo-cashier-1', { id: randomUUID() }))
  const croissants = () => sale(session, { currency: 'USD', received: 198 }, { branchId })
  /** As the gateway has them; what a turn loses to another is asked again, as a device does. */
  const push = async (till: number, operations: Envelope[]) => {
    let waiting = operations
    while (waiting.length > 0) {
      const results = await tills[till]!.push(waiting)
      waiting = waiting.filter((_, i) => results[i]!.status === 'DEFERRED')
    }
  }
  const soon = async (work: () => Promise<unknown>) => {
    await new Promise((go) => setTimeout(go, of.below(12)))
    await work()
  }
  const desk = (field: string, input: object) => async () => {
    for (let tries = 0; tries < 20; tries += 1) {
      const { status } = await manager.direct(field, input, { branchId })
      if (status !== 'DEFERRED') return
    }
  }

  await push(0, chains[0]!.links([openSession(session, { branchId }), croissants()]))
  // Closed, in either lane, while the others sell and move cash.
  const counted = { usd: 5000 + of.below(2000), khr: 200_000 }
  const close =
    of.below(2) === 0
      ? () => push(0, chains[0]!.links([closeSession(session, counted, { branchId })]))
      : desk('cashSessionClose', { cashSessionId: session, counted })
  const queues = [1, 2].map((till) =>
    chains[till]!.links([
      croissants(),
      of.below(2) === 0 ? movement(session, { amount: 300 }, { branchId }) : croissants(),
      croissants(),
    ]),
  )
  await Promise.all([
    soon(close),
    ...queues.map((queue, i) => soon(() => push(i + 1, queue.slice(0, 1 + of.below(3))))),
    soon(() => push(0, chains[0]!.links([croissants()]))),
  ])
  await push(0, chains[0]!.links([openSession(next, { branchId })]))
  // The rest comes too late, from three devices, and is decided about by everybody at once.
  await Promise.all([
    ...queues.map((queue, i) => soon(() => push(i + 1, queue))),
    soon(() => push(0, chains[0]!.links([croissants()]))),
  ])
  const refused = await gateway.app.db.everyTenant.rows<{
    id: string
    type: string
    payload: Row
    device: string
  }>(
    `select client_op_id as id, type, payload, device_id as device from refusal
     where branch_id = $1 and not settled and payload is not null order by 1`,
    [branchId],
  )
  const ids = refused.map(({ id }) => id)
  const some = () => ids.filter(() => of.below(3) > 0)
  const again = refused.flatMap(({ type, payload, device }) => {
    const till = tills.findIndex(({ deviceId }) => deviceId === device)
    if (of.below(2) === 0) return []
    const moved = operation(type, { ...payload, cashSessionId: next }, { branchId })
    return [soon(() => push(till, chains[till]!.links([moved])))]
  })
  const decided = [some(), some(), some()]
  await Promise.all([
    ...again,
    ...(decided[0]!.length > 0
      ? [soon(desk('cashSessionSupplement', { cashSessionId: session, clientOpIds: decided[0] }))]
      : []),
    ...(decided[1]!.length > 0
      ? [soon(desk('cashSessionBookRefused', { cashSessionId: next, clientOpIds: decided[1] }))]
      : []),
    ...(decided[2]!.length > 0
      ? [soon(desk('operationGiveUp', { clientOpIds: decided[2], reason: 'never was' }))]
      : []),
  ])
  await push(0, chains[0]!.links([closeSession(next, { usd: 5000, khr: 200_000 }, { branchId })]))
  return wrong(branchId)
}

/** What does not agree in a branch's books. */
async function wrong(branchId: string): Promise<unknown[]> {
  const { db } = gateway.app
  const rows = async (what: string, sql: string) =>
    (await db.everyTenant.rows<Row>(sql, [branchId])).map((row) => ({ what, ...row }))
  const lines: string[] = []
  let after: string | null = null
  do {
    const page = await exportPage(
      db.tenant('demo'),
      { tenantId: 'demo', branchId, from: new Date(0), to: new Date(Date.now() + 60_000) },
      after,
    )
    lines.push(...page.lines)
    after = page.next
  } while (after !== null)
  return [
    ...verify(lines),
    ...(await rows(
      'the drawer is its ledger',
      `select s.id from cash_session s where s.branch_id = $1 and s.expected_usd <> s.opening_usd + (
         select coalesce(sum(m.usd), 0) from cash_movement m where m.cash_session_id = s.id)`,
    )),
    ...(await rows(
      'statement and supplements are the ledger',
      `select s.cash_session_id, c.expected_usd from closing_statement s
       join cash_session c on c.tenant_id = s.tenant_id and c.id = s.cash_session_id
       where s.branch_id = $1 and c.expected_usd <> (s.content -> 'expected' ->> 'usd')::bigint + (
         select coalesce(sum((p.content ->> 'usd')::bigint), 0) from closing_supplement p
         where p.branch_id = $1 and p.cash_session_id = s.cash_session_id)`,
    )),
    ...(await rows(
      'a sale or movement is booked once',
      `select thing from (select s.id as thing from sale s where s.branch_id = $1
         union all select m.id from cash_movement m where m.branch_id = $1 and m.sale_id is null) t
       group by 1 having count(*) > 1`,
    )),
    ...(await rows(
      'what is in the books is dealt with, and as booked where somebody had not given it up',
      `select r.client_op_id, r.outcome from refusal r where r.branch_id = $1 and not r.settled and (
         exists (select from sale s where s.branch_id = $1 and s.id = r.thing_id)
         or exists (select from cash_movement m where m.branch_id = $1 and m.id = r.thing_id))`,
    )),
    ...(await rows(
      'what is said to be booked is there',
      `select r.client_op_id, r.outcome from refusal r where r.branch_id = $1
         and r.outcome in ('BOOKED', 'SUPPLEMENTED', 'RETRIED') and r.thing_id is not null
         and not exists (select from sale s where s.branch_id = $1 and s.id = r.thing_id)
         and not exists (select from cash_movement m where m.branch_id = $1 and m.id = r.thing_id)`,
    )),
  ]
}

it(`${runs} evenings, each in an order of its own`, async () => {
  for (let seed = 1; seed <= runs; seed += 1) expect(await evening(seed), `seed ${seed}`).toEqual([])
}, 120_000)
