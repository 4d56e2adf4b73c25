/**
 * A café seen through the browser: a gateway that serves the apps, branches with people of their own, and tablets, each
 * with a storage of its own.
 */
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import type { Role } from '../../src/modules/access/roles.ts'
import type { MenuItemSave } from '../../src/modules/menu/contract.ts'
import { buildApps } from '../support/apps.ts'
import { newBranch } from '../support/branch.ts'
import { launchChromium } from '../support/chromium.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { employ } from '../support/people.ts'
import { type Books, booksOf } from './books.ts'
import { type Till, tillOn } from './till.ts'

// On a busy machine a browser takes its time; what never comes still ends.
const patienceMs = 60_000

/** Waits until what is read is as expected: `await eventually(() => till.pending()).toBe(0)`. */
export const eventually = <Value>(read: () => Value | Promise<Value>) =>
  expect.poll(read, { timeout: patienceMs, interval: 100 })

export type Cafe = {
  gateway: Gateway
  /** `http://127.0.0.1:41234` */
  base: string
  admin: Client
  /** Looks after one for as long as the test runs; `close` fails where one of its pages throws. */
  watch(context: BrowserContext): BrowserContext
  /** A browser with a storage of its own; `options`: what Playwright takes (viewport, locale ...). */
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>
  newPage(): Promise<Page>
  /** A branch that no other test touches. */
  openBranch(): Promise<Branch>
  /** A new tablet with the till in a tab. */
  tablet(options?: BrowserContextOptions): Promise<Tablet>
  /** A cashier at a tablet that has everything of its branch, where nobody else is. */
  cashierAtWork(): Promise<{ branch: Branch; tablet: Tablet; till: Till; cashier: string }>
  /** Puts something on the menu that no other test touches; resolves to its id. */
  putOnMenu(priceUsd: number): Promise<string>
  /** Fails where a page has thrown. */
  close(): Promise<void>
}

export type Branch = {
  branchId: string
  books: Books
  /** Hires somebody for this branch alone, PIN 1234; resolves to the staff code. The account is `demo-CODE`. */
  hire(role: Role): Promise<string>
}

/** A ten-inch tablet, held as it stands on a counter. */
export const screen = { viewport: { width: 1280, height: 800 }, locale: 'en-US' }

/** As an ADMIN at the console does. */
export async function changeMenu(admin: Client, item: { menuItemId: string } & Partial<MenuItemSave>) {
  const { status, code } = await admin.direct('menuItemSave', item, { branchId: null })
  if (status !== 'APPLIED') throw new Error(`the menu was not changed: ${code}`)
}

export const accountOf = (staffCode: string): string => `demo-${staffCode}`

export async function startCafe(): Promise<Cafe> {
  await buildApps()
  const [gateway, chromium] = await Promise.all([startGateway(), launchChromium()])
  const base = new URL(gateway.url).origin
  const admin = await gateway.as('admin')
  const faults: string[] = []

  async function openBranch(): Promise<Branch> {
    const branchId = await newBranch(admin)
    return {
      branchId,
      books: booksOf(admin, branchId),
      async hire(role) {
        const staffCode = `${role.toLowerCase()}-${randomUUID().slice(0, 4)}`
        await employ(admin, staffCode, { role, branchIds: [branchId] })
        return staffCode
      },
    }
  }
  function watch(context: BrowserContext): BrowserContext {
    context.setDefaultTimeout(patienceMs)
    noteFaults(context, faults)
    onTestFinished(async ({ task }) => {
      if (task.result?.state === 'fail') await takePictures(context)
      await context.close()
    })
    return context
  }
  const newContext = async (options?: BrowserContextOptions) =>
    watch(await chromium.context.browser()!.newContext({ ...screen, ...options }))
  const tablet = async (options?: BrowserContextOptions) => tabletIn(await newContext(options), base)

  return {
    gateway,
    base,
    admin,
    watch,
    newContext,
    newPage: async () => (await newContext()).newPage(),
    openBranch,
    tablet,
    async cashierAtWork() {
      const branch = await openBranch()
      const cashier = await branch.hire('CASHIER')
      const own = await tablet()
      await own.till.signIn(cashier)
      await own.till.id('open-session').waitFor()
      return { branch, tablet: own, till: own.till, cashier }
    },
    async putOnMenu(priceUsd) {
      const menuItemId = `item-${randomUUID().slice(0, 8)}`
      await changeMenu(admin, { menuItemId, name: menuItemId, categoryId: 'bakery', priceUsd })
      return menuItemId
    },
    async close() {
      await Promise.all([chromium.close(), gateway.close()])
      expect(faults).toEqual([])
    },
  }
}

export type Tablet = {
  context: BrowserContext
  page: Page
  till: Till
  /** Another tab with the till. */
  newTab(): Promise<Till>
  /** Takes the network away when nothing is under way, and waits until the till says so. */
  goOffline(): Promise<void>
  /** Gives it back, and waits until everything that waited has been answered. */
  goOnline(): Promise<void>
}

/** With the till in a tab, opened and ready to be opened without a network. */
export async function tabletIn(context: BrowserContext, base: string): Promise<Tablet> {
  const newTab = async () => {
    const till = tillOn(await context.newPage(), base)
    await till.open()
    return till
  }
  const till = await newTab()
  await till.page.evaluate(async () => void (await navigator.serviceWorker.ready))
  return {
    context,
    page: till.page,
    till,
    newTab,
    async goOffline() {
      await eventually(till.pending).toBe(0)
      await context.setOffline(true)
      await eventually(till.connectivity).toBe('Offline')
    },
    async goOnline() {
      await context.setOffline(false)
      await eventually(till.connectivity).toBe('Online')
      await eventually(till.pending).toBe(0)
    },
  }
}

/** What was on screen when the test failed. */
async function takePictures(context: BrowserContext): Promise<void> {
  for (const page of context.pages()) {
    const path = join(tmpdir(), `modula-${randomUUID().slice(0, 8)}.png`)
    await page.screenshot({ path, timeout: 10_000 }).then(
      () => console.log(`${page.url()} was like this: ${path}`),
      () => {},
    )
  }
}

/** What browsers complain of where there is no network: that is what the tests are about. */
const ofNetwork = /Failed to load resource|WebSocket connection to|net::ERR_/

/** Notes what a page throws or complains of: a policy that was violated, an error that React found. */
function noteFaults(context: BrowserContext, faults: string[]): void {
  context.on('weberror', (error) => faults.push(error.error().stack ?? String(error.error())))
  context.on('console', (message) => {
    if (message.type() === 'error' && !ofNetwork.test(message.text())) faults.push(message.text())
  })
}
