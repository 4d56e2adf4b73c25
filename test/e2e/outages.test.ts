// @module-tag browser
/** What happens to tablets and gateways in a café, and what the till makes of it. */
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { registry } from '../../src/modules/index.ts'
import { rebuildStream } from '../../src/sync/stream.ts'
import { textIn } from '../client/support/sent.ts'
import { run } from '../start/process.ts'
import { launchChromium } from '../support/chromium.ts'
import { createTestDatabase } from '../support/database.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'
import { clientsOf } from '../support/gateway.ts'
import { asNow } from '../support/streams.ts'
import { lockWaiters } from '../support/waiting.ts'
import { booksOf } from './books.ts'
import { accountOf, type Cafe, changeMenu, eventually, screen, startCafe, tabletIn } from './cafe.ts'

let cafe: Cafe
beforeAll(async () => {
  cafe = await startCafe()
})
afterAll(() => cafe?.close())

it('what waits outlives a reload and a tablet whose battery is taken out, both with no network', async () => {
  const branch = await cafe.openBranch()
  const cashier = await branch.hire('CASHIER')
  const first = await launchChromium(screen)
  try {
    const before = await tabletIn(cafe.watch(first.context), cafe.base)
    await before.till.signIn(cashier)
    await before.till.openSession('50', '0')
    await before.goOffline()
    await before.till.sell(['espresso'], { usd: '5' })
    await before.till.add('latte')
    await before.page.reload()
    await eventually(before.till.connectivity).toBe('Offline')
    // The cart is there again as well.
    expect([await before.till.pending(), await before.till.id('cart-line').count()]).toEqual([1, 1])
    await before.till.pay({ usd: '5' })
    await first.kill()

    const again = await launchChromium({ ...screen, profile: first.profile })
    try {
      await again.context.setOffline(true)
      const after = await tabletIn(cafe.watch(again.context), cafe.base)
      await eventually(async () => [await after.till.connectivity(), await after.till.pending()]).toEqual([
        'Offline',
        2,
      ])
      await after.till.sell(['croissant'], { usd: '5' })
      expect(await branch.books.sales()).toEqual([])
      await after.goOnline()
    } finally {
      await again.close()
    }
  } finally {
    await first.close()
  }
  const sales = await branch.books.sales()
  expect(sales.map(({ lines, actorId }) => [lines[0]!.menuItemId, actorId])).toEqual(
    ['espresso', 'latte', 'croissant'].map((item) => [item, accountOf(cashier)]),
  )
})

it('EC-OS-02: a sale at a price that has changed meanwhile stays as the customer paid it, and is marked', async () => {
  const item = await cafe.putOnMenu(300)
  const { branch, tablet, till } = await cafe.cashierAtWork()
  await till.openSession('50', '0')
  await tablet.goOffline()
  await changeMenu(cafe.admin, { menuItemId: item, priceUsd: 450 })
  await till.add(item)
  expect(await till.text('cart-total-usd')).toBe('$3.30')
  await till.pay({ usd: '4' })
  await till.id('next-sale').click()

  await tablet.goOnline()
  expect(await till.failed()).toBe(0)
  expect(await branch.books.sales()).toMatchObject([
    { pricedFromStaleCache: true, totals: { totalUsd: 330 }, lines: [{ menuItemId: item, unitUsd: 300 }] },
  ])
  const events = (await branch.books.events()).map(({ name }) => name)
  expect(events).toContain('SALE_PRICED_FROM_STALE_CACHE')
  // From now on at the new price.
  await till.item(item).getByText('$4.50').waitFor()
})

it('EC-OS-07: a catalogue that was made anew meanwhile is rebuilt here too, and the queue is untouched', async () => {
  const [old, fresh] = [await cafe.putOnMenu(100), 'made-anew']
  const { branch, tablet, till } = await cafe.cashierAtWork()
  await till.openSession('50', '0')
  await tablet.goOffline()
  await till.sell([old], { usd: '5' })
  await cafe.admin.direct('menuItemRemove', { menuItemId: old }, { branchId: null })
  await changeMenu(cafe.admin, { menuItemId: fresh, name: fresh, categoryId: 'bakery', priceUsd: 200 })
  await cafe.gateway.app.db
    .tenant('demo')
    .transaction((tx) => rebuildStream(tx, registry, 'demo', branch.branchId, asNow()))

  const resets: string[] = []
  tablet.page.on('response', async (response) => {
    const reason = /"reason":"(\w+)"/.exec(await response.text().catch(() => ''))?.[1]
    if (reason) resets.push(reason)
  })
  await tablet.goOnline()
  await till.item(fresh).waitFor()
  await till.item(old).waitFor({ state: 'detached' })
  expect(resets).toEqual(['STREAM_RESET'])
  expect([await till.pending(), await till.failed()]).toEqual([0, 0])
  expect(await branch.books.sales()).toMatchObject([{ receiptNumber: 1, lines: [{ menuItemId: old }] }])
  await till.sell([fresh], { usd: '5' })
  await eventually(branch.books.sales).toHaveLength(2)
})

