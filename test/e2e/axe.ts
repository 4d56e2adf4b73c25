/**
 * axe (https://github.com/dequelabs/axe-core) in a page: rules of WCAG that a machine can check.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Axed = { axe?: { run(options: RunOptions): Promise<AxeResults> } }

/** What it finds serious or critical on the page as it is now: the rule, and the element. */
export async function flawsOf(page: Page): Promise<string[]> {
  if (await page.evaluate(() => !(globalThis as Axed).axe)) await page.evaluate(source)
  await settled(page)
  const { violations } = await page.evaluate(() =>
    (globalThis as Axed).axe!.run({ resultTypes: ['violations'] }),
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`))
}

/** What fades in is judged when it is there: halfway, every colour is a paler one. */
const settled = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const nextFrame = () => new Promise(requestAnimationFrame)
    // The kit begins a transition a frame after it has drawn what will come.
    for (let frames = 0; frames < 3; frames += 1) await nextFrame()
    const finite = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
    await Promise.allSettled(finite.map(({ finished }) => finished))
  })

export const looks = [
  { language: 'en', colors: 'light' },
  { language: 'km', colors: 'dark' },
] as const
export type Look = { language: 'en' | 'km'; colors: 'light' | 'dark' }

/** From the next time that the page is loaded. */
export const wear = (page: Page, look: Look): Promise<void> =>
  page.evaluate(({ language, colors }) => {
    localStorage.setItem('modula.language', language)
    localStorage.setItem('modula.color-scheme', colors)
  }, look)
