import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newBranch } from '../support/branch.ts'
import {
  closeSession,
  endWork,
  movement,
  openSession,
  sale,
  salePayload,
  startWork,
} from '../support/cafe.ts'
import { type Client, type Gateway, operation, startGateway } from '../support/gateway.ts'
import { Replica } from '../support/replica.ts'

let gateway: Gateway
let admin: Client
let manager: Client
let cashier: Client
let branchId: string

/** The server's clock stands still; tokens live by the real one. */
const serverTime = new Date('2027-05-04T03:02:01.000Z')

beforeAll(async () => {
  gateway = await startGateway({ clock: () => serverTime })
  admin = await gateway.as('admin', { deviceId: 'office' })
  manager = await gateway.as('manager', { deviceId: 'till-1' })
  cashier = await gateway.as('cashier-1')
})
afterAll(() => gateway?.close())
beforeEach(async () => {
  branchId = await newBranch(admin, 'demo-cashier-1', 'demo-manager')
})

type Event = {
  name: string
  branchId: string | null
  actorId: string
  submittedBy: string
  deviceId: string | null
  lane: string
  clientOpId: string
  occurredAt: string
  recordedAt: string
}
/** The audit trail of the branch, oldest first, as an ADMIN reads it. */
async function auditTrail(): Promise<Event[]> {
  const { auditEvents } = await admin.data<{ auditEvents: { edges: { node: Event }[] } }>(
    `query ($branchId: ID!) { auditEvents(tenantId: "demo", branchId: $branchId, first: 200) { edges { node {
       name branchId actorId submittedBy deviceId lane clientOpId occurredAt recordedAt } } } }`,
    { branchId },
  )
  return auditEvents.edges.map(({ node }) => node).reverse()
}
const names = async () => (await auditTrail()).map(({ name }) => name)

describe('EC-OS-05: a device whose clock is wrong', () => {
  it('its time is kept as evidence; what lies in the future counts as the server’s now', async () => {
    const [early, late] = ['1999-12-31T23:59:59.000Z', '2099-01-01T00:00:00.000Z']
    const session = randomUUID()
    const [open, sold] = [
      openSession(session, { branchId, occurredAt: late }),
      sale(session, {}, { branchId, occurredAt: early }),
    ]
    const results = await cashier.push([open, sold])
    expect(results.map(({ status }) => status)).toEqual(['APPLIED', 'APPLIED'])

    const { changes } = await admin.pullAll({ branchId })
    const local = new Replica().apply(changes)
    expect(local.get('cashSession', session).openedAt).toBe(serverTime.toISOString())
    expect(local.get('sale', results[1]!.result.saleId).finalizedAt).toBe(early)
    const occurredAt = Object.fromEntries(changes.map((change) => [change.clientOpId, change.occurredAt]))
    expect(occurredAt[sold.clientOpId]).toBe(early)

    const records = await gateway.app.db.everyTenant.rows(
      'select occurred_at, decided_at from sync_operation where branch_id = $1 order by occurred_at',
      [branchId],
    )
    expect(records.slice(0, 1)).toEqual([{ occurred_at: new Date(early), decided_at: serverTime }])
    const trail = await auditTrail()
    expect(trail.filter(({ name }) => name === 'CASH_SESSION_OPENED')).toMatchObject([
      { occurredAt: late, recordedAt: serverTime.toISOString() },
    ])
  })

  it('order is the server’s: receipts follow arrival, not the clock', async () => {
    const session = randomUUID()
    const at = (year: number) => ({ branchId, occurredAt: `${year}-01-01T00:00:00.000Z` })
    const results = await cashier.push([
      openSession(session, at(2050)),
      sale(session, {}, at(2040)),
      sale(session, {}, at(2000)),
      sale(session, {}, at(2020)),
    ])
    expect(results.slice(1).map(({ result }) => result.receiptNumber)).toEqual([1, 2, 3])
    const { changes } = await admin.pullAll({ branchId, moduleScopes: ['SALE'] })
    expect(changes.map(({ payload }) => payload.receiptNumber)).toEqual([1, 2, 3])
  })

  it('the answer says the server’s time, so that a device can see how far off it is', async () => {
    const { syncPushBatch } = await cashier.data<{ syncPushBatch: { serverTime: string } }>(
      cashier.pushMutation,
      { input: { tenantId: 'demo', deviceId: 'till-1', operations: [openSession(undefined, { branchId })] } },
    )
    expect(syncPushBatch.serverTime).toBe(serverTime.toISOString())
  })

  it('a time with an offset is the same moment', async () => {
    const op = openSession(undefined, { branchId, occurredAt: '2027-05-04T07:00:00+07:00' })
    await cashier.push([op])
    const { changes } = await admin.pullAll({ branchId, moduleScopes: ['CASH_SESSION'] })
    expect(changes[0]).toMatchObject({ occurredAt: '2027-05-04T00:00:00.000Z' })
  })
})

