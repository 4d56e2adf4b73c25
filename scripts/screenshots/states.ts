/** The states that pictures-of-states.ts shows: how each comes about. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { SyncClient } from '../../client/sdk/index.ts'
import { consoleOn } from '../../test/e2e/console.ts'
import { tillOn } from '../../test/e2e/till.ts'
import { type Stage, tablet } from './pictures-of-states.ts'

const sales = (count: number) => async (client: SyncClient) => {
  const { saleFor, randomFrom } = await import('./made-up-day.ts')
  const random = randomFrom('states')
  const [session] = client.query('cashSession', { where: { status: 'OPEN' } })
  for (let i = 0; i < count; i += 1)
    await client.perform('sale.finalize', saleFor(client, random, session!.id))
}

async function readIn({ till, page }: Stage, text: string): Promise<void> {
  await till.open('device')
  await till.id('export-queue').waitFor()
  await page.locator('input[type=file]').setInputFiles({
    name: 'queue.json',
    mimeType: 'application/json',
    buffer: Buffer.from(text),
  })
}

const atWork = async ({ till }: Stage, staffCode = 'cashier-1') => {
  await till.signIn(staffCode)
  await till.id('menu-item').first().waitFor()
}

/** What everything that goes to the gateway is answered with instead. */
const answered = ({ context }: Stage, status: number, body: string) =>
  context.route('**/graphql', (route) => route.fulfill({ status, body, contentType: 'text/html' }))

