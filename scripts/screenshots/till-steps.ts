/**
 * A day at the till, for its pictures: what people do, what they do by mistake, and what the till says to it.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { v7 as newId } from 'uuid'
import type { SyncClient } from '../../client/sdk/index.ts'
import type { Stage } from './steps.ts'

const hour = 3_600_000

export async function atTheTill(stage: Stage): Promise<void> {
  const cashier = await stage.hire('CASHIER', 'Sophea')
  await opened(stage, cashier)
  await selling(stage)
  await paying(stage)
  await offline(stage)
  await afterwards(stage)
  await atTheDrawer(stage)
  await othersCome(stage)
  await withAWrongClock(stage)
}

async function opened({ till, page, look }: Stage, cashier: string): Promise<void> {
  await till.open()
  await till.id('sign-in-submit').waitFor()
  await look('sign-in')
  await till.signIn(cashier)
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await till.id('open-session').click()
  await till.id('confirm').waitFor()
  await look('open-nothing-typed')
  await till.id('opening-usd').fill('50')
  await till.id('opening-khr').fill('200000')
  await till.id('confirm').click()
  await till.id('opening-usd').waitFor({ state: 'detached' })
  await till.item('latte').waitFor()
  await look('opened-said')
}

/** Where the cart has no column of its own, it is behind its bar. */
async function showCart(page: Page): Promise<void> {
  const shows = page.locator('button:has([data-testid="cart-total-usd"])')
  if (await shows.isVisible()) await shows.click()
}
const hideCart = async (page: Page) => {
  const back = page.locator('aside button:has(.tabler-icon-arrow-left)')
  if (await back.isVisible()) await back.click()
}

async function selling({ till, page, look }: Stage): Promise<void> {
  await till.add('latte')
  await look('choices')
  await showCart(page)
  await till.id('quantity').click()
  await till.id('quantity-input').fill('3')
  await look('quantity')
  await till.id('confirm').click()
  await hideCart(page)
  // Where the window is low they lie over the menu.
  await till.id('options-done').click()
  await till.add('latte')
  if (await till.id('split-line').isVisible()) await till.id('split-line').click()
  await till.choose('size-large')
  await look('split')
  await till.id('options-done').click()
  await till.add('croissant', 'banana-cake')
  await page.locator('input[type=search]').fill('te')
  await pause(300)
  await look('search')
  await page.locator('input[type=search]').fill('zzz')
  await pause(300)
  await look('nothing-found')
  await page.locator('input[type=search]').fill('')
  await look('cart-full')
  await showCart(page)
  await look('cart')
  await page.locator('aside button:has(.tabler-icon-trash)').first().click()
  await page.getByRole('menuitem').click()
  await till.id('undo-empty').waitFor()
  await look('emptied')
  await till.id('undo-empty').click()
  await till.id('park').click()
  await till.id('park-name').fill('តុ ៤ Table 4')
  await look('park')
  await till.id('park-confirm').click()
  await look('parked-said')
  await hideCart(page)
  await till.add('croissant')
  await showCart(page)
  await till.id('parked-carts').click()
  await look('parked-list')
  await till.id('parked-cart').click()
}

async function paying({ till, page, look, admin, branchId }: Stage): Promise<void> {
  await till.id('pay').click()
  await till.id('received-usd').waitFor()
  await look('pay')
  await till.id('received-usd').fill('5')
  await look('pay-missing')
  await till.id('received-khr').fill('50000')
  await look('pay-both')
  await till.id('received-khr').fill('')
  await till.id('received-usd').fill('20000')
  await page.keyboard.press('Enter')
  await till.id('look-again').waitFor()
  await look('too-much')
  await till.id('correct').click()
  await till.id('received-usd').fill('99999999')
  await look('ceiling')
  await till.id('received-usd').fill('20')
  await admin.online('policy.update', { vatRatePercent: 0 }, { branchId })
  await till.id('policy-changed').waitFor()
  await look('policy-changed')
  await admin.online('policy.update', { vatRatePercent: 10 }, { branchId })
  await till.id('policy-changed').waitFor({ state: 'detached' })
  await till.id('finalize').click()
  await till.id('receipt-number').filter({ hasText: /^\d+$/ }).waitFor()
  await look('receipt')
  await till.id('next-sale').click()
}

async function offline({ till, page, context, look }: Stage): Promise<void> {
  await context.setOffline(true)
  await till.id('offline-bar').waitFor()
  await look('went-offline')
  await till.item('espresso').click()
  await till.id('pay').click()
  await till.id('received-usd').fill('.5')
  await till.id('received-khr').fill('10000')
  await till.id('finalize').click()
  await till.id('receipt-reference').waitFor()
  await look('receipt-provisional')
  await till.id('next-sale').click()
  await till.id('connectivity').click()
  await page.getByRole('dialog').waitFor()
  await look('queue')
  await page.keyboard.press('Escape')
  await context.setOffline(false)
  await till.id('offline-bar').waitFor({ state: 'detached' })
  await till.id('pending-count').filter({ hasText: '0' }).waitFor()
}

