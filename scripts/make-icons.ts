/**
 * Draws the till's PNG icons from `client/pos/public/icon.svg`. Run by hand after it has changed; the PNGs are committed.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchChromium } from '../test/support/chromium.ts'

const folder = join(import.meta.dirname, '../client/pos/public')
const svg = readFileSync(join(folder, 'icon.svg'), 'utf8')
/** The system cuts its own shape out of this one: the ground reaches the edges. */
const maskable = svg.replace(/ rx="\d+"/, '')

const chromium = await launchChromium()
const page = await chromium.newPage()
for (const [name, size, drawing] of [
  ['icon-192.png', 192, svg],
  ['icon-512.png', 512, svg],
  ['icon-maskable-512.png', 512, maskable],
] as const) {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw }</style>${drawing}`)
  writeFileSync(join(folder, name), await page.screenshot({ omitBackground: true }))
}
await chromium.close()
