import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newBranch } from '../support/branch.ts'
import { closeSession, movement, openSession, sale } from '../support/cafe.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { Replica } from '../support/replica.ts'

let gateway: Gateway
let admin: Client
let manager: Client
let cashier: Client
let branchId: string

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin', { deviceId: 'office' })
  manager = await gateway.as('manager', { deviceId: 'office' })
  cashier = await gateway.as('cashier-1')
})
afterAll(() => gateway?.close())
beforeEach(async () => {
  branchId = await newBranch(admin, 'demo-cashier-1', 'demo-cashier-2', 'demo-manager')
})

const codes = (results: { status: string; code: string | null }[]) =>
  results.map(({ status, code }) => code ?? status)
const replica = async () => new Replica().apply((await manager.pullAll({ branchId })).changes)

describe('AC-2 and UC-2: a session opened, used and closed offline', () => {
  it('syncs in order; expected is the float and every movement, in both currencies', async () => {
    const session = randomUUID()
    const here = { branchId }
    const queue = [
      openSession(session, { ...here, usd: 10_000, khr: 400_000 }),
      movement(session, { kind: 'PAID_IN', currency: 'USD', amount: 2000 }, here),
      movement(session, { kind: 'PAID_OUT', currency: 'KHR', amount: 50_000 }, here),
      sale(session, {}, here),
      sale(session, { currency: 'USD', received: 500 }, here),
      closeSession(session, { usd: 12_200, khr: 356_900 }, here),
    ]
    const results = await cashier.push(queue)
    expect(codes(results)).toEqual(queue.map(() => 'APPLIED'))
    // Sales of 198 cents = 8,118 = 8,100 riel; 5 dollars less 1.98 is 3.02: 3 dollars and 82 riel, rounded to 100.
    const expected = { usd: 10_000 + 2000 + 500 - 300, khr: 400_000 - 50_000 + 8100 - 100 }
    expect(results.at(-1)!.result).toEqual({
      cashSessionId: session,
      expected,
      counted: { usd: 12_200, khr: 356_900 },
      difference: { usd: 0, khr: -1100 },
    })
    expect((await replica()).get('cashSession', session)).toMatchObject({
      status: 'CLOSED',
      openedBy: 'demo-cashier-1',
      openingFloat: { usd: 10_000, khr: 400_000 },
      expected,
      counted: { usd: 12_200, khr: 356_900 },
      difference: { usd: 0, khr: -1100 },
      closedAt: queue.at(-1)!.occurredAt,
    })
  })

  it('rejections are surfaced: a closed session takes nothing more', async () => {
    const session = randomUUID()
    const here = { branchId }
    const results = await cashier.push([
      openSession(session, here),
      closeSession(session, undefined, here),
      movement(session, {}, here),
      sale(session, {}, here),
      closeSession(session, undefined, here),
    ])
    expect(codes(results)).toEqual([
      'APPLIED',
      'APPLIED',
      'CASH_SESSION_NOT_OPEN',
      'CASH_SESSION_NOT_OPEN',
      'CASH_SESSION_NOT_OPEN',
    ])
    const { rejectedOperations } = await manager.data<{
      rejectedOperations: { edges: { node: { code: string; type: string } }[] }
    }>(
      `query ($branchId: ID!) { rejectedOperations(tenantId: "demo", branchId: $branchId) { edges { node { code type } } } }`,
      { branchId },
    )
    expect(rejectedOperations.edges.map(({ node }) => `${node.type} ${node.code}`).sort()).toEqual([
      'cashSession.close CASH_SESSION_NOT_OPEN',
      'cashSession.movement CASH_SESSION_NOT_OPEN',
      'sale.finalize CASH_SESSION_NOT_OPEN',
    ])
  })

  it('opens again after it was closed, under a new id only', async () => {
    const session = randomUUID()
    const here = { branchId }
    await cashier.push([openSession(session, here), closeSession(session, undefined, here)])
    expect(codes(await cashier.push([openSession(session, here), openSession(undefined, here)]))).toEqual([
      'PAYLOAD_INVALID',
      'APPLIED',
    ])
  })
})

