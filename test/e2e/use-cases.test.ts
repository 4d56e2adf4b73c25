// @module-tag browser
/** The use cases of the specification and its acceptance criteria, by the till in a browser against the real gateway. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { textIn } from '../client/support/sent.ts'
import { accountOf, type Cafe, eventually, startCafe } from './cafe.ts'

let cafe: Cafe
beforeAll(async () => {
  cafe = await startCafe()
})
afterAll(() => cafe?.close())

it('UC-1, AC-1: a sale finished offline says that it waits, and on reconnect is applied exactly once', async () => {
  const { branch, tablet, till, cashier } = await cafe.cashierAtWork()
  await till.openSession('50', '200000')
  await tablet.goOffline()

  await till.add('latte')
  await till.choose('size-large')
  await till.add('croissant')
  await till.pay({ usd: '10' })
  expect(await till.text('receipt-number')).toBe('Provisional')
  expect([await till.connectivity(), await till.pending(), await till.failed()]).toEqual(['Offline', 1, 0])
  expect(await branch.books.sales()).toEqual([])

  // The receipt is still on screen when its number comes.
  await tablet.goOnline()
  await eventually(() => till.text('receipt-number')).toBe('1')
  const [sale, ...others] = await branch.books.sales()
  expect(others).toEqual([])
  expect(sale).toMatchObject({ receiptNumber: 1, status: 'FINALIZED', actorId: accountOf(cashier) })

  await till.id('next-sale').click()
  await till.openQueue()
  await till.id('sync-now').click()
  await till.page.reload()
  await eventually(till.connectivity).toBe('Online')
  expect(await branch.books.sales()).toEqual([sale])
  const events = await branch.books.events()
  expect(events.filter(({ name }) => name === 'SALE_FINALIZED')).toMatchObject([{ lane: 'REPLAY' }])
})

it('UC-2, AC-2: a session opened, used and closed offline is replayed in that order', async () => {
  const { branch, tablet, till, cashier } = await cafe.cashierAtWork()
  await tablet.goOffline()
  await till.openSession('20', '0')
  await till.sell(['espresso'], { usd: '2' })
  await till.go('/cash')
  await till.id('paid-out').click()
  await till.id('movement-amount').fill('5')
  await till.id('movement-reason').fill('Milk from the market')
  await till.id('confirm').click()
  await till.id('movement-amount').waitFor({ state: 'detached' })
  // 20.00 + 2.00 received - 5.00 paid out; 1,400 riel of change were given for 1.65.
  const expected = () => Promise.all([till.text('expected-usd'), till.text('expected-khr')])
  await eventually(expected).toEqual(['$17.00', '-1,400\u00a0៛'])
  await till.closeSession('17', '0')
  expect([await till.connectivity(), await till.pending()]).toEqual(['Offline', 4])
  expect(await branch.books.sessions()).toEqual([])

  await tablet.goOnline()
  expect(await till.failed()).toBe(0)
  expect(await branch.books.sessions()).toMatchObject([
    {
      status: 'CLOSED',
      openedBy: accountOf(cashier),
      openingFloat: { usd: 2000, khr: 0 },
      expected: { usd: 1700, khr: -1400 },
      counted: { usd: 1700, khr: 0 },
      difference: { usd: 0, khr: 1400 },
    },
  ])
  const recorded = (await branch.books.events()).map(({ name }) => name)
  const inOrder = ['CASH_SESSION_OPENED', 'SALE_FINALIZED', 'CASH_MOVEMENT_RECORDED', 'CASH_SESSION_CLOSED']
  expect(recorded.filter((name) => inOrder.includes(name))).toEqual(inOrder)
})

it('UC-3, AC-3: work started and ended offline is recorded once, though the answer to the first push is lost', async () => {
  const { branch, tablet, till, cashier } = await cafe.cashierAtWork()
  await tablet.goOffline()
  await till.id('start-work').click()
  await till.id('end-work').click()
  await till.id('start-work').waitFor()
  expect(await till.pending()).toBe(2)

  let lost = 0
  await tablet.context.route('**/graphql', async (route) => {
    if (lost > 0 || !textIn(route.request().postDataBuffer()).includes('syncPushBatch'))
      return route.continue()
    lost += 1
    await route.fetch()
    await route.abort('connectionreset')
  })
  await tablet.goOnline()
  expect([lost, await till.failed()]).toEqual([1, 0])
  expect(await branch.books.work()).toMatchObject([{ actorId: accountOf(cashier), status: 'COMPLETED' }])
  const marks = (await branch.books.events()).filter(({ name }) => name.startsWith('WORK_'))
  expect(marks.map(({ name }) => name)).toEqual(['WORK_STARTED', 'WORK_ENDED'])
})

