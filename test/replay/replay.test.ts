/**
 * The replay against a real gateway: the file's own sums, twice; no row in silence; through crashes and bad networks.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { seedDemo } from '../../src/demo/seed.ts'
import { createLogger } from '../../src/platform/log.ts'
import { createGateway } from '../../src/replay/gateway.ts'
import type { Persistence } from '../../src/replay/persistence.ts'
import { plainLines } from '../../src/replay/progress.ts'
import { replay } from '../../src/replay/replay.ts'
import type { Report } from '../../src/replay/report.ts'
import { summaryOf } from '../../src/replay/summary.ts'
import { httpTills, type OpenTill } from '../../src/replay/transport.ts'
import { createTestDatabase } from '../support/database.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { type Deed, type NetworkProxy, startProxy } from './proxy.ts'
import { cleanSales, csvFile, line, sumsOfSales } from './sales-csv.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})
const closing = <T extends { close: () => Promise<unknown> }>(what: T): T => {
  closers.push(() => what.close())
  return what
}

const aDatabase = async () => {
  const database = await createTestDatabase()
  closers.push(() => database.drop())
  return database.url
}
const aGateway = async () => closing(await startGateway())
const aProxy = async (
  target: () => string,
  onPush: (push: number) => Deed | Promise<Deed>,
): Promise<NetworkProxy> => closing(await startProxy(target, onPush))

const batchSize = 20
const atOnce: Persistence = { tries: 3, sleep: async () => {}, random: () => 0 }

type Run = {
  staff?: string
  pin?: string
  retry?: boolean
  persistence?: Persistence
  around?: (open: OpenTill) => OpenTill
}

function run(file: string, url: string, options: Run = {}): Promise<Report> {
  const {
    staff = 'admin',
    pin = '1234',
    retry = false,
    persistence = atOnce,
    around = (open) => open,
  } = options
  const credentials = { tenantId: 'demo', staffCode: staff, pin, deviceId: 'replay' }
  const gateway = createGateway(url, credentials, persistence)
  const openTill = around(httpTills(gateway, { retry }))
  const progress = plainLines(() => {})
  return replay({ file, tenantId: 'demo', gateway, openTill, batchSize, progress, now: Date.now })
}

const counts = ({ outcomes }: Report) =>
  Object.fromEntries(outcomes.filter(({ count }) => count > 0).map(({ text, count }) => [text, count]))
const moneyAtGateway = ({ stores }: Report) =>
  Object.fromEntries(stores.map(({ storeId, atGateway }) => [storeId, atGateway]))

/** Every row of every table, but for when devices and people were last seen. */
async function everything({ app: { db } }: Gateway) {
  const tables = await db.rows<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
    [],
  )
  const contents: Record<string, unknown> = {}
  for (const { name } of tables)
    contents[name] = await db.rows(
      `select count(*), md5(string_agg(row, '|' order by row)) from (
         select (to_jsonb(t) - 'last_seen_at' - 'last_push_at' - 'signed_in_at')::text as row from "${name}" t) rows`,
      [],
    )
  return contents
}

/** What the tills left behind, without when the server decided it. */
async function books({ app: { db } }: Gateway) {
  const sales = await db.rows(
    `select branch_id, id, client_op_id, receipt_number, status, cash_session_id, lines::text, totals::text,
       tender::text, finalized_at from sale order by 1, 2`,
    [],
  )
  const sessions = await db.rows(
    `select id, branch_id, status, opened_at, expected_usd, counted_usd, closed_at from cash_session order by 1`,
    [],
  )
  return { sales, sessions }
}

const salesIn = async ({ app: { db } }: Gateway) =>
  (await db.rows<{ count: number }>('select count(*) from sale', []))[0]!.count

