/**
 * `npm run screenshots`: the pictures of the README, into docs/screenshots. A gateway with the demo café and a made-up
 * day, and both apps in Chromium. To be run when a screen looks different. With `states FOLDER`: `pictures-of-states.ts`; with
 * `steps FOLDER`: `steps.ts`.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { type Till, tillOn } from '../../test/e2e/till.ts'
import { type Chromium, launchChromium } from '../../test/support/chromium.ts'
import { type MadeUpTill, openTill, workADay } from './made-up-day.ts'
import { picturesOfStates } from './pictures-of-states.ts'
import { picturesOfSteps } from './steps.ts'

const root = join(import.meta.dirname, '../..')
const [what, into, only = ''] = process.argv.slice(2)
const others: Record<string, typeof picturesOfSteps | undefined> = {
  states: picturesOfStates,
  steps: picturesOfSteps,
}
const pictures = others[what ?? '']
if (what && !(pictures && into)) {
  console.error('usage: npm run screenshots [-- states FOLDER | steps FOLDER]')
  process.exit(2)
}
const target = into ?? join(root, 'docs/screenshots')
const hour = 3_600_000

/** A place where it is the middle of the afternoon, whenever this is run: the café opened at seven. */
const now = new Date()
const hoursAhead = ((15 - now.getUTCHours() + 36) % 24) - 12
const timezoneId = `Etc/GMT${hoursAhead > 0 ? '-' : '+'}${Math.abs(hoursAhead)}`
const opening = new Date(now.getTime() - 8 * hour)

const tabletScreen: BrowserContextOptions = {
  viewport: { width: 1280, height: 800 },
  locale: 'en-US',
  timezoneId,
}
const deskScreen: BrowserContextOptions = { ...tabletScreen, viewport: { width: 1440, height: 940 } }
const phoneScreen: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
  locale: 'en-US',
  timezoneId,
}

const folder = await mkdtemp(join(tmpdir(), 'modula-screenshots-'))
const gateway = spawn(process.execPath, [join(root, 'scripts/start.js')], {
  env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'error' },
  stdio: ['ignore', 'pipe', 'inherit'],
})
let chromium: Chromium | undefined
try {
  await mkdir(target, { recursive: true })
  const base = await readyOf(gateway)
  const tills = await makeTraffic(`${base}/graphql`)
  chromium = await launchChromium()
  if (pictures) await pictures({ browser: chromium.context.browser()!, base, folder, target, only })
  else {
    await picturesOfTill(chromium, base, tills.admin)
    await picturesOfConsole(chromium, base, [tills.riverside, tills.market])
  }
  for (const till of Object.values(tills)) await till.client.close()
} finally {
  await chromium?.close()
  gateway.kill()
  await once(gateway, 'exit')
  await rm(folder, { recursive: true })
}

async function readyOf(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! }))
    if (line.startsWith('ready ')) return line.slice('ready '.length)
  throw new Error('the gateway did not start, see above')
}

async function makeTraffic(url: string) {
  const till = (deviceId: string, staffCode: string, branchId = 'riverside') =>
    openTill({ url, folder, deviceId, staffCode, branchId })
  // A second tablet that was offline from the morning on opens a session of its own: the server takes neither that nor
  // what was sold in it.
  const garden = await till('riverside-garden', 'manager')
  garden.setOffline(true)
  await garden.openSession(opening)
  await garden.sell(new Date(opening.getTime() + hour))
  await garden.sell(new Date(opening.getTime() + 2 * hour))

  const riverside = await till('riverside-counter', 'cashier-1')
  const market = await till('market-counter', 'cashier-2', 'market')
  await workADay(riverside, opening, now)
  await workADay(market, opening, now)
  garden.setOffline(false)
  await garden.client.sync()
  const admin = await till('office', 'admin')
  return { riverside, market, garden, admin }
}

