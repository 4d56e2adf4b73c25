/** A till that begins: it sells as soon as the menu is there, however much was sold before it came. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Status } from '../../../client/sdk/index.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { textOf } from '../support/sent.ts'
import { newBranch, openCashSession, openTill, pushed, sell, type Till } from '../support/till.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

const croissant = { lines: [{ menuItemId: 'croissant' }] }

/** A branch in which so many sales were made today, and its session. */
async function branchWithSales(sales: number) {
  const branchId = await newBranch(gateway)
  const till = await openTill(gateway, { branchId })
  const cashSessionId = await openCashSession(till)
  for (let i = 0; i < sales; i += 1) await sell(till, cashSessionId, croissant)
  await till.client.sync()
  return { branchId, cashSessionId, seller: till }
}

const pulls = ({ network }: Till) => network.sent.filter(({ query }) => query.includes('syncPull'))

/** Lets a fresh till load page by page; `between` is called before each page, with how many have come. */
function paged(till: Till, between: (pages: number, status: Status) => Promise<unknown>): void {
  const { through } = till.network
  let pages = 0
  till.network.through = async (input, init) => {
    if (textOf(init).includes('syncPull')) await between(pages++, till.client.status())
    return through(input, init)
  }
}

it('what selling needs comes first: after as many pages, whether 3 or 80 sales were made before', async () => {
  const [few, many] = await Promise.all([branchWithSales(3), branchWithSales(80)])
  const pagesUntilReady = async ({ branchId, cashSessionId }: typeof few) => {
    const till = await openTill(gateway, { branchId, fresh: true, pageSize: 20 })
    const readyAt: number[] = []
    paged(till, async (pages, { ready, hydrated }) => {
      if (!ready || hydrated || readyAt.length > 0) return
      readyAt.push(pages)
      expect(till.client.blocked('sale.finalize')).toBeNull()
      expect(till.client.query('sale')).toEqual([])
      expect(till.client.get('cashSession', cashSessionId)?.status).toBe('OPEN')
    })
    await till.client.sync()
    expect(till.client.status()).toMatchObject({ ready: true, hydrated: true })
    const all = pulls(till).length
    await till.client.close()
    return { ready: readyAt[0]!, all }
  }
  const [small, large] = [await pagesUntilReady(few), await pagesUntilReady(many)]
  expect(large.ready).toBe(small.ready)
  expect(large.all).toBeGreaterThan(small.all + 2)
})

it('what is sold while the history comes is seen once, sent before it is all there, and kept by a restart', async () => {
  const { branchId, cashSessionId, seller } = await branchWithSales(60)
  const till = await openTill(gateway, { branchId, fresh: true, pageSize: 10 })
  const before = seller.client.get('cashSession', cashSessionId)!.expected
  let sold: string | null = null
  let sentAfter: number | null = null
  const drawers = new Set<string>()
  paged(till, async (pages, { ready, hydrated }) => {
    if (pushed(till.network).length > 0) sentAfter ??= pages
    if (!ready || hydrated || sold) return
    const { payload } = await sell(till, cashSessionId, croissant)
    sold = payload.saleId
    const look = () =>
      drawers.add(JSON.stringify(till.client.get('cashSession', cashSessionId)?.expected ?? null))
    till.client.subscribe(look)
    till.client.watch('cashSession', undefined, look)
  })
  await till.client.sync()
  expect(sold).not.toBeNull()
  expect(sentAfter).toBeLessThan(pulls(till).length - 1)
  expect(till.client.query('sale')).toHaveLength(61)
  await till.client.sync()
  expect([...drawers]).toEqual([JSON.stringify(till.client.get('cashSession', cashSessionId)!.expected)])
  expect(till.client.get('cashSession', cashSessionId)!.expected).not.toEqual(before)
  expect(till.client.query('sale', { where: { pending: true } })).toEqual([])
  await till.client.close()
  const again = await till.restart()
  expect(again.client.status()).toMatchObject({ ready: true, hydrated: true, pending: 0 })
  await Promise.all([again.client.close(), seller.client.close()])
})

it('a till that ends in the middle of the history sells at once when it opens again, and loads on', async () => {
  const { branchId, seller } = await branchWithSales(60)
  const till = await openTill(gateway, { branchId, fresh: true, pageSize: 10 })
  paged(till, async (_, { ready }) => {
    if (ready) throw new TypeError('fetch failed')
  })
  await till.client.sync().catch(() => {})
  await till.client.close()
  const again = await till.restart({ context: till.context })
  expect(again.client.status()).toMatchObject({ ready: true, hydrated: false })
  expect(again.client.blocked('sale.finalize')).toBeNull()
  till.network.through = (input, init) => fetch(input, init)
  await again.client.sync()
  expect(again.client.status().hydrated).toBe(true)
  expect(again.client.query('sale')).toHaveLength(60)
  await Promise.all([again.client.close(), seller.client.close()])
})

it('a barista, who may not read sales, is ready as well', async () => {
  const branchId = await newBranch(gateway, ['barista-1'])
  const till = await openTill(gateway, { branchId, staffCode: 'barista-1' })
  expect(till.client.status()).toMatchObject({ ready: true, hydrated: true, problem: null })
  await till.client.close()
})

it('sales that were brought from another tablet and were applied already never count twice', async () => {
  const { branchId, cashSessionId, seller } = await branchWithSales(30)
  seller.network.state = 'loses'
  await sell(seller, cashSessionId, croissant)
  await seller.client.sync().catch(() => {})
  const file = await seller.client.exportQueue()
  const till = await openTill(gateway, { branchId, fresh: true, pageSize: 10 })
  till.network.state = 'down'
  await till.client.importQueue(file)
  till.network.state = 'up'
  const drawers = new Set<number>()
  till.client.watch('cashSession', undefined, ([session]) => session && drawers.add(session.expected.khr))
  await till.client.sync()
  await till.client.sync()
  expect([...drawers]).toEqual([till.client.get('cashSession', cashSessionId)!.expected.khr])
  expect(till.client.query('sale')).toHaveLength(31)
  await Promise.all([till.client.close(), seller.client.close()])
})
