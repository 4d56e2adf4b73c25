/**
 * `npm run screenshots -- states FOLDER`: the till on bad lines and on bad days, each staged for real, for somebody to
 * look at. Each state in English (a tablet in light colours, a phone in dark ones) and in Khmer (the other way round).
 * `-- states FOLDER NAME,NAME` makes those alone.
 */
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { SyncClient } from '../../client/sdk/index.ts'
import type { Role } from '../../src/modules/access/roles.ts'
import { type Till, tillOn } from '../../test/e2e/till.ts'
import { type Clock, type Line, openLine } from '../../test/line/line.ts'
import { openTill } from './made-up-day.ts'
import { states } from './states.ts'

type Language = 'en' | 'km'
const languages: readonly Language[] = ['en', 'km']
export const tablet = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }

/** What a state is staged with. */
export type Stage = {
  till: Till
  page: Page
  context: BrowserContext
  line: Line & {
    /** Both ways, from now on. */
    rate(bitsPerSecond: number): void
  }
  admin: SyncClient
  base: string
  /** Somebody new in these branches, PIN 1234; their staff code. */
  hire(role: Role, name: string, branchIds: string[]): Promise<string>
  /** A queue of so many sales in riverside, by this person, as the file that saves it. */
  queueOf(staffCode: string, work: (client: SyncClient) => Promise<unknown>): Promise<string>
  /** One more picture of it as it is now. */
  picture(name: string): Promise<void>
}

export async function picturesOfStates(of: {
  browser: Browser
  base: string
  folder: string
  target: string
  only: string
}): Promise<void> {
  const { browser, base, folder, target, only } = of
  const url = `${base}/graphql`
  const till = (staffCode: string) =>
    openTill({ url, folder, deviceId: `made-${randomUUID()}`, staffCode, branchId: 'riverside' })
  const admin = (await till('admin')).client
  for (const [name, state] of Object.entries(states).filter(
    ([name]) => !only || only.split(',').includes(name),
  ))
    for (const language of languages) {
      let bitsPerSecond = 100_000_000
      const line = await openLine(url, { up: { clock: wire() }, down: { clock: wire() } })
      function wire(): Clock {
        let free = 0
        return (at, bytes) => {
          free = Math.max(at, free) + (8_000 * bytes) / bitsPerSecond
          return free
        }
      }
      const context = await browser.newContext({
        viewport: tablet,
        locale: language === 'km' ? 'km-KH' : 'en-US',
      })
      context.setDefaultTimeout(30_000)
      const page = await context.newPage()
      const stage: Stage = {
        till: tillOn(page, new URL(line.url).origin),
        page,
        context,
        line: {
          ...line,
          rate(to) {
            bitsPerSecond = to
          },
        },
        admin,
        base,
        async hire(role, name, branchIds) {
          const staffCode = `${role.toLowerCase()}-${randomUUID().slice(0, 4)}`
          const person = { accountId: `demo-${staffCode}`, staffCode, name, role, branchIds, pin: '1234' }
          await admin.online('staff.save', person)
          return staffCode
        },
        async queueOf(staffCode, work) {
          const made = await till(staffCode)
          made.setOffline(true)
          await work(made.client)
          const text = await made.client.exportQueue()
          await made.client.close()
          return text
        },
        picture: (more) => pictures(page, join(target, `${name}${more && `-${more}`}`), language),
      }
      try {
        await stage.till.open()
        await page.evaluate(async () => void (await navigator.serviceWorker.ready))
        await state(stage)
        await stage.picture('')
      } catch (error) {
        console.error(`${name} (${language}):`, error)
        await stage.picture('failed')
      } finally {
        await context.close()
        await line.close()
      }
    }
  await admin.close()
}

async function pictures(page: Page, path: string, language: Language): Promise<void> {
  for (const [device, size, colorScheme] of [
    ['tablet', tablet, language === 'en' ? 'light' : 'dark'],
    ['phone', phone, language === 'en' ? 'dark' : 'light'],
  ] as const) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme })
    await page.mouse.move(0, 0)
    await page.evaluate(() => document.fonts.ready)
    await pause(500)
    await writeFile(`${path}-${language}-${device}.png`, await page.screenshot())
  }
  await page.setViewportSize(tablet)
  console.log(`${path}-${language}`)
}
