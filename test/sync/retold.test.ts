/** What an applied operation said is kept once, when it is old: its rows say it again, its key is answered for ever. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verify } from '../../scripts/verify.ts'
import { exportPage } from '../../src/modules/closing/export.ts'
import { forgetRetold } from '../../src/sync/retention.ts'
import { closeSession, movement, openSession, sale, salePayload } from '../support/cafe.ts'
import { Chained } from '../support/chained.ts'
import { type Client, type Gateway, operation, startGateway } from '../support/gateway.ts'

const start = Date.UTC(2026, 0, 1)
const day = (n: number) => new Date(start + n * 86_400_000)
const occurredAt = day(0).toISOString()

let gateway: Gateway
let cashier: Client
let manager: Client
beforeAll(async () => {
  gateway = await startGateway({ clock: () => day(0) })
  cashier = await gateway.as('cashier-1')
  manager = await gateway.as('manager', { deviceId: 'office' })
})
afterAll(() => gateway?.close())

type Kept = { status: string; payload: unknown; result: unknown; retold: boolean | null }
async function kept(clientOpId: string): Promise<Kept> {
  const [row] = await gateway.app.db.everyTenant.rows<Kept>(
    'select status, payload, result, retold from sync_operation where client_op_id = $1',
    [clientOpId],
  )
  return row!
}
async function exported(): Promise<string[]> {
  const of = { tenantId: 'demo', branchId: 'riverside', from: day(-1), to: day(1) }
  const { lines, next } = await exportPage(gateway.app.db.tenant('demo'), of, null)
  expect(next).toBe(null)
  return lines
}
const inAnyOrder = (lines: readonly string[]) => lines.map((line) => JSON.parse(line))

it('payload and result leave the record where the rows say them again; key, hash, verdict and proof stay', async () => {
  const session = randomUUID()
  const sizes = { menuItemId: 'latte', quantity: 2, modifierOptionIds: ['size-large', 'milk-oat'] }
  const payload = salePayload(session)
  const bothCurrencies = {
    ...payload,
    saleId: randomUUID(),
    tender: {
      method: 'CASH',
      received: { usd: payload.totals.totalUsd, khr: 0 },
      change: { usd: 0, khr: 0 },
    },
  }
  const at = { occurredAt }
  const sold = [
    sale(session, { lines: [sizes, { menuItemId: 'croissant' }] }, at),
    sale(session, { currency: 'USD', received: 1000 }, at),
    operation('sale.finalize', bothCurrencies, at),
  ]
  const odd = operation('sale.finalize', { ...salePayload(session), heard: 'on the street' }, at)
  const paidIn = movement(session, {}, at)
  const refused = sale(randomUUID(), {}, at)
  const chain = new Chained('till-1', 'demo-cashier-1')
  const queue = chain.links([openSession(session, at), ...sold, odd, paidIn, refused])
  const verdicts = await cashier.push(queue)
  expect(verdicts.map(({ status }) => status)).toEqual([...Array(6).fill('APPLIED'), 'REJECTED'])
  const voided = await manager.direct('saleVoid', { saleId: bothCurrencies.saleId, reason: 'spilt' })
  const [closed] = await cashier.push(chain.links([closeSession(session, undefined, at)]))
  expect([voided.status, closed?.status]).toEqual(['APPLIED', 'APPLIED'])
  const before = await exported()
  expect(verify(before)).toEqual([])

  const { db } = gateway.app
  expect(await forgetRetold(db, 90, day(89))).toBe(0)
  expect((await kept(sold[0]!.clientOpId)).retold).toBe(null)
  expect(await forgetRetold(db, 90, day(91))).toBe(sold.length)
  expect(await forgetRetold(db, 90, day(91))).toBe(0)

  for (const { clientOpId } of sold)
    expect(await kept(clientOpId)).toEqual({ status: 'APPLIED', payload: null, result: null, retold: true })
  for (const { clientOpId, payload } of [odd, paidIn])
    expect(await kept(clientOpId)).toMatchObject({ payload, retold: false })
  expect(await kept(refused.clientOpId)).toMatchObject({
    status: 'REJECTED',
    retold: null,
    payload: refused.payload,
  })

  expect(await cashier.push(queue)).toEqual(verdicts.map((verdict) => ({ ...verdict, duplicate: true })))
  const reused = operation('sale.finalize', salePayload(session), { ...at, clientOpId: sold[0]!.clientOpId })
  expect((await cashier.push([reused]))[0]).toMatchObject({
    status: 'REJECTED',
    code: 'CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD',
  })

  const after = await exported()
  expect(inAnyOrder(after)).toEqual(inAnyOrder(before))
  expect(verify(after)).toEqual([])
  // What is altered now is altered in what its operation says, too: the hash is still the one of then.
  await db.everyTenant.run(
    `update sale set lines = replace(lines::text, '"quantity":2', '"quantity":1')::json where client_op_id = $1`,
    [sold[0]!.clientOpId],
  )
  expect(verify(await exported()).map(({ name }) => name)).toContain('OPERATION_ALTERED')
})

it('in pages, each operation once, of each tenant', async () => {
  const { db } = gateway.app
  for (const tenantId of ['demo', 'rival'])
    await db.everyTenant.run(
      `insert into sync_operation (tenant_id, client_op_id, type, payload, payload_hash, status, actor_id, submitted_by, lane,
         depends_on, occurred_at, decided_at)
       select $1, gen_random_uuid(), 'menuItem.save', '{}', '', 'APPLIED', 'a', 'a', 'DIRECT', '{}', $2, $2
       from generate_series(1, 1001)`,
      [tenantId, day(0)],
    )
  expect(await forgetRetold(db, 90, day(91))).toBe(0)
  expect(
    await db.everyTenant.rows(
      `select tenant_id as "tenantId", count(*)::int as count from sync_operation
       where type = 'menuItem.save' and payload_hash = '' and not retold and payload is not null group by 1 order by 1`,
      [],
    ),
  ).toEqual([
    { tenantId: 'demo', count: 1001 },
    { tenantId: 'rival', count: 1001 },
  ])
})