describe('two tills that both opened a session offline', () => {
  it('the first to arrive has it; the other’s chain fails, and can be sent to the open one', async () => {
    const till2 = await gateway.as('cashier-2', { deviceId: 'till-2' })
    const [first, second] = [randomUUID(), randomUUID()]
    const open2 = openSession(second, { branchId })
    const sale2 = sale(second, {}, { branchId, dependsOn: [open2.clientOpId] })
    const paid2 = movement(second, {}, { branchId, dependsOn: [open2.clientOpId] })

    expect(
      codes(await cashier.push([openSession(first, { branchId }), sale(first, {}, { branchId })])),
    ).toEqual(['APPLIED', 'APPLIED'])
    const results = await till2.push([open2, sale2, paid2])
    expect(codes(results)).toEqual(['CASH_SESSION_ALREADY_OPEN', 'DEPENDENCY_FAILED', 'DEPENDENCY_FAILED'])
    expect(results[0]!.details).toEqual({ cashSessionId: first })

    // Anyone with the permission may use the branch's open session, not only who opened it.
    const { saleId } = sale2.payload as { saleId: string }
    const { movementId } = paid2.payload as { movementId: string }
    const moved = [sale(first, { saleId }, { branchId }), movement(first, { movementId }, { branchId })]
    const reassigned = await till2.push(moved)
    expect(codes(reassigned)).toEqual(['APPLIED', 'APPLIED'])
    expect(reassigned[0]!.result.receiptNumber).toBe(2)

    // Both under their first keys once more: nothing is there twice.
    const retried = await till2.push([sale2, paid2].map((op) => ({ ...op, dependsOn: [], retry: true })))
    expect(retried).toMatchObject([
      { status: 'APPLIED', duplicate: true },
      { status: 'APPLIED', duplicate: true },
    ])
    expect((await replica()).get('cashSession', first).expected).toEqual({ usd: 5500, khr: 216_200 })
  })

  it('a movement’s id is used once: another movement under it is refused', async () => {
    const session = randomUUID()
    const movementId = randomUUID()
    const results = await cashier.push([
      openSession(session, { branchId }),
      movement(session, { movementId }, { branchId }),
      movement(session, { movementId }, { branchId }),
      movement(session, { movementId, amount: 9 }, { branchId }),
    ])
    expect(results.map(({ code, duplicate }) => code ?? duplicate)).toEqual([
      false,
      false,
      true,
      'PAYLOAD_INVALID',
    ])
  })
})

describe('force-close: by a manager, online', () => {
  it('a session whose till is lost closes with or without a count', async () => {
    const session = randomUUID()
    await cashier.push([openSession(session, { branchId, usd: 100, khr: 0 })])
    const input = { cashSessionId: session, reason: 'the till is lost' }
    expect(await cashier.direct('cashSessionForceClose', input, { branchId })).toMatchObject({
      code: 'ACTION_NOT_PERMITTED',
    })
    expect(await manager.direct('cashSessionForceClose', input, { branchId })).toMatchObject({
      status: 'APPLIED',
      result: { expected: { usd: 100, khr: 0 }, counted: null, difference: null },
    })
    const closed = (await replica()).get('cashSession', session)
    expect(closed).toMatchObject({
      status: 'FORCE_CLOSED',
      expected: { usd: 100, khr: 0 },
      note: 'the till is lost',
    })
    expect(closed).not.toHaveProperty('counted')
    expect(codes(await cashier.push([sale(session, {}, { branchId })]))).toEqual(['CASH_SESSION_NOT_OPEN'])
  })

  it('what the lost till still sends is refused and kept; it can go to the session that is open now', async () => {
    const [lost, now] = [randomUUID(), randomUUID()]
    await cashier.push([openSession(lost, { branchId })])
    await manager.direct(
      'cashSessionForceClose',
      { cashSessionId: lost, reason: 'lost', counted: { usd: 5000, khr: 200_000 } },
      { branchId },
    )
    const late = sale(lost, {}, { branchId })
    expect(codes(await cashier.push([late]))).toEqual(['CASH_SESSION_NOT_OPEN'])
    await cashier.push([openSession(now, { branchId })])
    const { saleId } = late.payload as { saleId: string }
    expect(codes(await cashier.push([sale(now, { saleId }, { branchId })]))).toEqual(['APPLIED'])
  })
})
