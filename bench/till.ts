/**
 * What somebody at the till waits for, with 500 items on the menu and on a processor four times slower: from a tap on an
 * item, and from a key of a search, until the frame that shows it. And from the tap on Pay to the receipt, as quickly as
 * a page can tap, on this machine as it is.
 */
import type { Page } from 'playwright-core'
import { isStale } from '../scripts/apps-stamp.ts'
import { launchChromium } from '../test/support/chromium.ts'
import { branchName, decide, hireCashier, makeCafe, operation, tenantId } from './support/cafe.ts'
import { quantile } from './support/measure.ts'
import { type Line, under } from './support/report.ts'
import { type Stage, withServices } from './support/stage.ts'

const itemCount = 500
const taps = 40
const searches = ['coffee 1', 'latte', 'tea 22', 'x']
const sales = 30

/** What is on the menu beside the café's own. */
const names = ['Coffee', 'Latte', 'Tea', 'Juice', 'Cake']
const more = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    menuItemId: `more-${i}`,
    name: `${names[i % names.length]} ${i}`,
    categoryId: ['coffee', 'tea', 'bakery'][i % 3]!,
    priceUsd: 100 + (i % 300),
  }))

export async function till(stage: Stage): Promise<Line[]> {
  if (isStale()) throw new Error('the till and the console are missing or old: npm run build')
  const databaseUrl = await stage.createDatabase('till')
  await withServices(databaseUrl, async (services) => {
    await makeCafe(services, 1)
    await decide(
      services,
      more(itemCount).map((item) => operation('menuItem.save', null, item)),
    )
    await hireCashier(services, branchName(0))
  })
  const gateway = await stage.openGateway(databaseUrl)
  const chromium = await launchChromium({ viewport: { width: 1280, height: 800 }, hasTouch: true })
  try {
    const page = await chromium.newPage(new URL('/pos/', gateway.url).href)
    await signIn(page)
    const payMs = await paying(page)
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
    await watch(page)
    return [
      ...shownAndDone('a tap on one of 500 items', await tapping(page), under(100)),
      ...shownAndDone('a key of a search in 500 items', await searching(page), under(150)),
      ...both('from Pay to the receipt', payMs),
    ]
  } finally {
    await chromium.close()
    await gateway.stop()
    await stage.dropDatabase('till')
  }
}

const both = (what: string, ms: readonly number[], target?: Line['target']): Line[] =>
  ([0.5, 0.95] as const).map((q) => ({
    what: `${what}, p${q * 100}`,
    unit: 'ms',
    ours: quantile(ms, q),
    ...(target ? { target } : {}),
  }))

const shownAndDone = (what: string, took: readonly Took[], target: Line['target']): Line[] => [
  ...both(
    `${what}, 4 x slower`,
    took.map(({ shownMs }) => shownMs),
    target,
  ),
  ...both(
    `${what}, also out of sight`,
    took.map(({ doneMs }) => doneMs),
  ),
]

async function signIn(page: Page): Promise<void> {
  const id = (name: string) => page.getByTestId(name)
  const tenant = id('sign-in-tenant')
  if (!(await tenant.isVisible())) await page.getByText('Another café').click()
  await tenant.fill(tenantId)
  await id('sign-in-staff').fill('cashier')
  await id('sign-in-pin').fill('1234')
  await id('sign-in-submit').click()
  await id('menu-item').nth(itemCount).waitFor()
}

/** From a key, or from a finger that is lifted, until the frame after the first change that it brought, and the last. */
type Took = { shownMs: number; doneMs: number }
type Watched = { took(): Took }

