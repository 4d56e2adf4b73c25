/** Bodies: how large, in which encoding, with a length or without; what is refused before it is read. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { free, readBody } from '../../src/http/body.ts'
import { InFlight } from '../../src/http/in-flight.ts'
import { slowestPace } from '../../src/http/pace.ts'
import { type Answer, expectNoInternals } from '../support/answers.ts'
import { type Client, type Gateway, operation, startGateway } from '../support/gateway.ts'

const maxBatchBytes = 400_000
const maxBatch = 100
const maxBytes = maxBatchBytes + maxBatch * 1_024 + 65_536
const anonymousBytes = 16_384

let gateway: Gateway
let admin: Client
let nobody: Client

beforeAll(async () => {
  gateway = await startGateway({
    env: { MAX_BATCH_BYTES: String(maxBatchBytes), MAX_BATCH: String(maxBatch) },
  })
  admin = await gateway.as('admin')
  nobody = gateway.withToken(null)
})
afterAll(() => gateway?.close())

type Sent = { body: BodyInit | null; headers?: Record<string, string>; duplex?: 'half' }

/** Posts a body as it is; the answer's JSON. */
async function send(client: Client, { headers, ...init }: Sent): Promise<Answer> {
  const response = await fetch(client.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(client.token ? { authorization: `Bearer ${client.token}` } : {}),
      ...headers,
    },
    ...init,
  } as RequestInit)
  const text = await response.text()
  expectNoInternals(text)
  const contentType = response.headers.get('content-type') ?? ''
  return { status: response.status, contentType, text, json: text ? JSON.parse(text) : null }
}

const gzip = { 'content-encoding': 'gzip' }
const zipped = (text: string) => Uint8Array.from(gzipSync(text))
/** A body of exactly so many bytes. */
const bodyOf = (bytes: number) => {
  const body = JSON.stringify({ query: '{ __typename }' })
  return body + ' '.repeat(bytes - body.length)
}
/** Without a length: in chunks. */
const chunked = (bytes: Uint8Array | string): Sent => ({
  body: new Blob([bytes as BlobPart]).stream(),
  duplex: 'half',
})
const shown = { data: { __typename: 'Query' } }
const refusal = ({ status, json }: Answer) => ({ status, ...json.errors[0].extensions })

