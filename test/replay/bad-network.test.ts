/**
 * What the replay lives through between itself and the gateway.
 */
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { seedDemo } from '../../src/demo/seed.ts'
import { createLogger } from '../../src/platform/log.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'
import { startGateway } from '../support/gateway.ts'
import type { Deed } from './proxy.ts'
import {
  aDatabase,
  aGateway,
  aProxy,
  atOnce,
  batchSize,
  closing,
  counts,
  moneyAtGateway,
  run,
} from './replay-run.ts'
import { cleanSales, csvFile, sumsOfSales } from './sales-csv.ts'

describe('a bad network', () => {
  const sales = cleanSales(200, 4)

  it('loses requests, answers and the token, and it ends the same', async () => {
    const gateway = await aGateway()
    const deeds: Record<number, Deed> = {
      1: 'lose answer',
      3: 'lose request',
      5: 'no token',
      7: 'lose answer',
      8: 'lose request',
    }
    const proxy = await aProxy(
      () => gateway.url,
      (push) => deeds[push] ?? 'pass',
    )
    const report = await run(await csvFile(sales.map((sale) => sale.line)), proxy.url)
    // The first and the seventh push were applied, though nobody heard of it: 19 sales and 18.
    expect(counts(report)).toEqual({ applied: 163, 'duplicates: applied before': 37 })
    // For the catalogue, on each of the two tills, and once more.
    expect(proxy.signIns()).toBe(4)
    expect(moneyAtGateway(report)).toEqual(sumsOfSales(sales))
    expect(report.addsUp).toBe(true)
  })

  it('goes on with what was deferred when the branch is free again', async () => {
    const databaseUrl = await aDatabase()
    const gateway = closing(await startGateway({ databaseUrl, env: { LOCK_TIMEOUT_MS: '2000' } }))
    await seedDemo(gateway.app.services, gateway.app.db, createLogger('silent'))
    const holder = new pg.Client(ofEveryTenant(databaseUrl))
    await holder.connect()
    const proxy = await aProxy(
      () => gateway.url,
      async (push): Promise<Deed> => {
        if (push === 3) {
          await holder.query('begin')
          await holder.query("select from sync_stream where branch_id = 'store-3' for update")
        }
        return 'pass'
      },
    )
    const sleep = () => holder.query('rollback')
    const report = await run(await csvFile(sales.map((sale) => sale.line)), proxy.url, {
      persistence: { ...atOnce, sleep },
    })
    await holder.end()
    expect(counts(report)).toEqual({ applied: 200 })
    expect(proxy.pushes()).toBe(
      1 + Math.ceil((80 + 2 * 4) / batchSize) + Math.ceil((120 + 2 * 4) / batchSize),
    )
    expect(report.addsUp).toBe(true)
  })

  it('survives a gateway that is started anew', async () => {
    const databaseUrl = await aDatabase()
    let gateway = await startGateway({ databaseUrl })
    onTestFinished(() => gateway.close())
    await seedDemo(gateway.app.services, gateway.app.db, createLogger('silent'))
    const proxy = await aProxy(
      () => gateway.url,
      async (push): Promise<Deed> => {
        if (push === 4) await gateway.close()
        return 'pass'
      },
    )
    const sleep = async () => {
      gateway = await startGateway({ databaseUrl })
    }
    const report = await run(await csvFile(sales.map((sale) => sale.line)), proxy.url, {
      persistence: { ...atOnce, sleep },
    })
    expect(counts(report)).toEqual({ applied: 200 })
    expect(report.addsUp).toBe(true)
  })

  it('ends clearly with a gateway that is gone for good, and goes on from there later', async () => {
    const gateway = await aGateway()
    const file = await csvFile(sales.map((sale) => sale.line))
    const proxy = await aProxy(
      () => gateway.url,
      (push) => (push > 2 ? 'lose request' : 'pass'),
    )
    await expect(run(file, proxy.url)).rejects.toThrow(
      /^given up after 3 tries: .* does not answer \(.*\)\. Run it again/,
    )
    const report = await run(file, gateway.url)
    expect(report.addsUp).toBe(true)
    expect(counts(report)['duplicates: applied before']).toBeGreaterThan(0)
  })
})
