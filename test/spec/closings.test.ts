/** Closing statements, what is outside, supplements and giving up, at a real gateway (docs/proof.md). */
import { createHash, randomUUID } from 'node:crypto'
import canonicalize from 'canonicalize'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { verify } from '../../scripts/verify.ts'
import { exportPage, pageRows } from '../../src/modules/closing/export.ts'
import { silentMs } from '../../src/modules/closing/outside.ts'
import { forgetRetold } from '../../src/sync/retention.ts'
import { newBranch } from '../support/branch.ts'
import { closeSession, movement, openSession, sale, salePayload } from '../support/cafe.ts'
import { Chained } from '../support/chained.ts'
import { type Client, type Envelope, type Gateway, operation, startGateway } from '../support/gateway.ts'
import { Replica } from '../support/replica.ts'

let gateway: Gateway
let admin: Client
let manager: Client
let till: Client
let branchId: string
let session: string
let chain: Chained

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin', { deviceId: 'office' })
  manager = await gateway.as('manager', { deviceId: 'desk' })
})
afterAll(() => gateway?.close())
beforeEach(async () => {
  branchId = await newBranch(admin, 'demo-cashier-1', 'demo-manager')
  till = await gateway.as('cashier-1', { deviceId: `till-${randomUUID().slice(0, 8)}` })
  chain = new Chained(till.deviceId, 'demo-cashier-1')
  session = randomUUID()
})

const hashOf = (content: object) => createHash('sha256').update(canonicalize(content)!).digest('hex')
const replica = async () => new Replica().apply((await manager.pullAll({ branchId })).changes)
// biome-ignore lint/suspicious/noExplicitAny: entities as they come
const statementOf = async (id = session): Promise<any> => (await replica()).get('closingStatement', id)
const croissants = (options = {}) =>
  sale(session, { currency: 'USD', received: 198, ...options }, { branchId })
const applied = async (operations: Envelope[], client = till) => {
  const results = await client.push(operations)
  expect(results.map(({ status, code }) => code ?? status)).toEqual(operations.map(() => 'APPLIED'))
  return results
}
const decide = (field: string, input: object, key?: string) =>
  manager.direct(field, input, { branchId, ...(key ? { key } : {}) })

/** Opens, sells two for $1.98 each, and closes with `counted`. */
async function aDay(counted = { usd: 5396, khr: 200_000 }) {
  await applied(chain.links([openSession(session, { branchId }), croissants(), croissants()]))
  await applied(chain.links([closeSession(session, counted, { branchId })]))
}
/** A second till's sales of the session, after it was closed. */
async function late(count = 3) {
  const other = await gateway.as('cashier-1', { deviceId: `late-${randomUUID().slice(0, 8)}` })
  const queue = new Chained(other.deviceId, 'demo-cashier-1').links(
    Array.from({ length: count }, () => croissants()),
  )
  const results = await other.push(queue)
  expect(results.map(({ code }) => code)).toEqual(queue.map(() => 'CASH_SESSION_NOT_OPEN'))
  return { other, queue, ids: queue.map(({ clientOpId }) => clientOpId) }
}

describe('the statement of a closing', () => {
  it('says what the session came to, and is the hash of it', async () => {
    await applied(
      chain.links([
        openSession(session, { branchId }),
        croissants(),
        sale(session, {}, { branchId }),
        movement(session, { kind: 'PAID_IN', currency: 'USD', amount: 2000 }, { branchId }),
        movement(session, { kind: 'PAID_OUT', currency: 'KHR', amount: 50_000 }, { branchId }),
        croissants(),
      ]),
    )
    const sold = await manager.data<{ sales: { edges: { node: { id: string } }[] } }>(
      'query ($branchId: ID!) { sales(tenantId: "demo", branchId: $branchId) { edges { node { id } } } }',
      { branchId },
    )
    await decide('saleVoid', { saleId: sold.sales.edges[0]!.node.id, reason: 'spilt' })
    await applied(chain.links([closeSession(session, { usd: 7198, khr: 158_000 }, { branchId })]))
    const { hash, ...content } = await statementOf()
    expect(content).toMatchObject({
      kind: 'statement',
      number: 1,
      prev: hashOf({ tenantId: 'demo', branchId, kind: 'statement' }),
      status: 'CLOSED',
      openingFloat: { usd: 5000, khr: 200_000 },
      sales: {
        ...{ count: 3, totalUsd: 594, usd: 396, khr: 8100 },
        byTender: {
          USD: { count: 2, totalUsd: 396 },
          KHR: { count: 1, totalUsd: 198 },
          MIXED: { count: 0, totalUsd: 0 },
        },
      },
      voids: { count: 1, totalUsd: 198, usd: -198, khr: 0 },
      paidIn: { count: 1, usd: 2000, khr: 0 },
      paidOut: { count: 1, usd: 0, khr: -50_000 },
      adjustments: { count: 0 },
      expected: { usd: 7198, khr: 158_100 },
      counted: { usd: 7198, khr: 158_000 },
      difference: { usd: 0, khr: -100 },
      receipts: { first: 1, last: 3 },
      devices: [
        { deviceId: till.deviceId, chain: chain.id, operations: 7, from: 1, to: 7, link: chain.head.link },
      ],
      outside: { devices: [], refused: { count: 0 } },
      supplements: { number: 0 },
    })
    expect(hash).toBe(hashOf(content))
  })

  it('is numbered by branch without gaps, each holding the one before, in both lanes and by force', async () => {
    await aDay()
    const first = await statementOf()
    const [second, third] = [randomUUID(), randomUUID()]
    await applied([openSession(second, { branchId })])
    await decide('cashSessionForceClose', { cashSessionId: second, reason: 'the till broke' })
    await applied([openSession(third, { branchId })])
    await decide('cashSessionClose', { cashSessionId: third, counted: { usd: 5000, khr: 200_000 } })
    const forced = await statementOf(second)
    expect(forced).toMatchObject({
      number: 2,
      prev: first.hash,
      status: 'FORCE_CLOSED',
      counted: null,
      difference: null,
    })
    expect(await statementOf(third)).toMatchObject({ number: 3, prev: forced.hash, closedBy: 'demo-manager' })
  })

  it('is written once: closing again, under the same key or another, writes none', async () => {
    await aDay()
    await till.push([closeSession(session, { usd: 0, khr: 0 }, { branchId })])
    const { closings } = await manager.data<{ closings: { edges: { node: { number: number } }[] } }>(
      'query ($branchId: ID!) { closings(tenantId: "demo", branchId: $branchId) { edges { node { number hash content } } } }',
      { branchId },
    )
    expect(closings.edges.map(({ node }) => node.number)).toEqual([1])
  })
})

