// @module-tag browser
/** A till that forgives: what people do by mistake, in one page as a cashier goes through a day; windows of all sizes. */
import { mkdirSync } from 'node:fs'
import type { CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSession } from '../support/cafe.ts'
import { flawsOf, looks, wear } from './axe.ts'
import { accountOf, type Cafe, changeMenu, eventually, startCafe } from './cafe.ts'
import { dotMm, isOn, onPaper, papers } from './paper.ts'
import type { Till } from './till.ts'

let cafe: Cafe
beforeAll(async () => {
  cafe = await startCafe()
})
afterAll(() => cafe?.close())

/** Where pictures go, if somebody wants to look. */
const pictures = process.env.PICTURES
let taken = 0
async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return
  mkdirSync(pictures, { recursive: true })
  taken += 1
  await page.screenshot({ path: `${pictures}/${String(taken).padStart(2, '0')}-${name}.png` })
}

/** As a scanner types: faster than anybody, then Enter. */
async function scan(till: Till, digits: string): Promise<void> {
  await till.page.evaluate((text) => {
    const at = () => document.activeElement ?? document.body
    for (const key of [...text, 'Enter'])
      at().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  }, digits)
}

/**
 * What is on the screen's receipt or slip, as both papers have it: no digit of an amount is missing, and no letter is
 * beyond what a printer prints.
 */
async function printed(page: Page): Promise<{ text: string; amounts: string[] }> {
  const amountsIn = (text: string) =>
    (text.match(/-?\$[\d,]+\.\d\d|-?[\d,]+\s៛/g) ?? []).map((amount) => amount.replace(/\s/, ' '))
  const amounts = amountsIn(await page.locator('[data-receipt]').innerText())
  expect(amounts.length).toBeGreaterThan(2)
  let text = ''
  for (const paper of ['58mm', '80mm'] as const) {
    const made = await onPaper(page, paper)
    text = made.text
    expect(amountsIn(text), paper).toEqual(amounts)
    expect(made.widthMm, paper).toBeLessThanOrEqual(papers[paper] + dotMm)
  }
  return { text, amounts }
}

const hour = 3_600_000

const kept = (till: Till) => till.text('change')