export const states: Record<string, (stage: Stage) => Promise<unknown>> = {
  async 'first-load'(stage) {
    stage.line.rate(3_000)
    await stage.till.signIn('cashier-1')
    await pause(6_000)
  },
  async 'history-loading'(stage) {
    const { till, line } = stage
    await atWork(stage)
    await till.open('sales')
    // Begun anew, with the app in the browser's cache.
    await stage.page.evaluate(() => indexedDB.deleteDatabase('pos'))
    await till.open('sales')
    await stage.page.getByRole('dialog').getByRole('button').last().click()
    await stage.context.route('**/graphql', async (route) => {
      if (route.request().postDataBuffer()?.length) await pause(500)
      await route.continue()
    })
    line.rate(6_000)
    await till.signIn('cashier-1')
    await till.id('menu-item').first().waitFor()
    await till.go('/sales')
    await pause(1_000)
  },
  async slow(stage) {
    const { till, line } = stage
    const file = await stage.queueOf('cashier-1', sales(200))
    await atWork(stage)
    line.rate(20_000)
    await readIn(stage, file)
    await stage.page.locator('[data-testid=slow-line]').waitFor()
    await pause(4_000)
    await till.go('/')
    await stage.picture('sell')
    await till.openQueue()
    await pause(500)
  },
  async 'captive-portal'(stage) {
    await atWork(stage)
    await answered(stage, 200, '<h1>Welcome to Mall WiFi. Sign in.</h1>')
    await stage.till.sell(['espresso'], { usd: '5' })
    await pause(3_000)
    await stage.picture('sell')
    await stage.till.openQueue()
  },
  async 'proxy-413'(stage) {
    await atWork(stage)
    await answered(stage, 413, '<h1>413</h1>')
    await stage.till.sell(['espresso'], { usd: '5' })
    await pause(3_000)
    await stage.till.openQueue()
  },
  async 'shut-out'(stage) {
    const { till, context, base } = stage
    await atWork(stage)
    await till.sell(['espresso'], { usd: '5' })
    const deviceId = await stage.page.evaluate(() => JSON.parse(localStorage.getItem('modula.pos.device')!))
    const desk = await context.browser()!.newContext({ viewport: tablet, locale: 'en-US' })
    const console = consoleOn(await desk.newPage(), base)
    await console.signIn('manager')
    await console.show('devices')
    await console.device(deviceId).click()
    await console.id('shut-out').click()
    await console.page.getByRole('textbox').last().fill('Lost on the bus')
    await console.confirm()
    await console.id('device-shut-out').waitFor()
    await desk.close()
    await till.id('shut-out').waitFor()
    await stage.picture('sell')
    await till.openQueue()
    await pause(500)
    await stage.picture('queue')
    await till.open('people')
    await till.id('sign-in-staff').fill('cashier-1')
    await till.id('sign-in-pin').fill('1234')
    await till.id('sign-in-submit').click()
    await stage.page.getByRole('alert').waitFor()
  },
  async 'full-store'(stage) {
    const { till, context, page } = stage
    const file = await stage.queueOf('cashier-1', sales(300))
    await atWork(stage)
    await till.open('device')
    await till.id('export-queue').waitFor()
    const usage = await page.evaluate(async () => (await navigator.storage.estimate()).usage!)
    const { origin } = new URL(page.url())
    const devTools = await context.newCDPSession(page)
    await devTools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 200_000 })
    // So long Chromium goes by the room that it once found.
    await pause(31_000)
    await context.setOffline(true)
    await readIn(stage, file)
    await pause(2_000)
    await stage.picture('import')
    await till.go('/')
    const refused = page.getByRole('alert')
    for (let i = 0; i < 60 && (await refused.count()) === 0; i += 1) {
      await till.add('espresso')
      await till.id('pay').click()
      await till.id('received-usd').fill('5')
      await till.id('finalize').click()
      const next = till.id('next-sale')
      await refused.or(next).first().waitFor()
      if ((await next.count()) > 0) await next.click()
    }
    await stage.picture('pay')
    await context.setOffline(false)
    await till.go('/')
    await pause(4_000)
  },
  async 'store-lost'(stage) {
    const { context, page, till } = stage
    await atWork(stage)
    await context.setOffline(true)
    await till.sell(['espresso'], { usd: '5' })
    await context.setOffline(false)
    const devTools = await context.newCDPSession(page)
    const origin = new URL(page.url()).origin
    await devTools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })
    await till.id('store-fault').waitFor()
    await stage.picture('fault')
    await page.reload()
    await page.getByRole('dialog').waitFor()
  },
  async 'store-newer'(stage) {
    const { page, till } = stage
    await page.goto(`${stage.base}/healthz`)
    await page.goto(`${new URL(stage.line.url).origin}/pos/icon.svg`)
    await page.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const asked = indexedDB.open('pos', 99)
          asked.onsuccess = () => {
            asked.result.close()
            resolve()
          }
          asked.onerror = () => reject(asked.error)
        }),
    )
    await till.open()
    await till.id('store-fault').waitFor()
    await till.id('export-queue').click()
  },
  async 'two-tabs'(stage) {
    const { till, context } = stage
    await atWork(stage)
    await till.add('espresso', 'croissant')
    const other = tillOn(await context.newPage(), new URL(stage.line.url).origin)
    await other.open()
    await other.id('menu-item').first().waitFor()
    await other.add('brownie')
    await other.page.close()
  },
  async 'moved-away'(stage) {
    const { till, context, admin } = stage
    const staffCode = await stage.hire('CASHIER', 'Bopha', ['riverside'])
    await atWork(stage, staffCode)
    await context.setOffline(true)
    await till.sell(['espresso'], { usd: '5' })
    await admin.online('staff.save', { accountId: `demo-${staffCode}`, branchIds: ['market'] })
    await context.setOffline(false)
    await pause(5_000)
    await stage.picture('then')
    await till.openQueue().catch(() => {})
  },
  async demoted(stage) {
    const { till, context, admin } = stage
    const staffCode = await stage.hire('CASHIER', 'Bopha', ['riverside'])
    await atWork(stage, staffCode)
    await context.setOffline(true)
    await till.sell(['espresso'], { usd: '5' })
    await admin.online('staff.save', { accountId: `demo-${staffCode}`, role: 'STAFF' })
    await context.setOffline(false)
    await pause(5_000)
    await stage.picture('then')
    await till.openQueue()
  },
  async revoked(stage) {
    const { till, context, admin } = stage
    const staffCode = await stage.hire('CASHIER', 'Bopha', ['riverside'])
    await atWork(stage, staffCode)
    await context.setOffline(true)
    await till.sell(['espresso'], { usd: '5' })
    await admin.online('staff.save', { accountId: `demo-${staffCode}`, status: 'REVOKED' })
    await context.setOffline(false)
    await pause(5_000)
    await stage.picture('then')
    await till.openQueue()
    await stage.picture('queue')
    await till.open('people')
    await till.id('sign-in-staff').fill(staffCode)
    await till.id('sign-in-pin').fill('1234')
    await till.id('sign-in-submit').click()
    await stage.page.getByRole('alert').waitFor()
  },
  async frozen(stage) {
    const { till, admin } = stage
    await atWork(stage)
    await till.add('espresso')
    await admin.online('branch.freeze', {}, { branchId: 'riverside' })
    try {
      await pause(3_000)
      await stage.picture('now')
    } finally {
      await admin.online('branch.unfreeze', {}, { branchId: 'riverside' })
    }
  },
  async 'locked-code'(stage) {
    const { till } = stage
    const staffCode = await stage.hire('CASHIER', 'Bopha', ['riverside'])
    await till.signIn(staffCode)
    await till.open('people')
    for (let i = 0; i < 6; i += 1) {
      await till.id('sign-in-staff').fill(staffCode)
      await till.id('sign-in-pin').fill('9999')
      await till.id('sign-in-submit').click()
      await stage.page.getByRole('alert').waitFor()
      if (i === 0) await stage.picture('wrong')
    }
  },
  async 'takeover-offline'(stage) {
    const { till, context } = stage
    await till.signIn('manager')
    await till.switchTo('cashier-1')
    await context.setOffline(true)
    await till.open('people')
    await till.id('sign-in-staff').fill('cashier-2')
    await till.id('sign-in-pin').fill('1234')
    await till.id('sign-in-submit').click()
    await stage.page.getByRole('alert').waitFor()
  },
  async 'not-proved'(stage) {
    const { till } = stage
    const adjust = async (client: SyncClient) => {
      const [session] = client.query('cashSession', { where: { status: 'OPEN' } })
      await client.perform('cashSession.movement', {
        movementId: randomUUID(),
        cashSessionId: session!.id,
        kind: 'ADJUSTMENT',
        currency: 'USD',
        amount: -500,
        reason: 'Torn note',
      })
    }
    const file = await stage.queueOf('manager', adjust)
    await till.signIn('manager')
    await till.switchTo('cashier-1')
    await readIn(stage, file)
    await pause(2_000)
    await till.openQueue()
    await till.failedItems().first().waitFor()
  },
  async 'unknown-actor'(stage) {
    const { till } = stage
    const file = await stage.queueOf('manager', sales(1))
    await till.signIn('cashier-1')
    await readIn(stage, file)
    await pause(2_000)
    await till.openQueue()
    await till.failedItems().first().waitFor()
  },
}
