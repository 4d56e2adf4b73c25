// @module-tag browser
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { indexedDbStore } from '../../../client/sdk/store/indexed-db.ts'
import { memoryStore } from '../../../client/sdk/store/memory.ts'
import { schemaVersion } from '../../../client/sdk/store/migrate.ts'
import { type Chromium, launchChromium } from '../../support/chromium.ts'
import { type Site, serveModule } from '../../support/page.ts'
import { failsAs } from './claims.ts'
import type { IndexedDbPage } from './indexed-db-page.ts'
import { storeContract } from './store.contract.ts'

let chromium: Chromium
let site: Site
let tab: Page
beforeAll(async () => {
  site = await serveModule(join(import.meta.dirname, 'indexed-db-page.ts'))
  chromium = await launchChromium()
  tab = await openTab()
})
afterAll(async () => {
  await chromium?.close()
  await site?.close()
})

declare const page: IndexedDbPage

const openTab = () => chromium.newPage(site.origin)

/** A name that no store has had yet, open in the tab. */
async function openStore(): Promise<string> {
  const name = randomUUID()
  expect(await tab.evaluate((name) => page.open(name), name)).toBe('ok')
  return name
}

/** Generous, for a machine that does much else. */
const soon = { timeout: 20_000 }

describe('indexedDbStore', () => {
  for (const name of Object.keys(storeContract(memoryStore))) {
    test(name, () => tab.evaluate((name) => page.runCase(name), name))
  }

  test('two stores in each of two tabs come one after the other: no increment is lost', async () => {
    const name = await openStore()
    const other = await openTab()
    await other.evaluate((name) => page.open(name), name)
    await Promise.all([tab, other].map((each) => each.evaluate((name) => page.count(name, 100), name)))
    expect(await tab.evaluate((name) => page.everything(name), name)).toEqual({
      meta: [{ key: 'counter', value: 200 }],
    })
    await other.close()
  })

  test('no space left: FULL, nothing is lost, what makes room works, and with room again it goes on', async () => {
    // An origin that has not written yet: Chromium asks for the quota now and then only.
    const origin = site.origin.replace('127.0.0.1', 'localhost')
    const small = await chromium.newPage('about:blank')
    const devTools = await chromium.context.newCDPSession(small)
    await devTools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000_000 })
    await small.goto(origin)
    await small.evaluate(() => page.open('small'))
    const { kept, fault } = await small.evaluate(() => page.fill('small'))
    expect(fault).toBe('FULL')
    expect(kept).toBeGreaterThan(10)
    const keys = Array.from({ length: kept }, (_, index) => [`${index}/a`, `${index}/b`]).flat()
    const entries = await small.evaluate(() => page.entities('small'))
    expect(entries.map(({ key }) => key)).toEqual(keys.toSorted())
    expect(await small.evaluate(() => page.delete('small', '0/a'))).toBe('ok')
    await devTools.send('Storage.overrideQuotaForOrigin', { origin })
    expect(await small.evaluate(() => page.put('small', 'more', 'x'.repeat(10_000)))).toBe('ok')
    await small.close()
  })

  describe('versions', () => {
    test('an older database gets what is missing, and keeps what it has', async () => {
      const name = randomUUID()
      await tab.evaluate((name) => page.raw.open(name, 1, ['meta', 'operations']), name)
      await tab.evaluate(() => page.raw.closeAll())
      expect(await tab.evaluate((name) => page.open(name), name)).toBe('ok')
      expect(await tab.evaluate((name) => page.put(name, 'new', 1), name)).toBe('ok')
      expect(await tab.evaluate((name) => page.everything(name), name)).toEqual({
        meta: [{ key: 'old', value: 'from version 1' }],
        operations: [{ key: 'old', value: 'from version 1' }],
        entities: [{ key: 'new', value: 1 }],
      })
    })

    test('an older one that another tab keeps open: BLOCKED, and it stays as it was', async () => {
      const name = randomUUID()
      const old = await openTab()
      await old.evaluate((name) => page.raw.open(name, 1), name)
      expect(await tab.evaluate((name) => page.open(name), name)).toBe('BLOCKED')
      await old.close()
      await expect.poll(() => tab.evaluate((name) => page.raw.open(name), name), soon).toBe(1)
      await tab.evaluate(() => page.raw.closeAll())
      expect(await tab.evaluate((name) => page.open(name), name)).toBe('ok')
      expect(await tab.evaluate(async (name) => (await page.raw.versions())[name], name)).toBe(
        schemaVersion + 1,
      )
    })

    test('a tab makes room for a newer app after its transaction, and is told UNAVAILABLE and NEWER', async () => {
      const name = await openStore()
      const newer = await openTab()
      const writing = tab.evaluate((name) => page.writeLong(name, 200), name)
      expect(await newer.evaluate((name) => page.raw.open(name, 99), name)).toBe(99)
      expect(await writing).toBe('ok')
      expect(await tab.evaluate((name) => page.increment(name), name)).toBe('UNAVAILABLE')
      expect(await tab.evaluate((name) => page.open(name), name)).toBe('NEWER')
      await newer.close()
      // What a newer app has left can still be read, and stays as it is; where there is nothing, nothing is made.
      expect(await tab.evaluate((name) => page.peek(name), name)).toEqual([{ key: 'round', value: 200 }])
      expect(await tab.evaluate(async (name) => (await page.raw.versions())[name], name)).toBe(99)
      const nothing = randomUUID()
      expect(await tab.evaluate((name) => page.peek(name), nothing)).toBe('UNAVAILABLE')
      expect(await tab.evaluate(async (name) => (await page.raw.versions())[name], nothing)).toBeUndefined()
    })
  })

  describe('taken away', () => {
    test('deleted by another tab: UNAVAILABLE, until it is opened anew', async () => {
      const name = await openStore()
      await tab.evaluate((name) => page.increment(name), name)
      const other = await openTab()
      await other.evaluate((name) => page.raw.delete(name), name)
      expect(await tab.evaluate((name) => page.increment(name), name)).toBe('UNAVAILABLE')
      expect(await tab.evaluate((name) => page.open(name), name)).toBe('ok')
      expect(await tab.evaluate((name) => page.everything(name), name)).toEqual({})
      await other.close()
    })

    test('cleared by the browser, in the midst of a transaction: UNAVAILABLE', async () => {
      const name = await openStore()
      const writing = tab.evaluate((name) => page.writeLong(name, 100_000), name)
      await clear()
      expect(await writing).toBe('UNAVAILABLE')
      expect(await tab.evaluate((name) => page.increment(name), name)).toBe('UNAVAILABLE')
      expect(await tab.evaluate((name) => page.open(name), name)).toBe('ok')
      expect(await tab.evaluate((name) => page.everything(name), name)).toEqual({})
    })

    // One that begins as the database is closed hears nothing of it: about one time in five it is met here.
    test('cleared by the browser while transactions come one after the other: the last ends as well', async () => {
      for (let round = 0; round < 20; round += 1) {
        const name = await openStore()
        const writing = tab.evaluate((name) => page.incrementUntilRefused(name), name)
        await clear()
        expect(await writing).toBe('UNAVAILABLE')
      }
    })

    test('cleared by the browser while nothing happens: it can be opened anew', async () => {
      const name = await openStore()
      await tab.evaluate((name) => page.increment(name), name)
      await clear()
      await expect
        .poll(() => tab.evaluate((name) => page.raw.wasClosedByBrowser(name), name), soon)
        .toBe(true)
      expect(await tab.evaluate((name) => page.open(name), name)).toBe('ok')
      expect(await tab.evaluate((name) => page.everything(name), name)).toEqual({})
    })

    test('a connection that is lost without a word: UNAVAILABLE, and opened anew it has everything', async () => {
      const name = await openStore()
      await tab.evaluate((name) => page.increment(name), name)
      await tab.evaluate((name) => page.raw.closeBehindItsBack(name), name)
      expect(await tab.evaluate((name) => page.increment(name), name)).toBe('UNAVAILABLE')
      expect(await tab.evaluate((name) => page.open(name), name)).toBe('ok')
      expect(await tab.evaluate((name) => page.everything(name), name)).toEqual({
        meta: [{ key: 'counter', value: 1 }],
      })
    })

    async function clear(): Promise<void> {
      const devTools = await chromium.context.newCDPSession(tab)
      await devTools.send('Storage.clearDataForOrigin', { origin: site.origin, storageTypes: 'indexeddb' })
      await devTools.detach()
    }
  })

  test('a record that cannot be read costs itself, not its neighbours', async () => {
    const name = await openStore()
    for (const [key, found] of [
      ['a', '1'],
      ['b', '{"of":"b'],
      ['c', { no: 'text' }],
      ['d', '4'],
    ] as const) {
      await tab.evaluate(([name, key, found]) => page.raw.put(name, 'operations', key, found), [
        name,
        key,
        found,
      ] as const)
    }
    expect(await tab.evaluate((name) => page.everything(name), name)).toEqual({
      operations: [
        { key: 'a', value: 1 },
        { key: 'b', damaged: '{"of":"b' },
        { key: 'c', damaged: '{"no":"text"}' },
        { key: 'd', value: 4 },
      ],
    })
  })

  test('says whether the browser keeps it, and how much there is and may be', async () => {
    const name = await openStore()
    expect(['persistent', 'best-effort']).toContain(
      await tab.evaluate((name) => page.persistence(name), name),
    )
    const { usage, quota } = (await tab.evaluate((name) => page.estimate(name), name))!
    expect(usage).toBeGreaterThan(0)
    expect(quota).toBeGreaterThan(usage)
  })

  test('a platform without IndexedDB: UNAVAILABLE', async () => {
    const store = indexedDbStore('till')
    expect(store).toMatchObject({ name: 'till', shared: true })
    await failsAs('UNAVAILABLE', store.open())
    await failsAs(
      'UNAVAILABLE',
      store.transact('read', (tx) => tx.list('meta')),
    )
    await store.close()
  })

  test('sqliteStore can be bundled for a browser, where it is UNAVAILABLE', async () => {
    expect(await tab.evaluate(() => page.openSqlite())).toBe('UNAVAILABLE')
  })
})