describe('a clean file', () => {
  const sales = cleanSales(300, 6)

  it('ends with its own sums, twice, and the second run changes nothing', async () => {
    const gateway = await aGateway()
    const file = await csvFile(sales.map((sale) => sale.line))
    const first = await run(file, gateway.url)
    expect(counts(first)).toEqual({ applied: 300 })
    expect(moneyAtGateway(first)).toEqual(sumsOfSales(sales))
    expect(first.sessions.map(({ text, count }) => [text, count])).toEqual([
      ['opened', 12],
      ['closed', 12],
    ])
    expect(first.addsUp).toBe(true)

    const before = await everything(gateway)
    const second = await run(file, gateway.url)
    expect(counts(second)).toEqual({ 'duplicates: applied before': 300 })
    expect(moneyAtGateway(second)).toEqual(sumsOfSales(sales))
    expect(second.addsUp).toBe(true)
    expect(await everything(gateway)).toEqual(before)
  })

  it('leaves the stores as branches, every price as a revision, and drawers that hold what they should', async () => {
    const gateway = await aGateway()
    await run(await csvFile(sales.map((sale) => sale.line)), gateway.url)
    const { db } = gateway.app
    const branches = await db.rows(
      "select branch_id, name from branch where branch_id like 'store-%' order by 1",
      [],
    )
    expect(branches).toEqual([
      { branch_id: 'store-3', name: 'Lower Manhattan' },
      { branch_id: 'store-5', name: "Hell's Kitchen" },
    ])
    const published = await db.rows<{ cents: number[] }>(
      `select array_agg(price_usd order by price_usd) as cents from menu_item_revision
       where menu_item_id like 'product-%' group by menu_item_id order by min(price_usd)`,
      [],
    )
    expect(published.map(({ cents }) => cents)).toEqual([
      [300, 325, 350],
      [550, 575, 600],
      [900, 925, 950],
    ])
    const { sales: sold, sessions } = await books(gateway)
    expect(sold).toHaveLength(300)
    expect(sessions).toHaveLength(12)
    for (const session of sessions)
      expect(session).toMatchObject({
        status: 'CLOSED',
        counted_usd: (session as { expected_usd: number }).expected_usd,
      })
    const admin = await gateway.as('admin')
    const { devices } = await admin.data<{ devices: unknown }>(
      '{ devices(tenantId: "demo") { edges { node { deviceId gaps { from to } } } } }',
    )
    expect(devices).toEqual({
      edges: [{ node: { deviceId: 'till-3', gaps: [] } }, { node: { deviceId: 'till-5', gaps: [] } }],
    })
  })
})

