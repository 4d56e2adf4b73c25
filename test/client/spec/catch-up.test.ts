/** What a person sees while a long history comes in pages: nothing that was recorded here goes, or counts twice. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SyncClient } from '../../../client/sdk/index.ts'
import { modifierGroups } from '../../../src/demo/menu.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { textOf } from '../support/sent.ts'
import {
  goOffline,
  goOnline,
  newBranch,
  openCashSession,
  openTill,
  sell,
  type Till,
} from '../support/till.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway({ env: { PUSH_CHUNK: '2' } })
})
afterAll(() => gateway.close())

/** What somebody at the till would count: the drawer, the sales in it, and the croissants that are left. */
function counted(client: SyncClient, cashSessionId: string) {
  return {
    drawer: client.get('cashSession', cashSessionId)?.expected,
    sales: client.query('sale', { where: { cashSessionId } }).length,
    croissants: client.get('stockItem', 'croissant')?.onHand,
    selling: client.blocked('sale.finalize'),
  }
}

/** Everything different that is seen from now on, first what is seen now. */
function watched(client: SyncClient, cashSessionId: string) {
  const seen: ReturnType<typeof counted>[] = [counted(client, cashSessionId)]
  const look = () => {
    const now = counted(client, cashSessionId)
    if (JSON.stringify(now) !== JSON.stringify(seen.at(-1))) seen.push(now)
  }
  client.subscribe(look)
  for (const kind of ['cashSession', 'sale', 'stockItem'] as const) client.watch(kind, undefined, look)
  return seen
}

async function withASession(
  sales: number,
  { pageSize = 5 } = {},
): Promise<{ till: Till; cashSessionId: string }> {
  const branchId = await newBranch(gateway)
  const admin = await gateway.as('admin')
  const croissants = {
    stockItemId: 'croissant',
    name: 'Croissant',
    unit: 'piece',
    quantity: 100,
    reason: 'Opening',
  }
  await admin.direct('inventoryRestock', croissants, { branchId })
  const till = await openTill(gateway, { pageSize, branchId })
  await goOffline(till)
  const cashSessionId = await openCashSession(till)
  for (let i = 0; i < sales; i += 1)
    await sell(till, cashSessionId, { lines: [{ menuItemId: 'croissant', quantity: 1 }] })
  return { till, cashSessionId }
}

it('nothing that was recorded here goes out of view, or counts twice, while pages come', async () => {
  const { till, cashSessionId } = await withASession(12)
  const seen = watched(till.client, cashSessionId)
  await goOnline(till)
  expect(till.network.sent.filter(({ query }) => query.includes('syncPull')).length).toBeGreaterThan(2)
  expect(seen).toEqual([expect.objectContaining({ sales: 12, croissants: 88, selling: null })])
  expect(till.client.query('sale', { where: { pending: true } })).toEqual([])
  await till.client.close()
})

it('the same where the answer to the push was lost, and the till ends between two pages', async () => {
  const { till, cashSessionId } = await withASession(12)
  const before = counted(till.client, cashSessionId)
  till.network.state = 'loses'
  await expect(till.client.sync()).rejects.toMatchObject({ code: 'OFFLINE' })
  await till.client.close()

  // One page comes, and then nothing any more.
  const { through } = till.network
  let pulls = 0
  till.network.state = 'up'
  till.network.through = async (input, init) => {
    const body = textOf(init)
    if (body.includes('syncPull') && pulls++ > 0) throw new TypeError('fetch failed')
    return through(input, init)
  }
  const again = await till.restart()
  const seen = watched(again.client, cashSessionId)
  await again.client.sync().catch(() => {})
  await again.client.close()
  expect(pulls).toBeGreaterThan(0)

  till.network.through = through
  const last = await till.restart()
  const seenLast = watched(last.client, cashSessionId)
  await last.client.sync()
  expect([...seen, ...seenLast]).toEqual([before, before])
  expect(last.client.query('sale', { where: { pending: true } })).toEqual([])
  await last.client.close()
})

it('what others have done on the menu is there at once, page by page', async () => {
  const { till, cashSessionId } = await withASession(3)
  const admin = await gateway.as('admin')
  await admin.direct('menuItemSave', { menuItemId: 'brownie', priceUsd: 231 }, { branchId: null })
  for (let i = 0; i < 6; i += 1)
    await admin.direct(
      'menuItemSave',
      { menuItemId: `new-${i}`, name: 'New', categoryId: 'coffee', priceUsd: 100 },
      { branchId: null },
    )
  const pages: (number | undefined)[] = []
  till.client.watch('menuItem', undefined, () => pages.push(till.client.get('menuItem', 'brownie')?.priceUsd))
  const seen = watched(till.client, cashSessionId)
  await goOnline(till)
  expect(pages.filter((price) => price === 231).length).toBeGreaterThan(1)
  expect(seen).toHaveLength(1)
  await till.client.close()
})

