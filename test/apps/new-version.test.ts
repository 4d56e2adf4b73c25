// @module-tag browser
/** Versions of the till in a browser: what is open stays as it is until a person takes the new one. */
import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { appConfig } from '../../client/vite.config.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { serveApps } from './serve-apps.ts'

let folder: string
let apps: { server: Server; url: string }
let chromium: Chromium

async function release(version: string): Promise<void> {
  // Vitest says `test`; the worker is for what people use.
  vi.stubEnv('NODE_ENV', 'production')
  const config = appConfig('pos')
  await build({
    ...config,
    root: join(import.meta.dirname, 'new-version'),
    define: { VERSION: JSON.stringify(version) },
    build: { ...config.build, outDir: join(folder, 'pos') },
  })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modula-versions-'))
  await release('one')
  apps = await serveApps(folder)
  chromium = await launchChromium()
}, 300_000)
afterAll(async () => {
  await chromium.close()
  apps.server.close()
  await rm(folder, { recursive: true })
})

const version = (page: Page) => page.textContent('h1')
const offer = (page: Page) => page.getByText('Take the new version')
const lookForNews = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration()
    await registration!.update()
  })

it('a new version waits in every tab, also over a reload, and is taken by one tab for itself', async () => {
  // A tab that is loading while the first worker takes the tabs may be missed, until it is loaded anew: so one by one.
  const open = async (path: string) => {
    const page = await chromium.newPage(apps.url + path)
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    return page
  }
  const till = await open('/pos')
  const other = await open('/pos/')
  expect(await offer(till).count()).toBe(0)

  await release('two')
  await lookForNews(till)
  await offer(till).waitFor()
  await offer(other).waitFor()
  expect([await version(till), await version(other)]).toEqual(['one', 'one'])
  await till.reload()
  await offer(till).waitFor()
  expect(await version(till)).toBe('one')

  await offer(till).click()
  await till.getByText('two').waitFor()
  expect(await offer(till).count()).toBe(0)
  // Its files are the new ones now; what it shows goes on until it is asked.
  expect(await version(other)).toBe('one')
  await offer(other).click()
  await other.getByText('two').waitFor()

  apps.server.closeAllConnections()
  apps.server.close()
  for (const path of ['/pos', '/pos/', '/pos/sales']) {
    await till.goto(apps.url + path)
    expect(await version(till)).toBe('two')
  }
}, 300_000)