describe('what is outside', () => {
  const outside = async () => {
    const { closingOutside } = await till.data<{ closingOutside: object }>(
      `query ($branchId: ID!, $id: UUID!) { closingOutside(tenantId: "demo", branchId: $branchId, cashSessionId: $id) }`,
      { branchId, id: session },
    )
    return closingOutside
  }

  it('is told before closing and written with it: what a till holds, what is lost, what was refused', async () => {
    await applied(chain.links([openSession(session, { branchId }), croissants()]))
    const other = await gateway.as('cashier-1', { deviceId: `other-${randomUUID().slice(0, 8)}` })
    const others = new Chained(other.deviceId, 'demo-cashier-1')
    const queue = others.links([croissants(), croissants(), croissants(), croissants()])
    await applied(queue.slice(0, 1), other)
    const report = (held: number) =>
      other.data('mutation ($input: DeviceReportInput!) { deviceReport(input: $input) { serverTime } }', {
        input: {
          ...{ tenantId: 'demo', deviceId: other.deviceId, branchId, at: new Date().toISOString() },
          ...{ waiting: held, failed: 0, chain: { ...others.end, held } },
        },
      })
    await report(3)
    expect(await outside()).toMatchObject({ devices: [{ deviceId: other.deviceId, numbers: 3, held: true }] })
    await report(0)
    expect(await outside()).toMatchObject({
      devices: [{ deviceId: other.deviceId, numbers: 3, held: false }],
    })
    const wrong = croissants()
    const payload = { ...(wrong.payload as object), totals: { ...salePayload(session).totals, totalUsd: 1 } }
    await till.push(chain.links([operation('sale.finalize', payload, { branchId })]))
    await applied(chain.links([closeSession(session, { usd: 0, khr: 0 }, { branchId })]))
    expect((await statementOf()).outside).toMatchObject({
      devices: [{ deviceId: other.deviceId, numbers: 3, held: false }],
      refused: { count: 1, usd: 198, operations: [{ code: 'SALE_TOTALS_MISMATCH', type: 'sale.finalize' }] },
    })
  })

  it('is told of a till that took part and has not been heard of for three minutes: what it holds nobody knows', async () => {
    await applied(chain.links([openSession(session, { branchId }), croissants()]))
    const other = await gateway.as('cashier-1', { deviceId: `other-${randomUUID().slice(0, 8)}` })
    await applied(new Chained(other.deviceId, 'demo-cashier-1').links([croissants()]), other)
    const heardBefore = (ms: number) =>
      gateway.app.db.everyTenant.run(
        "update sync_device set last_seen_at = now() - $2 * interval '1 ms' where device_id = $1",
        [other.deviceId, ms],
      )
    await heardBefore(silentMs - 10_000)
    expect(await outside()).toMatchObject({ devices: [] })
    await heardBefore(silentMs + 1)
    expect(await outside()).toMatchObject({
      devices: [{ deviceId: other.deviceId, numbers: null, held: false }],
    })
    // One of which nothing is missing is never passed over: it may have sold since it was last heard of.
    await heardBefore(40_000)
    const told = (await outside()) as { at: string; heard: { deviceId: string; heardAt: string }[] }
    expect(told.heard.map(({ deviceId }) => deviceId).sort()).toEqual([other.deviceId, till.deviceId].sort())
    const heard = told.heard.find(({ deviceId }) => deviceId === other.deviceId)!
    const ago = Date.parse(told.at) - Date.parse(heard.heardAt)
    expect(ago).toBeGreaterThanOrEqual(40_000)
    await applied(chain.links([closeSession(session, undefined, { branchId })]))
    expect((await statementOf()).outside).toMatchObject({
      devices: [],
      heard: [{ deviceId: other.deviceId }],
    })
  })

  it('is told, too, of one that has sold nothing yet but was here since the session was opened', async () => {
    await applied(chain.links([openSession(session, { branchId })]))
    const other = await gateway.as('cashier-1', { deviceId: `other-${randomUUID().slice(0, 8)}` })
    await other.data('mutation ($input: DeviceReportInput!) { deviceReport(input: $input) { serverTime } }', {
      input: {
        ...{ tenantId: 'demo', deviceId: other.deviceId, branchId, at: new Date().toISOString() },
        ...{ waiting: 0, failed: 0 },
      },
    })
    const { db } = gateway.app
    await db.everyTenant.run("update cash_session set opened_at = now() - interval '1 hour' where id = $1", [
      session,
    ])
    await db.everyTenant.run(
      "update sync_device set last_seen_at = now() - interval '20 min' where device_id = $1",
      [other.deviceId],
    )
    expect(await outside()).toMatchObject({ devices: [{ deviceId: other.deviceId, numbers: null }] })
    // One that went home before it was opened is none of it.
    await db.everyTenant.run(
      "update sync_device set last_seen_at = now() - interval '2 hours' where device_id = $1",
      [other.deviceId],
    )
    expect(await outside()).toMatchObject({ devices: [] })
  })

  it('of the till that closes only what came before is asked: not what is still behind it', async () => {
    const day = chain.links([
      openSession(session, { branchId }),
      croissants(),
      closeSession(session, undefined, { branchId }),
    ])
    await applied([day[0]!, day[2]!])
    expect((await statementOf()).outside.devices).toMatchObject([{ numbers: 1, held: false }])
  })
})