it('an item and its choices change together, wherever a page ends: what was sold before stays, a tap costs what a revision does', async () => {
  const { till, cashSessionId } = await withASession(0, { pageSize: 1 })
  const shot = { menuItemId: 'espresso', modifierOptionIds: ['extra-shot'] }
  for (let i = 0; i < 3; i += 1) await sell(till, cashSessionId, { lines: [shot] })
  const admin = await gateway.as('admin')
  const { options, ...extras } = modifierGroups.find(({ modifierGroupId }) => modifierGroupId === 'extras')!
  const dearer = options.map((option) => ({ ...option, priceUsd: option.priceUsd + 25 }))
  const saved = await admin.direct('modifierGroupSave', { ...extras, options: dearer }, { branchId: null })
  expect(saved.status).toBe('APPLIED')

  const priced = () =>
    `${till.client.get('menuItem', 'espresso')?.revision}: ${till.client.get('modifierGroup', 'extras')?.options[0]?.priceUsd}`
  const before = priced()
  const prices = new Set([before])
  for (const kind of ['menuItem', 'modifierGroup'] as const)
    till.client.watch(kind, undefined, () => prices.add(priced()))
  const seen = watched(till.client, cashSessionId)
  await goOnline(till)
  expect(till.network.sent.filter(({ query }) => query.includes('syncPull')).length).toBeGreaterThan(3)
  expect(seen).toEqual([expect.objectContaining({ sales: 3 })])
  expect(before).toBe('1: 50')
  expect([...prices]).toEqual([before, '2: 75'])
  await till.client.close()
})

it('what was applied stays in view when the branch is frozen after it, and that is known first', async () => {
  const { till, cashSessionId } = await withASession(3, { pageSize: 2 })
  const admin = await gateway.as('admin')
  const { branchId } = till.context
  const { through } = till.network
  const frozen: boolean[] = []
  till.network.through = async (input, init) => {
    const answer = await through(input, init)
    if (!textOf(init).includes('syncPushBatch')) return answer
    await admin.direct('branchFreeze', null, { branchId })
    for (const i of [1, 2, 3, 4, 5, 6])
      await admin.direct(
        'menuCategorySave',
        { categoryId: `new-${i}`, name: 'New', position: i },
        { branchId: null },
      )
    return answer
  }
  const seen = watched(till.client, cashSessionId)
  till.client.watch('menuCategory', undefined, () =>
    frozen.push(till.client.get('branch', branchId)?.status === 'FROZEN'),
  )
  await goOnline(till)
  expect(frozen.filter((is) => is).length).toBeGreaterThan(1)
  expect(seen.map(({ sales, croissants }) => ({ sales, croissants }))).toEqual(
    seen.map(() => ({ sales: 3, croissants: 97 })),
  )
  await till.client.close()
})

it('a barista who comes between two pages pulls their own to the end, and leaves the drawer as it was for the cashier', async () => {
  const branchId = await newBranch(gateway, ['cashier-1', 'barista-1'])
  const till = await openTill(gateway, { pageSize: 5, branchId, staffCode: 'cashier-1' })
  const { client, network, context } = till
  const takeOver = async (staffCode: string) => {
    const accountId = `demo-${staffCode}`
    const isKnown = client.people.list('demo').some((each) => each.accountId === accountId)
    if (isKnown) await client.people.confirm(accountId, 'demo', '1234')
    else await client.people.signIn({ tenantId: 'demo', staffCode, pin: '1234' })
    await client.switchContext({ ...context, actorId: accountId })
  }
  await takeOver('barista-1')
  await client.sync()
  await takeOver('cashier-1')
  await client.sync()
  await goOffline(till)
  const cashSessionId = await openCashSession(till)
  for (let i = 0; i < 12; i += 1) await sell(till, cashSessionId)
  const before = counted(client, cashSessionId)
  expect(before).toMatchObject({ sales: 12, selling: null })

  const { through } = network
  let pulls = 0
  network.through = async (input, init) => {
    if (textOf(init).includes('syncPull') && pulls++ > 0) throw new TypeError('fetch failed')
    return through(input, init)
  }
  network.state = 'up'
  await expect(client.sync()).rejects.toThrow()
  expect(counted(client, cashSessionId)).toEqual(before)

  network.through = through
  await takeOver('barista-1')
  await client.perform('attendance.startWork', { attendanceId: randomUUID() })
  await client.sync()
  expect(client.query('attendance')).toMatchObject([{ actorId: 'demo-barista-1', pending: false }])
  expect([client.query('sale'), client.query('cashSession')]).toEqual([[], []])

  await goOffline(till)
  await takeOver('cashier-1')
  const seen = watched(client, cashSessionId)
  expect(seen).toEqual([before])
  await goOnline(till)
  expect(seen).toEqual([before])
  expect(client.query('sale', { where: { pending: true } })).toEqual([])
  expect(JSON.parse(await client.exportQueue()).operations).toEqual([])
  await client.close()
})
