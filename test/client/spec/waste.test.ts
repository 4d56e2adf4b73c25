/** What was thrown away: recorded with no network by whoever sells, off the stock at once, and in the ledger once. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { goOffline, goOnline, newBranch, openTill } from '../support/till.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway?.close())

it('is taken off the stock offline, and once at the gateway, whatever is sent twice', async () => {
  const branchId = await newBranch(gateway, ['manager', 'cashier-1'])
  const manager = await gateway.as('manager')
  const item = { stockItemId: 'milk', name: 'Milk', unit: 'ml', quantity: 1000 }
  await manager.direct('inventoryRestock', item, { branchId })
  const till = await openTill(gateway, { staffCode: 'cashier-1', branchId })
  const onHand = () => till.client.get('stockItem', 'milk')?.onHand

  await goOffline(till)
  const spilt = { stockItemId: 'milk', quantity: 300, reason: 'spilt' }
  await till.client.perform('inventory.waste', spilt)
  await till.client.perform('inventory.waste', { ...spilt, quantity: 900 })
  expect(till.client.get('stockItem', 'milk')).toMatchObject({ onHand: -200, belowZero: true, pending: true })
  await expect(
    till.client.perform('inventory.waste', { ...spilt, stockItemId: 'gold' }),
  ).rejects.toMatchObject({ code: 'STOCK_ITEM_UNKNOWN' })

  till.network.state = 'loses'
  await till.client.sync().catch(() => {})
  await goOnline(till)
  expect([onHand(), till.client.status().pending, till.client.status().failed]).toEqual([-200, 0, []])
  const { changes } = await manager.pullAll({ branchId, moduleScopes: ['INVENTORY'] })
  expect(changes.map(({ payload }) => payload.onHand)).toEqual([-200])
  await till.client.close()
})

it('takes a person who sells, and a stock that is known', async () => {
  const branchId = await newBranch(gateway, ['barista-1', 'cashier-1'])
  const barista = await openTill(gateway, { staffCode: 'barista-1', branchId })
  expect(barista.client.blocked('inventory.waste')?.code).toBe('CACHE_MISSING')
  const cashier = await openTill(gateway, { staffCode: 'cashier-1', branchId })
  const waste = cashier.client.perform('inventory.waste', { stockItemId: 'milk', quantity: 1, reason: 'x' })
  await expect(waste).rejects.toMatchObject({ code: 'CACHE_MISSING', details: { missing: ['stockItem'] } })
  await Promise.all([barista.client.close(), cashier.client.close()])
})
