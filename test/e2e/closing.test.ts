// @module-tag browser
/**
 * A whole day and its closing: what is not here, the slip, refused sales, and the desk that explains the difference
 * (docs/proof.md). `PROOF_SHOTS`: a folder for pictures of each step, as a tablet and as a phone; the day is longer then.
 * `PROOF_ONLY`: of those whose names fit.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Cafe, changeMenu, eventually, startCafe } from './cafe.ts'
import { consoleOn } from './console.ts'

let cafe: Cafe
beforeAll(async () => {
  cafe = await startCafe()
})
afterAll(() => cafe?.close())

const shots = process.env.PROOF_SHOTS
const only = new RegExp(process.env.PROOF_ONLY ?? '')
/** Sales of each part of the day. */
const each = shots ? 5 : 1
const sizes = { tablet: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } }

let pictures = 0
/** `again`: what opens a dialog that is gone when the window gets another layout. */
async function picture(page: Page, name: string, again?: { shown: string; by: string }): Promise<void> {
  if (!shots || !only.test(name)) return
  const isThere = () => page.getByTestId(again!.shown).isVisible()
  pictures += 1
  const number = String(pictures).padStart(2, '0')
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport)
    await page.waitForTimeout(350)
    if (again && !(await isThere())) await page.getByTestId(again.by).click()
    if (again) await page.getByTestId(again.shown).waitFor()
    await page.screenshot({ path: `${shots}/${number}-${name}-${size}.png` })
  }
  await page.setViewportSize(sizes.tablet)
  await page.waitForTimeout(350)
  if (again && !(await isThere())) await page.getByTestId(again.by).click()
}
/** As paper of these widths, where pictures are wanted. */
async function onPaper(page: Page, name: string): Promise<void> {
  if (!shots) return
  for (const width of ['58mm', '80mm'])
    await page.pdf({ path: `${shots}/${name}-${width}.pdf`, width, height: '240mm', printBackground: true })
}