describe('a body', () => {
  it('that is refused by its head is taken for a while, so that whoever sends all of it hears why', async () => {
    const body = bodyOf(8_000_000)
    const line = connect(Number(new URL(admin.url).port), '127.0.0.1').on('error', () => {})
    let came = ''
    line.on('data', (data) => {
      came += data
    })
    const head = `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
    const fault = await new Promise((resolve) => line.write(head + body, resolve))
    line.destroy()
    expect([fault ?? null, came.split('\r\n')[0]]).toEqual([null, 'HTTP/1.1 401 Unauthorized'])
  })

  it('that comes with a wish for another protocol is read as any other', async () => {
    const line = await opened(admin.url)
    const body = bodyOf(100)
    const head = `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
    line.write(head + body)
    const came = await received(line)
    line.destroy()
    expect(came).toMatch(/^HTTP\/1.1 200 OK\r\n/)
    expect(JSON.parse(came.split('\r\n\r\n')[1]!)).toEqual(shown)
  })

  it.each<[string, (text: string) => Sent]>([
    ['as it is', (body) => ({ body })],
    ['compressed', (text) => ({ body: zipped(text), headers: gzip })],
    [
      'compressed, by its old name',
      (text) => ({ body: zipped(text), headers: { 'content-encoding': 'X-GZIP' } }),
    ],
    ['in chunks', (text) => chunked(text)],
    ['compressed and in chunks', (text) => ({ ...chunked(zipped(text)), headers: gzip })],
  ])('%s is taken up to the limit and not past it', async (_, sent) => {
    expect((await send(admin, sent(bodyOf(maxBytes)))).json).toEqual(shown)
    const over = await send(admin, sent(bodyOf(maxBytes + 1)))
    expect(refusal(over)).toEqual({ status: 413, code: 'BATCH_TOO_LARGE', maxBytes: maxBatchBytes })
    expect((await send(nobody, sent(bodyOf(anonymousBytes)))).json).toEqual(shown)
    const anonymous = await send(nobody, sent(bodyOf(anonymousBytes + 1)))
    expect(refusal(anonymous)).toEqual({ status: 401, code: 'UNAUTHENTICATED', maxBytes: anonymousBytes })
  })

  it('of as many payload bytes as a batch may have is decided', async () => {
    const note = 'x'.repeat(60_000)
    const operations = Array.from({ length: 6 }, () =>
      operation('cashSession.close', {
        cashSessionId: crypto.randomUUID(),
        counted: { usd: 0, khr: 0 },
        note,
      }),
    )
    const cashier = await gateway.as('cashier-1')
    const results = await cashier.push(operations)
    expect(results.map(({ status }) => status)).toEqual(operations.map(() => 'REJECTED'))
  })

  it('with a token that is not valid is refused for that, not for its size: a batch loses nothing by it', async () => {
    const forged = gateway.withToken(`${admin.token!.slice(0, -4)}AAAA`)
    expect(refusal(await send(forged, { body: bodyOf(100_000) })).code).toBe('UNAUTHENTICATED')
  })

  it('that inflates without end costs no more than the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(60_000_000))
    expect(bomb.length).toBeLessThan(maxBytes)
    const before = process.memoryUsage().rss
    for (let i = 0; i < 5; i += 1)
      expect((await send(admin, { body: Uint8Array.from(bomb), headers: gzip })).status).toBe(413)
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
  })

  it('that says of itself that it holds too much is not inflated, and what hides it counts for what is asked next', async () => {
    const honest = gzipSync(Buffer.alloc(20_000_000, '['))
    const lying = Buffer.from(honest)
    lying.writeUInt32LE(1_000, lying.length - 4)
    const held = new InFlight().open([['all', 1_000_000]])
    const taken = async (body: Buffer) => {
      const request = Object.assign(Readable.from([body]), { headers: gzip }) as unknown as IncomingMessage
      const tooLarge = (bytes: number) => new Error(`${bytes}`)
      const read = readBody(request, { maxBytes, tooLarge, held, pace: slowestPace })
      return Number(await read.then(() => '-1').catch((error: Error) => error.message))
    }
    expect(await taken(honest)).toBe(0)
    const inflated = await taken(lying)
    expect(inflated).toBeGreaterThan(maxBytes - 65_536)
    expect(inflated).toBeLessThanOrEqual(maxBytes)
  })

  it('that is too long is taken no further while its sender waits for the answer', async () => {
    let pieces = 0
    const endless = new Readable({
      read() {
        pieces += 1
        setImmediate(() => this.push(Buffer.alloc(20_000)))
      },
    })
    const request = Object.assign(endless, { headers: {} }) as unknown as IncomingMessage
    const tooLarge = () => new Error('too large')
    const held = new InFlight().open([['all', maxBytes]])
    const read = readBody(request, { maxBytes: 50_000, tooLarge, held, pace: slowestPace })
    await expect(read).rejects.toThrow('too large')
    const taken = pieces
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(pieces - taken).toBeLessThan(10)
  })

  it('holds nothing once it is read, also before the collector comes', async () => {
    const [pieces, piece] = [10, 50_000]
    const most = pieces * piece
    const tooLarge = () => new Error('too large')
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 20; i += 1) {
      const sent = Array.from({ length: pieces }, () => Buffer.allocUnsafeSlow(piece))
      const request = Object.assign(Readable.from(sent), { headers: {} }) as unknown as IncomingMessage
      const held = new InFlight().open([['all', most]])
      free(await readBody(request, { maxBytes: most, tooLarge, held, pace: slowestPace }))
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(most)
  })

  it.each<[string, Uint8Array<ArrayBuffer>]>([
    ['cut off', zipped(bodyOf(5_000)).slice(0, -10)],
    ['of something else', Uint8Array.from(randomBytes(500))],
    ['of nothing', new Uint8Array()],
  ])('of gzip %s is 400', async (_, body) => {
    expect(refusal(await send(admin, { body, headers: gzip }))).toEqual({
      status: 400,
      code: 'BAD_USER_INPUT',
    })
  })

  it.each(['br', 'deflate', 'zstd', 'gzip, gzip', 'x'])(
    'in %s is 415, and told what is taken',
    async (encoding) => {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-encoding': encoding },
        body: 'x',
      })
      expect(response.status).toBe(415)
      expect(response.headers.get('accept-encoding')).toBe('gzip')
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
    },
  )

  it('of more values than any batch has is refused', async () => {
    const values = JSON.stringify({ query: '{ __typename }', variables: { x: '@' } })
    const text = values.replace('"@"', `[${'1,'.repeat(100_000)}1]`)
    expect(refusal(await send(admin, { body: text }))).toMatchObject({ status: 413, code: 'BATCH_TOO_LARGE' })
  })

  it('is not read from strangers: one that is only half sent does not keep the answer', async () => {
    const socket = await opened(gateway.url)
    socket.write(
      'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 3000000\r\n\r\n{',
    )
    expect(await received(socket)).toMatch(/^HTTP\/1.1 401/)
    socket.destroy()
  })
})

