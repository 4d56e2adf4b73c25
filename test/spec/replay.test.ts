import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newBranch } from '../support/branch.ts'
import { closeSession, movement, openSession, sale, salePayload, startWork } from '../support/cafe.ts'
import { type Client, type Envelope, type Gateway, operation, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let admin: Client
let manager: Client
let cashier: Client
/** A branch of each test's own. */
let branchId: string

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin', { deviceId: 'office' })
  manager = await gateway.as('manager', { deviceId: 'office' })
  cashier = await gateway.as('cashier-1')
})
afterAll(() => gateway?.close())
beforeEach(async () => {
  branchId = await newBranch(admin, 'demo-cashier-1', 'demo-manager')
})

const here = () => ({ branchId })
const statuses = (results: { status: string; code: string | null }[]) =>
  results.map(({ status, code }) => code ?? status)

/** How far each stored thing of the branch has come: money, receipts, records. */
async function books() {
  const [row] = await gateway.app.db.everyTenant.rows<Record<string, number>>(
    `select (select count(*)::int from sale where branch_id = $1) as sales,
       (select count(*)::int from cash_movement where branch_id = $1) as movements,
       (select coalesce(sum(expected_usd), 0)::int from cash_session where branch_id = $1) as usd,
       (select coalesce(sum(expected_khr), 0)::int from cash_session where branch_id = $1) as khr,
       (select count(*)::int from audit_event where branch_id = $1) as audit,
       (select count(*)::int from stock_entry where branch_id = $1) as stock,
       (select head_seq::int from sync_stream where branch_id = $1) as head`,
    [branchId],
  )
  return row!
}

async function openHere(float: { usd?: number; khr?: number } = {}) {
  const cashSessionId = randomUUID()
  const [opened] = await cashier.push([openSession(cashSessionId, { ...here(), ...float })])
  expect(opened!.status).toBe('APPLIED')
  return cashSessionId
}

