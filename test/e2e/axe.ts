/**
 * axe (https://github.com/dequelabs/axe-core) in a page: rules of WCAG that a machine can check.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What it finds serious or critical on the page as it is now: the rule, and the element. */
export async function flawsOf(page: Page): Promise<string[]> {
  await page.evaluate(source)
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`))
}

export const looks = [
  { language: 'en', colors: 'light' },
  { language: 'km', colors: 'dark' },
] as const
export type Look = (typeof looks)[number]

/** From the next time that the page is loaded. */
export const wear = (page: Page, look: Look): Promise<void> =>
  page.evaluate(({ language, colors }) => {
    localStorage.setItem('modula.language', language)
    localStorage.setItem('modula.color-scheme', colors)
  }, look)