describe('what has come since', () => {
  type Late = {
    outcome: string | null
    count: number
    cash: { usd: number }
    totalUsd: number
    deviceId: string
  }
  const lateOf = async (): Promise<Late[]> => {
    const { closings } = await manager.data<{ closings: { edges: { node: { late: Late[] } }[] } }>(
      `query ($branchId: ID!, $id: UUID!) { closings(tenantId: "demo", branchId: $branchId, cashSessionId: $id) {
         edges { node { late { deviceId outcome count cash { usd khr } totalUsd } } } } }`,
      { branchId, id: session },
    )
    return closings.edges[0]!.node.late
  }

  it('is told with its statement, by device and by what became of it, and nothing that was in time', async () => {
    await applied(chain.links([openSession(session, { branchId })]))
    const [early] = chain.links([sale(session, { received: 1 }, { branchId })])
    expect((await till.push([early!]))[0]!.status).toBe('REJECTED')
    const again = croissants({ saleId: (early!.payload as { saleId: string }).saleId })
    await applied(chain.links([again, closeSession(session, { usd: 7174, khr: 200_000 }, { branchId })]))
    expect(await lateOf()).toEqual([])
    const { ids, other } = await late(4)
    const of = { deviceId: other.deviceId }
    expect(await lateOf()).toEqual([
      { ...of, outcome: null, count: 4, cash: { usd: 792, khr: 0 }, totalUsd: 792 },
    ])
    await decide('cashSessionSupplement', { cashSessionId: session, clientOpIds: ids.slice(0, 1) })
    const next = randomUUID()
    await applied([openSession(next, { branchId })])
    await decide('cashSessionBookRefused', { cashSessionId: next, clientOpIds: ids.slice(1, 2) })
    await decide('operationGiveUp', { clientOpIds: ids.slice(2, 3), reason: 'it never was' })
    expect((await lateOf()).map(({ outcome, count }) => [outcome, count])).toEqual([
      [null, 1],
      ['BOOKED', 1],
      ['GIVEN_UP', 1],
      ['SUPPLEMENTED', 1],
    ])
  })
})