async function picturesOfTill({ context }: Chromium, base: string, admin: MadeUpTill): Promise<void> {
  const browser = context.browser()!
  const tablet = await browser.newContext(tabletScreen)
  const till = tillOn(await tablet.newPage(), base)
  const { page, id } = till
  await till.open()
  await till.signIn('barista-1')
  await till.switchTo('manager')
  await till.switchTo('cashier-1')
  await id('menu-item').first().waitFor()
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))

  await till.open('people')
  await page.getByRole('button', { name: 'Sophea' }).click()
  await id('sign-in-pin').fill('123')
  await picture(page, 'till-sign-in')

  await till.open()
  await fillCart(till)
  await picture(page, 'till-sell')
  await wear(page, 'km', 'light')
  await till.item('latte').waitFor()
  await picture(page, 'till-khmer')
  await wear(page, 'en', 'dark')
  await till.item('latte').waitFor()
  await picture(page, 'till-dark')
  await wear(page, 'en', 'light')
  await id('pay').click()
  await id('received-usd').fill('20')
  await picture(page, 'till-pay')
  await id('finalize').click()
  await id('receipt-number').filter({ hasText: /^\d+$/ }).waitFor()
  await picture(page, 'till-receipt')
  await id('next-sale').click()

  await tablet.setOffline(true)
  await id('connectivity').filter({ hasText: 'Offline' }).waitFor()
  await till.sell(['iced-latte'], { khr: '20000' })
  await admin.client.online('branch.freeze', {}, { branchId: 'riverside' })
  await tablet.setOffline(false)
  await id('failed-count').filter({ hasText: '1' }).waitFor()
  await admin.client.online('branch.unfreeze', {}, { branchId: 'riverside' })
  await page.getByText('This branch is frozen').first().waitFor({ state: 'detached' })
  await tablet.setOffline(true)
  await id('connectivity').filter({ hasText: 'Offline' }).waitFor()
  await till.sell(['americano', 'croissant'], { usd: '10' })
  await till.sell(['espresso'], { khr: '10000' })
  await till.openQueue()
  await page.getByText('Waiting to be sent (2)').waitFor()
  await picture(page, 'till-offline')
  await tablet.close()

  const phone = await browser.newContext(phoneScreen)
  const small = tillOn(await phone.newPage(), base)
  await small.open()
  await small.signIn('cashier-1')
  await small.add('croissant', 'latte')
  await small.page.getByRole('button', { name: 'Done' }).click()
  await small.item('americano').scrollIntoViewIfNeeded()
  await picture(small.page, 'till-phone')
  await phone.close()
}

async function fillCart(till: Till): Promise<void> {
  await till.add('americano')
  await till.choose('size-large')
  await till.add('croissant', 'croissant', 'banana-cake', 'latte')
  await till.choose('milk-oat')
}

async function picturesOfConsole({ context }: Chromium, base: string, busy: MadeUpTill[]): Promise<void> {
  const desk = await context.browser()!.newContext(deskScreen)
  const page = await desk.newPage()
  await page.goto(`${base}/admin`)
  await page.getByTestId('sign-in-staff').fill('admin')
  await page.getByTestId('sign-in-pin').fill('1234')
  await page.getByTestId('sign-in-submit').click()
  await page.getByTestId('takings').first().waitFor()
  for (let i = 0; i < 24; i += 1) {
    await busy[i % 3 === 2 ? 1 : 0]!.sell(new Date())
    await pause(700 + 900 * (i % 4))
  }
  await picture(page, 'console-overview')

  await page.getByTestId('nav-devices').click()
  await page.getByTestId('device-row').first().waitFor()
  await picture(page, 'console-devices')
  await page.getByTestId('nav-rejected').click()
  await page.getByTestId('refused-item').first().waitFor()
  await picture(page, 'console-rejected')
  await page.goto(`${base}/admin/menu`)
  await page.getByTestId('menu-item-row').first().waitFor()
  await picture(page, 'console-menu')
  await desk.close()
}

/** Another language or other colours, and the page anew. */
async function wear(page: Page, language: string, colors: string): Promise<void> {
  await page.evaluate(
    ([language, colors]) => {
      localStorage.setItem('modula.language', language!)
      localStorage.setItem('modula.color-scheme', colors!)
    },
    [language, colors],
  )
  await page.reload()
}

/** WebP as Chromium writes it: a third of a PNG, and letters stay sharp. */
async function picture(page: Page, name: string): Promise<void> {
  // Nothing shows what a pointer over it would show.
  await page.mouse.move(0, 0)
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => document.fonts.ready)
  // Until what slides in has come to rest.
  await pause(500)
  const devtools = await page.context().newCDPSession(page)
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 90 })
  const bytes = Buffer.from(data, 'base64')
  await writeFile(join(target, `${name}.webp`), bytes)
  console.log(`${name}.webp  ${Math.round(bytes.length / 1024)} kB`)
}
