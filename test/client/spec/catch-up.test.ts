/** What a person sees while a long history comes in pages: nothing that was recorded here goes, or counts twice. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SyncClient } from '../../../client/sdk/index.ts'
import { modifierGroups } from '../../../src/demo/menu.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { hire } from '../../support/people.ts'
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

/** Lets so many more pulls through and breaks off the others; returns how to know how many were asked for. */
function letPulls({ network }: Till, through: typeof fetch, most: number): () => number {
  let asked = 0
  network.through = async (input, init) => {
    if (!textOf(init).includes('syncPull')) return through(input, init)
    asked += 1
    if (asked > most) throw new TypeError('fetch failed')
    return through(input, init)
  }
  return () => asked
}

/** After how many pages each of them goes again, and whether the tablet is started anew in between. */
const meetings = [
  { cashiers: 1, baristas: Infinity, restarts: false },
  { cashiers: 4, baristas: Infinity, restarts: true },
  { cashiers: 3, baristas: 0, restarts: false },
  { cashiers: 1, baristas: 1, restarts: true },
]

it.each(meetings)(
  'a barista who comes after $cashiers pages of the cashier, and goes after $baristas, leaves the drawer as it was (anew: $restarts)',
  async ({ cashiers, baristas, restarts }) => {
    const branchId = await newBranch(gateway, ['cashier-1'])
    const admin = await gateway.as('admin')
    const barista = `barista-${branchId}`
    await hire(gateway, admin, barista, { role: 'STAFF', branchIds: [branchId] })
    let till = await openTill(gateway, { pageSize: 5, branchId, staffCode: 'cashier-1' })
    const { network, context } = till
    const { through } = network
    const takeOver = async (staffCode: string) => {
      const { people } = till.client
      const accountId = `demo-${staffCode}`
      const isKnown = people.list('demo').some((each) => each.accountId === accountId)
      if (isKnown) await people.confirm(accountId, 'demo', '1234')
      else await people.signIn({ tenantId: 'demo', staffCode, pin: '1234' })
      await till.client.switchContext({ ...context, actorId: accountId })
    }
    const startAnew = async () => {
      await till.client.close()
      till = await till.restart()
    }
    for (const staffCode of [barista, 'cashier-1']) {
      await takeOver(staffCode)
      await till.client.sync()
    }
    await goOffline(till)
    const cashSessionId = await openCashSession(till)
    for (let i = 0; i < 12; i += 1) await sell(till, cashSessionId)
    const before = counted(till.client, cashSessionId)
    expect(before).toMatchObject({ sales: 12, selling: null })
    // Both of them may read the menu: three pages of it alone.
    for (let i = 0; i < 12; i += 1) {
      const item = { menuItemId: `of-${branchId}-${i}`, name: 'New', categoryId: 'coffee', priceUsd: 100 }
      await admin.direct('menuItemSave', { ...item, visibleIn: [branchId] }, { branchId: null })
    }

    const ofCashier = letPulls(till, through, cashiers)
    network.state = 'up'
    await expect(till.client.sync()).rejects.toThrow()
    expect(ofCashier()).toBeGreaterThan(cashiers)
    expect(counted(till.client, cashSessionId)).toEqual(before)
    if (restarts) await startAnew()

    // Nothing gets through until the other one is there: the page after those is not the cashier's.
    letPulls(till, through, 0)
    await takeOver(barista)
    await till.client.perform('attendance.startWork', { attendanceId: randomUUID() })
    letPulls(till, through, baristas)
    const isThrough = await till.client.sync().then(
      () => true,
      () => false,
    )
    expect(isThrough).toBe(baristas === Infinity)
    expect(till.client.query('attendance')).toMatchObject([
      { actorId: `demo-${barista}`, pending: baristas !== Infinity },
    ])
    expect([till.client.query('sale'), till.client.query('cashSession')]).toEqual([[], []])

    await goOffline(till)
    if (restarts) await startAnew()
    await takeOver('cashier-1')
    network.through = through
    const seen = watched(till.client, cashSessionId)
    expect(seen).toEqual([before])
    await goOnline(till)
    expect(seen).toEqual([before])
    expect(till.client.query('sale', { where: { pending: true } })).toEqual([])
    expect(JSON.parse(await till.client.exportQueue()).operations).toEqual([])
    await till.client.close()
  },
)
