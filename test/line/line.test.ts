/** A till on lines that a café would call bad: what waits is sent, what is there is loaded, and it is told how it goes. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Status } from '../../client/sdk/index.ts'
import { createSyncClient, memoryStore, type SyncClient } from '../../client/sdk/index.ts'
import { newBranch, openCashSession, sell, type Till } from '../client/support/till.ts'
import { salePayload } from '../support/cafe.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { serveModule } from '../support/page.ts'
import { constant, drawn, type Line, openLine, recorded, type Way } from './line.ts'
import type { Sale } from './till-work.ts'
import { tillInChromium } from './tills.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
const opened: { close(): unknown }[] = []
afterAll(async () => {
  for (const each of opened.reverse()) await each.close()
  await gateway?.close()
})

const badLine = (bitsPerSecond: number): Record<'up' | 'down', Way> => ({
  up: { clock: constant(bitsPerSecond), delayMs: 300 },
  down: { clock: constant(bitsPerSecond), delayMs: 300 },
})

type OnLine = Till & { line: Line; seen: Status[] }

/** A till that reaches the gateway by this line, nudges and all. */
async function tillOn(
  ways: Parameters<typeof openLine>[1],
  branchId: string,
  { isSignedIn = true, fetch = globalThis.fetch } = {},
): Promise<OnLine> {
  const line = await openLine(gateway.url, ways)
  opened.push(line)
  const store = memoryStore()
  const deviceId = `till-${randomUUID().slice(0, 8)}`
  const admin = await gateway.as('admin', { deviceId })
  const context = { tenantId: 'demo', branchId, actorId: 'demo-admin' }
  const client = await createSyncClient({
    url: line.url,
    store,
    deviceId,
    getToken: async () => (isSignedIn ? admin.token : null),
    context,
    pullEveryMs: 3_600_000,
    environment: { fetch },
  })
  opened.push(client)
  const seen: Status[] = []
  client.subscribe((status) => seen.push(status))
  return { client, line, store, context, seen } as unknown as OnLine
}

/** Resolves once this is so. */
const until = (client: SyncClient, holds: (status: Status) => boolean, timeout = 50_000) =>
  vi.waitFor(() => expect(holds(client.status())).toBe(true), { timeout, interval: 20 })
const isEmpty = ({ pending, syncing }: Status) => pending + syncing === 0

/** Sells so many on the open line while nothing gets through, so that all of it waits. */
async function fill(till: OnLine, sales: number): Promise<string> {
  const cashSessionId = await openCashSession(till)
  for (let n = 0; n < sales; n += 1) await sell(till, cashSessionId)
  return cashSessionId
}

/** What the operations that wait would be as one plain request. */
const queuedBytes = async ({ client }: OnLine) => (await client.exportQueue()).length

/** As from a gateway that takes no gzip: a batch has all of its bytes. */
const uncompressed: typeof fetch = async (input, init) => {
  const { body, status, headers } = await fetch(input, init)
  const told = new Headers(headers)
  told.delete('accept-encoding')
  return new Response(body, { status, headers: told })
}

// Side by side, as most of their time is waiting: each till has a line and a branch of its own.
describe.concurrent('a slow line', () => {
  it('a connection over which an answer is still on its way is not taken for an idle one', async () => {
    const { headers } = await fetch(new URL('/healthz', gateway.url))
    expect(headers.get('keep-alive')).toBe('timeout=25')
  })

  it('64 kbit/s, 600 ms: what waits is sent, once, and it says truly how far it is; the session is closed meanwhile', async () => {
    const till = await tillOn(badLine(64_000), await newBranch(gateway), { fetch: uncompressed })
    await until(till.client, ({ hydrated }) => hydrated)
    till.line.pause(true)
    const cashSessionId = await fill(till, 60)
    const queued = await queuedBytes(till)
    const before = till.line.bytes.up
    till.line.pause(false)
    till.seen.length = 0
    await until(till.client, ({ sending }) => (sending?.sent ?? 0) > 0)
    const counted = till.client.get('cashSession', cashSessionId)!.expected
    await till.client.perform('cashSession.close', { cashSessionId, counted, note: null })
    await until(till.client, isEmpty)
    expect(till.line.bytes.up - before).toBeLessThan(1.3 * queued)
    await until(till.client, ({ problem }) => problem === null)
    expect(till.client.status().failed).toEqual([])
    expect(till.client.query('sale')).toHaveLength(60)
    const told = till.seen.flatMap(({ sending }) => sending ?? [])
    expect(new Set(told.map(({ total }) => total))).toEqual(new Set([61, 62]))
    expect(told).toEqual(told.toSorted((a, b) => a.sent - b.sent || a.total - b.total))
    expect(till.client.get('cashSession', cashSessionId)).toMatchObject({
      status: 'CLOSED',
      difference: { usd: 0, khr: 0 },
    })
  })

  it('the same in Chromium, on IndexedDB, by far fewer bytes', async () => {
    const line = await openLine(gateway.url, badLine(64_000))
    const site = await serveModule(join(import.meta.dirname, 'till-page.ts'))
    const profile = await mkdtemp(join(tmpdir(), 'modula-line-'))
    const [branchId, deviceId, cashSessionId] = [await newBranch(gateway), randomUUID(), randomUUID()]
    const admin = await gateway.as('admin', { deviceId })
    await admin.direct('cashSessionOpen', { cashSessionId, openingFloat: { usd: 0, khr: 0 } }, { branchId })
    const opening = { url: line.url, store: 'till', token: admin.token!, deviceId, branchId, pageSize: 1_000 }
    const till = tillInChromium({ wish: 'open', ...opening }, { profile, origin: site.origin })
    try {
      await till.open()
      await till.ask({ wish: 'sync' })
      line.pause(true)
      // So many that a request or two beside them, as a slow moment has it, is no part of the question.
      const sales = Array.from({ length: 120 }, () => salePayload(cashSessionId) as Sale)
      await till.ask({ wish: 'sell', sales })
      const before = line.bytes.up
      line.pause(false)
      const waiting = async () => (await till.ask({ wish: 'look' })).waiting
      await vi.waitFor(async () => expect(await waiting()).toBe(0), { timeout: 50_000, interval: 50 })
      // Hash, proof and link of each, which nothing compresses, are 0.2 of it; the wire has `prev` in each (contract: `chain`).
      expect(line.bytes.up - before).toBeLessThan(0.7 * JSON.stringify(sales).length)
    } finally {
      await till.kill()
      await site.close()
      await line.close()
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    }
  })

  it('128 kbit/s, 600 ms: a fresh till gets its branch, page by page, and sells before it has what was sold', async () => {
    const branchId = await newBranch(gateway)
    const there = await tillOn(badLine(128_000), branchId)
    const bytesUntilReady = async ({ client, line }: OnLine) => {
      await until(client, ({ ready }) => ready)
      return line.bytes.down
    }
    const ofMenu = await bytesUntilReady(there)
    await until(there.client, ({ hydrated }) => hydrated)
    await fill(there, 120)
    await until(there.client, isEmpty)
    const fresh = await tillOn(badLine(128_000), branchId)
    // The session has come to it, and the sales have not.
    expect(await bytesUntilReady(fresh)).toBeLessThan(1.2 * ofMenu)
    expect(fresh.client.blocked('sale.finalize')).toBeNull()
    await until(fresh.client, ({ hydrated }) => hydrated)
    expect(fresh.line.bytes.down).toBeGreaterThan(1.5 * ofMenu)
    expect(fresh.client.query('sale')).toHaveLength(120)
    expect(fresh.seen.flatMap(({ problem }) => problem?.code ?? [])).toEqual([])
  })

  it('one that changes all the time, and one that stands still now and then', async () => {
    let seed = 7
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647
      return seed / 2_147_483_647
    }
    const ways = {
      up: { clock: recorded(drawn(random)), delayMs: 100 },
      down: { clock: recorded(drawn(random)), delayMs: 100 },
    }
    const till = await tillOn(ways, await newBranch(gateway))
    await until(till.client, ({ hydrated }) => hydrated)
    await fill(till, 60)
    await until(till.client, isEmpty)
    expect(till.client.query('sale')).toHaveLength(60)
  })
})