describe('a supplement', () => {
  it('books what came too late into its session: ledger, stock and receipts, and never the statement', async () => {
    await aDay({ usd: 5990, khr: 200_000 })
    const before = await statementOf()
    const { ids } = await late()
    const made = await decide('cashSessionSupplement', {
      cashSessionId: session,
      clientOpIds: ids,
      reason: 'Till 2',
    })
    expect(made).toMatchObject({ status: 'APPLIED', result: { number: 1, refused: [], already: [] } })
    expect(made.result.booked.map(({ receiptNumber }: { receiptNumber: number }) => receiptNumber)).toEqual([
      3, 4, 5,
    ])
    const there = await replica()
    expect(there.get('closingStatement', session)).toEqual(before)
    expect(there.get('cashSession', session)).toMatchObject({
      status: 'CLOSED',
      expected: { usd: 5990, khr: 200_000 },
      difference: { usd: 0, khr: 0 },
    })
    const { hash, ...content } = there.get('closingSupplement', made.clientOpId)
    expect(content).toMatchObject({
      ...{ number: 1, cashSessionId: session, by: 'demo-manager', reason: 'Till 2', usd: 594, totalUsd: 594 },
      statement: { number: 1, hash: before.hash },
      prev: hashOf({ tenantId: 'demo', branchId, kind: 'supplement' }),
    })
    expect(hash).toBe(hashOf(content))
    for (const id of ids) expect(there.get('refusedOperation', id)).toMatchObject({ outcome: 'SUPPLEMENTED' })
    // The next statement holds it.
    const next = randomUUID()
    await applied([
      openSession(next, { branchId }),
      closeSession(next, { usd: 5000, khr: 200_000 }, { branchId }),
    ])
    expect(await statementOf(next)).toMatchObject({
      number: 2,
      prev: before.hash,
      supplements: { number: 1, hash },
    })
  })

  it('is made once, however many try: desk, desk again, and the device', async () => {
    await aDay()
    const { other, queue, ids } = await late(2)
    const input = { cashSessionId: session, clientOpIds: ids }
    const both = await Promise.all([
      decide('cashSessionSupplement', input),
      decide('cashSessionSupplement', input),
    ])
    expect(both.map(({ status }) => status)).toEqual(['APPLIED', 'APPLIED'])
    expect(both.filter(({ duplicate }) => !duplicate)).toHaveLength(1)
    const again = await other.push(queue.map((each) => ({ ...each, retry: true })))
    expect(again.map(({ status, duplicate }) => [status, duplicate])).toEqual([
      ['APPLIED', true],
      ['APPLIED', true],
    ])
    const there = await replica()
    expect(there.get('cashSession', session).expected).toEqual({ usd: 5792, khr: 200_000 })
    expect([...there.entities.keys()].filter((name) => name.startsWith('closingSupplement'))).toHaveLength(1)
    expect([...there.entities.keys()].filter((name) => name.startsWith('sale'))).toHaveLength(4)
  })

  it('takes only what was made in that session, and books the rest of a list all the same', async () => {
    await aDay()
    const { ids } = await late(1)
    const made = await decide('cashSessionSupplement', {
      cashSessionId: session,
      clientOpIds: [randomUUID(), ...ids],
    })
    expect(made).toMatchObject({ status: 'APPLIED', result: { refused: [{ code: 'REFUSAL_UNKNOWN' }] } })
    const other = randomUUID()
    await applied([openSession(other, { branchId })])
    expect(await decide('cashSessionSupplement', { cashSessionId: other, clientOpIds: ids })).toMatchObject({
      code: 'CASH_SESSION_STILL_OPEN',
    })
    await applied([closeSession(other, undefined, { branchId })])
    expect(await decide('cashSessionSupplement', { cashSessionId: other, clientOpIds: ids })).toMatchObject({
      code: 'REFUSAL_UNKNOWN',
    })
  })

  it('movements, too; what cannot be booked stays refused', async () => {
    await aDay()
    const [paidIn, closing] = chain.links([
      movement(session, { amount: 300 }, { branchId }),
      closeSession(session, undefined, { branchId }),
    ])
    await till.push([paidIn!, closing!])
    const made = await decide('cashSessionSupplement', {
      cashSessionId: session,
      clientOpIds: [closing!.clientOpId, paidIn!.clientOpId],
    })
    expect(made.result).toMatchObject({ refused: [{ clientOpId: closing!.clientOpId }] })
    expect((await replica()).get('cashSession', session).expected).toEqual({ usd: 5696, khr: 200_000 })
  })

  it('a sale of it can be voided, and refunds into the session that is open', async () => {
    await aDay()
    const { ids, queue } = await late(1)
    await decide('cashSessionSupplement', { cashSessionId: session, clientOpIds: ids })
    const next = randomUUID()
    await applied([openSession(next, { branchId })])
    const { saleId } = queue[0]!.payload as { saleId: string }
    expect(await decide('saleVoid', { saleId, reason: 'wrong' })).toMatchObject({ status: 'APPLIED' })
    expect((await replica()).get('cashSession', next).expected).toEqual({ usd: 4802, khr: 200_000 })
  })
})

describe('the other ways out', () => {
  it('as of another person, where nothing but the person was the matter', async () => {
    await applied(chain.links([openSession(session, { branchId })]))
    await admin.direct(
      'staffSave',
      { accountId: 'demo-barista-1', branchIds: [branchId] },
      { branchId: null },
    )
    const barista = await gateway.as('barista-1', { deviceId: `bar-${randomUUID().slice(0, 8)}` })
    const [sold] = new Chained(barista.deviceId, 'demo-barista-1').links([croissants()])
    expect((await barista.push([sold!]))[0]!.code).toBe('ACTION_NOT_PERMITTED')
    const book = (actorId: string, clientOpId = sold!.clientOpId) =>
      decide('cashSessionBookRefused', { cashSessionId: session, clientOpIds: [clientOpId], actorId })
    expect(await book('nobody')).toMatchObject({ code: 'NO_MEMBERSHIP' })
    const wrong = croissants()
    const payload = { ...(wrong.payload as object), totals: { ...salePayload(session).totals, totalUsd: 1 } }
    const [bad] = chain.links([operation('sale.finalize', payload, { branchId })])
    await till.push([bad!])
    expect(await book('demo-manager', bad!.clientOpId)).toMatchObject({ code: 'PERSON_NOT_IN_DOUBT' })
    expect(await book('demo-cashier-1')).toMatchObject({ status: 'APPLIED', result: { refused: [] } })
    const { saleId } = sold!.payload as { saleId: string }
    expect((await replica()).get('sale', saleId)).toMatchObject({
      actorId: 'demo-cashier-1',
      receiptNumber: 1,
    })
    await applied(chain.links([closeSession(session, { usd: 5198, khr: 200_000 }, { branchId })]))
    const of = { tenantId: 'demo', branchId, from: new Date(0), to: new Date(Date.now() + 60_000) }
    const { lines } = await exportPage(gateway.app.db.tenant('demo'), of, null)
    expect(verify(lines)).toEqual([])
  })

  it('into the session that is open: its own statement has them, and the device is told', async () => {
    await aDay()
    const { ids } = await late(2)
    const next = randomUUID()
    await applied([openSession(next, { branchId })])
    const booked = await decide('cashSessionBookRefused', { cashSessionId: next, clientOpIds: ids })
    expect(booked).toMatchObject({ status: 'APPLIED', result: { refused: [] } })
    await applied([closeSession(next, { usd: 5396, khr: 200_000 }, { branchId })])
    expect(await statementOf(next)).toMatchObject({
      sales: { count: 2, usd: 396 },
      difference: { usd: 0, khr: 0 },
    })
    expect((await replica()).get('refusedOperation', ids[0]!)).toMatchObject({
      outcome: 'BOOKED',
      by: 'demo-manager',
    })
  })

  it('the device sends it to the open session under a new key: the refusal is dealt with', async () => {
    await aDay()
    const { other, queue, ids } = await late(1)
    const next = randomUUID()
    await applied([openSession(next, { branchId })])
    const moved = { ...(queue[0]!.payload as object), cashSessionId: next }
    await applied([operation('sale.finalize', moved, { branchId })], other)
    expect((await replica()).get('refusedOperation', ids[0]!)).toMatchObject({
      outcome: 'BOOKED',
      by: 'demo-cashier-1',
    })
    expect(await decide('cashSessionSupplement', { cashSessionId: session, clientOpIds: ids })).toMatchObject(
      {
        ...{ status: 'APPLIED', duplicate: true },
        result: { already: [{ clientOpId: ids[0] }] },
      },
    )
  })

  it('given up with a reason, also from a queue; booked after all, the refusal says so', async () => {
    await aDay()
    const { ids } = await late(2)
    const [first, second] = ids
    expect(await decide('operationGiveUp', { clientOpIds: [first], reason: 'rung up twice' })).toMatchObject({
      result: { givenUp: [first] },
    })
    const desk = new Chained(manager.deviceId, 'demo-manager')
    const queued = operation('operation.giveUp', { clientOpIds: ids, reason: 'a test' }, { branchId })
    expect((await manager.push(desk.links([queued])))[0]).toMatchObject({
      result: { givenUp: [second], settled: [{ clientOpId: first, outcome: 'GIVEN_UP' }] },
    })
    expect((await replica()).get('refusedOperation', first!)).toMatchObject({
      outcome: 'GIVEN_UP',
      reason: 'rung up twice',
    })
    await decide('cashSessionSupplement', { cashSessionId: session, clientOpIds: [first] })
    expect((await replica()).get('refusedOperation', first!)).toMatchObject({ outcome: 'SUPPLEMENTED' })
    const { refusals } = await manager.data<{ refusals: { edges: unknown[] } }>(
      'query ($branchId: ID!) { refusals(tenantId: "demo", branchId: $branchId, settled: false) { edges { node { clientOpId cash { usd khr } } } } }',
      { branchId },
    )
    expect(refusals.edges).toEqual([])
  })
})

