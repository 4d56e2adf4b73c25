/** What stands between a till and its gateway, and does its worst: it is named, nothing is lost, and then all is sent. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Status } from '../../client/sdk/index.ts'
import { createSyncClient, memoryStore } from '../../client/sdk/index.ts'
import { newBranch, openCashSession, sell, type Till } from '../client/support/till.ts'
import { startBrokenServer } from '../support/broken-server.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway?.close())

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})

type Asked = { text: string; bytes: number; path: string }
/** What it does to a request instead of passing it on; false: it passes it on. */
type Doing = (response: ServerResponse, asked: Asked, pass: () => Promise<Buffer>) => unknown

/** A proxy that passes on what it does nothing else with: no compression, no upgrade to a socket. */
async function startProxy() {
  const proxy = { does: null as Doing | null, done: 0, url: '' }
  const serve = async (response: ServerResponse, request: IncomingMessage, body: Buffer) => {
    const { authorization, 'content-encoding': encoding } = request.headers
    const text = (encoding === 'gzip' ? gunzipSync(body) : body).toString()
    let status = 200
    async function pass(): Promise<Buffer> {
      const answer = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
        body: text,
      })
      status = answer.status
      return Buffer.from(await answer.arrayBuffer())
    }
    const asked = { text, bytes: body.length, path: request.url ?? '' }
    if (proxy.does && (await proxy.does(response, asked, pass)) !== false) {
      proxy.done += 1
      return
    }
    const answer = await pass()
    response.writeHead(status, { 'content-type': 'application/json' }).end(answer)
  }
  // At the end of a test what is under way breaks.
  const server = await startBrokenServer((response, request, body) =>
    serve(response, request, body).catch(() => response.destroy()),
  )
  opened.push(server)
  proxy.url = server.url
  return proxy
}

/** A till behind a proxy, which has its branch. */
async function behindProxy() {
  const proxy = await startProxy()
  const branchId = await newBranch(gateway)
  const deviceId = `till-${randomUUID().slice(0, 8)}`
  const admin = await gateway.as('admin', { deviceId })
  const client = await createSyncClient({
    ...{ url: proxy.url, store: memoryStore(), deviceId, getToken: async () => admin.token },
    context: { tenantId: 'demo', branchId, actorId: 'demo-admin' },
    pullEveryMs: 3_600_000,
  })
  opened.push(client)
  await client.sync()
  return { proxy, till: { client } as Till }
}

const until = ({ client }: Till, holds: (status: Status) => boolean) =>
  expect.poll(() => holds(client.status()), { timeout: 45_000, interval: 20 }).toBe(true)
const isSettled = ({ pending, syncing, problem, connectivity }: Status) =>
  pending + syncing === 0 && problem === null && connectivity === 'online'

async function sellSome(till: Till, count: number): Promise<void> {
  const cashSessionId = await openCashSession(till)
  for (let n = 0; n < count; n += 1) await sell(till, cashSessionId)
}

const html = (response: ServerResponse, status: number, head: Record<string, string> = {}) =>
  response.writeHead(status, { 'content-type': 'text/html', ...head }).end('<h1>Something else</h1>')
const isPush = ({ text }: Asked) => text.includes('syncPushBatch')
const half: Doing = async (response, _, pass) => {
  const answer = await pass()
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length })
  response.write(answer.subarray(0, answer.length / 2))
  setTimeout(() => response.destroy(), 20)
}

it.each<[string, Status['connectivity'], string, Doing]>([
  ['502 with a page, to everything', 'offline', 'PROXY_ERROR', (response) => html(response, 502)],
  [
    '504, to pushes alone',
    'online',
    'PROXY_ERROR',
    (response, asked) => isPush(asked) && html(response, 504),
  ],
  ['413, to all pushes', 'online', 'REQUEST_TOO_LARGE', (response, a) => isPush(a) && html(response, 413)],
  ['a page that asks for a sign-in', 'offline', 'NOT_THE_SERVER', (response) => html(response, 200)],
  [
    'the way to such a page',
    'offline',
    'NOT_THE_SERVER',
    (response, { path }) =>
      path === '/portal' ? html(response, 200) : html(response, 302, { location: '/portal' }),
  ],
  [
    'half of each answer to a push',
    'online',
    'CONNECTION_LOST',
    (response, asked, pass) => (isPush(asked) ? half(response, asked, pass) : false),
  ],
])('%s: the till is %s and says %s, and sends all of it when that is over', async (_, link, code, does) => {
  const { proxy, till } = await behindProxy()
  proxy.does = does
  await sellSome(till, 3)
  await until(till, ({ problem, connectivity }) => problem?.code === code && connectivity === link)
  const { pending, syncing, failed } = till.client.status()
  expect([pending + syncing, failed]).toEqual([4, []])
  proxy.does = null
  await until(till, isSettled)
  await till.client.sync()
  const sales = till.client.query('sale', { where: { pending: false } })
  expect(sales.map(({ receiptNumber }) => receiptNumber).sort()).toEqual([1, 2, 3])
})

it.each([128, 48])(
  '%i KiB are taken and no more: what waits gets through, and little is sent in vain',
  async (kib) => {
    const { proxy, till } = await behindProxy()
    proxy.does = (response) => html(response, 503)
    await sellSome(till, 260)
    proxy.done = 0
    proxy.does = (response, { bytes }) => bytes > kib * 1024 && html(response, 413)
    await until(till, isSettled)
    expect(proxy.done).toBeLessThan(4)
    if (kib < 100) expect(proxy.done).toBeGreaterThan(0)
    await till.client.sync()
    expect(till.client.query('sale', { where: { pending: false } })).toHaveLength(260)
  },
)

it('answers that are cut off after 4 kB: pages become small enough', async () => {
  const { proxy, till } = await behindProxy()
  await sellSome(till, 20)
  await until(till, isSettled)
  proxy.does = async (response, _, pass) => {
    const answer = await pass()
    if (answer.length <= 4_000) return false
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length })
    response.write(answer.subarray(0, 4_000))
    setTimeout(() => response.destroy(), 20)
  }
  const { token } = await gateway.as('admin', { deviceId: 'a fresh one' })
  const fresh = await createSyncClient({
    ...{ url: proxy.url, store: memoryStore(), getToken: async () => token, deviceId: 'a fresh one' },
    context: till.client.status().context!,
    pullEveryMs: 3_600_000,
  })
  opened.push(fresh)
  await expect.poll(() => fresh.status().hydrated, { timeout: 45_000 }).toBe(true)
  expect(proxy.done).toBeGreaterThan(0)
  expect(fresh.query('sale')).toHaveLength(20)
})

it('answers that are kept back until they are whole, and for a second more, are waited for', async () => {
  const { proxy, till } = await behindProxy()
  proxy.does = async (response, _, pass) => {
    const answer = await pass()
    await wait(1_000)
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
  }
  await sellSome(till, 3)
  await until(till, isSettled)
  expect(till.client.status().failed).toEqual([])
})