describe('FR-2: what an operation says of itself is kept, whatever became of it', () => {
  it.each([
    ['applied', (session: string) => openSession(session, { branchId })],
    ['rejected', (session: string) => sale(session, {}, { branchId })],
  ])('%s: key, tenant, branch, actor, time, payload, place in the queue', async (_, make) => {
    const op = {
      ...make(randomUUID()),
      occurredAt: '2027-05-01T10:00:00.000Z',
      actorId: 'demo-manager',
      deviceSeq: 17,
      dependsOn: [],
    }
    await cashier.push([op])
    const [record] = await gateway.app.db.everyTenant.rows(
      'select * from sync_operation where client_op_id = $1',
      [op.clientOpId],
    )
    expect(record).toMatchObject({
      tenant_id: 'demo',
      client_op_id: op.clientOpId,
      type: op.type,
      branch_id: branchId,
      actor_id: 'demo-manager',
      submitted_by: 'demo-cashier-1',
      device_id: 'till-1',
      device_seq: 17,
      lane: 'REPLAY',
      occurred_at: new Date(op.occurredAt),
      decided_at: serverTime,
      payload: op.payload,
      payload_hash: op.payloadHash,
    })
  })
})

describe('10. Audit events: the business modules’ own', () => {
  it('each keeps actor, submitter, device, lane, client_op_id, the device’s time and the server’s', async () => {
    const occurredAt = '2027-05-03T00:00:00.000Z'
    const replayed = openSession(undefined, { branchId, actorId: 'demo-manager', occurredAt })
    await cashier.push([replayed])
    const direct = await manager.direct(
      'inventoryRestock',
      { stockItemId: 'x', quantity: 1, name: 'X', unit: 'g' },
      { branchId },
    )
    expect((await auditTrail()).slice(-2)).toEqual([
      {
        name: 'CASH_SESSION_OPENED',
        branchId,
        actorId: 'demo-manager',
        submittedBy: 'demo-cashier-1',
        deviceId: 'till-1',
        lane: 'REPLAY',
        clientOpId: replayed.clientOpId,
        occurredAt,
        recordedAt: serverTime.toISOString(),
      },
      {
        name: 'INVENTORY_RESTOCKED',
        branchId,
        actorId: 'demo-manager',
        submittedBy: 'demo-manager',
        deviceId: null,
        lane: 'DIRECT',
        clientOpId: direct.clientOpId,
        occurredAt: serverTime.toISOString(),
        recordedAt: serverTime.toISOString(),
      },
    ])
  })

  it('every name of the café, in the order in which things happened', async () => {
    const here = { branchId }
    const [first, second] = [randomUUID(), randomUUID()]
    const attendanceId = randomUUID()
    const payload = salePayload(first)
    await admin.direct('policyUpdate', { khrRoundingMode: 'NEAREST' }, here)
    await cashier.push([
      openSession(first, here),
      movement(first, {}, here),
      operation('sale.finalize', payload, here),
      startWork(attendanceId, here),
      sale(first, { policyRevision: 2 }, here),
      endWork(attendanceId, here),
    ])
    await manager.direct('saleVoid', { saleId: payload.saleId, reason: 'x' }, here)
    await cashier.push([closeSession(first, undefined, here), openSession(second, here)])
    await manager.direct('cashSessionForceClose', { cashSessionId: second, reason: 'x' }, here)
    await manager.direct('inventoryRestock', { stockItemId: 'x', quantity: 1, name: 'X', unit: 'g' }, here)
    await manager.direct('inventoryAdjust', { stockItemId: 'x', quantity: -1, reason: 'x' }, here)
    await manager.direct('inventorySetThreshold', { stockItemId: 'x', lowAt: 5 }, here)
    await admin.direct('branchFreeze', null, here)
    await admin.direct('branchUnfreeze', null, here)
    expect(await names()).toEqual([
      'BRANCH_SAVED',
      'POLICY_UPDATED',
      'CASH_SESSION_OPENED',
      'CASH_MOVEMENT_RECORDED',
      'SALE_FINALIZED',
      'INVENTORY_DEDUCTION_APPLIED',
      'SALE_PRICED_FROM_STALE_CACHE',
      'SALE_DATED_FAR_OFF',
      'SALE_FINALIZED_WITHOUT_ATTENDANCE',
      'WORK_STARTED',
      'SALE_FINALIZED',
      'INVENTORY_DEDUCTION_APPLIED',
      'SALE_DATED_FAR_OFF',
      'WORK_ENDED',
      'SALE_VOIDED',
      'CASH_SESSION_CLOSED',
      'CASH_SESSION_OPENED',
      'CASH_SESSION_FORCE_CLOSED',
      'INVENTORY_RESTOCKED',
      'INVENTORY_ADJUSTED',
      'INVENTORY_THRESHOLD_SET',
      'BRANCH_FROZEN',
      'BRANCH_UNFROZEN',
    ])
  })

  it('the menu’s are the tenant’s: of no branch', async () => {
    const menuItemId = randomUUID()
    const item = { menuItemId, name: 'Thing', categoryId: 'retail', priceUsd: 100 }
    const saved = await admin.direct('menuItemSave', item, { branchId: null })
    const removed = await admin.direct('menuItemRemove', { menuItemId }, { branchId: null })
    const events = await gateway.app.db.everyTenant.rows(
      'select name, branch_id from audit_event where client_op_id = any($1::uuid[]) order by id',
      [[saved.clientOpId, removed.clientOpId]],
    )
    expect(events).toEqual([
      { name: 'MENU_ITEM_SAVED', branch_id: null },
      { name: 'MENU_ITEM_REMOVED', branch_id: null },
    ])
  })

  it('the sync layer adds none: neither replays nor rejections nor pulls leave any', async () => {
    const op = openSession(undefined, { branchId })
    await cashier.push([op])
    const before = await names()
    await cashier.push([op, { ...op, retry: true }, sale(randomUUID(), {}, { branchId })])
    await cashier.pullAll({ branchId })
    expect(await names()).toEqual(before)
  })
})
