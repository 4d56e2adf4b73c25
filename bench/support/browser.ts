/**
 * A page of `bench/pages` in a real Chromium, whose profile lies on the disk that is measured.
 */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launchChromium } from '../../test/support/chromium.ts'
import { serveModule } from '../../test/support/page.ts'
import type { Stage } from './stage.ts'

/** Opens the page, which puts what it offers into `window.page`, and closes everything after the work. */
export async function withPage<T>(stage: Stage, file: string, work: (tab: Page) => Promise<T>): Promise<T> {
  const site = await serveModule(join(import.meta.dirname, '../pages', file))
  try {
    const chromium = await launchChromium({ profile: join(stage.folder, `chromium-${file}`) })
    try {
      const tab = await chromium.newPage(site.origin)
      await tab.waitForFunction(() => 'page' in window)
      return await work(tab)
    } finally {
      await chromium.close()
    }
  } finally {
    await site.close()
  }
}
