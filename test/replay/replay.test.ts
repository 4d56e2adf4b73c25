/**
 * The replay at a real gateway: the file's own sums, twice, and no row in silence.
 */
import { describe, expect, it } from 'vitest'
import { summaryOf } from '../../replay/summary.ts'
import { aGateway, books, counts, everything, moneyAtGateway, run, type Session } from './replay-run.ts'
import { cleanSales, csvFile, line, sumsOfSales } from './sales-csv.ts'

/** A session that was closed with what it should hold. */
const balanced = ({ expected_usd }: Session) => ({ status: 'CLOSED', counted_usd: expected_usd })

/** Batches pushed as they come, and the SDK's queue, in which everything waits before the first is sent. */
const roads = [
  { road: 'over HTTP', viaClient: false },
  { road: "through the SDK's queue", viaClient: true },
]

describe('a clean file', () => {
  const sales = cleanSales(300, 6)

  it.each(roads)(
    'ends with its own sums, twice, and the second run changes nothing: $road',
    async ({ viaClient }) => {
      const gateway = await aGateway()
      const file = await csvFile(sales.map((sale) => sale.line))
      const first = await run(file, gateway.url, { viaClient })
      expect(counts(first)).toEqual({ applied: 300 })
      expect(moneyAtGateway(first)).toEqual(sumsOfSales(sales))
      expect(first.sessions.map(({ text, count }) => [text, count])).toEqual([
        ['opened', 12],
        ['closed', 12],
      ])
      expect(first.closings).toEqual(
        [3, 5].map((storeId) => ({ storeId, days: 6, stated: 6, faults: [], tills: [] })),
      )
      expect(first.addsUp).toBe(true)

      const before = await everything(gateway)
      const second = await run(file, gateway.url, { viaClient })
      expect(counts(second)).toEqual({ 'duplicates: applied before': 300 })
      expect(moneyAtGateway(second)).toEqual(sumsOfSales(sales))
      expect(second.addsUp).toBe(true)
      expect(await everything(gateway)).toEqual(before)
    },
  )

  it('leaves the stores as branches, every price as a revision, and drawers that hold what they should', async () => {
    const gateway = await aGateway()
    await run(await csvFile(sales.map((sale) => sale.line)), gateway.url)
    const { db } = gateway.app
    const branches = await db.everyTenant.rows(
      "select branch_id, name from branch where branch_id like 'store-%' order by 1",
      [],
    )
    expect(branches).toEqual([
      { branch_id: 'store-3', name: 'Lower Manhattan' },
      { branch_id: 'store-5', name: "Hell's Kitchen" },
    ])
    const published = await db.everyTenant.rows<{ cents: number[] }>(
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
    for (const session of sessions) expect(session).toMatchObject(balanced(session))
    const admin = await gateway.as('admin')
    const { devices } = await admin.data<{ devices: unknown }>(
      '{ devices(tenantId: "demo") { edges { node { deviceId gaps { from to } } } } }',
    )
    expect(devices).toEqual({
      edges: [{ node: { deviceId: 'till-3', gaps: [] } }, { node: { deviceId: 'till-5', gaps: [] } }],
    })
  })
})

describe('the closings', () => {
  it('are proven: what was altered at the gateway since is named, and does not add up', async () => {
    const gateway = await aGateway()
    const file = await csvFile(cleanSales(40, 2).map((sale) => sale.line))
    expect((await run(file, gateway.url)).addsUp).toBe(true)
    const { db } = gateway.app
    await db.everyTenant.run(
      `update cash_movement set usd = usd - 100
       where id = (select id from cash_movement where kind = 'SALE_IN' and branch_id = 'store-5' order by id limit 1)`,
      [],
    )
    await db.everyTenant.run("delete from closing_statement where branch_id = 'store-3' and number = 1", [])
    const report = await run(file, gateway.url)
    expect(report.addsUp).toBe(false)
    expect(report.closings[0]).toMatchObject({ storeId: 3, days: 2, stated: 1 })
    const summary = summaryOf('sales.csv', report)
    expect(summary).toMatch(/MOVEMENT_ALTERED {2}receipt \d+: /)
    expect(summary).toMatch(/this does NOT add up, see above$/)
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

  it.each(roads)(
    'ends with every row in one line of the summary, twice, and with its own sums: $road',
    async ({ viaClient }) => {
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

      const first = await run(file, gateway.url, { viaClient })
      expect(counts(first)).toEqual({ applied: 124, ...repeated, ...notSold })
      expect(first.rows).toBe(lines.length)
      expect(first.closings.map(({ days, stated, faults }) => [days, stated, faults])).toEqual([
        [4, 4, []],
        [4, 4, []],
        [0, 0, []],
      ])
      expect(moneyAtGateway(first)).toEqual({ ...expected, 8: { sales: 0, cents: 0 } })
      expect(first.addsUp).toBe(true)
      const { sessions } = await books(gateway)
      for (const session of sessions) expect(session).toMatchObject(balanced(session))

      const before = await everything(gateway)
      const second = await run(file, gateway.url, { viaClient })
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
    },
  )
})