describe('4.1 and FR-6: exactly once by client_op_id', () => {
  it('EC-OS-01 and AC-1: a replayed sale is applied once, and its result comes back', async () => {
    const op = sale(await openHere(), {}, here())
    const [first] = await cashier.push([op])
    const before = await books()
    expect(first).toMatchObject({ clientOpId: op.clientOpId, status: 'APPLIED', duplicate: false })
    for (let time = 0; time < 3; time += 1)
      expect(await cashier.push([op])).toEqual([{ ...first, duplicate: true }])
    expect(await books()).toEqual(before)
    expect(before.sales).toBe(1)
  })

  it('EC-OS-01: repeats within one batch are the same intent', async () => {
    const op = sale(await openHere(), {}, here())
    const [first, second, third] = await cashier.push([op, op, op])
    expect(first).toMatchObject({ status: 'APPLIED', duplicate: false })
    expect(second).toMatchObject({ status: 'APPLIED', duplicate: true, result: first!.result })
    expect(third).toEqual(second)
    expect((await books()).sales).toBe(1)
  })

  it('EC-OS-01: from another device, by another person, the same result', async () => {
    const op = sale(await openHere(), {}, here())
    const [first] = await cashier.push([op])
    expect(await manager.push([{ ...op, actorId: undefined }])).toEqual([{ ...first, duplicate: true }])
  })

  it('EC-OS-01: a rejection is a result like any other', async () => {
    const op = sale(randomUUID(), {}, here())
    const [first] = await cashier.push([op])
    expect(first).toMatchObject({ status: 'REJECTED', code: 'CASH_SESSION_NOT_OPEN', duplicate: false })
    expect(await cashier.push([op])).toEqual([{ ...first, duplicate: true }])
  })

  it('EC-OS-01B: the same client_op_id with another payload is refused with its own code; nothing changes', async () => {
    const session = await openHere()
    const op = sale(session, {}, here())
    const [first] = await cashier.push([op])
    const before = await books()
    const other = sale(
      session,
      { lines: [{ menuItemId: 'brownie' }] },
      { ...here(), clientOpId: op.clientOpId },
    )
    const otherType = startWork(randomUUID(), { ...here(), clientOpId: op.clientOpId })
    for (const reused of [other, otherType, { ...other, retry: true }])
      expect(await cashier.push([reused])).toMatchObject([
        {
          status: 'REJECTED',
          code: 'CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD',
          duplicate: false,
          result: null,
        },
      ])
    expect(await cashier.push([op])).toEqual([{ ...first, duplicate: true }])
    expect(await books()).toEqual(before)
  })

  it('EC-OS-01B: within one batch as well', async () => {
    const session = await openHere()
    const op = sale(session, {}, here())
    const reused = sale(session, {}, { ...here(), clientOpId: op.clientOpId })
    expect(statuses(await cashier.push([op, reused, op]))).toEqual([
      'APPLIED',
      'CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD',
      'APPLIED',
    ])
    expect((await books()).sales).toBe(1)
  })

  it('a key is a tenant’s own: another tenant may use the same', async () => {
    const rival = await gateway.as('admin', { tenantId: 'rival', deviceId: 'rival-till' })
    const op = openSession(randomUUID(), here())
    const rivals = openSession(randomUUID(), { branchId: 'rival-1', clientOpId: op.clientOpId })
    expect(statuses(await cashier.push([op]))).toEqual(['APPLIED'])
    expect(await rival.push([rivals])).toMatchObject([{ status: 'APPLIED', duplicate: false }])
  })

  it('upper-case UUIDs, as some platforms make them, name the same things', async () => {
    const cashSessionId = randomUUID()
    const op = operation(
      'cashSession.open',
      { cashSessionId: cashSessionId.toUpperCase(), openingFloat: { usd: 0, khr: 0 } },
      here(),
    )
    const [first] = await cashier.push([{ ...op, clientOpId: op.clientOpId.toUpperCase() }])
    expect(first).toMatchObject({ clientOpId: op.clientOpId, status: 'APPLIED', result: { cashSessionId } })
    expect(await cashier.push([op])).toEqual([{ ...first, duplicate: true }])
    expect(statuses(await cashier.push([sale(cashSessionId, {}, here())]))).toEqual(['APPLIED'])
  })
})

describe('4.5: both lanes converge into one truth', () => {
  it('a key of one lane is known to the other, also with upper-case UUIDs in its payload', async () => {
    const payload = { cashSessionId: randomUUID().toUpperCase(), openingFloat: { usd: 100, khr: 0 } }
    const [replayed] = await cashier.push([operation('cashSession.open', payload, here())])
    expect(replayed!.status).toBe('APPLIED')
    const direct = await cashier.direct('cashSessionOpen', payload, { ...here(), key: replayed!.clientOpId })
    expect(direct).toEqual({ ...replayed, duplicate: true })
  })

  it('both lanes end in the same tables and the same feed', async () => {
    const session = await openHere()
    const direct = await cashier.direct('saleFinalize', salePayload(session), here())
    const [replayed] = await cashier.push([sale(session, {}, here())])
    expect([direct.result.receiptNumber, replayed!.result.receiptNumber]).toEqual([1, 2])
    const { changes } = await cashier.pullAll({ branchId })
    expect(
      changes.filter(({ entityKind }) => entityKind === 'sale').map(({ clientOpId }) => clientOpId),
    ).toEqual([direct.clientOpId, replayed!.clientOpId])
  })

  it('what works only online is not replayed', async () => {
    const session = await openHere()
    const [sold] = await cashier.push([sale(session, {}, here())])
    const onlineOnly: Envelope[] = [
      operation('sale.void', { saleId: sold!.result.saleId, reason: 'no' }, here()),
      operation('cashSession.forceClose', { cashSessionId: session, reason: 'no' }, here()),
      operation('inventory.restock', { stockItemId: 'x', quantity: 1, name: 'X', unit: 'g' }, here()),
      operation('inventory.adjust', { stockItemId: 'x', quantity: 1, reason: 'no' }, here()),
      operation('policy.update', { vatEnabled: false }, here()),
      operation('branch.freeze', {}, here()),
      operation('branch.unfreeze', {}, here()),
      operation('menuItem.save', { menuItemId: 'latte', priceUsd: 1 }, { branchId: null }),
      operation('menuItem.remove', { menuItemId: 'latte' }, { branchId: null }),
      operation('menuCategory.save', { categoryId: 'coffee', name: 'No' }, { branchId: null }),
      operation('menuCategory.remove', { categoryId: 'coffee' }, { branchId: null }),
    ]
    const before = await books()
    const results = await admin.push(onlineOnly)
    expect(new Set(statuses(results))).toEqual(new Set(['OPERATION_NOT_SUPPORTED_OFFLINE']))
    expect(await books()).toEqual(before)
  })
})