const opened = (url: string) =>
  new Promise<Socket>((resolve) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname, () => resolve(socket))
    socket.on('error', () => {})
  })
const received = (socket: Socket) =>
  new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))

describe('an answer', () => {
  const ask = async (acceptEncoding: string | null, query: string) => {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        // fetch asks for gzip by itself where nothing is said.
        'accept-encoding': acceptEncoding ?? 'identity',
      },
      body: JSON.stringify({ query }),
    })
    return { encoding: response.headers.get('content-encoding'), text: await response.text() }
  }
  const long = '{ operationTypes { type description payloadSchema } }'

  it.each(['gzip', 'deflate, gzip;q=0.5', 'br, GZIP', '*', 'x-gzip'])(
    'is compressed where %s is accepted',
    async (accepted) => {
      const plain = await ask(null, long)
      expect(plain.encoding).toBeNull()
      expect(await ask(accepted, long)).toEqual({ encoding: 'gzip', text: plain.text })
    },
  )

  it.each(['identity', 'br', 'gzip;q=0', '*;q=0', 'gzip;q=0, *', 'gzipped'])(
    'is not where %s is',
    async (accepted) => {
      expect((await ask(accepted, long)).encoding).toBeNull()
    },
  )

  it('of a few bytes is left alone', async () => {
    expect((await ask('gzip', '{ __typename }')).encoding).toBeNull()
  })

  it('says that it differs, and how long it is', async () => {
    const socket = await opened(gateway.url)
    const body = JSON.stringify({ query: long })
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAccept-Encoding: gzip\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    const chunks: Buffer[] = []
    for await (const chunk of socket) chunks.push(chunk)
    const answer = Buffer.concat(chunks)
    const head = answer.subarray(0, answer.indexOf('\r\n\r\n')).toString().toLowerCase()
    expect(head).toMatch(/vary: .*accept-encoding/)
    const content = answer.subarray(answer.indexOf('\r\n\r\n') + 4)
    expect(head).toContain(`content-length: ${content.length}`)
    expect(JSON.parse(gunzipSync(content).toString()).data.operationTypes.length).toBeGreaterThan(10)
  })

  it('of a pull is the same compressed', async () => {
    const pull = async (acceptEncoding: string) => {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${admin.token}`,
          'accept-encoding': acceptEncoding,
        },
        body: JSON.stringify({
          query: admin.pullQuery.replace('serverTime', ''),
          variables: {
            input: { tenantId: 'demo', branchId: 'riverside', deviceId: 'till-1', moduleScopes: ['MENU'] },
          },
        }),
      })
      return { encoding: response.headers.get('content-encoding'), ...(await response.json()) }
    }
    const plain = await pull('identity')
    expect(await pull('gzip')).toEqual({ ...plain, encoding: 'gzip' })
    expect(plain.data.syncPull.changes.length).toBeGreaterThan(5)
  })
})
