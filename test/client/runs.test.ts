/** What goes on between a run's requests: other runs, other people, and operations that are made meanwhile. */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createSyncClient, memoryStore, type SyncClient } from '../../client/sdk/index.ts'
import { roundSize } from '../../client/sdk/run/runs.ts'
import type { Client, Gateway } from '../support/gateway.ts'
import { startGateway } from '../support/gateway.ts'
import { badGateway, createGate } from './support/gate.ts'
import {
  goOffline,
  goOnline,
  newBranch,
  openCashSession,
  openTill,
  sell,
  type TillOptions,
} from './support/till.ts'

let gateway: Gateway
let admin: Client
beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin')
})
afterAll(() => gateway.close())

async function openGatedTill(options: TillOptions = {}) {
  const gate = createGate()
  const till = await openTill(gateway, {
    ...options,
    environment: { fetch: gate.fetch, ...options.environment },
  })
  return { ...till, gate }
}

/** An item that only this test sells and removes. */
async function newItem(): Promise<string> {
  const menuItemId = `special-${randomUUID().slice(0, 8)}`
  const item = { menuItemId, name: 'Special', categoryId: 'coffee', priceUsd: 300 }
  await admin.direct('menuItemSave', item, { branchId: null })
  return menuItemId
}
const removeItem = (menuItemId: string) => admin.direct('menuItemRemove', { menuItemId }, { branchId: null })

describe('one run at a time', () => {
  it('also where somebody asks at the very end of one, while another is planned', async () => {
    const { client, gate } = await openGatedTill()
    const first = client.sync()
    const atItsEnd = first.then(() => client.sync())
    const planned = client.sync()
    await Promise.all([first, planned, atItsEnd])
    expect(gate.most('Pull')).toBe(1)
    await client.close()
  })

  it('requests that fail alone, on a line that is good, are repeated with pauses', async () => {
    const till = await openGatedTill({ environment: { random: () => 0.999 } })
    till.gate.replace('Push', badGateway)
    await openCashSession(till)
    await wait(700)
    // The pause is up to one second after the first, up to two after the second.
    expect(till.gate.count('Push')).toBeLessThanOrEqual(2)
    expect(till.client.status()).toMatchObject({ pending: 1, connectivity: 'online' })
    till.gate.replace('Push', null)
    await till.client.sync()
    expect(till.client.status().pending).toBe(0)
    await till.client.close()
  })
})

it('a long queue is sent, pulled and confirmed in rounds, within one run', async () => {
  const till = await openTill(gateway)
  const cashSessionId = await openCashSession(till)
  await till.client.sync()
  await goOffline(till)
  const made = roundSize + 30
  for (let i = 0; i < made; i += 1)
    await till.client.perform('cashSession.movement', {
      ...{
        movementId: randomUUID(),
        cashSessionId,
        kind: 'PAID_IN',
        currency: 'USD',
        amount: 1,
        reason: 'x',
      },
    })
  till.network.sent.length = 0
  till.network.state = 'up'
  await till.client.sync()
  const rounds = [0]
  for (const { query, variables } of till.network.sent) {
    if (query.includes('syncPushBatch'))
      rounds.push(rounds.pop()! + (variables.input!.operations as unknown[]).length)
    else if (query.includes('syncPull') && rounds.at(-1) !== 0) rounds.push(0)
  }
  expect(rounds.filter((each) => each > 0)).toEqual([roundSize, 30])
  expect(till.client.status()).toMatchObject({ pending: 0, syncing: 0, problem: null })
  expect(till.client.waiting()).toEqual([])
  expect(till.client.get('cashSession', cashSessionId)?.expected.usd).toBe(10_000 + made)
  await till.client.close()
}, 60_000)

describe('tabs of one store', () => {
  it('one that does not lead asks the gateway for nothing by itself, however long it is open', async () => {
    const disk = memoryStore(randomUUID())
    const store = { ...disk, shared: true, close: async () => {} }
    const leader = await openGatedTill({ store, pullEveryMs: 100 })
    const gate = createGate()
    const follower = await createSyncClient({
      url: gateway.url,
      store,
      pullEveryMs: 100,
      environment: { fetch: gate.fetch },
    })
    const before = leader.gate.count('Pull')
    await wait(500)
    expect(leader.gate.count('Pull')).toBeGreaterThan(before)
    expect([leader.client.status().leader, follower.status().leader]).toEqual([true, false])
    expect([gate.count('Pull'), gate.count('Push')]).toEqual([0, 0])

    await leader.client.close()
    await follower.sync()
    expect(follower.status().leader).toBe(true)
    await vi.waitFor(() => expect(gate.count('Pull')).toBeGreaterThan(3))
    await follower.close()
    await disk.close()
  })
})