describe('4.2, 5.1 and FR-3: the server’s order is the order of the queue', () => {
  it('UC-4: operations of a batch are decided as sent, whatever their clocks say', async () => {
    const session = randomUUID()
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString()
    const results = await cashier.push([
      openSession(session, { ...here(), usd: 1000, khr: 0, occurredAt: at(50) }),
      movement(session, { amount: 300 }, { ...here(), occurredAt: at(10) }),
      sale(session, {}, { ...here(), occurredAt: at(40) }),
      sale(session, {}, { ...here(), occurredAt: at(5) }),
      closeSession(session, { usd: 1300, khr: 16_200 }, { ...here(), occurredAt: at(1) }),
      sale(session, {}, { ...here(), occurredAt: at(2) }),
    ])
    expect(statuses(results)).toEqual([
      'APPLIED',
      'APPLIED',
      'APPLIED',
      'APPLIED',
      'APPLIED',
      'CASH_SESSION_NOT_OPEN',
    ])
    expect([results[2]!.result.receiptNumber, results[3]!.result.receiptNumber]).toEqual([1, 2])
    expect(results[4]!.result).toMatchObject({ difference: { usd: 0, khr: 0 } })
  })

  it('UC-4: one result for each operation, in the order sent', async () => {
    const session = await openHere()
    const operations = Array.from({ length: 30 }, () => sale(session, {}, here()))
    const results = await cashier.push(operations)
    expect(results.map(({ clientOpId }) => clientOpId)).toEqual(
      operations.map(({ clientOpId }) => clientOpId),
    )
    expect(results.map(({ result }) => result.receiptNumber)).toEqual(operations.map((_, i) => i + 1))
  })

  it('an operation that is broken costs itself only', async () => {
    const session = await openHere()
    const good = () => sale(session, {}, here())
    const results = await cashier.push([
      good(),
      { ...good(), payloadHash: '0'.repeat(64) },
      operation('sale.refund', {}, here()),
      operation('sale.finalize', { saleId: 7 }, here()),
      operation('sale.finalize', salePayload(session), { branchId: null }),
      operation('sale.finalize', [1, 2], here()),
      good(),
    ])
    expect(statuses(results)).toEqual([
      'APPLIED',
      'PAYLOAD_HASH_MISMATCH',
      'OPERATION_UNKNOWN',
      'PAYLOAD_INVALID',
      'BRANCH_CONTEXT_REQUIRED',
      'PAYLOAD_INVALID',
      'APPLIED',
    ])
    expect([results[0]!.result.receiptNumber, results[6]!.result.receiptNumber]).toEqual([1, 2])
  })

  it('FR-8: an invalid payload says where, in the words of its contract', async () => {
    const payload = salePayload(await openHere())
    const [result] = await cashier.push([
      operation('sale.finalize', { ...payload, lines: [{ ...payload.lines[0], quantity: 0 }] }, here()),
    ])
    expect(result).toMatchObject({
      code: 'PAYLOAD_INVALID',
      details: { issues: [{ path: 'payload.lines[0].quantity' }] },
    })
    expect(result!.message).toContain('payload.lines[0].quantity')
  })

  it('a number that no revision can have is not published', async () => {
    const session = await openHere()
    const beyond = 2 ** 40
    expect(
      statuses(
        await cashier.push([
          sale(session, { policyRevision: beyond }, here()),
          sale(session, { lines: [{ menuItemId: 'croissant', menuItemRevision: beyond }] }, here()),
          sale(session, {}, here()),
        ]),
      ),
    ).toEqual(['POLICY_REVISION_UNKNOWN', 'MENU_REVISION_UNKNOWN', 'APPLIED'])
  })
})