async function afterwards({ till, page, look, hire }: Stage): Promise<void> {
  await till.go('/sales')
  await till.id('sale-row').first().waitFor()
  await look('sales')
  await till.id('sale-row').last().click()
  await till.id('void').waitFor()
  await look('sale')
  await till.id('void').click()
  await till.id('void-reason').fill('កុម្ម៉ង់ខុស Wrong drink')
  await look('void')
  const manager = await hire('MANAGER', 'Dara')
  await till.id('confirm').click()
  await till.id('approval-staff').fill(manager)
  await till.id('approval-pin').fill('9999')
  await till.id('approve').click()
  await till.id('approval').getByRole('alert').waitFor()
  await look('approval-wrong')
  await till.id('approval-pin').fill('1234')
  await till.id('approve').click()
  await till.id('gave-back').waitFor()
  await look('voided-said')
  if ((await page.getByRole('dialog').count()) > 0) await page.keyboard.press('Escape')
  await till.id('day-before').click()
  await look('sales-yesterday')
}

async function atTheDrawer({ till, page, look }: Stage): Promise<void> {
  await till.go('/cash')
  await till.id('paid-out').waitFor()
  await look('cash')
  await till.id('paid-out').click()
  await till.id('movement-amount').fill('24000')
  await till.id('movement-reason').fill('ទឹកដោះគោ Milk')
  await till.id('more-than-there').waitFor()
  await look('more-than-there')
  await till.id('movement-amount').fill('2')
  await till.id('confirm').click()
  await till.id('movement-amount').waitFor({ state: 'detached' })
  await look('paid-out-said')
  await till.id('x-report').click()
  await till.id('closing-slip').waitFor()
  await look('x-report')
  await till.go('/cash')
  await page.locator('nav a[href="/pos/stock"]').click()
  await till.id('stock-item').first().waitFor()
  await look('stock')
  await till.open('device')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await look('device')
  await till.open('cash')
}

async function othersCome({ till, page, look, hire, admin, branchId }: Stage): Promise<void> {
  await till.go('/')
  await till.add('espresso')
  await page.locator('header button').last().click()
  await page.getByRole('menuitem').last().waitFor()
  await look('person-menu')
  await page.getByRole('menuitem').last().click()
  await till.id('cart-stays').waitFor()
  await look('sign-out')
  await page.keyboard.press('Escape')
  await till.id('cart-stays').waitFor({ state: 'detached' })
  const second = await hire('CASHIER', 'Bopha')
  await till.switchTo(second)
  await till.id('left-cart').waitFor()
  await look('taken-over')
  await till.id('take-over').click()
  await till.id('pay').click()
  await till.id('received-usd').waitFor()
  const [session] = await sessionsOf(admin, branchId)
  await admin.online('cashSession.forceClose', { cashSessionId: session!, reason: 'Night' }, { branchId })
  await till.id('closed-elsewhere').waitFor()
  await look('closed-elsewhere')
  await till.id('open-session').click()
  await till.id('confirm').waitFor()
  await look('open-again')
  await till.id('opening-usd').fill('1234.50')
  await till.id('opening-khr').fill('5000000')
  await till.id('confirm').click()
  await till.id('opening-usd').waitFor({ state: 'detached' })
  await till.go('/cash')
  await till.id('close-session').click()
  await till.id('closing-outside').waitFor()
  await till.id('counted-usd').fill('1230')
  await look('closing-one-empty')
  await till.id('counted-khr').fill('5000100')
  await look('closing-difference')
  await till.id('difference-usd').scrollIntoViewIfNeeded()
  await look('closing-difference-below')
  await till.id('confirm').click()
  await till.id('closing-slip').waitFor()
  await till.go('/')
  await look('closed')
  await till.switchTo(await hire('STAFF', 'Rithy'))
  await till.id('start-work').click()
  await till.id('work-row').first().waitFor()
  await look('barista')
}

const sessionsOf = async (admin: SyncClient, branchId: string): Promise<string[]> => {
  const document = {
    toString: () =>
      'query ($tenantId: ID!, $branchId: ID!) { cashSessions(tenantId: $tenantId, branchId: $branchId, first: 1) { edges { node { id } } } }',
  }
  type Answer = { cashSessions: { edges: { node: { id: string } }[] } }
  const { cashSessions } = await admin.read<Answer, object>(document, { tenantId: 'demo', branchId })
  return cashSessions.edges.map(({ node }) => node.id)
}

/** A clock that is 26 hours fast. */
async function withAWrongClock({ till, page, look, admin, branchId, hire }: Stage): Promise<void> {
  const cashier = await hire('CASHIER', 'Chenda')
  await till.switchTo(cashier)
  await till.id('open-session').waitFor()
  const session = { cashSessionId: newId(), openingFloat: { usd: 5_000, khr: 0 } }
  const before = await admin.online('cashSession.open', session, { branchId })
  if (before.status !== 'APPLIED') throw new Error(`${before.code}`)
  await till.item('latte').waitFor()
  await page.clock.setSystemTime(new Date(Date.now() + 26 * hour))
  await page.reload()
  await till.id('wrong-clock').waitFor()
  await till.add('espresso')
  await look('wrong-clock')
  // The console is in the same browser, and right.
  await page.clock.setSystemTime(new Date())
}