it('a gateway that is killed in the middle of a push: nothing of the batch is there, and it is applied once when it comes again', async () => {
  const database = await createTestDatabase('demo')
  const env = {
    DATABASE_URL: database.url,
    DEMO: '1',
    LOG_LEVEL: 'error',
    PUSH_CHUNK: '2',
    LOCK_TIMEOUT_MS: '60000',
    STATEMENT_TIMEOUT_MS: '60000',
  }
  const killed = await run(env)
  const { port } = new URL(killed.url)
  const context = await cafe.newContext()
  const tablet = await tabletIn(context, killed.url)
  const { till } = tablet
  await till.signIn('cashier-1')
  await till.openSession('50', '0')
  await tablet.goOffline()
  for (const item of ['espresso', 'latte', 'brownie', 'croissant']) await till.sell([item], { usd: '10' })

  // The first chunk is written, and the second waits for the stock of brownies, which somebody else holds.
  const other = new pg.Client(ofEveryTenant(database.url))
  await other.connect()
  const count = async (of: string) => Number((await other.query(`select count(*) as n from ${of}`)).rows[0].n)
  await other.query(
    "begin; select 1 from stock_item where branch_id = 'riverside' and id = 'brownie' for update",
  )
  await context.setOffline(false)
  await lockWaiters(database.url, 1)
  expect([await count('sale'), await till.pending()]).toEqual([0, 4])
  await killed.stop('SIGKILL')
  await eventually(till.connectivity).toBe('Offline')
  await other.query('rollback')
  expect([await count('sale'), await till.pending(), await till.failed()]).toEqual([0, 4, 0])

  const restarted = await run({ ...env, PORT: port })
  await eventually(till.connectivity).toBe('Online')
  await eventually(till.pending).toBe(0)
  const sales = await booksOf(await clientsOf(`${restarted.url}/graphql`).as('admin'), 'riverside').sales()
  expect(sales.map(({ receiptNumber, lines }) => [receiptNumber, lines[0]!.menuItemId])).toEqual([
    [1, 'espresso'],
    [2, 'latte'],
    [3, 'brownie'],
    [4, 'croissant'],
  ])
  expect(await till.failed()).toBe(0)
  await Promise.all([other.end(), restarted.stop()])
  await database.drop()
})

it('a line that is slow is said, with how much of what waits is sent, as long as it is', async () => {
  const { tablet, till } = await cafe.cashierAtWork()
  await till.openSession('50', '0')
  await tablet.goOffline()
  for (const item of ['espresso', 'croissant']) await till.sell([item], { usd: '20' })
  // Each batch is on its way for as long as the test wants.
  const held: (() => void)[] = []
  await tablet.context.route('**/graphql', async (route) => {
    if (textIn(route.request().postDataBuffer()).includes('syncPushBatch'))
      await new Promise<void>((go) => held.push(go))
    await route.continue()
  })
  const banner = till.id('slow-line')
  await tablet.context.setOffline(false)
  await eventually(() => held.length).toBe(1)
  await till.sell(['latte'], { usd: '20' })
  await banner.getByText('Slow connection: 0 of 3 sent.').waitFor()
  expect([await till.connectivity(), await till.id('obstacle').count()]).toEqual(['Slow', 0])
  held[0]!()
  await banner.getByText('Slow connection: 2 of 3 sent.').waitFor()
  await eventually(() => held.length).toBe(2)
  held[1]!()
  await banner.waitFor({ state: 'detached' })
  await eventually(async () => [await till.connectivity(), await till.pending()]).toEqual(['Online', 0])
})

it('EC-OS-11: where no socket gets through, the till converges all the same, now and then', async () => {
  const item = await cafe.putOnMenu(300)
  const branch = await cafe.openBranch()
  const cashier = await branch.hire('CASHIER')
  const context = await cafe.newContext()
  await context.clock.install()
  let refused = 0
  await context.routeWebSocket('**/graphql', (socket) => {
    refused += 1
    void socket.close()
  })
  const { till, page } = await tabletIn(context, cafe.base)
  await till.signIn(cashier)
  await till.openSession('50', '0')
  await eventually(till.pending).toBe(0)
  const pulls: string[] = []
  page.on('request', (request) => {
    if (request.postData()?.includes('syncPull')) pulls.push(request.url())
  })
  await eventually(() => refused).toBeGreaterThan(0)
  await changeMenu(cafe.admin, { menuItemId: item, priceUsd: 450 })

  // With a nudge it takes a fraction of this.
  await new Promise((resolve) => setTimeout(resolve, 2000))
  expect([pulls, await till.item(item).getByText('$3.00').count()]).toEqual([[], 1])
  await page.clock.fastForward('01:15')
  await till.item(item).getByText('$4.50').waitFor()
  expect(pulls).toHaveLength(1)
})
