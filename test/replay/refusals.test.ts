/**
 * What the replay does with a gateway that says no.
 */
import { describe, expect, it } from 'vitest'
import { summaryOf } from '../../replay/summary.ts'
import type { OpenTill } from '../../replay/transport.ts'
import { aGateway, counts, run } from './replay-run.ts'
import { cleanSales, csvFile } from './sales-csv.ts'

describe('a gateway that will not', () => {
  const file = () => csvFile(cleanSales(60, 2).map((sale) => sale.line))

  it('is not asked again with a wrong PIN', async () => {
    const gateway = await aGateway()
    await expect(run(await file(), gateway.url, { pin: '9999' })).rejects.toThrow(
      'the gateway refused: The staff code or the PIN is wrong. (UNAUTHENTICATED)',
    )
    // By its device, by its address, and of the day.
    const tries = await gateway.app.db.everyTenant.rows('select failures from sign_in_try', [])
    expect(tries).toEqual([{ failures: 1 }, { failures: 1 }, { failures: 1 }])
  })

  it('says so when the person may not make the catalogue; somebody who may goes on from there', async () => {
    const gateway = await aGateway()
    const lines = await file()
    for (const _ of ['once', 'again'])
      await expect(run(lines, gateway.url, { staff: 'cashier-1' })).rejects.toThrow(
        /^the gateway refused branchSave \{"name":"Lower Manhattan"\}: .* \(ACTION_NOT_PERMITTED\)$/,
      )
    expect((await run(lines, gateway.url)).addsUp).toBe(true)
  })

  it('has its rejections counted by code; --retry has them decided anew', async () => {
    const gateway = await aGateway()
    const lines = await file()
    const admin = await gateway.as('admin')
    const whileFrozen =
      (open: OpenTill): OpenTill =>
      async (tenantId, deviceId, chain) => {
        if (deviceId === 'till-5') await admin.direct('branchFreeze', null, { branchId: 'store-5' })
        return open(tenantId, deviceId, chain)
      }

    const frozen = await run(lines, gateway.url, { around: whileFrozen })
    expect(counts(frozen)).toEqual({ applied: 24, 'rejected: DEPENDENCY_FAILED': 36 })
    expect(frozen.sessions).toContainEqual({ text: 'not opened: BRANCH_FROZEN', count: 2, examples: [] })
    expect(frozen.addsUp).toBe(false)
    expect(summaryOf('x', frozen)).toMatch(
      /5 Hell's Kitchen .* NOT equal\n.*this does NOT add up, see above$/s,
    )

    await admin.direct('branchUnfreeze', null, { branchId: 'store-5' })
    expect(counts(await run(lines, gateway.url))).toEqual({
      'duplicates: applied before': 24,
      'rejected: DEPENDENCY_FAILED': 36,
    })
    const retried = await run(lines, gateway.url, { retry: true })
    expect(counts(retried)).toEqual({ 'duplicates: applied before': 24, applied: 36 })
    expect(retried.addsUp).toBe(true)
  })

  it('has sales in the branch that are none of the file: they are told apart', async () => {
    const gateway = await aGateway()
    const [january, february] = [cleanSales(30, 2), cleanSales(40, 2)]
    await run(await csvFile(february.map((sale) => sale.line)), gateway.url)
    const report = await run(await csvFile(january.slice(0, 5).map((sale) => sale.line)), gateway.url)
    expect(report.stores.map(({ others }) => others.sales).reduce((a, b) => a + b)).toBe(35)
    expect(summaryOf('x', report)).toMatch(/other sales of \$[\d.]+, which are not of this file/)
  })
})