it('a day whose drawer is too full by what other tills sold offline: the slip, and the supplement that explains it', async () => {
  const { branch, till, tablet } = await cafe.cashierAtWork()
  const item = await cafe.putOnMenu(250)
  const managers = await branch.hire('MANAGER')
  const desk = consoleOn(await cafe.newPage(), cafe.base)
  await desk.signIn(managers)

  // The morning: opened, sold, a price that changes, milk paid out of the drawer.
  await till.openSession('50', '0')
  await picture(till.page, 'opened')
  for (let i = 0; i < each; i += 1) await till.sell([item], { usd: '2.75' })
  await changeMenu(cafe.admin, { menuItemId: item, priceUsd: 300 })
  await till.item(item).getByText('$3.00').waitFor()
  await picture(till.page, 'price-changed')
  await till.sell([item], { usd: '5' })
  await till.go('/cash')
  await till.id('paid-out').click()
  await till.id('movement-amount').fill('24000')
  await till.id('movement-reason').fill('Milk from the market')
  await till.id('more-than-there').waitFor()
  await picture(till.page, 'riel-asked')
  await till.id('movement-amount').fill('2')
  await till.id('confirm').click()
  await till.id('movement-amount').waitFor({ state: 'detached' })
  await picture(till.page, 'paid-out')
  await till.go('/')

  // An hour offline on two more tills; one has a name.
  const others = [await cafe.tablet(), await cafe.tablet()]
  for (const other of others) {
    await other.till.signIn(await branch.hire('CASHIER'))
    await other.till.id('close-session').waitFor()
    await other.goOffline()
    for (let i = 0; i < each; i += 1) await other.till.sell([item], { usd: '3.30' })
  }
  await picture(others[0]!.page, 'offline')
  await desk.show('devices')
  await desk.id('device-row').first().click()
  await desk.id('rename-device').click()
  await desk.id('device-name').fill('Till 2, counter')
  await desk.confirm()
  await desk.page.getByText('The device has its name.').waitFor()
  await picture(desk.page, 'console-device-named')
  await desk.page.keyboard.press('Escape')

  // A void by the manager, on the cashier's till: what to give back is said before and after.
  await eventually(till.pending).toBe(0)
  await till.switchTo(managers)
  await till.go('/sales')
  await till.page.locator('[data-testid="sale-row"]').first().click()
  await till.id('void').click()
  await till.id('refund').getByText('Give back $4.00').waitFor()
  await picture(till.page, 'void-before', { shown: 'void-reason', by: 'void' })
  await till.id('void-reason').fill('Spilt')
  await till.id('confirm').click()
  await till.page.getByText('Given back: $4.00').waitFor()
  await picture(till.page, 'void-after')

  // Closing with something outside.
  await till.go('/cash')
  await till.id('close-session').click()
  await till.id('closing-outside').waitFor()
  await picture(till.page, 'gate', { shown: 'closing-outside', by: 'close-session' })
  await till.id('counted-usd').fill((48 + 2.75 * each + 6.6 * each).toFixed(2))
  await till.id('counted-khr').fill('0')
  await till.id('confirm').click()
  await till.id('closing-slip').waitFor()
  await till.page.getByText('Till and server agree.').waitFor()
  await picture(till.page, 'slip')
  await onPaper(till.page, 'slip')

  // They come back: their sales are refused, said by a banner, with what was in them.
  for (const other of others) {
    await other.goOnline()
    await eventually(other.till.failed).toBe(each)
    await other.till.id('refused-banner').waitFor()
  }
  const [first] = others
  await picture(first!.page, 'refused-banner')
  await first!.till.id('refused-banner').getByRole('button').click()
  await first!.till.id('failed-content').first().waitFor()
  await picture(first!.page, 'refused')
  await desk.show('overview')
  await desk.id('overview-refused').waitFor()
  await picture(desk.page, 'console-overview')
  // Why the drawer is too full is said beside the difference, before anything is booked: on the first screen, and in the list.
  const why = desk
    .id('closing-why')
    .getByText(`${2 * each} sales or payments came after the closing and are not booked`)
  await why.waitFor()
  await desk.show('closings')
  await why.waitFor()
  await picture(desk.page, 'console-closings-waiting')
  if (shots) {
    await desk.id('closing-row').first().click()
    await desk.id('closing-difference').waitFor()
    await picture(desk.page, 'console-closing-waiting')
    await desk.page.keyboard.press('Escape')
  }

  // The desk: one till's sales from Rejected, the other's from the closing.
  await desk.show('rejected')
  await desk.id('refused-item').first().waitFor()
  await picture(desk.page, 'console-rejected')
  await eventually(() => desk.id('refused-item').count()).toBe(2 * each)
  for (let i = 0; i < each; i += 1) await desk.page.getByRole('checkbox').nth(i).uncheck()
  await desk.id('supplement').click()
  await eventually(() => desk.id('refused-item').count()).toBe(each)
  await desk.show('closings')
  await desk.id('closing-row').first().click()
  await desk.id('supplement').waitFor()
  await picture(desk.page, 'console-closing')
  await desk.id('supplement').click()
  await desk.page.getByText('Supplement 2', { exact: true }).waitFor()
  await picture(desk.page, 'console-explained')
  for (const other of others) await eventually(other.till.failed).toBe(0)
  await first!.till.id('settled-item').first().getByText('booked into its closed session').waitFor()
  await picture(first!.page, 'dealt-with')
  const [statement] = await cafe.gateway.app.db.everyTenant.rows<{ left: number }>(
    `select (s.content -> 'difference' ->> 'usd')::int - sum((p.content ->> 'usd')::int)::int as left
     from closing_statement s join closing_supplement p using (tenant_id, branch_id, cash_session_id)
     where s.branch_id = $1 group by s.content -> 'difference' ->> 'usd'`,
    [branch.branchId],
  )
  expect(statement!.left).toBe(0)
  if (!shots) return
  await desk.page.keyboard.press('Escape')
  await picture(desk.page, 'console-closings')
  for (const dark of [false, true])
    await inKhmer(desk.page, ['', 'rejected?view=settled', 'closings', 'devices', 'nudges'], dark)
  await tablet.page.emulateMedia({ colorScheme: 'dark' })
  await picture(till.page, 'slip-dark')
  await tablet.page.evaluate(() => localStorage.setItem('modula.language', 'km'))
  await till.open('cash')
  await till.id('closing-slip').waitFor()
  await picture(till.page, 'khmer-slip')
  await onPaper(till.page, 'khmer-slip')
  await till.openSession('48', '0')
  await till.open('cash')
  await picture(till.page, 'khmer-cash')
  await till.id('close-session').click()
  await till.id('closing-outside').waitFor()
  await picture(till.page, 'khmer-gate', { shown: 'closing-outside', by: 'close-session' })
})

async function inKhmer(page: Page, screens: readonly string[], isDark: boolean): Promise<void> {
  await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' })
  await page.evaluate(() => {
    localStorage.setItem('modula.language', 'km')
  })
  for (const screen of screens) {
    const name = `khmer${isDark ? '-dark' : ''}-${screen.split('?')[0] || 'overview'}`
    if (!only.test(name)) continue
    await page.goto(`${cafe.base}/admin/${screen}`)
    await page.waitForTimeout(800)
    await picture(page, name)
  }
}