describe('giving up what is in the books', () => {
  const had = ({ clientOpId, type, payload, payloadHash, occurredAt }: Envelope) => ({
    ...{ clientOpId, type, payload, payloadHash, occurredAt, actorId: 'demo-cashier-1' },
  })
  const giveUp = (operations: Envelope[], field = 'operationGiveUp') =>
    decide(field, {
      clientOpIds: operations.map(({ clientOpId }) => clientOpId),
      reason: 'lost with its tablet',
      operations: operations.map(had),
    })
  const outcomes = async () => {
    const { refusals } = await manager.data<{
      refusals: { edges: { node: { clientOpId: string; outcome: string } }[] }
    }>(
      `query ($branchId: ID!) { refusals(tenantId: "demo", branchId: $branchId) { edges { node { clientOpId outcome } } } }`,
      { branchId },
    )
    return Object.fromEntries(
      refusals.edges.map(({ node: { clientOpId, outcome } }) => [clientOpId, outcome]),
    )
  }
  const givenUpInTrail = async () => {
    const { auditEvents } = await admin.data<{ auditEvents: { edges: unknown[] } }>(
      `query ($branchId: ID!) { auditEvents(tenantId: "demo", branchId: $branchId, name: "OPERATION_GIVEN_UP") { edges { node { id } } } }`,
      { branchId },
    )
    return auditEvents.edges.length
  }

  it('gives nothing up, and makes no refusal of it; what was not booked is', async () => {
    const [opening, booked, lost] = [openSession(session, { branchId }), croissants(), croissants()]
    await applied([opening, booked])
    const told = await giveUp([opening, booked])
    expect(told).toMatchObject({
      ...{ status: 'APPLIED', duplicate: true },
      result: { givenUp: [], unknown: [], settled: [opening, booked].map(asBooked) },
    })
    expect(await outcomes()).toEqual({})
    expect(await givenUpInTrail()).toBe(0)
    expect(await giveUp([booked, lost])).toMatchObject({
      ...{ status: 'APPLIED', duplicate: false },
      result: { givenUp: [], unknown: [lost.clientOpId], settled: [asBooked(booked)] },
    })
    expect(await outcomes()).toEqual({ [lost.clientOpId]: 'GIVEN_UP' })
    expect(await givenUpInTrail()).toBe(1)
  })

  it('by the same batch as well, and not what another branch has in its books', async () => {
    const elsewhere = openSession(randomUUID(), { branchId: 'riverside' })
    await applied([elsewhere])
    const opening = openSession(session, { branchId })
    const word = operation(
      'operation.giveUp',
      {
        clientOpIds: [opening.clientOpId, elsewhere.clientOpId],
        reason: 'a test',
        operations: [opening, elsewhere].map(had),
      },
      { branchId },
    )
    const [, said] = await manager.push([opening, word])
    // Of another branch's nothing is told, and nothing is written beside it.
    expect(said).toMatchObject({ result: { settled: [asBooked(opening)], unknown: [elsewhere.clientOpId] } })
    expect(await outcomes()).toEqual({})
  })

  it('is booked, once it comes after all: the refusal says so, by whichever key', async () => {
    const [opening, first, second] = [openSession(session, { branchId }), croissants(), croissants()]
    await giveUp([opening, first, second])
    expect(Object.values(await outcomes())).toEqual(['GIVEN_UP', 'GIVEN_UP', 'GIVEN_UP'])
    const moved = operation('sale.finalize', second.payload, { branchId })
    await applied([opening, first, moved])
    expect(await outcomes()).toEqual({
      [opening.clientOpId]: 'RETRIED',
      [first.clientOpId]: 'RETRIED',
      [second.clientOpId]: 'BOOKED',
    })
  })
})
const asBooked = ({ clientOpId }: Envelope) => ({ clientOpId, outcome: 'BOOKED' })

