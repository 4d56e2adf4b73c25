/**
 * What Lighthouse looks at, for the till and the console: from the address to the first contentful paint, to the
 * largest, and to where somebody can sign in; on this machine as it is, and on Lighthouse's phone (a processor four
 * times slower, 150 ms to the server, 1.6 Mbit/s). Anew means with nothing kept, again with the till's service worker.
 * Beside it the gateway's landing page, which is one small file.
 */
import type { BrowserContext, Page } from 'playwright-core'
import { isStale } from '../scripts/apps-stamp.ts'
import { launchChromium } from '../test/support/chromium.ts'
import { median } from './support/measure.ts'
import type { Line } from './support/report.ts'
import type { Stage } from './support/stage.ts'

const rounds = 5
const phone = {
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
  offline: false,
}

type Measured = { first: number; largest: number; usable: number; transferredKb: number }
type Visit = { name: string; path: string; usableBy: string; isPhone: boolean; isAgain: boolean }

const signIn = '[data-testid="sign-in-staff"]'
const visits: Visit[] = [false, true].flatMap((isPhone) => [
  { name: 'landing page', path: '/', usableBy: 'a', isPhone, isAgain: false },
  { name: 'till, anew', path: '/pos/', usableBy: signIn, isPhone, isAgain: false },
  { name: 'till, again', path: '/pos/', usableBy: signIn, isPhone, isAgain: true },
  { name: 'console, anew', path: '/admin/', usableBy: signIn, isPhone, isAgain: false },
])

export async function appsPaint(stage: Stage): Promise<Line[]> {
  if (isStale()) throw new Error('the till and the console are missing or old: npm run build')
  const databaseUrl = await stage.createDatabase('apps_paint')
  const gateway = await stage.openGateway(databaseUrl)
  const chromium = await launchChromium()
  try {
    const taken = new Map<Visit, Measured[]>(visits.map((visit) => [visit, []]))
    for (let round = 0; round < rounds; round += 1)
      for (const visit of visits) {
        const context = await chromium.context.browser()!.newContext()
        taken.get(visit)!.push(await measure(context, new URL(visit.path, gateway.url).href, visit))
        await context.close()
      }
    return visits.flatMap((visit) => linesOf(visit, taken))
  } finally {
    await chromium.close()
    await gateway.stop()
    await stage.dropDatabase('apps_paint')
  }
}

async function measure(context: BrowserContext, url: string, visit: Visit): Promise<Measured> {
  if (visit.isAgain) {
    const page = await context.newPage()
    await page.goto(url)
    await page.evaluate(async () => void (await navigator.serviceWorker.ready))
    await page.close()
  }
  const page = await context.newPage()
  if (visit.isPhone) await slowDown(page)
  await page.goto(url)
  await page.waitForSelector(visit.usableBy)
  return page.evaluate(async () => {
    const usable = performance.now()
    const largest = await new Promise<number>((resolve) => {
      new PerformanceObserver((list) => resolve(list.getEntries().at(-1)!.startTime)).observe({
        type: 'largest-contentful-paint',
        buffered: true,
      })
    })
    const loaded = [
      ...performance.getEntriesByType('navigation'),
      ...performance.getEntriesByType('resource'),
    ] as PerformanceResourceTiming[]
    return {
      first: performance.getEntriesByName('first-contentful-paint')[0]!.startTime,
      largest,
      usable,
      transferredKb: loaded.reduce((sum, { transferSize }) => sum + transferSize, 0) / 1000,
    }
  })
}

async function slowDown(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await devtools.send('Network.emulateNetworkConditions', phone)
}

function linesOf(visit: Visit, taken: ReadonlyMap<Visit, Measured[]>): Line[] {
  const [bare] = visits.filter(({ isPhone }) => isPhone === visit.isPhone)
  if (visit === bare) return []
  const usual = (of: Visit, what: keyof Measured) => median(taken.get(of)!.map((each) => each[what]))
  const where = visit.isPhone ? 'on the phone' : 'here'
  const line = (what: string, key: keyof Measured, unit: Line['unit'] = 'ms'): Line => ({
    what: `${visit.name}, ${where}: ${what}`,
    unit,
    ours: usual(visit, key),
    ...(unit === 'ms' ? { beside: { what: 'landing page', value: usual(bare!, key) } } : {}),
  })
  return [
    line('first paint', 'first'),
    line('largest paint', 'largest'),
    line('ready to sign in', 'usable'),
    line('loaded until then', 'transferredKb', 'KB'),
  ]
}