describe('what stands in the way', () => {
  it('a proxy that takes 4 kB: smaller requests get through, and few are refused', async () => {
    const till = await tillOn({}, await newBranch(gateway))
    await until(till.client, ({ hydrated }) => hydrated)
    till.line.swallow('up', 'down')
    await fill(till, 100)
    till.line.limitBodies(4_000)
    till.line.swallow()
    await until(till.client, isEmpty)
    await till.client.sync()
    expect(till.client.query('sale', { where: { pending: false } })).toHaveLength(100)
  })

  it('one that takes next to nothing is named, and forgotten when it is gone', async () => {
    const till = await tillOn({}, await newBranch(gateway))
    await until(till.client, ({ hydrated }) => hydrated)
    till.line.limitBodies(800)
    await fill(till, 3)
    await until(till.client, ({ problem }) => problem?.code === 'REQUEST_TOO_LARGE')
    expect(till.client.status().connectivity).not.toBe('offline')
    till.line.limitBodies(Infinity)
    await until(till.client, isEmpty)
    await until(till.client, ({ problem }) => problem === null)
  })

  it('a wrong address is named, though nothing was ever reached', async () => {
    const client = await createSyncClient({
      url: gateway.url.replace('/graphql', '/grapql'),
      store: memoryStore(),
      context: { tenantId: 'demo', branchId: 'riverside', actorId: 'demo-admin' },
      getToken: async () => 'a token',
    })
    opened.push(client)
    await until(client, ({ problem }) => problem?.code === 'WRONG_ADDRESS')
    expect(client.status().connectivity).toBe('offline')
  })
})

describe.concurrent('a half-dead line', () => {
  it.each([[['up']], [['down']], [['up', 'down']]] as ('up' | 'down')[][][])(
    'bytes vanish: %s. Once it is whole the queue is empty and the socket is back, without a word of the platform',
    async (ways) => {
      const till = await tillOn({}, await newBranch(gateway))
      await until(till.client, ({ hydrated, nudges }) => hydrated && nudges)
      till.line.swallow(...ways)
      await fill(till, 2)
      await until(till.client, ({ connectivity }) => connectivity === 'offline')
      till.line.swallow()
      const whole = performance.now()
      await until(till.client, (status) => isEmpty(status) && status.connectivity === 'online')
      // Generous, as other tests are at work; `npm run matrix` holds it to ten seconds.
      expect(performance.now() - whole).toBeLessThan(30_000)
      await until(till.client, ({ nudges }) => nudges)
      expect(till.client.query('sale')).toHaveLength(2)
    },
  )

  it('connections that are broken again and again: what waits gets through', async () => {
    const till = await tillOn(badLine(256_000), await newBranch(gateway))
    await until(till.client, ({ hydrated }) => hydrated)
    const breaking = setInterval(() => till.line.reset(), 4_000)
    try {
      await fill(till, 30)
      await until(till.client, isEmpty)
    } finally {
      clearInterval(breaking)
    }
    await till.client.sync()
    expect(till.client.query('sale', { where: { pending: false } })).toHaveLength(30)
  })
})
