/** Whose work it is, and by whose token: nobody acts, reads or carries by another's. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import {
  goOffline,
  goOnline,
  newBranch,
  openCashSession,
  openTill,
  pushed,
  sell,
  type Till,
} from '../support/till.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

/** Somebody takes the till over, by their PIN. */
async function takeOver({ client, context }: Till, staffCode: string): Promise<void> {
  const { people } = client
  const known = people.list('demo').find((each) => each.staffCode === staffCode)
  const person = known
    ? await people.confirm(known.accountId, 'demo', '1234')
    : await people.signIn({ tenantId: 'demo', staffCode, pin: '1234' })
  await client.switchContext({ ...context, actorId: person.accountId })
}

const actorsOf = async (branchId: string) => {
  const admin = await gateway.as('admin')
  const { auditEvents } = await admin.data<{
    auditEvents: { edges: { node: { name: string; actorId: string } }[] }
  }>(
    `query ($branchId: ID!) { auditEvents(tenantId: "demo", branchId: $branchId) { edges { node { name actorId } } } }`,
    { branchId },
  )
  return auditEvents.edges.map(({ node }) => `${node.name} ${node.actorId}`)
}

it("an action is the actor's own: without a token of theirs it is refused, whoever else has one here", async () => {
  const branchId = await newBranch(gateway, ['manager'])
  const till = await openTill(gateway, { branchId })
  await takeOver(till, 'manager')
  await till.client.people.signOut('demo-manager', 'demo')
  const restock = {
    stockItemId: 'beans',
    quantity: 1,
    reason: 'Delivery',
  } as unknown as Parameters<typeof till.client.online<'inventory.restock'>>[1]
  await expect(till.client.online('inventory.restock', restock)).rejects.toMatchObject({
    name: 'SyncFailed',
    code: 'UNAUTHENTICATED',
  })
  expect(till.client.blocked('sale.void')?.code).toBe('UNAUTHENTICATED')
  expect((await actorsOf(branchId)).filter((each) => each.startsWith('INVENTORY'))).toEqual([])

  await till.client.people.confirm('demo-manager', 'demo', '1234')
  const voided = await till.client.online('sale.void', { saleId: randomUUID(), reason: 'Wrong' })
  expect(voided.code).toBe('SALE_UNKNOWN')
  await till.client.close()
})

it('an operation is of whoever has tapped, not of whoever is there when its turn comes', async () => {
  const branchId = await newBranch(gateway, ['manager'])
  const till = await openTill(gateway, { branchId })
  const manager = await till.client.people.signIn({ tenantId: 'demo', staffCode: 'manager', pin: '1234' })
  // Tapped one after the other, and not waited for.
  const taps = [
    openCashSession(till),
    till.client.perform('attendance.startWork', { attendanceId: randomUUID() }),
  ]
  await till.client.switchContext({ ...till.context, actorId: manager.accountId })
  await Promise.all(taps)
  await till.client.sync()
  expect(pushed(till.network).flat()).toMatchObject([
    { type: 'cashSession.open', actorId: 'demo-admin' },
    { type: 'attendance.startWork', actorId: 'demo-admin' },
  ])
  await till.client.close()
})

it('what was tapped in a branch that the till has left is not recorded in another', async () => {
  const [here, there] = [await newBranch(gateway), await newBranch(gateway)]
  const till = await openTill(gateway, { branchId: here })
  const { store, client } = till
  // Another tab switches while the store is busy: this one hears of it before the operation's turn.
  const { transact } = store
  const busy = Promise.withResolvers<void>()
  store.transact = async (mode, work) => {
    await busy.promise
    return transact.call(store, mode, work) as ReturnType<typeof work>
  }
  const first = client.perform('attendance.startWork', { attendanceId: randomUUID() })
  const second = client.perform('attendance.endWork', { attendanceId: randomUUID() }).catch((error) => error)
  const switching = client.switchContext({ ...till.context, branchId: there })
  busy.resolve()
  await Promise.all([first, switching])
  // It was decided where it was tapped, before anybody went anywhere else.
  expect(await second).toMatchObject({ code: 'ATTENDANCE_NOT_ACTIVE' })
  await client.close()
})

it('what a colleague may no longer do stands in nobody’s way', async () => {
  const branchId = await newBranch(gateway, ['manager', 'barista-1'])
  const till = await openTill(gateway, { staffCode: 'manager', branchId })
  await takeOver(till, 'barista-1')
  const admin = await gateway.as('admin')
  const save = (change: object) =>
    admin.direct('staffSave', { accountId: 'demo-manager', ...change }, { branchId: null })
  for (const change of [
    { status: 'REVOKED' },
    { status: 'ACTIVE', branchIds: ['market'] },
    { role: 'STAFF' },
  ]) {
    await save(change)
    const attendanceId = randomUUID()
    await till.client.perform('attendance.startWork', { attendanceId })
    await till.client.perform('attendance.endWork', { attendanceId })
    await till.client.sync()
    expect(till.client.status()).toMatchObject({ failed: [], pending: 0, problem: null })
  }
  await save({ role: 'MANAGER', branchIds: ['riverside', 'market'] })
  await till.client.close()
})

it('a wrong PIN opens nothing, and whoever was at work is still at work', async () => {
  const branchId = await newBranch(gateway, ['cashier-1'])
  const till = await openTill(gateway, { staffCode: 'cashier-1', branchId })
  await takeOver(till, 'admin')
  await goOffline(till)
  await expect(till.client.people.confirm('demo-cashier-1', 'demo', '4321')).rejects.toMatchObject({
    code: 'WRONG_PIN',
  })
  const cashSessionId = await openCashSession(till)
  await takeOver(till, 'cashier-1')
  await sell(till, cashSessionId)
  await goOnline(till)
  expect(pushed(till.network).flat()).toMatchObject([
    { actorId: 'demo-admin' },
    { actorId: 'demo-cashier-1' },
  ])
  await till.client.close()
})
