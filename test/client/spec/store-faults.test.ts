/** What becomes of a till whose store fails: it goes on where it can, and says so and lets go where it cannot. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createSyncClient,
  exportQueue,
  memoryStore,
  type Store,
  StoreError,
  type SyncClient,
} from '../../../client/sdk/index.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { goOffline, goOnline, NoSocket, openCashSession, openTill, sell, until } from '../support/till.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

/** A store whose connection can go, as a system takes it from an app in the background. */
function fragileStore(kept: Store = memoryStore(`fragile ${randomUUID()}`)) {
  let disk = kept
  let connected = false
  let opened = 0
  const gone = () => new StoreError('UNAVAILABLE', 'The connection is gone.')
  const store: Store = {
    ...kept,
    shared: true,
    async open() {
      opened += 1
      await disk.open()
      connected = true
    },
    async transact(mode, work) {
      if (!connected) throw gone()
      return disk.transact(mode, work)
    },
    async close() {
      connected = false
    },
  }
  return {
    store,
    opened: () => opened,
    lose: () => {
      connected = false
    },
    /** Somebody deletes the database, and what is opened next is empty. */
    delete() {
      connected = false
      disk = memoryStore()
    },
  }
}

describe('a connection that is lost', () => {
  it('is opened again, once, and nothing is lost: taps, a run, and the data that is shown', async () => {
    const fragile = fragileStore()
    const till = await openTill(gateway, { store: fragile.store })
    await goOffline(till)
    const before = fragile.opened()
    fragile.lose()
    const cashSessionId = await openCashSession(till)
    expect(fragile.opened()).toBe(before + 1)
    fragile.lose()
    const [first, second] = await Promise.all([sell(till, cashSessionId), sell(till, cashSessionId)])
    expect(fragile.opened()).toBe(before + 2)
    fragile.lose()
    await goOnline(till)
    expect(till.client.status()).toMatchObject({ pending: 0, syncing: 0, failed: [], storeFault: null })
    for (const { saleId } of [first, second])
      expect(till.client.get('sale', saleId)).toMatchObject({ pending: false })
    await till.client.close()
  })

  it("is given up where the data is no longer this device's: said, not written to, and another tab leads", async () => {
    const kept = memoryStore(`two tabs ${randomUUID()}`)
    const fragile = fragileStore(kept)
    const till = await openTill(gateway, { store: fragile.store })
    const context = till.context
    await goOffline(till)
    const cashSessionId = await openCashSession(till)
    const other = await createSyncClient({
      ...{ url: gateway.url, store: { ...kept, shared: true }, pullEveryMs: 3_600_000 },
      environment: { WebSocket: NoSocket as unknown as typeof WebSocket },
    })
    expect([till.client.status().leader, other.status().leader]).toEqual([true, false])

    fragile.delete()
    await expect(sell(till, cashSessionId)).rejects.toMatchObject({
      name: 'OperationBlocked',
      code: 'STORAGE_UNAVAILABLE',
    })
    expect(till.client.status()).toMatchObject({
      storeFault: { code: 'UNAVAILABLE' },
      leader: false,
      pending: 1,
    })
    await expect(till.client.sync()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    await until(other, ({ leader }) => leader)
    await other.sync()
    expect(other.status()).toMatchObject({ context, pending: 0, storeFault: null })
    expect(other.get('cashSession', cashSessionId)).toMatchObject({ pending: false })
    // What it knows can still be saved.
    expect(JSON.parse(await till.client.exportQueue()).operations).toHaveLength(1)
    await till.client.close()
    await other.close()
  })
})

it('a promise of storage that a person never gives keeps no till from opening', async () => {
  const answer = Promise.withResolvers<'persistent'>()
  const client = await createSyncClient({
    url: gateway.url,
    store: { ...memoryStore(), persistence: () => answer.promise },
    getToken: async () => null,
  })
  expect(client.status().storage).toBe('best-effort')
  answer.resolve('persistent')
  await until(client, ({ storage }) => storage === 'persistent')
  await client.close()
})

it('two clients on one store object are counted: the first that closes leaves the other its store', async () => {
  const { store, lose: _, ...fragile } = fragileStore()
  const open = () => createSyncClient({ url: gateway.url, store, getToken: async () => null })
  const [first, second] = [await open(), await open()]
  await first.close()
  await first.close()
  const context = { tenantId: 'demo', branchId: 'riverside', actorId: 'demo-admin' }
  await second.switchContext(context)
  expect(second.status().context).toEqual(context)
  // Not opened again: it was never closed.
  expect(fragile.opened()).toBe(2)
  await second.close()
  await expect(store.transact('read', async () => 1)).rejects.toMatchObject({ fault: 'UNAVAILABLE' })
})

describe('a store that no client can be opened with', () => {
  async function withAQueue(): Promise<{ store: Store; file: { operations: unknown[] }; till: SyncClient }> {
    const till = await openTill(gateway)
    await goOffline(till)
    await sell(till, await openCashSession(till))
    const file = JSON.parse(await till.client.exportQueue())
    await till.client.close()
    return { store: till.store, file, till: till.client }
  }

  it.each([
    ['of a newer version', 99, 'NEWER'],
    ['whose version cannot be read', 'x', 'FAILED'],
  ])('%s is exported all the same, as it is', async (_, schemaVersion, fault) => {
    const { store, file } = await withAQueue()
    await store.open()
    await store.transact('write', async (tx) => {
      void tx.put('meta', 'schemaVersion', schemaVersion)
      void tx.put('operations', 'broken', { no: 'operation' })
    })
    await store.close()
    await expect(createSyncClient({ url: gateway.url, store })).rejects.toMatchObject({
      name: 'StoreError',
      fault,
    })

    const rescued = JSON.parse(await exportQueue(store))
    expect(rescued).toMatchObject({ operations: file.operations, damaged: [{ key: 'broken' }] })
    const next = await openTill(gateway, { fresh: true })
    expect(await next.client.importQueue(JSON.stringify(rescued))).toEqual({ imported: 2, skipped: 0 })
    await next.client.close()
  })
})