it('a day of mistakes: opened, sold, paid in both currencies, parked, undone, split, offline, taken over', async () => {
  const { branch, tablet, till, cashier } = await cafe.cashierAtWork()
  const { page } = till

  // Nothing typed does not open.
  await till.id('open-session').click()
  expect(await till.id('confirm').isDisabled()).toBe(true)
  await till.id('empty-drawer').click()
  expect(await till.id('opening-usd').inputValue()).toBe('0')
  await till.id('opening-usd').fill('50')
  await till.id('opening-khr').fill('200000')
  await till.id('confirm').click()
  await till.id('opening-usd').waitFor({ state: 'detached' })
  // A success is seen.
  await eventually(() => till.id('said').getAttribute('data-shown')).toBe('true')
  await picture(page, 'opened')

  // A typed quantity, one of it with another choice, undo of an emptied cart, a cart that waits.
  await till.add('latte')
  await till.id('quantity').click()
  await till.id('quantity-input').fill('3')
  await till.id('confirm').click()
  await till.id('split-line').click()
  await till.choose('size-large')
  await eventually(() => till.id('cart-line').count()).toBe(2)
  await picture(page, 'split')
  const total = await till.text('cart-total-usd')
  await page.getByRole('button', { name: 'Empty the cart' }).click()
  await page.getByRole('menuitem', { name: 'Empty the cart' }).click()
  await till.id('undo-empty').click()
  expect(await till.text('cart-total-usd')).toBe(total)
  await till.id('park').click()
  await till.id('park-name').fill('Table 4')
  await till.id('park-confirm').click()
  await page.reload()
  await till.add('croissant')
  await till.id('parked-carts').click()
  expect(await till.id('parked-cart').textContent()).toContain('Table 4')
  await picture(page, 'parked')
  await till.id('parked-cart').click()
  expect(await till.text('cart-total-usd')).toBe(total)
  expect(await till.text('parked-carts')).toBe('1')
  await till.id('parked-carts').click()
  await till.id('parked-cart').click()

  // A search hides the rest, and brings it back; Enter takes the first that is found.
  const search = page.getByRole('searchbox')
  const shown = (itemId: string) => till.item(itemId).filter({ visible: true }).count()
  await search.fill('cro')
  await eventually(() => shown('latte')).toBe(0)
  expect(await shown('croissant')).toBe(1)
  await page.keyboard.press('Escape')
  await eventually(() => shown('latte')).toBe(1)
  expect(await shown('croissant')).toBe(1)
  await search.fill('cro')
  await page.keyboard.press('Enter')
  expect(await search.inputValue()).toBe('')
  await eventually(() => till.text('quantity')).toBe('2')
  await page.getByRole('button', { name: /^One .* less$/ }).click()

  // Croissant: $1.98, 8,100 riel. Typed into the wrong field, it asks; it was riel.
  await scan(till, '8846001234567')
  expect(await till.text('cart-total-usd')).toBe('$1.98')
  await till.id('pay').click()
  await till.id('received-usd').fill('20000')
  await page.keyboard.press('Enter')
  await till.id('look-again').waitFor()
  await picture(page, 'far-too-much')
  // Enter corrects, and what is typed then is in the field.
  await page.keyboard.press('Enter')
  await till.id('look-again').waitFor({ state: 'detached' })
  await page.keyboard.type('20000')
  expect(await till.id('received-usd').inputValue()).toBe('20000')
  await page.keyboard.press('Enter')
  await till.id('look-again').waitFor()
  await till.id('as-riel').click()
  expect(await till.id('received-khr').inputValue()).toBe('20000')
  await eventually(() => kept(till)).toContain('11,900')
  // More than can be recorded is said in words.
  await till.id('received-usd').fill('99999999')
  await page.getByText('At most $10,000,000.00').waitFor()
  expect(await till.id('finalize').isDisabled()).toBe(true)
  // Both together: a dollar leaves 98 cents, 4,018 riel, asked for as 4,000.
  await till.id('received-usd').fill('1')
  await till.id('received-khr').fill('3000')
  await eventually(() => kept(till)).toContain('1,000')
  await till.id('received-khr').fill('5000')
  await eventually(() => kept(till)).toContain('Change')
  await picture(page, 'both-currencies')
  expect(await till.text('pay-vat')).toContain('$0.18')
  // VAT changes in the middle: the total does not move without a word.
  const policy = (vatRatePercent: number) =>
    cafe.admin.direct('policyUpdate', { vatRatePercent }, { branchId: branch.branchId })
  await policy(0)
  await till.id('policy-changed').waitFor()
  expect(await till.text('policy-changed')).toContain('$1.80')
  await picture(page, 'policy-changed')
  await policy(10)
  await till.id('policy-changed').waitFor({ state: 'detached' })
  await page.keyboard.press('Enter')
  await till.id('receipt-number').waitFor()
  // A second Enter, meant for the one before, does not jump past the change.
  await page.keyboard.press('Enter')
  expect(await kept(till)).toContain('1,000')
  await eventually(branch.books.sales).toMatchObject([
    { tender: { method: 'CASH', received: { usd: 100, khr: 5000 }, change: { usd: 0, khr: 1000 } } },
  ])
  await till.id('next-sale').click()

  // Offline: a thin bar, a reference, and the session's sales.
  await tablet.goOffline()
  await till.id('offline-bar').waitFor()
  await till.add('espresso')
  await till.id('pay').click()
  await till.id('received-usd').fill('.5')
  await eventually(() => kept(till)).toContain('$1.15')
  await till.id('received-usd').fill('5,00')
  await till.id('finalize').click()
  expect(await till.text('receipt-reference')).toMatch(/^Ref\. [0-9A-F]{4}-\d+-[0-9A-F]{6}$/)
  await picture(page, 'offline-receipt')
  const first = await printed(page)
  expect(first.text).toContain('Provisional')
  expect(isOn(first.text, 'COPY')).toBe(false)
  await till.id('next-sale').click()
  await till.go('/sales')
  expect(await till.id('sales-period').getAttribute('data-period')).toBe('session')
  await eventually(() => till.id('sale-row').count()).toBe(2)
  await picture(page, 'sales')
  // A reprint is a copy, and says so; Khmer is on paper as on the screen, on the slip too.
  await till.id('sale-row').last().click()
  expect(isOn((await printed(page)).text, 'COPY')).toBe(true)
  await wear(page, { language: 'km', colors: 'light' })
  await page.reload()
  await till.id('void').waitFor()
  const copy = await printed(page)
  for (const words of ['ច្បាប់ចម្លង (COPY)', 'ទឹកប្រាក់សរុប', 'អ្នកគិតលុយ'])
    expect(isOn(copy.text, words), words).toBe(true)
  await till.go('/cash')
  await till.id('x-report').click()
  await till.id('closing-slip').waitFor()
  expect(isOn((await printed(page)).text, 'ត្រូវមាន')).toBe(true)
  await wear(page, looks[0])
  await till.open('sales')
  await till.id('day-before').click()
  await eventually(() => till.id('sale-row').count()).toBe(0)
  await till.id('this-session').click()
  await tablet.goOnline()

  // Closed by somebody else while paying: who, and the cart is kept.
  await till.go('/')
  await till.add('espresso')
  await till.id('pay').click()
  const [session] = await branch.books.sessions()
  const closed = await cafe.admin.direct(
    'cashSessionForceClose',
    { cashSessionId: session!.id, reason: 'Night' },
    { branchId: branch.branchId },
  )
  expect(closed.status).toBe('APPLIED')
  await till.id('closed-elsewhere').waitFor()
  await picture(page, 'closed-elsewhere')
  await till.openSession('10', '0')
  expect(await till.text('cart-total-usd')).not.toBe('$0.00')

  // Somebody takes over in the middle: whose is the cart?
  const other = await branch.hire('CASHIER')
  await till.switchTo(other)
  await till.id('left-cart').waitFor()
  await picture(page, 'taken-over')
  await till.id('take-over').click()
  await till.id('left-cart').waitFor({ state: 'detached' })
  expect(await till.id('cart-line').count()).toBe(1)
  expect(cashier).not.toBe(other)

  // A clock that is 26 hours fast is said; what is sold is of today all the same, and the session not a day old.
  await page.clock.setSystemTime(Date.now() + 26 * hour)
  await page.reload()
  await till.id('wrong-clock').getByText('26 h').waitFor()
  expect(await till.id('long-session').count()).toBe(0)
  await till.pay({ usd: '5' })
  await till.id('next-sale').click()
  await till.go('/sales')
  await till.id('day').click()
  expect(await till.text('day')).toBe('Today')
  expect(await till.id('sale-row').count()).toBeGreaterThan(0)
  // Put right in the middle, and back from the tablet's settings: the session did not become a day older by that.
  await page.clock.setSystemTime(Date.now())
  await page.evaluate(() => dispatchEvent(new Event('focus')))
  await till.id('wrong-clock').waitFor({ state: 'detached' })
  expect(await till.id('long-session').count()).toBe(0)

  // Closed and opened again: what was counted is offered. A session of three days warns.
  await till.go('/')
  await till.closeSession('12.5', '3000')
  await till.id('open-session').click()
  await till.id('as-counted').click()
  expect(await till.id('opening-usd').inputValue()).toBe('12.50')
  expect(await till.id('opening-khr').inputValue()).toBe('3000')
  await page.keyboard.press('Escape')
  await cafe.admin.push([
    openSession(undefined, {
      branchId: branch.branchId,
      occurredAt: new Date(Date.now() - 72 * hour).toISOString(),
    }),
  ])
  await till.id('long-session').waitFor()
})

