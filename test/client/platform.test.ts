// @module-tag browser
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { defaultEnvironment } from '../../client/sdk/platform.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { type Site, serveModule } from '../support/page.ts'
import type { PlatformPage } from './platform-page.ts'

/** In order of time (UUIDv7). */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('in Node', () => {
  test('there are ids, locks and channels', () => {
    const { newId, locks, openChannel } = defaultEnvironment()
    expect(newId()).toMatch(uuid)
    expect(newId()).not.toBe(newId())
    expect([locks, openChannel]).not.toContain(undefined)
  })

  test('there is nothing to watch', () => {
    const { watchPlatform } = defaultEnvironment()
    const fail = () => expect.unreachable()
    watchPlatform({ online: fail, offline: fail, resume: fail })()
  })
})

describe('in a browser', () => {
  let chromium: Chromium
  let site: Site
  let tab: Page
  beforeAll(async () => {
    site = await serveModule(new URL('platform-page.ts', import.meta.url).pathname)
    chromium = await launchChromium({ args: ['--host-resolver-rules=MAP till.lan 127.0.0.1'] })
    tab = await openPage(site.origin)
  })
  afterAll(async () => {
    await chromium?.close()
    await site?.close()
  })

  async function openPage(url: string): Promise<Page> {
    const opened = await chromium.newPage(url)
    await opened.waitForFunction(() => 'page' in window)
    return opened
  }
  /** What the page has heard since it was asked last. */
  const heard = () => tab.evaluate(() => page.heard.splice(0))
  const untilHeard = (...words: string[]) =>
    vi.waitFor(async () => expect(await heard()).toEqual(expect.arrayContaining(words)), 10_000)

  test('it tells when the network goes and comes', async () => {
    await heard()
    await chromium.context.setOffline(true)
    await untilHeard('offline')
    await chromium.context.setOffline(false)
    await untilHeard('online')
  })

  test('it tells when the window is in front again', async () => {
    // Without a window nothing ever is: the page is told so.
    await heard()
    await tab.evaluate(() => void window.dispatchEvent(new Event('focus')))
    expect(await heard()).toEqual(['resume'])
  })

  test('it tells when the page is seen again, not when it is hidden', async () => {
    // Without a window nothing is ever hidden: the page is told so.
    const show = (state: DocumentVisibilityState) =>
      tab.evaluate((visibilityState) => {
        Object.defineProperty(document, 'visibilityState', { value: visibilityState, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      }, state)
    await heard()
    await show('hidden')
    expect(await heard()).toEqual([])
    await show('visible')
    expect(await heard()).toEqual(['resume'])
  })

  test('it tells when the page was put aside and is shown again', async () => {
    await heard()
    await tab.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
    expect(await heard()).toEqual(['resume'])
    await tab.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false })))
    expect(await heard()).toEqual([])
  })

  test('it tells nothing any more once it is stopped', async () => {
    const stopped = await openPage(site.origin)
    const told = await stopped.evaluate(() => {
      page.stop()
      page.heard.splice(0)
      for (const name of ['online', 'offline', 'focus']) window.dispatchEvent(new Event(name))
      document.dispatchEvent(new Event('visibilitychange'))
      return page.heard
    })
    await stopped.close()
    expect(told).toEqual([])
  })

  test('without TLS, from another machine: ids all the same, and no locks', async () => {
    const insecure = await openPage(site.origin.replace('127.0.0.1', 'till.lan'))
    const seen = await insecure.evaluate(() => ({
      secure: isSecureContext,
      ids: [page.newId(), page.newId()],
      has: page.has,
    }))
    await insecure.close()
    expect(seen).toMatchObject({ secure: false, has: { locks: false, channels: true } })
    expect(new Set(seen.ids).size).toBe(2)
    for (const id of seen.ids) expect(id).toMatch(uuid)
  })
})

declare const page: PlatformPage
