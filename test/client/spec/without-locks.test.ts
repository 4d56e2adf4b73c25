/** Where a platform has no locks (plain http on a LAN), all tabs of a store lead: what one has pulled, no other undoes. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSyncClient, memoryStore, type Store, type SyncClient } from '../../../client/sdk/index.ts'
import { type EntityRecord, keys, type StreamRecord } from '../../../client/sdk/store/layout.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { createGate, type Gate } from '../support/gate.ts'
import { NoSocket, newBranch } from '../support/till.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

async function openTab(kept: Store, gate: Gate): Promise<SyncClient> {
  return createSyncClient({
    url: gateway.url,
    store: { ...kept, shared: true, close: async () => {} },
    pullEveryMs: 3_600_000,
    environment: {
      fetch: gate.fetch,
      WebSocket: NoSocket as unknown as typeof WebSocket,
      locks: undefined,
    },
  })
}

it('a page that was asked for before another tab stored a newer one is dropped, and its tab goes on from there', async () => {
  const branchId = await newBranch(gateway)
  const admin = await gateway.as('admin')
  const restock = (quantity: number) =>
    admin.direct(
      'inventoryRestock',
      { stockItemId: 'beans', name: 'Beans', unit: 'g', quantity, reason: 'bought' },
      { branchId },
    )
  const kept = memoryStore('without locks')
  const [slowGate, gate] = [createGate(), createGate()]
  const slow = await openTab(kept, slowGate)
  const person = await slow.people.signIn({ tenantId: 'demo', staffCode: 'admin', pin: '1234' })
  const context = { tenantId: 'demo', branchId, actorId: person.accountId }
  await slow.switchContext(context)
  await slow.sync()
  const quick = await openTab(kept, gate)
  expect([slow.status().leader, quick.status().leader]).toEqual([true, true])
  await quick.sync()
  await slow.sync()

  await restock(100)
  const held = slowGate.hold('Pull')
  const late = slow.sync()
  await held.answered
  await restock(10)
  await quick.sync()
  const stored = () =>
    kept.transact('read', async (tx) => ({
      beans: await tx.get<EntityRecord>('entities', keys.entity(context, 'stockItem', 'beans')),
      stream: await tx.get<StreamRecord>('meta', keys.stream(context)),
    }))
  const before = await stored()
  expect(before.beans?.payload).toMatchObject({ onHand: 110 })

  // The next page is held as well: what there is between the two is what the late one has left.
  const next = slowGate.hold('Pull')
  held.release()
  await next.answered
  expect(await stored()).toEqual(before)
  expect(slow.get('stockItem', 'beans')).toMatchObject({ onHand: 110 })
  next.release()
  await late
  expect((await stored()).beans).toEqual(before.beans)
  expect(quick.get('stockItem', 'beans')).toMatchObject({ onHand: 110 })
  await slow.close()
  await quick.close()
})
