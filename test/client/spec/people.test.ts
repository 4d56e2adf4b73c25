/** Whose work it is, and by whose token: nobody acts, reads or carries by another's. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createSyncClient, memoryStore } from '../../../client/sdk/index.ts'
import { payloadHashOf } from '../../../client/sdk/outbox/hash.ts'
import { actorProof, type Gateway, startGateway } from '../../support/gateway.ts'
import {
  createNetwork,
  goOffline,
  goOnline,
  newBranch,
  openCashSession,
  openTill,
  pushed,
  sell,
  type Till,
  until,
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

const adjustment = (cashSessionId: string) => ({
  ...{ movementId: randomUUID(), cashSessionId, kind: 'ADJUSTMENT' as const, currency: 'USD' as const },
  ...{ amount: -50, reason: 'Counted again' },
})

describe('proof', () => {
  it("a manager's work is brought by a cashier, because the manager has signed it", async () => {
    const branchId = await newBranch(gateway, ['manager', 'cashier-1'])
    const till = await openTill(gateway, { staffCode: 'cashier-1', branchId })
    await takeOver(till, 'manager')
    const cashSessionId = await openCashSession(till)
    await till.client.sync()
    await goOffline(till)
    await till.client.perform('cashSession.movement', adjustment(cashSessionId))
    await takeOver(till, 'cashier-1')
    till.network.sent.length = 0
    await goOnline(till)
    expect(till.client.status()).toMatchObject({ failed: [], pending: 0 })
    expect(till.client.get('cashSession', cashSessionId)?.expected.usd).toBe(10_000 - 50)
    const [operation] = pushed(till.network).flat()
    expect(operation).toMatchObject({
      actorId: 'demo-manager',
      actorProof: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    await till.client.close()
  })

  it('what is not proven is refused for who brings it, and brought again by itself when its actor comes', async () => {
    const branchId = await newBranch(gateway, ['manager', 'cashier-1'])
    const till = await openTill(gateway, { staffCode: 'cashier-1', branchId })
    await takeOver(till, 'manager')
    const cashSessionId = await openCashSession(till)
    await till.client.sync()
    await goOffline(till)
    const { clientOpId } = await till.client.perform('cashSession.movement', adjustment(cashSessionId))
    await takeOver(till, 'cashier-1')
    await till.client.close()
    // As somebody writes it who has the tablet, and not the PIN.
    await till.store.open()
    await till.store.transact('write', async (tx) => {
      const { actorProof: _, ...unproven } = (await tx.get<Record<string, unknown>>(
        'operations',
        clientOpId,
      ))!
      void tx.put('operations', clientOpId, unproven)
    })
    const again = await till.restart()
    await goOnline(again)
    expect(again.client.status().failed.map(({ code }) => code)).toEqual(['ACTOR_PROOF_REQUIRED'])
    await takeOver(again, 'manager')
    await again.client.sync()
    expect(again.client.status()).toMatchObject({ failed: [], pending: 0 })
    expect(again.client.get('cashSession', cashSessionId)?.expected.usd).toBe(10_000 - 50)
    await again.client.close()
  })

  it("one's rescue file on a colleague's tablet waits there for its person, and harms nothing at home", async () => {
    const branchId = await newBranch(gateway, ['cashier-1', 'manager'])
    const home = await openTill(gateway, { staffCode: 'cashier-1', branchId })
    const cashSessionId = await openCashSession(home)
    await home.client.sync()
    await goOffline(home)
    const { saleId } = await sell(home, cashSessionId)
    const file = await home.client.exportQueue()

    const other = await openTill(gateway, { staffCode: 'manager', branchId })
    await other.client.importQueue(file)
    await other.client.sync()
    expect(other.client.status().failed.map(({ code }) => code)).toEqual(['ACTOR_NOT_ALLOWED'])
    await goOnline(home)
    expect(home.client.status()).toMatchObject({ failed: [], pending: 0 })
    expect(home.client.get('sale', saleId)).toMatchObject({ receiptNumber: 1 })

    await takeOver(other, 'cashier-1')
    await other.client.sync()
    expect(other.client.status()).toMatchObject({ failed: [], pending: 0 })
    expect(other.client.query('sale')).toHaveLength(1)
    await Promise.all([home.client.close(), other.client.close()])
  })

  it("what an edited rescue file says of a manager is not the manager's when they come, but on their word", async () => {
    const branchId = await newBranch(gateway, ['manager', 'cashier-1'])
    const home = await openTill(gateway, { staffCode: 'manager', branchId })
    const cashSessionId = await openCashSession(home)
    await home.client.sync()
    await goOffline(home)
    await home.client.perform('attendance.startWork', { attendanceId: randomUUID() })
    const file = JSON.parse(await home.client.exportQueue())
    const payload = adjustment(cashSessionId)
    const { operations } = file
    const [op] = operations
    const type = 'cashSession.movement'
    const payloadHash = payloadHashOf({ type, branchId, payload })
    Object.assign(op, { clientOpId: randomUUID(), type, payload, payloadHash, claimed: undefined })
    const held = ['ACTOR_PROOF_REQUIRED']
    const codes = ({ client }: Till) => client.status().failed.map(({ code }) => code)
    const till = await openTill(gateway, { staffCode: 'cashier-1', branchId })
    const drawer = () => till.client.get('cashSession', cashSessionId)?.expected.usd

    await goOffline(till)
    await till.client.importQueue(JSON.stringify(file))
    // Whoever comes first: it was never sent by the cashier.
    await goOnline(till).catch(() => {})
    await takeOver(till, 'manager')
    await till.client.sync()
    expect([codes(till), drawer()]).toEqual([held, 10_000])
    await takeOver(till, 'cashier-1')
    await till.client.sync()
    await till.client.retry(op.clientOpId)
    await till.client.sync()
    await takeOver(till, 'manager')
    await till.client.sync()
    expect([codes(till), drawer()]).toEqual([held, 10_000])

    await till.client.retry(op.clientOpId)
    await till.client.sync()
    expect([codes(till), drawer()]).toEqual([[], 10_000 - 50])
    await Promise.all([home.client.close(), till.client.close()])
  })

  it("with an identity provider's tokens the key is asked of the gateway, and kept for the next outage", async () => {
    const branchId = await newBranch(gateway, ['cashier-1'])
    const { token } = await gateway.as('cashier-1', { deviceId: 'till-p' })
    const context = { tenantId: 'demo', branchId, actorId: 'demo-cashier-1' }
    const options = { url: gateway.url, deviceId: 'till-p', getToken: async () => token }
    const store = memoryStore()
    const first = await createSyncClient({ ...options, store, context })
    await first.sync()
    const known = () =>
      store.transact('read', (tx) => tx.get<{ actorId: string; actorKey?: string }[]>('meta', 'actorKey'))
    await vi.waitFor(async () => expect(await known()).toMatchObject([{ actorId: 'demo-cashier-1' }]))
    const [{ actorKey = '' } = {}] = (await known())!
    await first.close()

    const client = await createSyncClient({ ...options, store, url: 'http://127.0.0.1:9/graphql' })
    await client.perform('cashSession.open', {
      ...{ cashSessionId: randomUUID(), openingFloat: { usd: 0, khr: 0 } },
    })
    const [operation] = client.waiting()
    expect(operation!.actorProof).toBe(actorProof(actorKey, operation!))
    await client.switchContext({ ...context, actorId: 'demo-manager' })
    expect((await known())!.filter((each) => each.actorKey)).toEqual([])
    await client.close()
  })
})

describe('a change of person', () => {
  it('downloads nothing that is here already, and only what the next may see besides', async () => {
    const branchId = await newBranch(gateway, ['cashier-1', 'manager', 'barista-1'])
    const till = await openTill(gateway, { staffCode: 'cashier-1', branchId, pageSize: 10 })
    const pullsOf = async (staffCode: string) => {
      await takeOver(till, staffCode)
      till.network.sent.length = 0
      await till.client.sync()
      return till.network.sent.filter(({ query }) => query.includes('syncPull')).length
    }
    // The first time each is here, their own attendance is looked for; a run may be under way when the next is asked for.
    for (const staffCode of ['manager', 'barista-1', 'cashier-1', 'manager', 'barista-1', 'cashier-1'])
      expect(await pullsOf(staffCode), staffCode).toBeLessThanOrEqual(2)
    expect(till.client.query('menuItem').length).toBeGreaterThanOrEqual(30)
    expect(till.client.status()).toMatchObject({ hydrated: true, problem: null })
    await till.client.close()
  })

  it("a colleague's token, which is told nothing of the work of whoever is there, is no word that there is none", async () => {
    const branchId = await newBranch(gateway, ['cashier-1', 'manager', 'barista-1'])
    const deviceId = `till-${randomUUID()}`
    const tokenOf = async (staffCode: string) => (await gateway.as(staffCode, { deviceId })).token
    const [manager, cashier] = [await tokenOf('manager'), await tokenOf('cashier-1')]
    const { direct } = await gateway.as('barista-1')
    await direct('attendanceStartWork', { attendanceId: randomUUID() }, { branchId })
    let token = manager
    const context = { tenantId: 'demo', branchId, actorId: 'demo-manager' }
    const client = await createSyncClient({
      ...{
        url: gateway.url,
        store: memoryStore(randomUUID()),
        deviceId,
        context,
        getToken: async () => token,
      },
    })
    await client.sync()
    expect(client.query('attendance')).toMatchObject([{ actorId: 'demo-barista-1' }])
    token = cashier
    await client.switchContext({ ...context, actorId: 'demo-barista-1' })
    await client.sync()
    token = manager
    await client.switchContext(context)
    await client.sync()
    expect(client.query('attendance')).toMatchObject([{ actorId: 'demo-barista-1' }])
    await client.close()
  })

  it('does not lose the drawer: what a barista may not read is not shown to them, and is there for the cashier', async () => {
    const branchId = await newBranch(gateway, ['cashier-1', 'barista-1'])
    const till = await openTill(gateway, { staffCode: 'cashier-1', branchId })
    const cashSessionId = await openCashSession(till)
    await till.client.sync()
    await goOffline(till)
    const { saleId } = await sell(till, cashSessionId)
    const seen: number[] = []
    till.client.watch('cashSession', undefined, (sessions) => seen.push(sessions.length))
    till.network.state = 'up'
    await takeOver(till, 'barista-1')
    await till.client.sync()
    // The sale was brought by the barista; of its effects nothing can be pulled by them.
    expect(till.client.status()).toMatchObject({ pending: 0, failed: [], problem: null })
    expect([till.client.query('sale'), till.client.get('cashSession', cashSessionId)]).toEqual([
      [],
      undefined,
    ])

    await goOffline(till)
    await takeOver(till, 'cashier-1')
    expect(till.client.get('cashSession', cashSessionId)).toMatchObject({ status: 'OPEN' })
    expect(till.client.get('sale', saleId)).toMatchObject({ status: 'FINALIZED' })
    await sell(till, cashSessionId)
    await goOnline(till)
    expect(
      till.client
        .query('sale')
        .map(({ receiptNumber }) => receiptNumber)
        .sort(),
    ).toEqual([1, 2])
    expect(new Set(seen)).toEqual(new Set([0, 1]))
    await till.client.close()
  })
})

describe('rights that change', () => {
  it('a cashier who was made STAFF meanwhile goes on with what they may, and keeps no sales', async () => {
    const branchId = await newBranch(gateway)
    const admin = await gateway.as('admin')
    const staffCode = `c-${randomUUID().slice(0, 8)}`
    const person = {
      accountId: `demo-${staffCode}`,
      staffCode,
      name: 'C',
      pin: '1234',
      branchIds: [branchId],
    }
    const save = (role: string) => admin.direct('staffSave', { ...person, role }, { branchId: null })
    await save('CASHIER')
    const till = await openTill(gateway, { staffCode, branchId })
    const { client, store } = till
    const cashSessionId = await openCashSession(till)
    await sell(till, cashSessionId)
    await client.sync()
    expect(client.query('sale')).toHaveLength(1)
    const { pin: _, ...changed } = person
    Object.assign(person, changed, { pin: undefined })

    await save('STAFF')
    await admin.direct('menuItemSave', { menuItemId: 'espresso', priceUsd: 161 }, { branchId: null })
    await client.sync()
    expect(client.status()).toMatchObject({ problem: null, hydrated: true })
    expect(client.get('menuItem', 'espresso')?.priceUsd).toBe(161)
    expect(client.blocked('sale.finalize')?.code).toBe('ACTION_NOT_PERMITTED')
    expect([client.query('sale'), client.query('cashSession')]).toEqual([[], []])
    const kept = await store.transact('read', (tx) => tx.list('entities'))
    expect(kept.filter(({ key }) => /\u0000(sale|cashSession|stockItem)\u0000/.test(key))).toEqual([])

    await save('CASHIER')
    await client.sync()
    await client.sync()
    expect(client.query('sale')).toHaveLength(1)
    expect(client.get('cashSession', cashSessionId)?.status).toBe('OPEN')
    await client.close()
  })

  it('what was applied before, and nobody here may see any more, waits for nobody in the queue', async () => {
    const branchId = await newBranch(gateway)
    const admin = await gateway.as('admin')
    const staffCode = `c-${randomUUID().slice(0, 8)}`
    const person = { accountId: `demo-${staffCode}`, staffCode, name: 'C', branchIds: [branchId] }
    const save = (more: object) => admin.direct('staffSave', { ...person, ...more }, { branchId: null })
    await save({ role: 'CASHIER', pin: '1234' })
    const till = await openTill(gateway, { staffCode, branchId })
    const { client, network } = till
    await sell(till, await openCashSession(till))
    network.state = 'loses'
    await expect(client.sync()).rejects.toThrow()
    await save({ role: 'STAFF' })
    await goOnline(till)
    expect(pushed(network).flat().at(-1)).toMatchObject({ type: 'sale.finalize' })
    expect(client.status()).toMatchObject({ pending: 0, failed: [], problem: null })
    expect(JSON.parse(await client.exportQueue()).operations).toEqual([])
    await client.close()
  })

  it("of a provider's people too, what one may not read is there for the other, and not loaded again", async () => {
    const branchId = await newBranch(gateway, ['cashier-1', 'barista-1'])
    const deviceId = `till-${randomUUID()}`
    const network = createNetwork()
    const tokens = new Map<string, string>()
    for (const staffCode of ['cashier-1', 'barista-1'])
      tokens.set(`demo-${staffCode}`, (await gateway.as(staffCode, { deviceId })).token!)
    const context = { tenantId: 'demo', branchId, actorId: 'demo-cashier-1' }
    const store = memoryStore(randomUUID())
    let token = tokens.get(context.actorId)!
    const client = await createSyncClient({
      ...{ url: gateway.url, store, deviceId, context, environment: { fetch: network.fetch } },
      getToken: async () => token,
    })
    const comes = (actorId: string) => {
      token = tokens.get(actorId)!
      return client.switchContext({ ...context, actorId })
    }
    const till = { client, network }
    await client.sync()
    const cashSessionId = await openCashSession(till)
    const { saleId } = await sell(till, cashSessionId)
    await client.sync()

    await comes('demo-barista-1')
    await client.sync()
    expect([client.query('sale'), client.query('cashSession')]).toEqual([[], []])
    await goOffline(till)
    await comes('demo-cashier-1')
    expect(client.get('cashSession', cashSessionId)).toMatchObject({ status: 'OPEN' })
    expect(client.get('sale', saleId)).toMatchObject({ receiptNumber: 1 })
    network.sent.length = 0
    await goOnline(till)
    const pulls = network.sent.filter(({ query }) => query.includes('syncPull'))
    expect(pulls.every(({ variables }) => typeof variables.input?.cursor === 'string')).toBe(true)
    await client.close()
  })

  it("what a provider's person may is known in every tab, after a restart without a network, and anew when it changes", async () => {
    const branchId = await newBranch(gateway)
    const admin = await gateway.as('admin')
    const staffCode = `s-${randomUUID().slice(0, 8)}`
    const person = { accountId: `demo-${staffCode}`, staffCode, name: 'S', branchIds: [branchId] }
    const save = (more: object) => admin.direct('staffSave', { ...person, ...more }, { branchId: null })
    await save({ role: 'STAFF', pin: '1234' })
    const { token } = await gateway.as(staffCode, { deviceId: 'till-r' })
    const store = { ...memoryStore(randomUUID()), shared: true, close: async () => {} }
    const context = { tenantId: 'demo', branchId, actorId: person.accountId }
    const open = (url = gateway.url) =>
      createSyncClient({ url, store, deviceId: 'till-r', context, getToken: async () => token })
    const [leader, beside] = [await open(), await open()]
    await leader.sync()
    await vi.waitFor(() => expect(beside.status()).toMatchObject({ hydrated: true, problem: null }))
    await Promise.all([leader.close(), beside.close()])

    const offline = await open('http://127.0.0.1:9/graphql')
    expect(offline.status().hydrated).toBe(true)
    await offline.close()

    const again = await open()
    await save({ role: 'CASHIER' })
    await again.sync()
    await again.sync()
    expect(again.status()).toMatchObject({ hydrated: true, problem: null })
    await again.perform('cashSession.open', {
      ...{ cashSessionId: randomUUID(), openingFloat: { usd: 0, khr: 0 } },
    })
    expect(again.query('cashSession')).toHaveLength(1)
    await again.close()
  })
})

describe('a device that is shut out', () => {
  it('keeps its queue and nothing by which anybody could act, and goes on when it is let in', async () => {
    const branchId = await newBranch(gateway, ['cashier-1', 'manager'])
    const till = await openTill(gateway, { staffCode: 'cashier-1', branchId })
    const { client } = till
    await takeOver(till, 'manager')
    await takeOver(till, 'cashier-1')
    const manager = await gateway.as('manager', { deviceId: 'office' })
    const { deviceId } = client
    const shut = await manager.direct('deviceShutOut', { deviceId, reason: 'Stolen' }, { branchId: null })
    expect(shut.status).toBe('APPLIED')
    const cashSessionId = await openCashSession(till)
    await expect(client.sync()).rejects.toThrow()
    await expect(client.people.confirm('demo-cashier-1', 'demo', '1234')).rejects.toMatchObject({
      code: 'DEVICE_SHUT_OUT',
    })
    await vi.waitFor(() =>
      expect(client.status()).toMatchObject({ pending: 1, problem: { code: 'DEVICE_SHUT_OUT' } }),
    )
    const kept = await till.store.transact('read', (tx) => tx.list('people'))
    for (const { value } of kept) expect(value).toMatchObject({ open: null, sealed: null })
    till.network.state = 'down'
    for (const accountId of ['demo-cashier-1', 'demo-manager'])
      await expect(client.people.confirm(accountId, 'demo', '1234')).rejects.toMatchObject({
        code: 'OFFLINE',
      })

    till.network.state = 'up'
    await manager.direct('deviceLetIn', { deviceId }, { branchId: null })
    await takeOver(till, 'cashier-1')
    await client.sync()
    expect(client.status()).toMatchObject({ pending: 0, failed: [], problem: null })
    expect(client.get('cashSession', cashSessionId)).toMatchObject({ status: 'OPEN', pending: false })
    await client.close()
  })
})

describe('what the socket is refused for', () => {
  it('a till that nobody touches learns that it was shut out', async () => {
    const branchId = await newBranch(gateway, ['cashier-1'])
    const { client } = await openTill(gateway, { staffCode: 'cashier-1', branchId, nudged: true })
    await until(client, ({ nudges }) => nudges)
    const manager = await gateway.as('manager', { deviceId: 'office' })
    const { deviceId } = client
    await manager.direct('deviceShutOut', { deviceId, reason: 'Stolen' }, { branchId: null })
    await until(client, ({ problem }) => problem?.code === 'DEVICE_SHUT_OUT')
    await manager.direct('deviceLetIn', { deviceId }, { branchId: null })
    await client.close()
  })

  it('and whoever works in another branch by now, that they do: nothing of theirs has lapsed', async () => {
    const [branchId, other] = [await newBranch(gateway, ['cashier-2']), await newBranch(gateway)]
    const { client } = await openTill(gateway, { staffCode: 'cashier-2', branchId, nudged: true })
    await until(client, ({ nudges }) => nudges)
    const admin = await gateway.as('admin')
    const input = { accountId: 'demo-cashier-2', branchIds: [other] }
    await admin.direct('staffSave', input, { branchId: null })
    await until(client, () => client.people.list('demo')[0]?.branchIds[0] === other)
    expect(client.status().auth).toBe('ok')
    await client.switchContext({ ...client.status().context!, branchId: other })
    await client.sync()
    expect(client.status()).toMatchObject({ auth: 'ok', problem: null, hydrated: true })
    await admin.direct('staffSave', { ...input, branchIds: ['market'] }, { branchId: null })
    await client.close()
  })
})

describe('two tabs', () => {
  it('a sale into a session that another tab has just closed is blocked, though nobody has told of it yet', async () => {
    const till = await openTill(gateway)
    const cashSessionId = await openCashSession(till)
    await till.client.sync()
    const deaf = { ...till.store, shared: true, close: async () => {} }
    const other = await createSyncClient({
      ...{ url: gateway.url, store: deaf, deviceId: till.client.deviceId },
      environment: { openChannel: undefined, locks: undefined, fetch: till.network.fetch },
    })
    await goOffline(till)
    await other.perform('cashSession.close', { cashSessionId, counted: { usd: 10_000, khr: 0 } })
    expect(till.client.get('cashSession', cashSessionId)?.status).toBe('OPEN')
    await expect(sell(till, cashSessionId)).rejects.toMatchObject({
      name: 'OperationBlocked',
      code: 'CASH_SESSION_NOT_OPEN',
    })
    await Promise.all([other.close(), till.client.close()])
  })
})

describe("a manager's approval, by their PIN at a cashier's till", () => {
  const approvedIn = async (branchId: string) => {
    const admin = await gateway.as('admin')
    type Event = { name: string; actorId: string; submittedBy: string; approvedFor: string | null }
    const { auditEvents } = await admin.data<{ auditEvents: { edges: { node: Event }[] } }>(
      `query ($branchId: ID!) { auditEvents(tenantId: "demo", branchId: $branchId) {
        edges { node { name actorId submittedBy approvedFor } } } }`,
      { branchId },
    )
    return auditEvents.edges
      .map(({ node }) => node)
      .filter(({ approvedFor }) => approvedFor !== null)
      .map(({ name, actorId, submittedBy }) => [name, actorId, submittedBy])
  }
  const pinOf = (staffCode: string, pin = '1234') => ({ tenantId: 'demo', staffCode, pin })

  it("is the manager's operation with their proof, also offline, sent by whoever is there; nobody changes places", async () => {
    const branchId = await newBranch(gateway, ['manager', 'cashier-1', 'cashier-2'])
    const till = await openTill(gateway, { staffCode: 'cashier-1', branchId })
    const { client } = till
    // Somebody whom the tablet does not know yet, with a connection: from then on without one.
    await client.people.approve(pinOf('manager'))
    const cashSessionId = await openCashSession(till)
    await client.sync()
    await goOffline(till)
    const adjustment = (amount: number) => ({
      ...{ movementId: randomUUID(), cashSessionId, kind: 'ADJUSTMENT', currency: 'USD', reason: 'Counted' },
      amount,
    })
    const adjust = async (staffCode: string, pin?: string) =>
      client.perform('cashSession.movement', adjustment(-100) as never, {
        approval: await client.people.approve(pinOf(staffCode, pin)),
      })
    await expect(client.perform('cashSession.movement', adjustment(-1) as never)).rejects.toMatchObject({
      code: 'ACTION_NOT_PERMITTED',
    })
    await expect(adjust('manager', '9999')).rejects.toMatchObject({ code: 'WRONG_PIN' })
    await expect(adjust('cashier-1')).rejects.toMatchObject({ code: 'ACTION_NOT_PERMITTED' })
    await expect(adjust('cashier-2')).rejects.toMatchObject({ name: 'Offline' })
    await adjust(' Manager ')
    expect(client.status().context?.actorId).toBe('demo-cashier-1')
    expect(client.get('cashSession', cashSessionId)?.expected).toEqual({ usd: 9900, khr: 0 })
    // A till that is opened again has forgotten what the manager had open, and still sends what they signed.
    const after = await till.restart()
    await goOnline(after)
    expect(after.client.status().failed).toEqual([])
    expect(await approvedIn(branchId)).toEqual([['CASH_MOVEMENT_RECORDED', 'demo-manager', 'demo-cashier-1']])
    expect(after.client.blocked('inventory.restock')?.code).not.toBe('UNAUTHENTICATED')
    await after.client.close()
  })

  it("is the manager's own mutation in the direct lane; it lapses, and gives up what was refused", async () => {
    const branchId = await newBranch(gateway, ['manager', 'cashier-1'])
    let ahead = 0
    const till = await openTill(gateway, {
      staffCode: 'cashier-1',
      branchId,
      environment: { now: () => new Date(Date.now() + ahead) },
    })
    const { client } = till
    const cashSessionId = await openCashSession(till)
    const { saleId } = await sell(till, cashSessionId)
    await client.sync()
    const approval = await client.people.approve(pinOf('manager'))
    const voided = await client.online('sale.void', { saleId, reason: 'Wrong' }, { approval })
    expect(voided).toMatchObject({ status: 'APPLIED' })
    const events = await approvedIn(branchId)
    expect(events.map(([, ...who]) => who)).toEqual(events.map(() => ['demo-manager', 'demo-manager']))
    expect(events.map(([name]) => name)).toContain('SALE_VOIDED')
    // Not the cashier's to keep.
    expect(client.blocked('sale.void')?.code).toBe('ACTION_NOT_PERMITTED')
    ahead = 5 * 60_000 + 1
    const late = client.online('sale.void', { saleId, reason: 'Again' }, { approval })
    await expect(late).rejects.toMatchObject({ code: 'APPROVAL_LAPSED' })

    const admin = await gateway.as('admin')
    await goOffline(till)
    const { clientOpId } = await sell(till, cashSessionId)
    await admin.direct('cashSessionForceClose', { cashSessionId, reason: 'Night' }, { branchId })
    await goOnline(till)
    await expect(client.discard(clientOpId, 'Served by nobody')).rejects.toMatchObject({
      code: 'ACTION_NOT_PERMITTED',
    })
    await client.discard(clientOpId, 'Served by nobody', {
      approval: await client.people.approve(pinOf('manager')),
    })
    expect(client.status().failed).toEqual([])
    await client.close()
  })
})
