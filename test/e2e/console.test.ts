// @module-tag browser
/** The console and the tills: what happens at one is seen at the other. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { idsOfYear } from '../../src/modules/audit/years.ts'
import { flawsOf, looks, wear } from './axe.ts'
import { accountOf, type Cafe, eventually, startCafe } from './cafe.ts'
import { type Console, consoleOn } from './console.ts'

let cafe: Cafe
beforeAll(async () => {
  cafe = await startCafe()
})
afterAll(() => cafe?.close())

const laptop = { width: 1280, height: 800 }

it('a sale shows as a nudge within a second', async () => {
  const { branch, till } = await cafe.cashierAtWork()
  await till.openSession('50', '0')
  await till.add('latte')
  await till.id('pay').click()
  await till.id('received-usd').fill('5')
  const desk = await consoleOf('admin')
  const ofSale = desk.nudges(branch.branchId).and(desk.page.locator('[data-modules~="SALE"]'))
  const takings = desk.branch(branch.branchId).getByTestId('takings')
  await eventually(() => takings.textContent()).toBe('$0.00')
  await desk.show('nudges')

  const begun = performance.now()
  await till.id('finalize').click()
  await ofSale.waitFor()
  const took = performance.now() - begun
  console.log(`from the tap at the till to the console: ${Math.round(took)} ms`)
  // A second, on a machine that has nothing else to do.
  expect(took).toBeLessThan(15_000)
  await desk.show('overview')
  await eventually(() => takings.textContent()).toBe('$2.75')

  // The same in the report, found by its number, and as a file.
  await desk.id('nav-sales').click()
  await desk.page.getByTestId('branch-picker').click()
  await desk.page.getByRole('option', { name: branch.branchId }).click()
  const rows = desk.id('sale-row')
  await eventually(() => rows.count()).toBe(1)
  await desk.id('receipt-search').fill('2')
  await eventually(() => rows.count()).toBe(0)
  await desk.page.getByText('No receipt 2').waitFor()
  await desk.id('receipt-search').fill('1')
  await eventually(() => rows.count()).toBe(1)
  // What it came to is seen on a phone too.
  await desk.page.setViewportSize({ width: 390, height: 844 })
  const { x, width } = (await rows.getByText('$2.75').boundingBox())!
  expect(x + width).toBeLessThan(390)
  await desk.page.setViewportSize(laptop)
  await desk.page.getByText('Report', { exact: true }).click()
  const report = desk.id('report')
  await eventually(() => report.getAttribute('data-total')).toBe('275')
  expect(await report.getByRole('table', { name: 'By item' }).innerText()).toContain('Latte')
  const download = desk.page.waitForEvent('download')
  await desk.id('report-csv').click()
  expect((await download).suggestedFilename()).toMatch(/^sales-.*\.csv$/)

  // Today is the server's also where the clock of this computer is a day ahead.
  await desk.page.clock.setSystemTime(Date.now() + 26 * 3_600_000)
  await desk.page.reload()
  await desk.page.getByTestId('today').getByText('$2.75').first().waitFor()
  await desk.show('overview')
  await eventually(() => takings.textContent()).toBe('$2.75')

  // What a row says of somebody is whole where the window is narrow.
  await desk.page.setViewportSize({ width: 844, height: 390 })
  await desk.page.goto(`${cafe.base}/admin/staff`)
  await eventually(() => desk.id('staff-row').count()).toBeGreaterThan(1)
  const tags = desk.id('staff-row').locator('.mantine-Badge-label')
  expect(await tags.evaluateAll((all) => all.filter((tag) => tag.scrollWidth > tag.clientWidth))).toEqual([])
})

it('a branch that is frozen at the console can sell nothing more, and goes on when it is unfrozen', async () => {
  const { branch, till } = await cafe.cashierAtWork()
  await till.openSession('50', '0')
  await till.add('latte')
  const desk = await consoleOf('admin')
  const card = desk.branch(branch.branchId)
  const status = () => card.getByTestId('branch-status').getAttribute('data-status')
  await eventually(status).toBe('ACTIVE')

  await card.getByTestId('freeze').click()
  await desk.confirm()
  await eventually(status).toBe('FROZEN')
  await till.page.getByText('This branch is frozen:').waitFor()
  expect(await till.id('pay').isDisabled()).toBe(true)

  await card.getByTestId('unfreeze').click()
  await desk.confirm()
  await eventually(status).toBe('ACTIVE')
  await eventually(() => till.id('pay').isDisabled()).toBe(false)
  await till.pay({ usd: '5' })
  await eventually(branch.books.sales).toHaveLength(1)
})

it('where each device is let in, a new tablet asks for a code, and is in by the one that the console has made', async () => {
  const branch = await cafe.openBranch()
  const cashier = await branch.hire('CASHIER')
  const { till } = await cafe.tablet()
  const desk = await consoleOf('admin')
  const enrolment = (deviceEnrolment: string) =>
    cafe.admin.direct('tenantSave', { deviceEnrolment }, { branchId: null })
  await enrolment('APPROVED')
  try {
    await till.id('sign-in-staff').fill(cashier)
    await till.id('sign-in-pin').fill('1234')
    await till.id('sign-in-submit').click()
    await till.id('enrolment-code').waitFor()
    await till.page.getByText('has not been let into the business yet').waitFor()

    await desk.show('devices')
    await desk.id('device-request').waitFor()
    await desk.id('invite-device').click()
    await desk.id('device-name').fill('Till 5')
    await desk.confirm()
    const code = await desk.id('enrolment-code').textContent()
    await till.id('enrolment-code').fill(code!.toLowerCase())
    await till.id('sign-in-pin').fill('1234')
    await till.id('sign-in-submit').click()
    await till.id('open-session').waitFor()
    await desk.confirm()
    await desk.id('device-row').getByText('Till 5').waitFor()
  } finally {
    await enrolment('OPEN')
  }
})

it('a price that is corrected at the console reaches the till by itself, also the cart that is open there', async () => {
  const item = await cafe.putOnMenu(300)
  const { till } = await cafe.cashierAtWork()
  await till.openSession('50', '0')
  await till.add(item)
  expect(await till.text('cart-total-usd')).toBe('$3.30')

  const desk = await consoleOf('admin')
  await desk.show('menu')
  await desk.correctPrice(item, '4.50')
  await eventually(() => desk.menuItem(item).getByTestId('price').textContent()).toBe('$4.50')
  await till.page.getByText(`${item} now costs $4.50 (was $3.00).`).waitFor()
  expect(await till.text('cart-total-usd')).toBe('$4.95')
})

it('what was rejected is shown with its reason and payload, beside the device that has it', async () => {
  const { branch, tablet, till } = await cafe.cashierAtWork()
  await till.openSession('50', '0')
  await tablet.goOffline()
  await till.sell(['latte'], { usd: '5' })
  await cafe.admin.direct('branchFreeze', null, { branchId: branch.branchId })
  const desk = await consoleOf('admin')
  const { page } = desk
  await page.goto(`${cafe.base}/admin/rejected?view=all&branch=${branch.branchId}`)
  await page.getByText('Nothing was rejected').waitFor()

  await tablet.goOnline()
  await desk.rejected('BRANCH_FROZEN').click()
  const details = page.getByTestId('rejected-details')
  await details
    .getByText('This branch is frozen; nothing can be changed in it until it is unfrozen.')
    .waitFor()
  await details.getByText('Unfreeze the branch when it may go on').waitFor()
  await details.getByText('"menuItemId": "latte"').waitFor()

  await page.getByRole('button', { name: 'Close' }).click()
  await desk.show('devices')
  const [operation] = await branch.books.rejected()
  await eventually(() => desk.device(operation!.deviceId).getAttribute('data-concerns')).toContain('failed')
})

it('a manager may look, and is told why they may not change', async () => {
  const branch = await cafe.openBranch()
  const desk = await consoleOf(await branch.hire('MANAGER'))
  const freeze = desk.branch(branch.branchId).getByTestId('freeze')
  expect(await freeze.getAttribute('aria-disabled')).toBe('true')
  await freeze.hover()
  await desk.page.getByText('Only an administrator can change this. You are signed in as Manager.').waitFor()
  await desk.show('menu')
  await desk.id('only-admin').waitFor()
  expect(await desk.id('add-item').count()).toBe(0)
})

it('settings that an administrator saves show at a manager, who may only look', async () => {
  const branch = await cafe.openBranch()
  const manager = await consoleOf(await branch.hire('MANAGER'))
  await manager.show('settings')
  await manager.id('only-admin').waitFor()
  expect(await manager.id('save-settings').count()).toBe(0)

  const desk = await consoleOf('admin')
  await desk.show('settings')
  await desk.id('acting-days').fill('3651')
  await desk.page.getByText('A whole number from 0 to 3,650.').waitFor()
  expect(await desk.id('save-settings').isDisabled()).toBe(true)
  await desk.id('acting-days').fill('31')
  await desk.id('save-settings').click()
  await desk.page.getByText('The settings are saved').waitFor()
  await eventually(() => manager.id('acting-days').inputValue()).toBe('31')
})

it('a level at which stock runs low is set and warned of; who worked when is shown; a branch has a time zone of its own', async () => {
  const branch = await cafe.openBranch()
  const { branchId } = branch
  const beans = { stockItemId: `beans-${branchId}`, name: 'Coffee beans', unit: 'g', quantity: 800 }
  await cafe.admin.direct('inventoryRestock', beans, { branchId })
  const desk = await consoleOf('admin')
  const { page } = desk

  // Days, and what is counted by them, are the branch's.
  await desk.branch(branchId).getByTestId('edit-branch').click()
  await desk.id('branch-zone').fill('Tokyo')
  await page.getByRole('option', { name: 'Asia/Tokyo' }).click()
  await desk.confirm()
  await desk.id('branch-zone').waitFor({ state: 'detached' })
  await page.goto(`${cafe.base}/admin/sales?branch=${branchId}`)
  await page.getByText('Report', { exact: true }).click()
  await page.getByText('Days are those of the branch: Asia/Tokyo.').waitFor()

  await page.goto(`${cafe.base}/admin/stock?branch=${branchId}`)
  const level = async (text: string) => {
    await desk.id('set-threshold').click()
    await desk.id('threshold').fill(text)
    await desk.confirm()
  }
  const isWarned = () => desk.id('low-stock').count()
  await level('a few')
  await page.getByRole('dialog').getByText('Write a whole number.').waitFor()
  await desk.id('threshold').fill('800')
  await desk.confirm()
  await desk.id('low-stock').getByText('Coffee beans').waitFor()
  expect(await desk.id('low').textContent()).toContain('800')
  await level('799')
  await eventually(isWarned).toBe(0)
  await level('900')
  await eventually(isWarned).toBe(1)
  // Nothing typed: nobody is warned.
  await level('')
  await eventually(isWarned).toBe(0)

  const barista = await branch.hire('STAFF')
  await (await cafe.gateway.as(barista)).direct(
    'attendanceStartWork',
    { attendanceId: randomUUID() },
    { branchId },
  )
  await page.goto(`${cafe.base}/admin/staff?branch=${branchId}`)
  const row = page.locator(`[data-testid="hours-row"][data-account="${accountOf(barista)}"]`)
  await row
    .getByText(/^\d:\d\d$/)
    .last()
    .waitFor()
})

it('where the audit trail ends it says so, if what is older was taken out', async () => {
  const { branchId } = await cafe.openBranch()
  const desk = await consoleOf('admin')
  const show = async () => {
    await desk.page.goto(`${cafe.base}/admin/audit?branch=${branchId}`)
    await desk.id('audit-row').first().waitFor()
  }
  await show()
  expect(await desk.id('audit-since').count()).toBe(0)
  const { own } = cafe.gateway.app.db
  await own.run('alter table audit_trail detach partition audit_trail_before', [])
  try {
    await show()
    await desk.id('audit-since').getByText('What happened before 1 Jan 2026 is not kept here').waitFor()
  } finally {
    const place = `for values from (minvalue) to (${2026 * idsOfYear})`
    await own.run(`alter table audit_trail attach partition audit_trail_before ${place}`, [])
  }
})

it('axe finds nothing serious on the screens of the console, in both languages and both schemes of colours', async () => {
  const branch = await cafe.openBranch()
  const desk = await newConsole()
  const { page } = desk
  const open = () => page.goto(`${cafe.base}/admin/`)
  const flaws: Record<string, string[]> = {}
  await page.setViewportSize(laptop)
  await open()
  for (const worn of looks) {
    const { language, colors } = worn
    const look = async (screen: string) => {
      const found = await flawsOf(page)
      if (found.length > 0) flaws[`${screen}, ${language}, ${colors}`] = found
    }
    await wear(page, worn)
    await open()
    await desk.id('sign-in-submit').waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(language)
    await look('sign-in')
    await desk.signIn('admin')
    await desk.branch(branch.branchId).getByTestId('takings').waitFor()
    const links = page.locator('nav [data-testid^="nav-"]')
    const names = await links.evaluateAll((all) => all.map((each) => each.getAttribute('data-testid')!))
    expect(names.length).toBeGreaterThan(8)
    // By mouse all of the menu is seen on a laptop.
    const last = (await links.last().boundingBox())!
    expect(last.y + last.height, language).toBeLessThanOrEqual(laptop.height)
    for (const name of names) {
      await desk.id(name).click()
      await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor()
      await page.waitForLoadState('networkidle')
      await look(name)
    }
    await desk.signOut()
  }
  expect(flaws).toEqual({})
})

async function newConsole(): Promise<Console> {
  return consoleOn(await cafe.newPage(), cafe.base)
}

/** Signed in, at the overview, and told of what happens as it happens. */
async function consoleOf(staffCode: string): Promise<Console> {
  const desk = await newConsole()
  await desk.signIn(staffCode)
  await eventually(desk.liveness).toBe('live')
  return desk
}
