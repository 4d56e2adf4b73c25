// @module-tag browser
// @module-tag race
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { type Site, serveModule } from '../support/page.ts'
import type { TabsPage } from './tabs-page.ts'

let chromium: Chromium
let site: Site
beforeAll(async () => {
  site = await serveModule(new URL('tabs-page.ts', import.meta.url).pathname)
  chromium = await launchChromium()
})
afterAll(async () => {
  await chromium?.close()
  await site?.close()
})

let open: Page[] = []
afterEach(async () => {
  await Promise.all(open.map((page) => page.close()))
  open = []
})

declare const page: TabsPage

async function openTabs(count: number): Promise<Page[]> {
  for (let each = 0; each < count; each += 1) {
    const tab = await chromium.newPage(site.origin)
    await tab.waitForFunction(() => 'page' in window)
    open.push(tab)
  }
  return open
}
const leaders = (tabs: Page[]) => Promise.all(tabs.map((tab) => tab.evaluate(() => page.isLeader())))
/** Generous: what is asked for is a second, on a machine that may be busy. */
const soon = { timeout: 10_000, interval: 20 }
const untilLeaders = (tabs: Page[], expected: boolean[]) =>
  vi.waitFor(async () => expect(await leaders(tabs)).toEqual(expected), soon)

/** As when the system takes its memory: no word to anybody. */
async function crash(tab: Page): Promise<void> {
  const session = await chromium.context.newCDPSession(tab)
  const crashed = tab.waitForEvent('crash')
  session.send('Page.crash').catch(() => {})
  await crashed
}

test('two tabs: the first leads, and when it is closed the second does', async () => {
  const [first, second] = (await openTabs(2)) as [Page, Page]
  await untilLeaders([first, second], [true, false])
  await first.close()
  await untilLeaders([second], [true])
})

test.each([
  ['closed', (tab: Page) => tab.close()],
  ['loaded anew', (tab: Page) => tab.reload()],
  ['gone elsewhere', (tab: Page) => tab.goto('about:blank')],
  ['crashed', crash],
])('three tabs: when the leader is %s, exactly one of the others leads', async (_, end) => {
  const [first, second, third] = (await openTabs(3)) as [Page, Page, Page]
  await untilLeaders([first, second, third], [true, false, false])
  await end(first)
  await untilLeaders([second, third], [true, false])
  await end(second)
  await untilLeaders([third], [true])
  expect(await third.evaluate(() => page.leads)).toBe(1)
})

test('what a tab tells the others hear, and itself does not', async () => {
  const [teller, one, other] = (await openTabs(3)) as [Page, Page, Page]
  await teller.evaluate(() => page.tell({ keys: ['a'] }))
  const heard = () => Promise.all([teller, one, other].map((tab) => tab.evaluate(() => page.heard)))
  await vi.waitFor(
    async () => expect(await heard()).toEqual([[], [{ keys: ['a'] }], [{ keys: ['a'] }]]),
    soon,
  )
})
