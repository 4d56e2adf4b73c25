/**
 * `npm run screenshots -- steps FOLDER`: a day at the till and what belongs to it at the console, step by step, for
 * somebody to look at: in every window, in both languages, in both schemes of colours.
 * `-- steps FOLDER 844x390,km` makes those of that window and that language alone; `console` those of the console.
 */
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { SyncClient } from '../../client/sdk/index.ts'
import type { Role } from '../../src/modules/access/roles.ts'
import { consoleOn } from '../../test/e2e/console.ts'
import { type Till, tillOn } from '../../test/e2e/till.ts'
import { openTill } from './made-up-day.ts'
import { atTheTill } from './till-steps.ts'

const windows = [
  [1280, 800],
  [844, 390],
  [640, 400],
  [390, 844],
  [320, 568],
] as const
const languages = ['en', 'km'] as const
const schemes = ['light', 'dark'] as const

export type Stage = {
  page: Page
  context: BrowserContext
  till: Till
  base: string
  admin: SyncClient
  branchId: string
  /** Somebody new in the branch, PIN 1234; their staff code. */
  hire(role: Role, name: string): Promise<string>
  /** A picture of the step, in both schemes; of the till unless told otherwise. */
  look(step: string, of?: Page): Promise<void>
}

export async function picturesOfSteps(of: {
  browser: Browser
  base: string
  folder: string
  target: string
  only: string
}): Promise<void> {
  const { browser, base, folder, target, only } = of
  const wanted = only.split(',').filter(Boolean)
  const isWanted = (name: string, among: readonly string[]) =>
    !wanted.some((each) => among.includes(each)) || wanted.includes(name)
  const sizes = windows.map(([width, height]) => `${width}x${height}`)
  const admin = (
    await openTill({
      url: `${base}/graphql`,
      folder,
      deviceId: `made-${randomUUID()}`,
      staffCode: 'admin',
      branchId: 'riverside',
    })
  ).client
  for (const [width, height] of windows)
    for (const language of languages) {
      const size = `${width}x${height}`
      if (!isWanted(size, sizes) || !isWanted(language, languages)) continue
      const context = await browser.newContext({
        viewport: { width, height },
        locale: language === 'km' ? 'km-KH' : 'en-US',
        // A phone and a tablet on its side have no mouse; a tablet at 200 % may.
        hasTouch: width !== 640,
      })
      context.setDefaultTimeout(20_000)
      const stage = await stageIn(context, { base, admin, name: join(target, `${size}-${language}`) })
      try {
        const name = language === 'km' ? 'មាត់ទន្លេ' : 'Riverside'
        await admin.online('branch.save', { name }, { branchId: stage.branchId })
        await restock(stage)
        if (!wanted.includes('console')) await atTheTill(stage)
        if (width !== 320) await atTheConsole(stage)
      } catch (error) {
        console.error(`${size} ${language}:`, error)
        await stage.look('failed')
      } finally {
        await context.close()
      }
      console.log(`${size} ${language}`)
    }
  await admin.close()
}

/** `name`: what the files of its pictures begin with. */
async function stageIn(
  context: BrowserContext,
  { base, admin, name }: { base: string; admin: SyncClient; name: string },
): Promise<Stage> {
  const page = await context.newPage()
  const branchId = `branch-${randomUUID().slice(0, 8)}`
  let taken = 0
  return {
    ...{ page, context, base, admin, branchId },
    till: tillOn(page, base),
    async hire(role, named) {
      const staffCode = `${role.toLowerCase()}-${randomUUID().slice(0, 4)}`
      const person = { staffCode, name: named, role, branchIds: [branchId], pin: '1234' }
      await admin.online('staff.save', { accountId: `demo-${staffCode}`, ...person })
      return staffCode
    },
    async look(step, of = page) {
      taken += 1
      await of.mouse.move(0, 0)
      await of.evaluate(() => document.fonts.ready)
      // Until what slides in has come to rest.
      await pause(350)
      for (const colorScheme of schemes) {
        await of.emulateMedia({ colorScheme })
        // Colours fade.
        await pause(250)
        const file = `${name}-${colorScheme}-${String(taken).padStart(2, '0')}-${step}.png`
        await writeFile(file, await of.screenshot())
      }
    },
  }
}

const restock = ({ admin, branchId }: Stage) =>
  admin.online(
    'inventory.restock',
    { stockItemId: `beans-${branchId}`, name: 'Coffee beans', unit: 'g', quantity: 800 },
    { branchId },
  )

async function atTheConsole(stage: Stage): Promise<void> {
  const { context, base, branchId, admin } = stage
  const page = await context.newPage()
  const desk = consoleOn(page, base)
  const at = (path: string) => page.goto(`${base}/admin/${path}`)
  const look = (step: string) => stage.look(step, page)
  await desk.signIn('admin')
  await desk.branch(branchId).getByTestId('edit-branch').click()
  await page.getByTestId('branch-zone').waitFor()
  await look('console-branch')
  await at(`sales?branch=${branchId}`)
  await page.getByTestId('sale-row').first().waitFor()
  await look('console-sales')
  await page.locator('[data-testid=sales-shown] label').last().click()
  await page.getByTestId('report').waitFor()
  await look('console-report')
  await page.getByTestId('report').locator('table').last().scrollIntoViewIfNeeded()
  await look('console-report-below')
  await at(`staff?branch=${branchId}`)
  await page.getByTestId('hours-row').first().waitFor()
  await page.getByTestId('hours-row').first().scrollIntoViewIfNeeded()
  await look('console-hours')
  await at('menu')
  await page.getByTestId('menu-item-row').first().waitFor()
  await look('console-menu')
  await admin.online(
    'inventory.setThreshold',
    { stockItemId: `beans-${branchId}`, lowAt: 1_000 },
    { branchId },
  )
  await at(`stock?branch=${branchId}`)
  await page.getByTestId('low-stock').waitFor()
  await look('console-stock-low')
  await page.getByTestId('set-threshold').first().click()
  await page.getByTestId('threshold').waitFor()
  await look('console-threshold')
}