describe('EC-OS-04: depends_on', () => {
  it('a chain is applied in one batch, and across batches', async () => {
    const session = randomUUID()
    const open = openSession(session, here())
    const sold = sale(session, {}, { ...here(), dependsOn: [open.clientOpId] })
    const closed = closeSession(session, undefined, {
      ...here(),
      dependsOn: [open.clientOpId, sold.clientOpId],
    })
    expect(statuses(await cashier.push([open, sold]))).toEqual(['APPLIED', 'APPLIED'])
    expect(statuses(await cashier.push([closed]))).toEqual(['APPLIED'])
  })

  it('DEPENDENCY_MISSING: it has not arrived, or stands later in the batch', async () => {
    const session = await openHere()
    const unknown = sale(session, {}, { ...here(), dependsOn: [randomUUID()] })
    const later = sale(session, {}, here())
    const tooEarly = sale(session, {}, { ...here(), dependsOn: [later.clientOpId] })
    const [missing, early, fine] = await cashier.push([unknown, tooEarly, later])
    expect(missing).toMatchObject({
      code: 'DEPENDENCY_MISSING',
      details: { dependsOn: unknown.dependsOn![0] },
    })
    expect(early!.code).toBe('DEPENDENCY_MISSING')
    expect(fine!.status).toBe('APPLIED')
  })

  it('DEPENDENCY_FAILED: those that depend on a rejected operation are not applied, down the chain; others go on', async () => {
    const [mine, refused] = [await openHere(), randomUUID()]
    const open = openSession(refused, here())
    const sold = sale(refused, {}, { ...here(), dependsOn: [open.clientOpId] })
    const close = closeSession(refused, undefined, { ...here(), dependsOn: [sold.clientOpId] })
    const independent = sale(mine, {}, here())
    const results = await cashier.push([open, sold, close, independent])
    expect(statuses(results)).toEqual([
      'CASH_SESSION_ALREADY_OPEN',
      'DEPENDENCY_FAILED',
      'DEPENDENCY_FAILED',
      'APPLIED',
    ])
    expect(results[1]!.details).toEqual({ dependsOn: open.clientOpId })
    expect((await books()).sales).toBe(1)
  })

  it('DEPENDENCY_FAILED: also where the rejection was in an earlier batch', async () => {
    const failed = sale(randomUUID(), {}, here())
    await cashier.push([failed])
    const after = startWork(randomUUID(), { ...here(), dependsOn: [failed.clientOpId] })
    expect(statuses(await cashier.push([after]))).toEqual(['DEPENDENCY_FAILED'])
  })

  it('all dependencies count, not only the first', async () => {
    const session = await openHere()
    const [fine, failed] = [sale(session, {}, here()), sale(randomUUID(), {}, here())]
    const both = sale(session, {}, { ...here(), dependsOn: [fine.clientOpId, failed.clientOpId] })
    expect(statuses(await cashier.push([fine, failed, both]))).toEqual([
      'APPLIED',
      'CASH_SESSION_NOT_OPEN',
      'DEPENDENCY_FAILED',
    ])
  })

  it('a chain is tried again once its cause is mended', async () => {
    const [blocking, wanted] = [await openHere(), randomUUID()]
    const open = openSession(wanted, here())
    const sold = sale(wanted, {}, { ...here(), dependsOn: [open.clientOpId] })
    const chain = [open, sold]
    expect(statuses(await cashier.push(chain))).toEqual(['CASH_SESSION_ALREADY_OPEN', 'DEPENDENCY_FAILED'])
    await cashier.push([closeSession(blocking, undefined, here())])

    // Only a person's retry decides anew.
    expect(statuses(await cashier.push(chain))).toEqual(['CASH_SESSION_ALREADY_OPEN', 'DEPENDENCY_FAILED'])
    const again = await cashier.push(chain.map((op) => ({ ...op, retry: true })))
    expect(again).toMatchObject([
      { status: 'APPLIED', duplicate: false },
      { status: 'APPLIED', duplicate: false },
    ])
    expect(await cashier.push(chain)).toEqual(again.map((result) => ({ ...result, duplicate: true })))
  })
})

