// @module-tag browser
import { join } from 'node:path'
import { afterAll, beforeAll, test } from 'vitest'
import { type Chromium, launchChromium } from '../../support/chromium.ts'
import { type Site, serveModule } from '../../support/page.ts'
import type { IndexedDbModelPage } from './indexed-db-model-page.ts'

let chromium: Chromium
let site: Site
beforeAll(async () => {
  site = await serveModule(join(import.meta.dirname, 'indexed-db-model-page.ts'))
  chromium = await launchChromium()
})
afterAll(async () => {
  await chromium?.close()
  await site?.close()
})

declare const page: IndexedDbModelPage

test('indexedDbStore is like a Map, whatever is done to it', async () => {
  const tab = await chromium.newPage(site.origin)
  await tab.evaluate(() => page.isLikeAMap(40))
})