describe('people come and go', () => {
  it('a run that begins while somebody signs in goes on from where the branch was', async () => {
    const menuItemId = await newItem()
    const { client, context } = await openGatedTill()
    expect(client.get('menuItem', menuItemId)).toBeDefined()
    await client.switchContext(null)
    await removeItem(menuItemId)
    await client.people.confirm(context.actorId, 'demo', '1234')

    const runs: Promise<void>[] = []
    let signedIn = false
    const switching = client.switchContext(context).then(() => {
      signedIn = true
    })
    while (!signedIn) {
      runs.push(client.sync().catch(() => {}))
      await null
    }
    await Promise.all([switching, ...runs])
    await client.sync()
    expect(client.get('menuItem', menuItemId)).toBeUndefined()
    await client.close()
  })

  it('what was refused because of who brought it is brought again by the next', async () => {
    const branchId = await newBranch(gateway, ['cashier-1'])
    const till = await openTill(gateway, { staffCode: 'cashier-1', branchId })
    const { client, network, context } = till
    network.state = 'down'
    const cashSessionId = await openCashSession(till)
    const { saleId } = await sell(till, cashSessionId)

    // A cashier of another branch has the tablet for a while.
    await client.switchContext(null)
    network.state = 'up'
    const other = await client.people.signIn({ tenantId: 'demo', staffCode: 'cashier-2', pin: '1234' })
    await client.people.signOut(context.actorId, 'demo')
    await client.switchContext({ tenantId: 'demo', branchId: 'market', actorId: other.accountId })
    await client.sync()
    expect(client.status().failed.map(({ code }) => code)).toEqual(['NO_BRANCH_ACCESS', 'NO_BRANCH_ACCESS'])

    await client.switchContext(null)
    await client.people.signIn({ tenantId: 'demo', staffCode: 'cashier-1', pin: '1234' })
    await client.people.signOut(other.accountId, 'demo')
    await client.switchContext(context)
    await client.sync()
    expect(client.status()).toMatchObject({ failed: [], pending: 0 })
    expect(client.get('sale', saleId)).toMatchObject({ receiptNumber: 1, pending: false })
    await client.close()
  })
})

describe('somebody else comes while a batch is under way', () => {
  it('and brings again what it was refused for', async () => {
    const branchId = await newBranch(gateway, ['cashier-1'])
    const gate = createGate()
    const tokens: Record<string, string | null> = {
      'demo-cashier-1': (await gateway.as('cashier-1')).token,
      'demo-cashier-2': (await gateway.as('cashier-2')).token,
    }
    const home = { tenantId: 'demo', branchId, actorId: 'demo-cashier-1' }
    const client: SyncClient = await createSyncClient({
      url: gateway.url,
      deviceId: 'till-1',
      store: memoryStore(),
      context: home,
      getToken: async () => tokens[client.status().context?.actorId ?? ''] ?? null,
      environment: { fetch: gate.fetch },
    })
    await client.sync()
    gate.replace('Push', badGateway)
    const cashSessionId = randomUUID()
    await client.perform('cashSession.open', { cashSessionId, openingFloat: { usd: 0, khr: 0 } })

    await client.switchContext({ tenantId: 'demo', branchId: 'market', actorId: 'demo-cashier-2' })
    gate.replace('Push', null)
    const push = gate.hold('Push')
    const run = client.sync()
    await push.answered
    await client.switchContext(home)
    push.release()
    await run
    await client.sync()
    expect(client.status()).toMatchObject({ pending: 0, failed: [] })
    expect(client.get('cashSession', cashSessionId)).toMatchObject({ status: 'OPEN', pending: false })
    await client.close()
  })
})

