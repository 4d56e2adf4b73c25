// @module-tag browser
// @module-tag race
/** Several people, tabs, tablets and businesses: nobody's work is lost, sent twice, or taken for somebody else's. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { accountOf, type Cafe, eventually, startCafe, type Tablet } from './cafe.ts'
import type { Till } from './till.ts'

let cafe: Cafe
beforeAll(async () => {
  cafe = await startCafe()
})
afterAll(() => cafe?.close())

it('EC-OS-04: of two tablets that both opened a session offline, the second sends its sales to the first one’s', async () => {
  const branch = await cafe.openBranch()
  const people = [await branch.hire('CASHIER'), await branch.hire('CASHIER')]
  const [first, second] = await Promise.all(
    people.map(async (cashier): Promise<Tablet> => {
      const tablet = await cafe.tablet()
      await tablet.till.signIn(cashier)
      await tablet.till.id('open-session').waitFor()
      await tablet.goOffline()
      return tablet
    }),
  )
  const { till } = second!
  await first!.till.openSession('50', '0')
  await first!.till.sell(['espresso'], { usd: '5' })
  await till.openSession('20', '0')
  for (const item of ['latte', 'croissant', 'brownie']) await till.sell([item], { usd: '5' })

  await first!.goOnline()
  await second!.goOnline()
  await eventually(till.failed).toBe(4)
  expect(await branch.books.sales()).toHaveLength(1)
  await till.openQueue()
  await till.failedItems('CASH_SESSION_ALREADY_OPEN').getByText('3 more operations wait for this.').waitFor()

  // One sale by itself, then all the others with the session that was refused.
  await till.failedItems('DEPENDENCY_FAILED').first().getByTestId('reassign').click()
  await eventually(till.failed).toBe(3)
  await till.failedItems('CASH_SESSION_ALREADY_OPEN').getByTestId('reassign').click()
  await eventually(till.failed).toBe(0)
  await eventually(till.pending).toBe(0)
  const [session, ...noOther] = await branch.books.sessions()
  expect([session!.openedBy, noOther]).toEqual([accountOf(people[0]!), []])
  const sales = await branch.books.sales()
  expect(sales.map(({ actorId, lines }) => [actorId, lines[0]!.menuItemId])).toEqual([
    [accountOf(people[0]!), 'espresso'],
    [accountOf(people[1]!), 'latte'],
    [accountOf(people[1]!), 'croissant'],
    [accountOf(people[1]!), 'brownie'],
  ])
  expect(new Set(sales.map(({ cashSessionId }) => cashSessionId))).toEqual(new Set([session!.id]))
})

it('EC-OS-03: what waits at sign-out is not sent for another café, and goes when somebody of its own is back', async () => {
  const { branch, tablet, till, cashier } = await cafe.cashierAtWork()
  await till.openSession('50', '0')
  await tablet.goOffline()
  await till.sell(['espresso'], { usd: '5' })
  await signOut(till, cashier, 'One operation still waits to be sent.')
  await tablet.context.setOffline(false)
  await eventually(till.connectivity).toBe('Online')

  await signInTo(till, 'rival', 'admin')
  await till.page.getByText('One operation of another café waits on this tablet').waitFor()
  await till.openSession('10', '0')
  await eventually(till.pending).toBe(0)
  await till.sell(['latte'], { usd: '5' })
  await eventually(till.pending).toBe(0)
  expect(await branch.books.sales()).toEqual([])
  await signOut(till, 'Rival Admin')

  await signInTo(till, 'demo', cashier)
  await eventually(till.pending).toBe(0)
  await eventually(branch.books.sales).toMatchObject([
    { actorId: accountOf(cashier), lines: [{ menuItemId: 'espresso' }] },
  ])
  expect(await till.page.getByText('of another café').count()).toBe(0)
})

it('several people at one tablet: each takes over by PIN with no network, and each operation carries its person', async () => {
  const branch = await cafe.openBranch()
  const [cashier, barista] = [await branch.hire('CASHIER'), await branch.hire('STAFF')]
  const tablet = await cafe.tablet()
  const { till } = tablet
  await till.signIn(barista)
  await till.switchTo(cashier)
  await till.openSession('50', '0')
  await tablet.goOffline()

  await till.open('people')
  await till.page.getByRole('button', { name: new RegExp(barista) }).click()
  await till.id('sign-in-pin').fill('4321')
  await till.id('sign-in-submit').click()
  await till.page.getByText('The PIN is wrong.').waitFor()
  await till.signIn(barista)
  await till.id('start-work').click()
  await till.id('end-work').waitFor()
  await till.id('work-row').waitFor()
  await till.switchTo(cashier)
  await till.sell(['espresso'], { usd: '5' })

  await tablet.goOnline()
  expect(await till.failed()).toBe(0)
  expect(await branch.books.work()).toMatchObject([{ actorId: accountOf(barista), status: 'ACTIVE' }])
  expect(await branch.books.sales()).toMatchObject([{ actorId: accountOf(cashier) }])
  const events = await branch.books.events()
  const who = (name: string) =>
    events.filter((event) => event.name === name).map(({ actorId, lane }) => [actorId, lane])
  expect(who('WORK_STARTED')).toEqual([[accountOf(barista), 'REPLAY']])
  expect(who('SALE_FINALIZED')).toEqual([[accountOf(cashier), 'REPLAY']])
})

it('two tabs show one queue; when the one that sends is closed, the other goes on, and nothing is sent twice', async () => {
  const { branch, tablet, till } = await cafe.cashierAtWork()
  await till.openSession('50', '0')
  const other = await tablet.newTab()
  await tablet.goOffline()
  await eventually(other.connectivity).toBe('Offline')
  await other.sell(['latte'], { usd: '5' })
  await eventually(till.pending).toBe(1)
  await till.sell(['espresso'], { usd: '5' })
  await eventually(other.pending).toBe(2)

  await till.page.close()
  await other.sell(['croissant'], { usd: '5' })
  await tablet.context.setOffline(false)
  await eventually(other.connectivity).toBe('Online')
  await eventually(other.pending).toBe(0)
  const sales = await branch.books.sales()
  expect(sales.map(({ lines }) => lines[0]!.menuItemId)).toEqual(['latte', 'espresso', 'croissant'])
})

it('a cart is in one tab alone: another begins its own, and each customer gets a receipt', async () => {
  const { branch, tablet, till } = await cafe.cashierAtWork()
  await till.openSession('50', '0')
  await till.add('latte')
  const other = await tablet.newTab()
  await other.item('espresso').waitFor()
  expect(await other.id('cart-line').count()).toBe(0)
  await other.add('espresso')
  await till.pay({ usd: '5' })
  await other.pay({ usd: '5' })
  await eventually(till.pending).toBe(0)
  await eventually(other.pending).toBe(0)
  const sales = await branch.books.sales()
  expect(sales.map(({ lines }) => lines.map(({ menuItemId }) => menuItemId)).sort()).toEqual([
    ['espresso'],
    ['latte'],
  ])
  expect(await till.failed()).toBe(0)
})

/** `warning`: what the question says of work that waits. */
async function signOut({ page, id }: Till, name: string, warning?: string): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  const question = page.getByRole('dialog', { name: 'Sign out?' })
  if (warning) await question.getByText(warning).waitFor()
  await question.getByRole('button', { name: 'Sign out' }).click()
  await id('sign-in-submit').waitFor()
}

async function signInTo(till: Till, tenantId: string, staffCode: string): Promise<void> {
  await till.page.getByRole('button', { name: 'Another café' }).click()
  await till.id('sign-in-tenant').fill(tenantId)
  await till.signIn(staffCode)
}
