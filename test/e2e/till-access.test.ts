// @module-tag browser
/** The till for people who see little, who hear it read out, or who have a keyboard and no pointer. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { flawsOf, looks, wear } from './axe.ts'
import { type Cafe, eventually, startCafe } from './cafe.ts'

let cafe: Cafe
beforeAll(async () => {
  cafe = await startCafe()
})
afterAll(() => cafe?.close())

it('axe finds nothing serious on the screens of the till, in both languages and both schemes of colours', async () => {
  const { branch, tablet, till } = await cafe.cashierAtWork()
  const { page, id } = till
  const flaws: Record<string, string[]> = {}
  const look = async (screen: string) => {
    const found = await flawsOf(page)
    if (found.length > 0) flaws[screen] = found
  }
  // One sale that was refused, one that waits, and a cart.
  await till.openSession('50', '0')
  await tablet.goOffline()
  await till.sell(['latte'], { usd: '5' })
  await cafe.admin.direct('branchFreeze', null, { branchId: branch.branchId })
  await tablet.goOnline()
  await eventually(till.failed).toBe(1)
  // The verdict comes before the branch is read again.
  const frozen = page.getByText('This branch is frozen:')
  await frozen.waitFor()
  await cafe.admin.direct('branchUnfreeze', null, { branchId: branch.branchId })
  await frozen.waitFor({ state: 'detached' })
  await tablet.goOffline()
  await till.sell(['espresso'], { usd: '5' })
  await till.add('cappuccino')

  for (const worn of looks) {
    const { language, colors } = worn
    await wear(page, worn)
    const at = async (path: string, shown: string) => {
      await till.open(path)
      await id(shown).first().waitFor()
    }
    const name = (screen: string) => `${screen}, ${language}, ${colors}`
    await at('people', 'sign-in-submit')
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(language)
    await look(name('sign-in'))
    await at('', 'menu-item')
    await till.add('latte')
    await look(name('sell, with choices'))
    await till.openQueue()
    await id('failed-item').waitFor()
    await page.getByRole('dialog').getByRole('listitem').nth(1).waitFor()
    await look(name('queue'))
    await at('pay', 'finalize')
    await look(name('pay'))
    await at('cash', 'paid-out')
    await look(name('cash'))
    await id('close-session').click()
    await id('counted-usd').waitFor()
    await look(name('close the session'))
    await at('sales', 'sale-row')
    await id('sale-row').click()
    await id('receipt-number').waitFor()
    await look(name('sales, with a receipt'))
    await at('stock', 'stock-item')
    await look(name('stock'))
    await id('stock-item').first().getByRole('button').click()
    await id('waste-quantity').fill('5')
    await id('waste-reason').fill('spilt')
    await look(name('waste'))
    await id('confirm').click()
    await id('waste-quantity').waitFor({ state: 'detached' })
    await at('device', 'export-queue')
    await look(name('device'))
  }
  expect(flaws).toEqual({})
})

it('a whole sale by the keyboard, from signing in to the next customer', async () => {
  const branch = await cafe.openBranch()
  const cashier = await branch.hire('CASHIER')
  const { till, page } = await cafe.tablet()
  const { keyboard } = page

  await tabTo(page, 'sign-in-staff')
  await keyboard.type(cashier)
  await tabTo(page, 'sign-in-pin')
  await keyboard.type('1234')
  await keyboard.press('Enter')
  await till.id('open-session').waitFor()
  await tabTo(page, 'open-session')
  await keyboard.press('Enter')
  // The dialog has taken the focus to its first field.
  await focused(page, 'opening-usd')
  await keyboard.type('50')
  await keyboard.press('Enter')
  await till.id('opening-usd').waitFor({ state: 'detached' })

  await till.item('latte').waitFor()
  await keyboard.press('/')
  await keyboard.type('latte')
  await keyboard.press('Enter')
  // Who searches goes on searching; the choices are not far, and lead back.
  await tabTo(page, 'modifier-option', 'size-large')
  await keyboard.press('Space')
  await keyboard.press('Escape')
  expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Search the menu')
  expect(await till.text('cart-total-usd')).toBe('$3.30')
  await tabTo(page, 'pay')
  await keyboard.press('Enter')
  await tabTo(page, 'received-usd')
  await keyboard.type('5')
  await keyboard.press('Enter')
  await focused(page, 'next-sale')
  await keyboard.press('Enter')
  await till.item('latte').waitFor()
  await eventually(branch.books.sales).toMatchObject([{ lines: [{ menuItemId: 'latte' }] }])
})

const focusedIn = (page: Page) =>
  page.evaluate(() => {
    const { testid, id } = (document.activeElement as HTMLElement | null)?.dataset ?? {}
    return { testId: testid, id }
  })

const focused = (page: Page, testId: string) => eventually(() => focusedIn(page)).toMatchObject({ testId })

/** Presses Tab until it is there (`dataId`: the one of several); no screen has more to go through than this. */
async function tabTo(page: Page, testId: string, dataId?: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    const at = await focusedIn(page)
    if (at.testId === testId && (dataId === undefined || at.id === dataId)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${testId} is not reached by the keyboard`)
}