const windows = [
  { width: 844, height: 390 },
  { width: 640, height: 400 },
  { width: 320, height: 568 },
  { width: 390, height: 844 },
]

/** What is on screen and within it: all of it, and not under anything else. */
async function isReachable(page: Page, selector: string): Promise<boolean> {
  return page.evaluate((of) => {
    const element = document.querySelector<HTMLElement>(of)
    if (!element) return false
    const { left, right, top, bottom } = element.getBoundingClientRect()
    const isInside = left >= -1 && top >= -1 && right <= innerWidth + 1 && bottom <= innerHeight + 1
    const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
    return isInside && above !== null && (element.contains(above) || above.contains(element))
  }, selector)
}

it('in every window the cart and Pay are reachable, nothing is cut off and nothing overlaps, in both languages', async () => {
  const { branch, tablet, till } = await cafe.cashierAtWork()
  const { page } = till
  const inBranch = { branchId: branch.branchId }
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Emulation.setTouchEmulationEnabled', { enabled: true })
  await till.openSession('1234', '5000000')
  // Long names and amounts push nothing out.
  const long = await cafe.putOnMenu(999_999)
  const name = 'Iced palm sugar coconut coffee with oat milk, extra shot and cream'
  await changeMenu(cafe.admin, { menuItemId: long, name })
  await till.item(long).getByText(name).waitFor()
  await till.sell([long, long, long], { usd: '33000' })
  const stockItemId = `beans-${branch.branchId}`
  await cafe.admin.direct('inventoryRestock', { stockItemId, name, unit: 'g', quantity: 1 }, inBranch)
  await cafe.admin.direct('inventorySetThreshold', { stockItemId, lowAt: 10 }, inBranch)
  await till.add('latte', 'croissant', long)
  for (const look of looks) {
    await wear(page, look)
    await till.open()
    for (const size of windows) {
      const where = `${size.width} x ${size.height} ${look.language}`
      const reaches = async (of: string, selector: string) =>
        eventually(() => isReachable(page, selector))
          .toBe(true)
          .catch((error) => {
            throw new Error(`${of} ${where}`, { cause: error })
          })
      await page.setViewportSize(size)
      await till.item('latte').waitFor()
      await reaches('pay', '[data-testid="pay"]')
      await reaches('navigation', 'nav a[href="/pos/sales"]')
      await reaches('status', '[data-testid="connectivity"]')
      await picture(page, `sell-${size.width}-${look.language}`)
      // Choices leave a way to go on.
      await till.item('latte').click()
      await reaches('choices', '[data-testid="modifier-option"]')
      await reaches('pay beside choices', '[data-testid="pay"]')
      if (size.width === 844) await reaches('line in hand', '[data-testid="cart-line"][data-in-hand]')
      await picture(page, `choices-${size.width}-${look.language}`)
      await till.id('options-done').click()
      await till.id('pay').click()
      // Fingers have keys beside the field, or else the system's keyboard, which is held back there.
      const hasKeys = await page.getByRole('button', { name: '7', exact: true }).isVisible()
      const calls = await till.id('received-usd').getAttribute('inputmode')
      expect(calls, `keyboard ${where}`).toBe(hasKeys ? 'none' : 'decimal')
      await till.id('received-usd').fill('11500')
      const [dollars, riel] = await Promise.all(
        ['received-usd', 'received-khr'].map((field) => till.id(field).boundingBox()),
      )
      expect(dollars!.y, `fields side by side ${where}`).toBe(riel!.y)
      // What is paid for adds up, whatever the window.
      expect(await till.text('pay-list'), where).toContain('Regular')
      expect(await till.id('pay-vat').isVisible(), where).toBe(true)
      await reaches('finish', '[data-testid="finalize"]')
      for (const shown of ['finalize', 'change'])
        expect(await till.id(shown).evaluate(isCutOff), `${shown} is cut ${where}`).toBe(false)
      await picture(page, `pay-${size.width}-${look.language}`)
      // Whoever has scrolled to the fields sees all the same that the total has changed.
      if (size.width === 320) {
        await cafe.admin.direct('policyUpdate', { vatRatePercent: 0 }, inBranch)
        await reaches('policy changed', '[data-testid="policy-changed"]')
        await cafe.admin.direct('policyUpdate', { vatRatePercent: 10 }, inBranch)
        await till.id('policy-changed').waitFor({ state: 'detached' })
      }
      // What is far too much is read whole before it is taken.
      await till.id('received-usd').fill('2000000')
      await till.id('finalize').click()
      expect(await till.id('take-it').evaluate(isCutOff), `too much is cut ${where}`).toBe(false)
      await till.id('correct').click()
      await till.id('look-again').waitFor({ state: 'detached' })
      await till.id('received-khr').fill('12345678')
      expect(await till.id('received-khr').evaluate(isCutOff), `riel are cut ${where}`).toBe(false)
      expect(await isWide(page), `sideways ${where}`).toBe(false)
      await page.locator('nav a[href="/pos/stock"]').click()
      await till.id('stock-item').first().waitFor()
      expect(await till.id('stock-item').first().evaluate(isCutOff), `stock is cut ${where}`).toBe(false)
      await till.go('/sales')
      await till.id('day-figure').first().waitFor()
      for (const figure of await till.id('day-figure').all())
        expect(await figure.evaluate(isCutOff), `figures are cut ${where}`).toBe(false)
      // The difference is seen before anybody confirms it.
      await till.go('/cash')
      await till.id('close-session').click()
      await till.id('counted-usd').fill('1234.50')
      expect(await till.id('confirm').isDisabled(), `an empty field is no count, ${where}`).toBe(true)
      await till.id('counted-khr').fill('5000000')
      expect(await till.id('counted-khr').evaluate(isCutOff), `riel are cut ${where}`).toBe(false)
      await till.id('difference-usd').scrollIntoViewIfNeeded()
      await reaches('difference', '[data-testid="difference-usd"]')
      expect(await till.id('difference-khr').evaluate(isInSideways), `closing sideways ${where}`).toBe(false)
      await picture(page, `close-${size.width}-${look.language}`)
      await page.keyboard.press('Escape')
      await till.id('counted-usd').waitFor({ state: 'detached' })
      await till.go('/')
    }
  }

  await page.setViewportSize({ width: 844, height: 390 })
  await fingersPress(devtools, till)

  // What to give back is seen though the receipt has no number, and what there is to do where no session is open.
  await tablet.context.setOffline(true)
  await till.id('offline-bar').waitFor()
  const total = (await till.text('cart-total-usd')).replace(/[$,]/g, '')
  await till.pay({ usd: total })
  await eventually(() => till.id('next-sale').evaluate((button) => document.activeElement === button)).toBe(
    true,
  )
  expect(await isReachable(page, '[data-testid="change"]')).toBe(true)
  await till.id('next-sale').click()
  await tablet.context.setOffline(false)
  await till.closeSession('1234', '5000000')
  await till.go('/')
  for (const size of windows) {
    await page.setViewportSize(size)
    await eventually(() => isReachable(page, '[data-testid="open-session"]')).toBe(true)
  }
  await page.setViewportSize({ width: 844, height: 390 })
  await till.open('people')
  await eventually(() => isReachable(page, '[data-testid="sign-in-submit"]')).toBe(true)
})