describe('the export', () => {
  it('of a day, in pages, is verified without the gateway; a cent edited in the database is named', async () => {
    await aDay()
    const { ids } = await late()
    await decide('cashSessionSupplement', { cashSessionId: session, clientOpIds: ids })
    const range = { from: new Date(0), to: new Date(Date.now() + 60_000) }
    const exported = async () => {
      const lines: string[] = []
      let after: string | null = null
      do {
        const answer: { proofExport: { lines: string[]; next: string | null } } = await manager.data(
          `query ($branchId: ID!, $from: DateTime!, $to: DateTime!, $after: String) {
            proofExport(tenantId: "demo", branchId: $branchId, from: $from, to: $to, after: $after) { lines next } }`,
          { branchId, after, ...range },
        )
        lines.push(...answer.proofExport.lines)
        after = answer.proofExport.next
      } while (after)
      return lines
    }
    expect(verify(await exported())).toEqual([])
    const { db } = gateway.app
    await db.everyTenant.prisma.cashMovement.updateMany({
      where: { cashSessionId: session, kind: 'SALE_IN' },
      data: { usd: 1n },
    })
    expect(verify(await exported()).map(({ name }) => name)).toContain('SALES_DIFFER')
  })

  it('begins at its own places only: one that somebody made up reaches no statement', async () => {
    const id = randomUUID()
    const placed = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url')
    const made = ['sale', 'movement', 'refusal', 'operation', 'chain'].flatMap((part) =>
      [['x'], ['-1'], ['9'.repeat(30)], [id, 'x', id], [null]].map((after) =>
        placed({ number: 0, part, after }),
      ),
    )
    const others = [
      { number: -1, part: 'sale', after: [] },
      { number: 0, part: 'constructor', after: [] },
      null,
    ]
    for (const after of ['x', '', ...others.map(placed), ...made]) {
      const { errors } = await manager.send(
        `query ($branchId: ID!, $at: DateTime!, $after: String) {
          proofExport(tenantId: "demo", branchId: $branchId, from: $at, to: $at, after: $after) { next } }`,
        { branchId, at: new Date(), after },
      )
      expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT')
    }
  })

  const allLines = async (from = new Date(0)) => {
    const of = { tenantId: 'demo', branchId, from, to: new Date(Date.now() + 60_000) }
    return (await exportPage(gateway.app.db.tenant('demo'), of, null)).lines
  }

  it('of what was done directly, whose answer was lost, and queued under its key: its number is not missing', async () => {
    const [moved, refused] = [0, 1].map(() =>
      movement(session, { kind: 'PAID_IN', currency: 'USD', amount: 500 }, { branchId }),
    ) as [Envelope, Envelope]
    await applied(chain.links([openSession(session, { branchId })]))
    const directly = ({ clientOpId, payload }: Envelope) =>
      till.direct('cashSessionRecordMovement', payload as object, { branchId, key: clientOpId })
    expect(await directly(moved)).toMatchObject({ status: 'APPLIED' })
    const adjusted = { ...(refused.payload as object), kind: 'ADJUSTMENT' }
    const adjustment = operation('cashSession.movement', adjusted, { branchId })
    expect(await directly(adjustment)).toMatchObject({ code: 'ACTION_NOT_PERMITTED' })
    const queue = chain.links([moved, croissants(), adjustment, croissants()])
    for (const _time of ['first', 'again'])
      expect((await till.push(queue)).map(({ code, status }) => code ?? status)).toEqual([
        ...['APPLIED', 'APPLIED', 'ACTION_NOT_PERMITTED', 'APPLIED'],
      ])
    await applied(chain.links([closeSession(session, undefined, { branchId })]))
    const lines = await allLines()
    expect(verify(lines)).toEqual([])
    const altered = lines.map((line) =>
      line.includes('"kind":"chain"') ? line.replace(moved.payloadHash, 'ab'.repeat(32)) : line,
    )
    expect(verify(altered).map(({ name }) => name)).toContain('OPERATION_ALTERED')
    const { devices } = await manager.data<{
      devices: { edges: { node: { deviceId: string; chains: object[] } }[] }
    }>(
      `{ devices(tenantId: "demo", first: 200) { edges { node { deviceId chains { state givenUp { from } } } } } }`,
    )
    const own = devices.edges.find(({ node }) => node.deviceId === till.deviceId)
    expect(own?.node.chains).toEqual([{ state: 'WHOLE', givenUp: [] }])
  })

  it('of a sale that somebody else sent again under a key of its own: it is still of who made it', async () => {
    const sold = croissants()
    await applied(chain.links([openSession(session, { branchId }), sold]))
    const other = await gateway.as('manager', { deviceId: till.deviceId })
    const again = operation('sale.finalize', sold.payload, { branchId, actorId: 'demo-manager' })
    expect(await other.push(chain.links([again]))).toMatchObject([{ status: 'APPLIED', duplicate: true }])
    await applied(chain.links([closeSession(session, undefined, { branchId })]))
    const lines = await allLines()
    expect(verify(lines)).toEqual([])
    const altered = lines.map((line) =>
      line.includes('"kind":"sale"')
        ? line.replace('"actorId":"demo-cashier-1"', '"actorId":"demo-manager"')
        : line,
    )
    expect(verify(altered).map(({ name }) => name)).toContain('SALE_ALTERED')
  })

  it('of days in which something was booked into a session of before has its supplement, whose receipt is of these days', async () => {
    await aDay()
    const { ids } = await late(2)
    const before = await statementOf()
    const closedFirst = session
    session = randomUUID()
    await applied(chain.links([openSession(session, { branchId }), croissants()]))
    await decide('cashSessionSupplement', { cashSessionId: closedFirst, clientOpIds: ids })
    await applied(chain.links([croissants(), closeSession(session, undefined, { branchId })]))
    const lines = await allLines(new Date(Date.parse(before.recordedAt) + 1))
    expect(lines.filter((line) => line.includes('"kind":"statement"'))).toHaveLength(1)
    expect(verify(lines)).toEqual([])
    const without = lines.filter((line) => !line.includes('"kind":"supplement"'))
    expect(verify(without).map(({ name }) => name)).toContain('RECEIPT_MISSING')
    const altered = lines.map((line) =>
      line.includes('"kind":"supplement"') ? line.replace('"reason":null', '"reason":"x"') : line,
    )
    expect(verify(altered).map(({ name }) => name)).toContain('SUPPLEMENT_ALTERED')
    expect(await allLines(new Date(Date.now() + 1000))).toHaveLength(2)
  })

  it('accuses no client of how it writes: ids in capitals, white space, more than belongs there', async () => {
    const plain = salePayload(session, { currency: 'USD', received: 198 })
    const { totals, tender } = plain
    const sold = (more: object) =>
      operation('sale.finalize', { ...plain, saleId: randomUUID(), ...more }, { branchId })
    const moved = (more: object) => {
      const { payload } = movement(session, { kind: 'PAID_IN', currency: 'USD', amount: 500 }, { branchId })
      return operation('cashSession.movement', { ...(payload as object), ...more }, { branchId })
    }
    const inCapitals = { saleId: randomUUID().toUpperCase(), cashSessionId: session.toUpperCase() }
    const both = { received: { usd: 198, khr: 0 }, change: { usd: 0, khr: 0 } }
    await applied(
      chain.links([
        openSession(session, { branchId }),
        sold(inCapitals),
        sold({ totals: { ...totals, discountUsd: 0 }, table: 7 }),
        sold({ tender: { ...tender, drawer: 2, change: { ...tender.change, thb: 0 } } }),
        sold({ tender: { method: 'CASH', currency: null, ...both } }),
        moved({ movementId: randomUUID().toUpperCase(), cashSessionId: session.toUpperCase() }),
        moved({ reason: '  ice for the bar\n' }),
        closeSession(session, undefined, { branchId }),
      ]),
    )
    const lines = await allLines()
    expect(verify(lines)).toEqual([])
    const sale = inCapitals.saleId.toLowerCase()
    const without = lines.filter((line) => !line.includes('"kind":"sale"') || !line.includes(sale))
    expect(verify(without).map(({ name }) => name)).toContain('EFFECT_MISSING')
    const altered = lines.map((line) => line.replace('"reason":"ice for the bar"', '"reason":"rent"'))
    expect(verify(altered).map(({ name }) => name)).toContain('MOVEMENT_ALTERED')
  })

  it('is verified with what was refused because it was damaged, or too much to be kept', async () => {
    const damaged = { ...croissants(), payloadHash: 'ab'.repeat(32) }
    const tooMuch = operation(
      'cashSession.movement',
      {
        ...(movement(session, { kind: 'PAID_IN', currency: 'USD', amount: 1 }, { branchId })
          .payload as object),
        note: 'x'.repeat(70_000),
      },
      { branchId },
    )
    const noPayload = operation('sale.finalize', 'nothing', { branchId })
    await applied(chain.links([openSession(session, { branchId })]))
    const refused = await till.push(chain.links([damaged, tooMuch, noPayload]))
    expect(refused.map(({ code }) => code)).toEqual([
      'PAYLOAD_HASH_MISMATCH',
      'PAYLOAD_INVALID',
      'PAYLOAD_INVALID',
    ])
    await applied(chain.links([croissants(), closeSession(session, undefined, { branchId })]))
    const lines = await allLines()
    expect(verify(lines)).toEqual([])
    const ofAnApplied = lines.map((line) =>
      line.includes('"status":"APPLIED"') ? line.replace(/"payload":\{.*\}/, '"payload":null}') : line,
    )
    expect(verify(ofAnApplied).map(({ name }) => name)).toContain('OPERATION_ALTERED')
  })

  it('has the chain of the device itself: another one that goes by its id forks nothing', async () => {
    const opened = chain.links([openSession(session, { branchId })])
    await applied(opened)
    const evil = await gateway.as('cashier-1', { deviceId: `evil-${randomUUID().slice(0, 8)}` })
    const forged = new Chained(evil.deviceId, 'demo-cashier-1', { id: chain.id })
    await applied(forged.links([croissants(), croissants(), croissants()]), evil)
    await applied(chain.links([croissants(), closeSession(session, undefined, { branchId })]))
    expect(verify(await allLines())).toEqual([])
  })

  it('in pages of so many bytes, whatever payloads hold', async () => {
    await applied(chain.links([openSession(session, { branchId })]))
    const lines = Array.from({ length: 10 }, () => ({
      ...{ menuItemId: 'none', menuItemRevision: 1, quantity: 1 },
      modifierOptionIds: Array.from({ length: 45 }, (_, i) => `${i}`.padEnd(120, '-')),
    }))
    const long = () =>
      operation('sale.finalize', { ...salePayload(session), saleId: randomUUID(), lines }, { branchId })
    const refused = await till.push(chain.links(Array.from({ length: 60 }, long)))
    expect(refused.every(({ status }) => status === 'REJECTED')).toBe(true)
    await applied(chain.links([closeSession(session, undefined, { branchId })]))
    const of = { tenantId: 'demo', branchId, from: new Date(0), to: new Date(Date.now() + 60_000) }
    const all: string[] = []
    let pages = 0
    for (let after: string | null | undefined; after !== null; pages += 1) {
      const page = await exportPage(gateway.app.db.tenant('demo'), of, after ?? null)
      expect(page.lines.join().length).toBeLessThan(3_000_000)
      all.push(...page.lines)
      after = page.next
    }
    expect(pages).toBeGreaterThan(2)
    expect(verify(all)).toEqual([])
  })

  it('any number of one sale can be refused: so many are dealt with as it is booked, and each keeps what it was', async () => {
    await applied(chain.links([openSession(session, { branchId })]))
    const right = croissants()
    const wrong = () =>
      operation('sale.finalize', { ...(right.payload as object), policyRevision: 99 }, { branchId })
    const refused = await till.push(Array.from({ length: 120 }, wrong))
    expect(refused.every(({ status }) => status === 'REJECTED')).toBe(true)
    await applied([right])
    const { db } = gateway.app
    const found = await db.everyTenant.rows(
      `select settled, count(*)::int as count, bool_and(payload is not null) as kept from refusal
       where tenant_id = 'demo' and branch_id = $1 group by 1 order by 1`,
      [branchId],
    )
    expect(found).toEqual([
      { settled: false, count: 20, kept: true },
      { settled: true, count: 100, kept: true },
    ])
  })

  it('no time that there is none of is given up', async () => {
    const had = { type: 'sale.finalize', actorId: 'demo-cashier-1', payloadHash: 'a'.repeat(64) }
    for (const occurredAt of [
      '2026-13-45T25:61:61.000Z',
      '0000-01-01T00:00:00.000Z',
      '2026-01-01T24:00:00.000Z',
    ]) {
      const clientOpId = randomUUID()
      const operations = [{ ...had, clientOpId, occurredAt }]
      expect(
        await decide('operationGiveUp', { clientOpIds: [clientOpId], reason: 'lost', operations }),
      ).toMatchObject({ status: 'REJECTED', code: 'PAYLOAD_INVALID' })
    }
  })

  it('has what came too late, as its device sent it: who alters it before it is booked, or takes it away, is named', async () => {
    await aDay()
    const { ids, queue } = await late(3)
    const { db } = gateway.app
    const named = async () => {
      const of = { tenantId: 'demo', branchId, from: new Date(0), to: new Date(Date.now() + 60_000) }
      return [
        ...new Set(verify((await exportPage(db.tenant('demo'), of, null)).lines).map(({ name }) => name)),
      ]
    }
    expect(await named()).toEqual([])
    const { saleId } = queue[0]!.payload as { saleId: string }
    const more = croissants({ saleId, lines: [{ menuItemId: 'croissant', quantity: 2 }], received: 396 })
    await db.everyTenant.run('update refusal set payload = $2 where client_op_id = $1', [
      ids[0],
      more.payload,
    ])
    await decide('cashSessionSupplement', { cashSessionId: session, clientOpIds: ids.slice(0, 1) })
    expect(await named()).toContain('SALE_ALTERED')
    await db.everyTenant.run('delete from refusal where client_op_id = $1', [ids[1]])
    expect(await named()).toEqual(expect.arrayContaining(['SALE_ALTERED', 'REFUSAL_MISSING']))
    await db.everyTenant.run('delete from sync_operation where client_op_id = $1', [ids[1]])
    expect(await named()).toEqual(expect.arrayContaining(['SALE_ALTERED', 'OPERATION_MISSING']))
  })

  it('in pages of so many rows: nothing twice, nothing left out', async () => {
    await applied(chain.links([openSession(session, { branchId })]))
    const sold = chain.links(Array.from({ length: 2 * pageRows + 1 }, () => croissants()))
    for (let i = 0; i < sold.length; i += 400) await applied(sold.slice(i, i + 400))
    await applied(chain.links([closeSession(session, undefined, { branchId })]))
    const of = { tenantId: 'demo', branchId, from: new Date(0), to: new Date(Date.now() + 60_000) }
    const exported = async () => {
      const lines: string[] = []
      let after: string | null = null
      do {
        const page = await exportPage(gateway.app.db.tenant('demo'), of, after)
        expect(page.lines.length).toBeLessThan(3 * pageRows)
        lines.push(...page.lines)
        after = page.next
      } while (after)
      return lines
    }
    const lines = await exported()
    expect(new Set(lines).size).toBe(lines.length)
    expect(lines.filter((line) => line.includes('"kind":"sale"'))).toHaveLength(sold.length)
    expect(verify(lines)).toEqual([])
    // Nor is anybody accused when what they said is kept in the sales alone.
    const left = await forgetRetold(gateway.app.db, 0, new Date(Date.now() + 60_000))
    expect(left).toBeGreaterThanOrEqual(sold.length)
    const later = await exported()
    expect(later).toHaveLength(lines.length)
    expect(verify(later)).toEqual([])
  })
})
