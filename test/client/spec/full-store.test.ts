/** A tablet without space: what was recorded is sent all the same, once, and the till goes on when there is room. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { memoryStore, OperationBlocked, type SyncClient, sqliteStore } from '../../../client/sdk/index.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { roomOf } from '../support/room.ts'
import { goOffline, goOnline, openCashSession, openTill, pushed, sell } from '../support/till.ts'

let gateway: Gateway
let folder: string
beforeAll(async () => {
  gateway = await startGateway()
  folder = await mkdtemp(join(tmpdir(), 'modula-full-'))
})
afterAll(async () => {
  await gateway.close()
  await rm(folder, { recursive: true })
})

async function salesAt(branchId: string): Promise<number> {
  const [row] = await gateway.app.db.everyTenant.rows<{ count: number }>(
    'select count(*)::int as count from sale where branch_id = $1',
    [branchId],
  )
  return row!.count
}

const counts = ({ pending, syncing, failed }: ReturnType<SyncClient['status']>) => ({
  pending,
  syncing,
  failed,
})

it('a full store drains: nothing is lost, nothing is sent for ever, and what waits is what the status says', async () => {
  const file = join(folder, 'till.sqlite')
  const till = await openTill(gateway, {
    store: sqliteStore(file, { maxBytes: 500_000 }),
  })
  const { client, context } = till
  const cashSessionId = await openCashSession(till)
  await client.sync()
  await goOffline(till)
  let queued = 0
  const full = await (async () => {
    for (;;) {
      await sell(till, cashSessionId)
      queued += 1
    }
  })().catch((error: unknown) => error)
  expect(full).toBeInstanceOf(OperationBlocked)
  expect(full).toMatchObject({ code: 'STORAGE_FULL' })
  expect(queued).toBeGreaterThan(100)

  till.network.state = 'up'
  till.network.sent.length = 0
  // The first request may meet a connection that the gateway has closed meanwhile.
  await vi.waitFor(async () => {
    await client.sync().catch(() => {})
    expect(counts(client.status())).toEqual({ pending: 0, syncing: 0, failed: [] })
  }, 20_000)
  expect(await salesAt(context.branchId)).toBe(queued)
  expect(client.query('sale')).toHaveLength(queued)
  const sent = pushed(till.network)
    .flat()
    .map(({ clientOpId }) => clientOpId)
  expect(new Set(sent).size).toBe(queued)
  expect(sent.length).toBeLessThanOrEqual(queued + 200)

  // What is sent makes room for the next sale, whether or not what is pulled fits.
  await sell(till, cashSessionId)
  await client.sync().catch(() => {})
  expect(counts(client.status())).toEqual({ pending: 0, syncing: 0, failed: [] })
  expect(await salesAt(context.branchId)).toBe(queued + 1)
  expect(client.query('sale')).toHaveLength(queued + 1)
  await client.close()

  // Somebody has made room.
  const roomy = sqliteStore(file)
  const again = await openTill(gateway, {
    store: roomy,
    branchId: context.branchId,
    deviceId: client.deviceId,
  })
  await again.client.sync()
  expect(again.client.status()).toMatchObject({ pending: 0, syncing: 0, failed: [], problem: null })
  expect(await salesAt(context.branchId)).toBe(queued + 1)
  expect(again.client.query('sale', { where: { pending: false } })).toHaveLength(queued + 1)
  await again.client.close()
})

it('people come and go on a full tablet; whoever opens it again is nobody until they say who they are', async () => {
  let isFull = false
  const till = await openTill(gateway, { store: roomOf(memoryStore(), () => isFull) })
  const { client, context } = till
  const cashSessionId = await openCashSession(till)
  const admin = await gateway.as('admin')
  const branchIds = ['riverside', context.branchId]
  await admin.direct('staffSave', { accountId: 'demo-cashier-1', branchIds }, { branchId: null })
  isFull = true
  const { accountId: actorId } = await client.people.signIn({
    ...{ tenantId: 'demo', staffCode: 'cashier-1', pin: '1234' },
  })
  await client.switchContext({ ...context, actorId })
  expect(client.status().context).toEqual({ ...context, actorId })
  await client.sync().catch(() => {})
  expect(counts(client.status())).toEqual({ pending: 0, syncing: 0, failed: [] })
  expect(client.get('cashSession', cashSessionId)).toMatchObject({ status: 'OPEN' })
  await client.close()

  const again = await till.restart()
  expect(again.client.status().context).toBe(null)
  await again.client.switchContext({ ...context, actorId })
  isFull = false
  await again.client.switchContext({ ...context, actorId })
  await again.client.people.signIn({ tenantId: 'demo', staffCode: 'cashier-1', pin: '1234' })
  await again.client.sync()
  expect(again.client.get('cashSession', cashSessionId)).toMatchObject({ status: 'OPEN', pending: false })
  await again.client.close()
})

it('what a person decides where there is no room for it is refused by name, and nothing is changed', async () => {
  let isFull = false
  const till = await openTill(gateway, { store: roomOf(memoryStore(), () => isFull) })
  const { client } = till
  const cashSessionId = await openCashSession(till)
  await client.sync()
  await goOffline(till)
  await sell(till, cashSessionId)
  const { clientOpId } = await sell(till, cashSessionId, { policyRevision: 9 })
  await goOnline(till)
  const failed = client.status().failed.map((each) => each.clientOpId)
  expect(failed).toEqual([clientOpId])
  const text = await client.exportQueue()
  const elsewhere = await openTill(gateway, { store: roomOf(memoryStore(), () => isFull) })
  isFull = true
  const full = { name: 'OperationBlocked', code: 'STORAGE_FULL' }
  await expect(client.retry(clientOpId)).rejects.toMatchObject(full)
  await expect(client.discard(clientOpId, 'no room')).rejects.toMatchObject(full)
  await expect(client.reassign(clientOpId, { cashSessionId })).rejects.toMatchObject(full)
  await expect(elsewhere.client.importQueue(text)).rejects.toMatchObject(full)
  expect(client.status().failed.map((each) => each.clientOpId)).toEqual(failed)
  expect(elsewhere.client.waiting()).toEqual([])
  await client.close()
  await elsewhere.client.close()
})

it('in every tab of a full tablet what was sent stays in view, and counts as sent, until there is room for what is pulled', async () => {
  let isFull = false
  const store = roomOf({ ...memoryStore(), shared: true, close: async () => {} }, () => isFull)
  const till = await openTill(gateway, { store })
  const cashSessionId = await openCashSession(till)
  await till.client.sync()
  const beside = await till.restart()
  expect(beside.client.status().leader).toBe(false)
  await goOffline(till)
  for (let i = 0; i < 3; i += 1) await sell(till, cashSessionId)
  await vi.waitFor(() => expect(beside.client.query('sale')).toHaveLength(3))
  const drawer = till.client.get('cashSession', cashSessionId)?.expected
  const lost: number[] = []
  beside.client.watch('sale', undefined, (sales) => sales.length < 3 && lost.push(sales.length))

  isFull = true
  till.network.state = 'up'
  await till.client.sync().catch(() => {})
  expect(await salesAt(till.context.branchId)).toBe(3)
  await vi.waitFor(() => expect(beside.client.status()).toMatchObject({ pending: 0, syncing: 0 }))
  for (const { client } of [till, beside]) {
    expect(client.query('sale')).toHaveLength(3)
    expect(client.get('cashSession', cashSessionId)?.expected).toEqual(drawer)
  }

  isFull = false
  await till.client.sync()
  await vi.waitFor(() => expect(beside.client.query('sale', { where: { pending: false } })).toHaveLength(3))
  for (const { client } of [till, beside])
    expect(client.get('cashSession', cashSessionId)).toMatchObject({ expected: drawer, pending: false })
  expect(lost).toEqual([])
  await beside.client.close()
  await till.client.close()
})