/** A finger that is lifted adds one, at once and once; one that scrolls, or stops what scrolls, adds nothing. */
async function fingersPress(devtools: CDPSession, till: Till): Promise<void> {
  const tile = till.item('croissant')
  const inCart = async () => Number(await tile.locator('[role="img"]').textContent())
  const before = await inCart()
  const finger = async (...by: number[]) => {
    await tile.scrollIntoViewIfNeeded()
    // What was moved is still.
    await till.page.waitForTimeout(300)
    const { x, y } = (await tile.boundingBox())!
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...by: number[]) =>
      devtools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: by.map((far) => ({ x: x + 20, y: y + 20 - far })),
      })
    await touch('touchStart', 0)
    for (const far of by) await touch('touchMove', far)
    await touch('touchEnd')
  }
  await finger(8, 16, 32, 48)
  expect(await inCart()).toBe(before)
  await finger()
  await eventually(inCart).toBe(before + 1)

  const pressed = await tile.evaluate(async (button) => {
    const press = () => {
      const { left, top } = button.getBoundingClientRect()
      const touches = [new Touch({ identifier: 1, target: button, clientX: left + 20, clientY: top + 20 })]
      const of = { bubbles: true, cancelable: true }
      button.dispatchEvent(new TouchEvent('touchstart', { ...of, touches, changedTouches: touches }))
      // What is called off is not pressed by the browser too.
      return !button.dispatchEvent(new TouchEvent('touchend', { ...of, changedTouches: touches }))
    }
    const pause = () => new Promise((done) => setTimeout(done, 300))
    await pause()
    button.dispatchEvent(new Event('scroll', { bubbles: true }))
    const whenMoved = press()
    await pause()
    return [whenMoved, press()]
  })
  expect(pressed).toEqual([false, true])
  await eventually(inCart).toBe(before + 2)
}