describe('a dirty file', () => {
  const sales = cleanSales(120, 4)
  const [one, two, three] = [0, 1, 2].map(
    (i) => sales.find(({ line }) => line.startsWith(`${1001 + i},`))!.line,
  )
  const store = { store: '5', location: "Hell's Kitchen", date: '2023-02-03' }
  const dirt = [
    line({ id: '1', store: '', location: '' }),
    line({ id: '2', price: '' }),
    line({ id: '3', price: '' }),
    line({ id: '4', price: 'free' }),
    line({ id: '5', quantity: '1.5' }),
    line({ id: '6', date: 'yesterday' }),
    line({ id: '' }),
    line({ id: '7', product: '' }),
    '8,2023-02-03',
    // Repeated, as they were.
    one!,
    two!,
    // Repeated, and not the same sale: another quantity, another day, another store.
    three!.replace(/,(\d),(\d),/, (_, quantity, storeId) => `,${Number(quantity) + 1},${storeId},`),
    line({ ...store, id: '1004', date: '2023-02-28' }),
    line({ ...store, id: '1005', store: '8', location: 'Astoria' }),
    // A row without a price does not use up its id.
    line({ ...store, id: '20', price: '' }),
  ]
  const mended = [
    line({ ...store, id: '20', price: '1.5', quantity: '2' }),
    line({ ...store, id: '21', price: '2', location: '' }),
    line({ ...store, id: '22', price: '2.25', store: '' }),
    line({ ...store, id: '23', product: '99', price: '0.05', detail: '', category: '' }),
  ]
  const expected = sumsOfSales([
    ...sales,
    ...[300, 200, 225, 5].map((cents) => ({ store: 5, cents, line: '' })),
  ])
  const lines = [...dirt.slice(0, 8), ...sales.map((sale) => sale.line), ...mended, ...dirt.slice(8)]

  it('ends with every row in one line of the summary, twice, and with its own sums', async () => {
    const gateway = await aGateway()
    const file = await csvFile(lines)
    const notSold = {
      'not sold: no store': 1,
      'not sold: no price': 3,
      'not sold: price that cannot be read': 1,
      'not sold: quantity that cannot be read': 1,
      'not sold: date that cannot be read': 1,
      'not sold: no transaction id': 1,
      'not sold: no product': 1,
      'not sold: not as many fields as the header': 1,
    }
    const repeated = {
      'duplicates: repeated id, same content': 2,
      'conflicts: repeated id, other content': 3,
    }

    const first = await run(file, gateway.url)
    expect(counts(first)).toEqual({ applied: 124, ...repeated, ...notSold })
    expect(first.rows).toBe(lines.length)
    expect(moneyAtGateway(first)).toEqual({ ...expected, 8: { sales: 0, cents: 0 } })
    expect(first.addsUp).toBe(true)

    const before = await everything(gateway)
    const second = await run(file, gateway.url)
    expect(counts(second)).toEqual({ 'duplicates: applied before': 124, ...repeated, ...notSold })
    expect(second.addsUp).toBe(true)
    expect(await everything(gateway)).toEqual(before)

    const summary = summaryOf('sales.csv', first)
    expect(summary).toContain('everything adds up')
    expect(summary).toMatch(/not sold: no price +3 +ids 2 in line 3, 3 in line 4, 20 in line 140\n/)
    expect(summary).toMatch(/no store name, the store of that id +1 +of the sums: \$2\.00 in 5\n/)
    expect(summary).toMatch(/no store id, the store of that name +1 +of the sums: \$2\.25 in 5\n/)
    expect(summary).toMatch(/no product text, the product's in other rows +1 +of the sums: \$0\.05 in 5\n/)
    expect(summary).toMatch(new RegExp(`accounted for +${lines.length} +of ${lines.length}\n`))
  })
})

describe('a gateway that will not', () => {
  const file = () => csvFile(cleanSales(60, 2).map((sale) => sale.line))

  it('is not asked again with a wrong PIN', async () => {
    const gateway = await aGateway()
    await expect(run(await file(), gateway.url, { pin: '9999' })).rejects.toThrow(
      'the gateway refused: The staff code or the PIN is wrong. (UNAUTHENTICATED)',
    )
    const [credential] = await gateway.app.db.rows(
      "select failed_attempts as failed from credential where tenant_id = 'demo' and account_id = 'demo-admin'",
      [],
    )
    expect(credential).toEqual({ failed: 1 })
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
      async (tenantId, deviceId) => {
        if (deviceId === 'till-5') await admin.direct('branchFreeze', null, { branchId: 'store-5' })
        return open(tenantId, deviceId)
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
    expect(moneyAtGateway(report)).toEqual(sumsOfSales(sales))
    expect(report.addsUp).toBe(true)
  })

  it('goes on with what was deferred when the branch is free again', async () => {
    const databaseUrl = await aDatabase()
    const gateway = closing(await startGateway({ databaseUrl, env: { LOCK_TIMEOUT_MS: '2000' } }))
    await seedDemo(gateway.app.services, gateway.app.db, createLogger('silent'))
    const holder = new pg.Client(databaseUrl)
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
    closers.push(() => gateway.close())
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

describe('npm run replay', () => {
  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, ['src/replay/main.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })

  async function finished(child: ChildProcess) {
    const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')])
    return { code: child.exitCode, out, err }
  }

  it('killed with SIGKILL in the middle and run again, ends as one that was left alone', async () => {
    const [gateway, other] = [await aGateway(), await aGateway()]
    const sales = cleanSales(300, 6)
    const file = await csvFile(sales.map((sale) => sale.line))
    let reached: () => void
    const inTheMiddle = new Promise<void>((resolve) => {
      reached = resolve
    })
    const proxy = await aProxy(
      () => gateway.url,
      (push) => {
        if (push < 7) return 'pass'
        reached()
        return 'hold'
      },
    )

    const killed = start(file, '--url', proxy.url, '--batch', '20')
    await inTheMiddle
    killed.kill('SIGKILL')
    await once(killed, 'close')
    const sold = await salesIn(gateway)
    expect(sold).toBeGreaterThan(60)
    expect(sold).toBeLessThan(200)

    const again = await finished(start(file, '--url', gateway.url, '--batch', '20'))
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('everything adds up') })
    expect((await run(file, other.url)).addsUp).toBe(true)
    expect(await books(gateway)).toEqual(await books(other))
  })

  it('says in one line how to start a gateway where there is none', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    await new Promise((resolve) => server.close(resolve))
    const url = `http://127.0.0.1:${port}/graphql`
    expect(await finished(start('sales.csv', '--url', url))).toEqual({
      code: 1,
      out: '',
      err: `${url} does not answer (ECONNREFUSED): start a gateway with "npm start", or name another with --url\n`,
    })
  })

  it('exits 1 with one line for what is wrong, and lists its options', async () => {
    const gateway = await aGateway()
    expect(await finished(start('/nowhere.csv', '--url', gateway.url))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^\/nowhere\.csv cannot be read: .*\n$/),
    })
    expect(await finished(start())).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^one file is expected.*\n$/),
    })
    expect(await finished(start('--help'))).toMatchObject({
      code: 0,
      out: expect.stringContaining('--retry'),
    })
  })

  it('exits 1 where the money does not add up', async () => {
    const gateway = await aGateway()
    const file = await csvFile(cleanSales(30, 2).map((sale) => sale.line))
    await run(await csvFile([line({ id: '1001', quantity: '9' })]), gateway.url)
    const { code, out } = await finished(start(file, '--url', gateway.url))
    expect(code).toBe(1)
    expect(out).toMatch(/conflicts: id used before for something else +1 +ids 1001 in line/)
    expect(out).toMatch(/this does NOT add up, see above\n$/)
  })
})
