// @module-tag browser
/**
 * A browser that is killed, and started again with what it has kept.
 */
import { randomBytes } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Chromium, launchChromium } from '../../support/chromium.ts'
import { type Site, serveModule } from '../../support/page.ts'
import type { IndexedDbPage } from './indexed-db-page.ts'

let site: Site
let first: Chromium
let second: Chromium
let tab: Page
/** The last sale that the browser has said is kept, before it was killed. */
let kept = 0

beforeAll(async () => {
  site = await serveModule(join(import.meta.dirname, 'indexed-db-page.ts'))
  first = await launchChromium()
  tab = await first.newPage(site.origin)
  const large = [150_000, 160_000].map((size) => randomBytes(size).toString('hex'))
  await tab.evaluate(async ([lost, large]) => {
    await page.open('cache')
    for (const [key, value] of Object.entries({ a: 1, b: lost, c: 3, d: large }))
      await page.put('cache', key, value)
  }, large)
  await sellUntil(40)
  await first.kill()

  await removeFile(first.profile, large[0]!.length)
  second = await launchChromium({ profile: first.profile })
  tab = await second.newPage(site.origin)
})
afterAll(async () => {
  await second?.close()
  await first?.close()
  await site?.close()
})

declare const page: IndexedDbPage

async function sellUntil(position: number): Promise<void> {
  const enough = Promise.withResolvers<void>()
  await tab.exposeFunction('kept', (each: number) => {
    kept = each
    if (kept === position) enough.resolve()
  })
  await tab.evaluate(async () => {
    await page.open('till')
    page.sellOn('till')
  })
  await enough.promise
}

/** Removes the file in which Chromium keeps a value of about this size: it has one for each large value. */
async function removeFile(profile: string, size: number): Promise<void> {
  const folder = join(profile, 'Default/IndexedDB')
  const files = (await readdir(folder, { recursive: true })).map((name) => join(folder, name))
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
  const found = files.filter((_, index) => sizes[index]! >= size && sizes[index]! < size + 1_000)
  expect(found).toHaveLength(1)
  await rm(found[0]!)
}

test('what was kept survives a kill, and what was not leaves nothing behind', async () => {
  const { positions, last } = await tab.evaluate(async () => {
    await page.open('till')
    return await page.sold('till')
  })
  expect(last).toBeGreaterThanOrEqual(kept)
  expect(positions).toEqual(Array.from({ length: last }, (_, index) => index + 1))
})

test('a record whose file the browser has lost costs itself, not its neighbours', async () => {
  const entries = await tab.evaluate(async () => {
    await page.open('cache')
    return await page.entities('cache')
  })
  expect(entries.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'd'])
  expect(entries[0]).toEqual({ key: 'a', value: 1 })
  expect(entries[1]).toEqual({ key: 'b', damaged: expect.stringContaining('unreadable') })
  expect(entries[2]).toEqual({ key: 'c', value: 3 })
  expect(entries[3]!.value).toHaveLength(320_000)
  expect(await tab.evaluate(() => page.increment('cache'))).toBe('ok')
})