it("a manager approves over the dialog, offline and online, and nobody changes places; a barista's till is their work", async () => {
  const { branch, tablet, till, cashier } = await cafe.cashierAtWork()
  const { page } = till
  const manager = await branch.hire('MANAGER')
  await till.openSession('50', '0')
  await till.sell(['croissant'], { usd: '5' })
  await eventually(till.pending).toBe(0)

  // Online: somebody whom the tablet does not know, by their staff code.
  await till.go('/sales')
  await till.id('sale-row').click()
  await till.id('void').click()
  await till.id('void-reason').fill('Wrong drink')
  await till.id('confirm').click()
  await till.id('approval-staff').fill(manager)
  await till.id('approval-pin').fill('9999')
  await till.id('approve').click()
  const wrong = till.id('approval').getByRole('alert')
  await wrong.waitFor()
  // There is nothing more to say of it, and no room is left for that: on a low tablet the button would not be seen.
  expect(await wrong.locator('.mantine-Alert-message').count()).toBe(0)
  await picture(page, 'approval')
  // Escape takes back the question alone; what was typed below is still there.
  await page.keyboard.press('Escape')
  await till.id('approval').waitFor({ state: 'detached' })
  expect(await till.id('void-reason').inputValue()).toBe('Wrong drink')
  expect(await branch.books.sales()).toMatchObject([{ status: 'FINALIZED' }])
  await till.id('confirm').click()
  await till.id('approval-staff').fill(manager)
  await till.id('approval-pin').fill('1234')
  await till.id('approve').click()
  await till.id('sale-row').getByText('Voided').waitFor()
  expect(new URL(page.url()).pathname).toMatch(/^\/pos\/sales\/./)

  // Offline: now the tablet knows them.
  await tablet.goOffline()
  // What is said for a moment covers nothing of that.
  const [bar, said] = await Promise.all(['offline-bar', 'said'].map((name) => till.id(name).boundingBox()))
  expect(said!.y).toBeGreaterThanOrEqual(bar!.y + bar!.height)
  await till.go('/cash')
  await till.id('adjust').click()
  await till.id('movement-amount').fill('2')
  await till.id('movement-reason').fill('Counted')
  await till.id('confirm').click()
  await eventually(() => till.id('approver').count()).toBe(1)
  await till.id('approval-pin').fill('1234')
  await picture(page, 'approval-offline')
  await page.keyboard.press('Enter')
  await till.id('movement-amount').waitFor({ state: 'detached' })
  await tablet.goOnline()
  const events = await branch.books.events()
  const approved = events.filter(({ approvedFor }) => approvedFor === accountOf(cashier))
  expect(approved.map(({ name, actorId }) => [name, actorId])).toEqual(
    expect.arrayContaining([
      ['SALE_VOIDED', accountOf(manager)],
      ['CASH_MOVEMENT_RECORDED', accountOf(manager)],
    ]),
  )

  const barista = await branch.hire('STAFF')
  await till.switchTo(barista)
  await till.id('work-state').waitFor()
  expect(await page.locator('nav a').count()).toBe(0)
  await till.id('start-work').click()
  await eventually(() => till.id('work-row').count()).toBe(1)
  await picture(page, 'barista')
  await till.open('cash')
  await till.id('work-state').waitFor()
  await eventually(till.pending).toBe(0)
  expect(await flawsOf(page)).toEqual([])
})

const isWide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth)

/** Whether it, or anything in it, is wider than there is room for. */
const isCutOff = (element: Element) =>
  [element, ...element.querySelectorAll('*')].some((each) => each.scrollWidth > each.clientWidth + 1)

/** Whether it lies in something that has to be scrolled sideways. */
function isInSideways(element: Element): boolean {
  for (let at: Element | null = element; at; at = at.parentElement)
    if (at.scrollWidth > at.clientWidth + 1 && getComputedStyle(at).overflowX !== 'visible') return true
  return false
}