describe('a tablet that several share', () => {
  it('work that somebody ended elsewhere is not running here for ever', async () => {
    const branchId = await newBranch(gateway, ['cashier-1', 'barista-1'])
    const till = await openTill(gateway, { staffCode: 'cashier-1', branchId })
    const { client, context } = till
    const barista = await client.people.signIn({ tenantId: 'demo', staffCode: 'barista-1', pin: '1234' })
    /** What the barista records while there is no line; then the cashier has the tablet, and the line is back. */
    const offline = async (record: () => Promise<unknown>) => {
      await goOffline(till)
      await client.people.confirm(barista.accountId, 'demo', '1234')
      await client.switchContext({ ...context, actorId: barista.accountId })
      await record()
      await client.people.confirm(context.actorId, 'demo', '1234')
      await client.switchContext(context)
      await goOnline(till)
    }
    const attendanceId = randomUUID()
    await offline(() => client.perform('attendance.startWork', { attendanceId }))
    // The cashier's token may not read it; this tablet remembers what it recorded.
    expect(client.get('attendance', attendanceId)).toMatchObject({ status: 'ACTIVE', pending: false })

    const elsewhere = await gateway.as('barista-1', { deviceId: 'elsewhere' })
    await elsewhere.direct('attendanceEndWork', { attendanceId }, { branchId })
    await offline(() => client.perform('attendance.endWork', { attendanceId }))
    expect(client.status().failed.map(({ code }) => code)).toEqual(['ATTENDANCE_NOT_ACTIVE'])
    expect(client.get('attendance', attendanceId)).toBeUndefined()
    await offline(() => client.perform('attendance.startWork', { attendanceId: randomUUID() }))
    expect(client.status()).toMatchObject({ pending: 0, failed: [{ type: 'attendance.endWork' }] })
    await client.close()
  })
})

describe('a branch that is still being loaded', () => {
  it('lets whoever is not among the people that have come yet', async () => {
    const gate = createGate()
    const { client, context } = await openTill(gateway, {
      ...{ staffCode: 'cashier-1', branchId: await newBranch(gateway, ['cashier-1']) },
      ...{ fresh: true, pageSize: 1, environment: { fetch: gate.fetch } },
    })
    const isSomebodyHere = () => client.query('staffMember').length > 0
    const isHere = () => client.get('staffMember', context.actorId) !== undefined
    // Page by page, until somebody is here and the one who works is not.
    const run = client.sync()
    for (let page = gate.hold('Pull'); !client.status().hydrated && (!isSomebodyHere() || isHere()); ) {
      await page.answered
      const next = gate.hold('Pull')
      page.release()
      page = next
      await Promise.race([next.answered, run])
    }
    await client.perform('cashSession.open', {
      cashSessionId: randomUUID(),
      openingFloat: { usd: 0, khr: 0 },
    })
    expect(client.query('cashSession')).toMatchObject([{ status: 'OPEN', pending: true }])
    await client.close()
  })
})

describe('what is made while a request is under way', () => {
  it('a sale that is made while pages come is sent between them, not after the last', async () => {
    const till = await openGatedTill({ pageSize: 5, fresh: true })
    const { client, gate } = till
    const menu = gate.hold('Pull')
    const run = client.sync()
    await menu.answered
    const push = gate.hold('Push')
    await client.perform('cashSession.open', {
      cashSessionId: randomUUID(),
      openingFloat: { usd: 0, khr: 0 },
    })
    menu.release()
    await push.answered
    expect(client.status()).toMatchObject({ hydrated: false, syncing: 1 })
    const pages = gate.count('Pull')
    push.release()
    await run
    expect(gate.count('Pull')).toBeGreaterThan(pages)
    expect(client.status()).toMatchObject({ hydrated: true, pending: 0, syncing: 0, failed: [] })
    expect(client.query('cashSession')).toMatchObject([{ status: 'OPEN', pending: false }])
    await client.close()
  })

  it('a sale stays in view when its item leaves the menu before it is sent', async () => {
    const menuItemId = await newItem()
    const till = await openGatedTill()
    const { client, gate } = till
    const cashSessionId = await openCashSession(till)
    await client.sync()
    await removeItem(menuItemId)

    const pull = gate.hold('Pull')
    const run = client.sync()
    await pull.answered
    const { saleId } = await sell(till, cashSessionId, { lines: [{ menuItemId, priceUsd: 300 }] })
    gate.replace('Push', badGateway)
    pull.release()
    await run
    expect(client.get('menuItem', menuItemId)).toBeUndefined()
    expect(client.get('sale', saleId)).toMatchObject({ status: 'FINALIZED', pending: true })
    expect(client.get('cashSession', cashSessionId)?.pending).toBe(true)

    const again = sell(till, cashSessionId, { lines: [{ menuItemId, priceUsd: 300 }] })
    await expect(again).rejects.toMatchObject({ code: 'MENU_ITEM_UNKNOWN' })
    gate.replace('Push', null)
    await client.sync()
    expect(client.get('sale', saleId)).toMatchObject({ receiptNumber: 1, pending: false })
    await client.close()
  })

  it('what was not sent yet follows what it builds on when that is tried again', async () => {
    const first = await openTill(gateway)
    const till = await openGatedTill({ branchId: first.context.branchId })
    const { client, gate } = till
    const theirs = await openCashSession(first)
    await first.client.sync()

    const push = gate.hold('Push')
    const cashSessionId = await openCashSession(till)
    const run = client.sync().catch(() => {})
    await push.answered
    const { saleId } = await sell(till, cashSessionId)
    gate.replace('Push', badGateway)
    push.release()
    await run
    const { failed, pending } = client.status()
    expect([failed.map(({ code }) => code), pending]).toEqual([['CASH_SESSION_ALREADY_OPEN'], 1])

    await first.client.perform('cashSession.close', { cashSessionId: theirs, counted: { usd: 0, khr: 0 } })
    await first.client.sync()
    await client.retry(failed[0]!.clientOpId)
    gate.replace('Push', null)
    await client.sync()
    expect(client.status()).toMatchObject({ failed: [], pending: 0 })
    expect(client.get('sale', saleId)).toMatchObject({ receiptNumber: 1, pending: false })
    await Promise.all([client.close(), first.client.close()])
  })
})