it('UC-4: on reconnect the queue is replayed in its order, and receipts are numbered in it', async () => {
  const { branch, tablet, till } = await cafe.cashierAtWork()
  await till.openSession('50', '0')
  await tablet.goOffline()
  const sold = ['espresso', 'croissant', 'latte', 'brownie']
  for (const item of sold) await till.sell([item], { usd: '20' })
  await till.go('/sales')
  const rows = till.id('sale-row')
  await eventually(() => rows.filter({ hasText: 'Waits' }).count()).toBe(4)
  expect([await rows.count(), await till.pending()]).toEqual([4, 4])

  await tablet.goOnline()
  const sales = await branch.books.sales()
  expect(sales.map(({ receiptNumber, lines }) => [receiptNumber, lines[0]!.menuItemId])).toEqual(
    sold.map((item, i) => [i + 1, item]),
  )
  // The newest is on top.
  await eventually(async () =>
    (await rows.allTextContents()).map((text) => /#(\d+)/.exec(text)?.[1]),
  ).toEqual(['4', '3', '2', '1'])
})

it('UC-4, AC-4: a branch that was frozen meanwhile rejects what waited, says why, and takes it when it is unfrozen', async () => {
  const { branch, tablet, till } = await cafe.cashierAtWork()
  await till.openSession('50', '0')
  await tablet.goOffline()
  await till.sell(['espresso'], { usd: '2' })
  await till.sell(['latte'], { usd: '5' })
  await cafe.admin.direct('branchFreeze', null, { branchId: branch.branchId })

  await tablet.goOnline()
  await eventually(till.failed).toBe(2)
  await till.page.getByText('This branch is frozen:').waitFor()
  await till.add('croissant')
  expect(await till.id('pay').isDisabled()).toBe(true)
  await till.openQueue()
  const failed = till.failedItems('BRANCH_FROZEN')
  expect(await failed.count()).toBe(2)
  await failed
    .first()
    .getByText('This branch is frozen; nothing can be changed in it until it is unfrozen.')
    .waitFor()
  await failed.first().getByText('An administrator has to unfreeze it.').waitFor()
  expect(await branch.books.sales()).toEqual([])
  const rejected = (await branch.books.rejected()).map(({ type, code }) => [type, code])
  expect(rejected).toEqual([
    ['sale.finalize', 'BRANCH_FROZEN'],
    ['sale.finalize', 'BRANCH_FROZEN'],
  ])

  await cafe.admin.direct('branchUnfreeze', null, { branchId: branch.branchId })
  await failed.first().getByTestId('retry').click()
  await eventually(till.failed).toBe(1)
  await failed.first().getByTestId('retry').click()
  await eventually(till.failed).toBe(0)
  await eventually(till.pending).toBe(0)
  const sales = await branch.books.sales()
  expect(sales.map(({ lines }) => lines[0]!.menuItemId)).toEqual(['espresso', 'latte'])
})

it('AC-5: whatever the screen, it says whether there is a connection and how much waits', async () => {
  const { tablet, till } = await cafe.cashierAtWork()
  await tablet.goOffline()
  await till.openSession('50', '0')
  await till.add('croissant')
  const shown = async () => [await till.connectivity(), await till.pending(), await till.failed()]
  for (const path of ['', 'pay', 'cash', 'sales', 'device', 'people']) {
    await till.open(path)
    await eventually(shown).toEqual(['Offline', 1, 0])
  }
})
