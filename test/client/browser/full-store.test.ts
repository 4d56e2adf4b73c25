// @module-tag browser
/** A tablet without space, in a real browser: the queue drains although nothing more can be written. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { OfflinePayloads, SyncClient } from '../../../client/sdk/index.ts'
import { sale } from '../support/till.ts'
import { openCashSession, openTill, type Stage, setStage, soon, statusIn } from './tills.ts'

/** In the page. */
declare const client: SyncClient

let stage: Stage
beforeAll(async () => {
  stage = await setStage('till-page.ts')
})
afterAll(() => stage?.close())

/** Sells until nothing more is kept; how often, and why no more. */
const sellOn = (payload: OfflinePayloads['sale.finalize'], most: number) => ({ payload, most })

it('a full queue is sent, once, and the till goes on when there is room', async () => {
  // Before there is a store: Chromium remembers for half a minute how much room it once found.
  const devTools = await stage.chromium.context.newCDPSession(await stage.chromium.newPage())
  const { origin } = stage.site
  await devTools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_500_000 })
  const till = await openTill(stage, 1)
  const [tab] = till.tabs as [(typeof till.tabs)[number]]
  const cashSessionId = await openCashSession(tab)
  await tab.evaluate(() => client.sync())
  stage.line.cut()
  const { queued, code } = await tab.evaluate(
    async ({ payload, most }) => {
      let queued = 0
      try {
        for (; queued < most; queued += 1)
          await client.perform('sale.finalize', { ...payload, saleId: crypto.randomUUID() })
      } catch (error) {
        return { queued, code: (error as { code: string }).code }
      }
      return { queued, code: null }
    },
    sellOn(sale(cashSessionId) as OfflinePayloads['sale.finalize'], 3_000),
  )
  expect(code).toBe('STORAGE_FULL')
  expect(queued).toBeGreaterThan(100)

  stage.line.mend()
  await vi.waitFor(async () => {
    await tab.evaluate(() => client.sync().catch(() => {}))
    expect(await statusIn(tab)).toMatchObject({ pending: 0, syncing: 0, failed: [] })
  }, soon)
  const sales = async () => {
    const [row] = await stage.gateway.app.db.everyTenant.rows<{ count: number }>(
      'select count(*)::int as count from sale where branch_id = $1',
      [till.branchId],
    )
    return row!.count
  }
  expect(await sales()).toBe(queued)
  expect(await tab.evaluate(() => client.query('sale').length)).toBe(queued)

  await devTools.send('Storage.overrideQuotaForOrigin', { origin })
  await vi.waitFor(async () => {
    await tab.evaluate(() => client.sync())
    expect(await statusIn(tab)).toMatchObject({ pending: 0, syncing: 0, failed: [], problem: null })
  }, soon)
  await tab.reload()
  await tab.waitForFunction(() => 'client' in window)
  await tab.evaluate(() => client.sync())
  expect(await tab.evaluate(() => client.query('sale', { where: { pending: false } }).length)).toBe(queued)
  expect(await sales()).toBe(queued)
})
