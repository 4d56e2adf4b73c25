/**
 * Whether requests are compressed: where the gateway says that it takes that, and never again once somebody on the way
 * does not. Whoever cannot loses nothing but bytes.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { createTransport } from '../../client/sdk/transport/http.ts'
import type { PushOperation, Transport } from '../../client/sdk/transport/transport.ts'
import { startBrokenServer } from '../support/broken-server.ts'
import { startWork } from '../support/cafe.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let token: string
beforeAll(async () => {
  gateway = await startGateway()
  token = (await gateway.as('admin')).token!
})
afterAll(() => gateway?.close())

const opened: { close(): unknown }[] = []
afterEach(async () => {
  vi.unstubAllGlobals()
  for (const each of opened.splice(0).reverse()) await each.close()
})

type Seen = { isGzip: boolean; bytes: number }

/** Something between a transport and the gateway, and what it has seen. `refuses`: what it answers to gzip. */
async function behind(of: {
  refuses?: (response: ServerResponse) => unknown
  /** An older gateway does not tell. */
  tells?: boolean
}): Promise<{ seen: Seen[]; transport: Transport }> {
  const seen: Seen[] = []
  const server = await startBrokenServer(async (response, request: IncomingMessage, body) => {
    const isGzip = request.headers['content-encoding'] === 'gzip'
    seen.push({ isGzip, bytes: body.length })
    if (isGzip && of.refuses) return of.refuses(response)
    const { authorization } = request.headers
    const answer = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
      body: new Uint8Array(isGzip ? gunzipSync(body) : body),
    })
    const told = of.tells === false ? {} : { 'accept-encoding': answer.headers.get('accept-encoding') ?? '' }
    response
      .writeHead(answer.status, { 'content-type': 'application/json', ...told })
      .end(await answer.text())
  })
  const transport = createTransport({
    ...{ url: server.url, token: async () => token, fetch: (input, init) => fetch(input, init) },
    ...{ WebSocket: undefined, random: Math.random },
  })
  opened.push(server, transport)
  return { seen, transport }
}

let deviceSeq = 0
/** So many operations; ten are more than fits into one packet. */
const pushOf = (count = 10) => ({
  tenantId: 'demo',
  deviceId: 'till-1',
  operations: Array.from({ length: count }, () => {
    deviceSeq += 1
    const envelope = startWork(randomUUID(), { branchId: 'nowhere' }) as unknown as PushOperation
    return { ...envelope, dependsOn: [], actorId: 'demo-admin', deviceSeq, retry: false }
  }),
})

/** A verdict for each. */
async function pushed(transport: Transport, count = 10): Promise<void> {
  const { results } = await transport.push(pushOf(count))
  expect(results).toHaveLength(count)
}

it('from the second request on, as the first answer tells; what fits into a packet is left alone', async () => {
  const { seen, transport } = await behind({})
  await pushed(transport)
  await pushed(transport)
  await pushed(transport, 1)
  await transport.probe()
  expect(seen.map(({ isGzip }) => isGzip)).toEqual([false, true, false, false])
  expect(seen[1]!.bytes).toBeLessThan(seen[0]!.bytes / 2)
})

it('never where the gateway is one that does not tell', async () => {
  const { seen, transport } = await behind({ tells: false })
  for (let n = 0; n < 3; n += 1) await pushed(transport)
  expect(seen.map(({ isGzip }) => isGzip)).toEqual([false, false, false])
})

const page = (status: number) => (response: ServerResponse) =>
  response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>No</h1>')

it.each([
  ['a 415', page(415)],
  ["a 400 with a page of somebody else's", page(400)],
])(
  'one refusal is enough: after %s the same is sent as it is, and so is all after it',
  async (_, refuses) => {
    const { seen, transport } = await behind({ refuses })
    for (let n = 0; n < 4; n += 1) await pushed(transport)
    expect(seen.map(({ isGzip }) => isGzip)).toEqual([false, true, false, false, false])
  },
)

it('a 400 of the gateway itself is no refusal of gzip: it is told, and not asked twice', async () => {
  const { seen, transport } = await behind({
    refuses: (response) =>
      response
        .writeHead(400, { 'content-type': 'application/json' })
        .end(JSON.stringify({ errors: [{ message: 'no', extensions: { code: 'BAD_USER_INPUT' } }] })),
  })
  await pushed(transport)
  await expect(transport.push(pushOf())).rejects.toMatchObject({ kind: 'refused', code: 'BAD_USER_INPUT' })
  expect(seen).toHaveLength(2)
})

it('never on a platform that cannot compress', async () => {
  vi.stubGlobal('CompressionStream', undefined)
  const { seen, transport } = await behind({})
  for (let n = 0; n < 2; n += 1) await pushed(transport)
  expect(seen.map(({ isGzip }) => isGzip)).toEqual([false, false])
})