describe('a person decides twice', () => {
  /** An opening that was refused, as another till had opened already. */
  async function refusedOpening() {
    const first = await openTill(gateway)
    const till = await openTill(gateway, { branchId: first.context.branchId })
    till.network.state = 'down'
    await openCashSession(till)
    await openCashSession(first)
    await first.client.sync()
    till.network.state = 'up'
    await till.client.sync()
    const [failed] = till.client.status().failed
    expect(failed?.code).toBe('CASH_SESSION_ALREADY_OPEN')
    return { ...till, first, clientOpId: failed!.clientOpId }
  }

  it('tried again and given up at once: it is tried again', async () => {
    const { client, network, clientOpId, first } = await refusedOpening()
    network.state = 'down'
    const retried = client.retry(clientOpId)
    await expect(client.discard(clientOpId, 'not needed')).rejects.toMatchObject({ code: 'NOT_FAILED' })
    await retried
    expect(client.status()).toMatchObject({ pending: 1, failed: [] })
    await Promise.all([client.close(), first.client.close()])
  })

  it("nobody decides about another tenant's work", async () => {
    const { client, clientOpId, first } = await refusedOpening()
    const rival = await client.people.signIn({ tenantId: 'rival', staffCode: 'admin', pin: '1234' })
    await client.switchContext({ tenantId: 'rival', branchId: 'rival-1', actorId: rival.accountId })
    await client.sync()
    for (const way of [
      client.retry(clientOpId),
      client.discard(clientOpId, 'not ours'),
      client.reassign(clientOpId, { cashSessionId: randomUUID() }),
    ])
      await expect(way).rejects.toMatchObject({ code: 'NOT_FAILED' })
    expect(client.status().waitingForTenant).toBe(1)
    await Promise.all([client.close(), first.client.close()])
  })
})

describe('a queue that is read in again', () => {
  it('its operations stand in it once, and are applied once', async () => {
    const till = await openGatedTill()
    const { client } = till
    const cashSessionId = await openCashSession(till)
    const { saleId } = await sell(till, cashSessionId)
    const text = await client.exportQueue()
    await client.sync()
    expect(JSON.parse(await client.exportQueue()).operations).toEqual([])

    expect(await client.importQueue(text)).toEqual({ imported: 2, skipped: 0 })
    expect(JSON.parse(await client.exportQueue()).operations).toHaveLength(2)
    await client.sync()
    expect(client.status()).toMatchObject({ pending: 0, failed: [] })
    expect(client.get('sale', saleId)).toMatchObject({ receiptNumber: 1, pending: false })
    await client.close()
  })

  it('on another device: what was refused is told again, and none of its numbers is missing', async () => {
    const first = await openTill(gateway)
    const till = await openTill(gateway, { branchId: first.context.branchId })
    till.network.state = 'down'
    await openCashSession(till)
    await openCashSession(first)
    await first.client.sync()
    till.network.state = 'up'
    await till.client.sync()
    const text = await till.client.exportQueue()

    const successor = await openTill(gateway, { branchId: first.context.branchId })
    await successor.client.importQueue(text)
    await successor.client.sync()
    expect(successor.client.status().failed.map(({ code }) => code)).toEqual(['CASH_SESSION_ALREADY_OPEN'])
    const { devices } = await admin.data<{
      devices: { edges: { node: { deviceId: string; gaps: unknown[] } }[] }
    }>('{ devices(tenantId: "demo", first: 100) { edges { node { deviceId gaps { from to } } } } }')
    const node = devices.edges.find((each) => each.node.deviceId === successor.client.deviceId)?.node
    expect(node).toMatchObject({ gaps: [] })
    await Promise.all([first, till, successor].map(({ client }) => client.close()))
  })
})
