// @module-tag browser
/** What cannot be done is visibly barred, with the reason: on the tablet where it can tell, by the server otherwise. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Cafe, eventually, startCafe } from './cafe.ts'
import { tillOn } from './till.ts'

let cafe: Cafe
beforeAll(async () => {
  cafe = await startCafe()
})
afterAll(() => cafe?.close())

it('a void needs a connection, and says so', async () => {
  const { tablet, till } = await cafe.cashierAtWork()
  await till.openSession('50', '0')
  await till.sell(['latte'], { usd: '5' })
  await eventually(till.pending).toBe(0)
  await till.go('/sales')
  await till.id('sale-row').click()
  await till.page.getByText('Voiding takes the PIN of a manager.').waitFor()
  await tablet.goOffline()
  await till.page.getByText('Voiding needs a connection.').waitFor()
  expect(await till.id('void').isDisabled()).toBe(true)
})

it('EC-OS-06: nothing is sold without an open session', async () => {
  const { tablet, till } = await cafe.cashierAtWork()
  await tablet.goOffline()
  await till.page.getByText('No cash session is open').waitFor()
  await till.open('pay')
  await till.page.getByText('No cash session is open').waitFor()
})

it('FR-5: a tablet that has not got the menu yet sells nothing offline, and says what to do', async () => {
  const branch = await cafe.openBranch()
  const cashier = await branch.hire('CASHIER')
  const tablet = await cafe.tablet()
  const { till } = tablet
  await tablet.context.route('**/graphql', (route) =>
    route.request().postData()?.includes('syncPull') ? route.abort('connectionfailed') : route.continue(),
  )
  await till.signIn(cashier)
  await tablet.context.setOffline(true)
  await till.page.getByText('The menu is not on this tablet yet').waitFor()
  expect(await till.id('menu-item').count()).toBe(0)

  await tablet.context.unrouteAll()
  await tablet.goOnline()
  await till.id('open-session').waitFor()
})

it('with no network, only people whom the tablet knows come in', async () => {
  const { branch, tablet, till } = await cafe.cashierAtWork()
  const stranger = await branch.hire('CASHIER')
  await tablet.goOffline()
  await till.open('people')
  await till.id('sign-in-staff').fill(stranger)
  await till.id('sign-in-pin').fill('1234')
  await till.id('sign-in-submit').click()
  await till.page.getByText('only people who have signed in on this tablet before can start').waitFor()
})

it('a tablet whose storage was cleared says so, and is set up again', async () => {
  const { branch, tablet, till, cashier } = await cafe.cashierAtWork()
  await till.openSession('50', '0')
  await tablet.goOffline()
  await till.sell(['latte'], { usd: '5' })
  const blank = await tablet.context.newPage()
  const devtools = await tablet.context.newCDPSession(blank)
  await till.page.close()
  await devtools.send('Storage.clearDataForOrigin', { origin: cafe.base, storageTypes: 'indexeddb' })
  await tablet.context.setOffline(false)

  const again = await tablet.newTab()
  const notice = again.page.getByRole('dialog', { name: 'The data of this tablet was cleared' })
  await notice.getByText('anything that was not sent yet').waitFor()
  await notice.getByRole('button', { name: 'I understand' }).click()
  await again.signIn(cashier)
  // The session is the server's; the sale is lost, as was said.
  await again.item('latte').waitFor()
  expect(await branch.books.sales()).toEqual([])
  await again.page.reload()
  await again.item('latte').waitFor()
  expect(await notice.count()).toBe(0)
})

it('a till whose data a newer one has made says so, and begins once it can', async () => {
  const { other, till } = await twoTabs()
  await other.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open('pos', 1_000)
        request.onsuccess = () => {
          request.result.close()
          resolve()
        }
      }),
  )
  await till.open()
  await till.page.getByText('This is an old version of the till').waitFor()

  await other.evaluate(
    () =>
      new Promise((resolve) => {
        indexedDB.deleteDatabase('pos').onsuccess = resolve
      }),
  )
  await till.page.getByRole('button', { name: 'Reload' }).click()
  await till.id('sign-in-staff').waitFor()
})

it('a till that another tab with an older one keeps waiting says so, and begins once that is closed', async () => {
  const { other, till } = await twoTabs()
  await other.evaluate(
    () =>
      new Promise((resolve) => {
        indexedDB.open('pos', 1).onsuccess = resolve
      }),
  )
  await till.open()
  await till.page.getByText('The till is open in another tab').waitFor()

  await other.close()
  await till.page.getByRole('button', { name: 'Reload' }).click()
  await till.id('sign-in-staff').waitFor()
})

/** A tab of the café's address without the till, and one where the till is not opened yet. */
async function twoTabs() {
  const context = await cafe.newContext()
  const other = await context.newPage()
  await other.goto(cafe.base)
  return { other, till: tillOn(await context.newPage(), cafe.base) }
}