describe('FR-8: a failure stays until a person asks', () => {
  it('retry: true decides a rejected operation anew, as often as it is asked', async () => {
    const session = randomUUID()
    const op = { ...sale(session, {}, here()), retry: true }
    const [first] = await cashier.push([op])
    const [second] = await cashier.push([op])
    expect([first, second]).toMatchObject([
      { code: 'CASH_SESSION_NOT_OPEN', duplicate: false },
      { code: 'CASH_SESSION_NOT_OPEN', duplicate: false },
    ])
    await cashier.push([openSession(session, here())])
    const [third] = await cashier.push([op])
    expect(third).toMatchObject({ status: 'APPLIED', duplicate: false })
  })

  it('retry: true does not apply twice what was applied', async () => {
    const op = { ...sale(await openHere(), {}, here()), retry: true }
    const [first] = await cashier.push([op])
    expect(await cashier.push([op])).toEqual([{ ...first, duplicate: true }])
    expect((await books()).sales).toBe(1)
  })

  it('retry: true does not open the record to another payload: the rejected one stays as it was sent', async () => {
    const op = sale(randomUUID(), {}, here())
    const [first] = await cashier.push([op])
    const otherPayload = sale(randomUUID(), {}, here()).payload
    const damaged = { ...op, payload: otherPayload, retry: true }
    expect(await cashier.push([damaged])).toMatchObject([{ code: 'PAYLOAD_HASH_MISMATCH', duplicate: false }])
    expect(await cashier.push([op])).toEqual([{ ...first, duplicate: true }])
    const [kept] = await gateway.app.db.everyTenant.rows<{ payload: object }>(
      'select payload from sync_operation where client_op_id = $1',
      [op.clientOpId],
    )
    expect(kept!.payload).toEqual(op.payload)
  })

  it('a payload damaged on its way is refused; sent again as it was made, on a person’s word, it is applied', async () => {
    const op = sale(await openHere(), {}, here())
    const damaged = { ...op, payload: { ...(op.payload as object), saleType: 'DINE_IN' } }
    expect(statuses(await cashier.push([damaged]))).toEqual(['PAYLOAD_HASH_MISMATCH'])
    expect(statuses(await cashier.push([op]))).toEqual(['PAYLOAD_HASH_MISMATCH'])
    expect(statuses(await cashier.push([{ ...op, retry: true }]))).toEqual(['APPLIED'])
  })

  it('a stored result is for who has the operation: another payload under its key and hash learns nothing', async () => {
    const op = sale(await openHere(), {}, here())
    await cashier.push([op])
    const claims = [{ saleId: 'x\u0000' }, { note: 'x'.repeat(70_000) }, { other: true }]
    const results = await cashier.push(claims.map((payload) => ({ ...op, payload })))
    for (const result of results)
      expect(result).toMatchObject({ status: 'REJECTED', result: null, duplicate: false })
    expect((await cashier.push([op]))[0]).toMatchObject({ status: 'APPLIED', duplicate: true })
  })
})