/** Looks at what is pressed, and when that is on the screen. */
const watch = (page: Page) =>
  page.evaluate(() => {
    let [pressedAt, shownAt, doneAt] = [0, 0, 0]
    // As the browser has it, so that the wait for its turn counts.
    const press = ({ timeStamp }: Event) => {
      ;[pressedAt, shownAt, doneAt] = [timeStamp, 0, 0]
    }
    for (const event of ['pointerup', 'keydown']) addEventListener(event, press, { capture: true })
    const afterFrame = new MessageChannel()
    afterFrame.port1.onmessage = () => {
      doneAt = performance.now()
      shownAt ||= doneAt
    }
    const changed = () => requestAnimationFrame(() => afterFrame.port2.postMessage(null))
    new MutationObserver(changed).observe(document.querySelector('main')!, {
      subtree: true,
      childList: true,
      characterData: true,
    })
    Object.assign(window, {
      watched: {
        took: () => ({ shownMs: shownAt - pressedAt, doneMs: doneAt - pressedAt }),
      } satisfies Watched,
    })
  })

const settleMs = 700
/** How long the menu has stood still before somebody taps. */
const standsMs = 300
/** How long a finger rests on what it taps. */
const pressMs = 80
async function timeOf(page: Page, act: () => Promise<unknown>): Promise<Took> {
  await act()
  await page.waitForTimeout(settleMs)
  return page.evaluate(() => (window as unknown as { watched: Watched }).watched.took())
}

/** Items without choices, which stand still while they are tapped. */
async function tapping(page: Page): Promise<Took[]> {
  const devtools = await page.context().newCDPSession(page)
  const took: Took[] = []
  for (let i = 0; i < taps; i += 1) {
    const tile = page.locator(`[data-testid="menu-item"][data-id="more-${(i * 3) % 60}"]`)
    await tile.scrollIntoViewIfNeeded()
    // Else the finger would stop what still moves, and press later.
    await page.waitForTimeout(standsMs)
    // A finger's bare tap: the driver's own looking for what is hit would be a third of the time.
    const { x, y, width, height } = (await tile.boundingBox())!
    const touch = (type: 'touchStart' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
      devtools.send('Input.dispatchTouchEvent', { type, touchPoints })
    const act = async () => {
      await touch('touchStart', [{ x: x + width / 2, y: y + height / 2 }])
      await page.waitForTimeout(pressMs)
      await touch('touchEnd', [])
    }
    took.push(await timeOf(page, act))
  }
  return took
}

async function searching(page: Page): Promise<Took[]> {
  const field = page.locator('input[type="search"]')
  await field.focus()
  const took: Took[] = []
  for (const search of searches) {
    for (const key of search)
      took.push(await timeOf(page, () => page.keyboard.press(key === ' ' ? 'Space' : key)))
    for (const _ of search) took.push(await timeOf(page, () => page.keyboard.press('Backspace')))
  }
  // A key that leaves what is found as it was changes nothing.
  return took.filter(({ shownMs }) => shownMs > 0)
}

/** Sales of one item each, tapped by the page itself: nothing waits for whoever drives the browser. */
const paying = (page: Page): Promise<number[]> =>
  page.evaluate(async (count) => {
    const shown = (id: string, holds: (element: HTMLElement) => boolean = () => true) =>
      new Promise<HTMLElement>((resolve) => {
        const look = () => {
          const element = document.querySelector<HTMLElement>(`[data-testid="${id}"]`)
          if (element && holds(element)) resolve(element)
          else requestAnimationFrame(look)
        }
        look()
      })
    const isEnabled = (button: HTMLElement) => !(button as HTMLButtonElement).disabled
    const type = (field: HTMLElement, text: string) => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(field, text)
      field.dispatchEvent(new Event('input', { bubbles: true }))
    }
    const ms: number[] = []
    for (let i = 0; i < count; i += 1) {
      ;(await shown('menu-item"][data-id="more-7')).click()
      const pay = await shown('pay', isEnabled)
      const begun = performance.now()
      pay.click()
      type(await shown('received-usd'), '5')
      ;(await shown('finalize', isEnabled)).click()
      await shown('receipt-number')
      ms.push(performance.now() - begun)
      // It takes no tap for the first half second.
      await new Promise((go) => setTimeout(go, 600))
      ;(await shown('next-sale', isEnabled)).click()
      await shown('menu-item')
    }
    return ms.slice(5)
  }, sales + 5)
