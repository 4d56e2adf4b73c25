/**
 * Sockets that are used to cost the gateway something: what they may send, hold and keep open, at each bound and past
 * it. Every gateway here is one with its own limits, as `LIMITS` in nudge-sockets.ts has them.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { buildSchema, parse, validate } from 'graphql'
import { afterEach, describe, expect, it } from 'vitest'
import { createDocumentCache } from '../../src/graphql/document-cache.ts'
import { compileNudgeSelection } from '../../src/graphql/nudge-frames.ts'
import { compilePull } from '../../src/graphql/pull-text.ts'
import { nudge, RawClient, startNudgeGateway } from '../support/nudge-gateway.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** Megabytes of heap that are kept after something was done. */
async function keptBy(work: () => unknown): Promise<number> {
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  await work()
  collectGarbage()
  return (process.memoryUsage().heapUsed - before) / 2 ** 20
}

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function start(options: Parameters<typeof startNudgeGateway>[0] = {}) {
  const gateway = await startNudgeGateway({ ...options, limits: { closeMs: 200, ...options.limits } })
  ends.push(() => gateway.stop())
  return gateway
}

async function join(url: string, token = 'ann') {
  const client = await RawClient.as(token, url)
  ends.push(() => client.end())
  return client
}

/** A socket that has not said anything. */
async function dial(url: string) {
  const client = new RawClient(url)
  ends.push(() => client.end())
  await once(client.socket, 'open')
  return client
}

const init = (filler = '') => ({
  type: 'connection_init',
  payload: { authorization: 'Bearer ann', filler },
})

const upgradeHead =
  'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n'

function connectTo(url: string) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  ends.push(() => socket.destroy())
  return socket
}

/** The first line of the answer to an upgrade. */
async function upgradeAnswer(url: string): Promise<string> {
  const socket = connectTo(url)
  socket.write(upgradeHead)
  const [data] = await once(socket, 'data')
  return String(data).split('\r\n')[0]!
}

const PLAIN = 'subscription { syncNudge(tenantId: "demo", branchId: "riverside") { headSeq } }'

describe('nothing is kept by what a client chose', () => {
  /** A name of 60 kB, as long as a message allows: 300 of them are 18 MB. */
  const nameOf = (i: number) => Buffer.alloc(60_000, `${i}-`).toString()
  const names = 300

  it.each([
    ['a subscription', compileNudgeSelection, PLAIN],
    ['a pull', compilePull, 'query ($i: SyncPullInput!) { syncPull(input: $i) { __typename } }'],
  ])('the compiled form of %s is not kept by the name it was asked for', async (_, compile, text) => {
    const document = parse(text)
    const kept = await keptBy(() => {
      for (let i = 0; i < names; i++) compile(document, nameOf(i))
    })
    expect(kept).toBeLessThan(4)
  })

  it('one operation has one compiled form, whether it is named or not', () => {
    const document = parse(PLAIN.replace('subscription', 'subscription N'))
    expect(compileNudgeSelection(document)).toBe(compileNudgeSelection(document, 'N'))
  })

  function counting() {
    let parsed = 0
    const documents = createDocumentCache({
      parse(text) {
        parsed++
        return parse(text)
      },
      validate: (document) => validate(schema, document),
    })
    return (text: string) => {
      const before = parsed
      documents(text)
      return parsed > before ? 'parsed' : 'kept'
    }
  }
  const schema = buildSchema('type Query { a(x: Int): Int }')

  it.each([
    ['parse', '{'],
    ['hold', '{ nothing }'],
  ])('a text that does not %s is not kept, however often it comes', (_, text) => {
    const ask = counting()
    expect([ask('{ a }'), ask('{ a }')]).toEqual(['parsed', 'kept'])
    expect([ask(text), ask(text)]).toEqual(['parsed', 'parsed'])
  })

  it('and of what does compile, the last 256 texts of 2,048 characters at most', () => {
    const ask = counting()
    const longest = `{ a }${' '.repeat(2_043)}`
    expect([longest.length, ask(longest), ask(longest)]).toEqual([2_048, 'parsed', 'kept'])
    expect([ask(`${longest} `), ask(`${longest} `)]).toEqual(['parsed', 'parsed'])
    for (let i = 0; i < 255; i++) ask(`{ a(x: ${i}) }`)
    expect(ask(longest)).toBe('kept')
    for (let i = 0; i < 256; i++) ask(`{ a(x: -${i + 1}) }`)
    expect(ask(longest)).toBe('parsed')
  })

  it('hundreds of the largest messages over sockets leave the heap as it was', async () => {
    const gateway = await start({ limits: { burstBytes: 10 ** 9 } })
    const client = await join(gateway.url)
    client.subscribe('first')
    const send = (i: number) =>
      client.send({ id: `${i}`, type: 'subscribe', payload: { query: PLAIN, operationName: nameOf(i) } })
    const kept = await keptBy(async () => {
      for (let i = 0; i < names; i++) send(i)
      client.send({ type: 'ping' })
      await client.until(({ type }) => type === 'pong')
      client.texts.length = 0
    })
    expect(kept).toBeLessThan(10)
    expect(gateway.hub.size.sinks).toBe(1)
  }, 60_000)
})

describe('before it is known whose a socket is', () => {
  it('it may send a token and a little more', async () => {
    const { url } = await start()
    const client = await dial(url)
    client.send(init('x'.repeat(8_000)))
    await client.until(({ type }) => type === 'connection_ack')
  })

  it.each<[string, (client: RawClient) => void]>([
    ['a larger connection_init', (client) => client.send(init('x'.repeat(8_192)))],
    ['many messages', (client) => Array.from({ length: 1_000 }, () => client.send({ type: 'ping' }))],
    ['many pings of the WebSocket', (client) => Array.from({ length: 2_000 }, () => client.socket.ping())],
    ['half a message', (client) => client.socket.send('x'.repeat(9_000), { fin: false })],
    [
      'a message in many parts',
      (client) => Array.from({ length: 2_000 }, () => client.socket.send('x', { fin: false })),
    ],
  ])('%s: closed, and nothing of it is answered', async (_, send) => {
    const { url } = await start()
    const client = await dial(url)
    send(client)
    const how = await client.closed
    // 64 parts may come before 8 KiB, and what is still on its way when the gateway lets go may tear the connection.
    expect([4400, 1006, 1008]).toContain(how.code)
    expect(client.texts.length).toBeLessThan(500)
    expect(client.frames.some(({ type }) => type === 'connection_ack')).toBe(false)
  })

  it('messages of 600 kB are cut off, and others are answered meanwhile', async () => {
    const gateway = await start()
    const other = await join(gateway.url, 'bob')
    const big = JSON.stringify({ type: 'ping', payload: { x: 'y'.repeat(600_000) } })
    const hostile = await Promise.all(Array.from({ length: 20 }, () => dial(gateway.url)))
    for (let i = 0; i < 60; i++) hostile[i % hostile.length]!.send(big)
    other.send({ type: 'ping' })
    await other.until(({ type }) => type === 'pong')
    for (const client of hostile) expect(client.texts).toEqual([])
    for (const client of hostile) expect([4400, 1006, 1009]).toContain((await client.closed).code)
  }, 30_000)

  it('only so many of one address are open; one more is told to come again, until one is known', async () => {
    const { url } = await start({ limits: { unprovenPerAddress: 2 } })
    const first = await dial(url)
    const second = await dial(url)
    expect(await upgradeAnswer(url)).toBe('HTTP/1.1 503 Service Unavailable')
    first.send(init())
    await first.until(({ type }) => type === 'connection_ack')
    const third = await dial(url)
    expect(await upgradeAnswer(url)).toBe('HTTP/1.1 503 Service Unavailable')
    second.end()
    third.end()
    await expect.poll(() => upgradeAnswer(url)).toBe('HTTP/1.1 101 Switching Protocols')
  })

  it('those that come at once are let in over many turns of the loop; who is gone by then takes no place', async () => {
    const { url, sockets, httpServer } = await start()
    let accepted = 0
    httpServer.on('connection', () => {
      accepted += 1
    })
    const lines = Array.from({ length: 300 }, () => connectTo(url))
    await expect.poll(() => accepted).toBe(lines.length)
    for (const line of lines) line.write(upgradeHead)
    const atOnce: number[] = []
    while (sockets.sockets < 200) {
      const before = sockets.sockets
      await setImmediate()
      atOnce.push(sockets.sockets - before)
      if (before === 0 && sockets.sockets > 0) for (const line of lines.slice(200)) line.resetAndDestroy()
    }
    expect(Math.max(...atOnce)).toBeLessThan(100)
    for (const line of lines) line.destroy()
    await expect.poll(() => sockets.sockets).toBe(0)
    await dial(url)
  })

  it('a handshake that fails takes no place', async () => {
    const { url } = await start({ limits: { unprovenPerAddress: 1 } })
    for (let i = 0; i < 3; i++) {
      const socket = connectTo(url)
      socket.write('GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1.1 400/)
      socket.destroy()
    }
    await dial(url)
  })

  it('whoever cannot be told in time is closed with 4408, also where the token is being looked at', async () => {
    const { url } = await start({ limits: { initMs: 100 }, authenticate: () => new Promise(() => {}) })
    const mute = await dial(url)
    const asking = await dial(url)
    asking.send(init())
    for (const client of [mute, asking]) expect(await client.closed).toMatchObject({ code: 4408 })
  })
})

describe('once it is known', () => {
  it('an account has so many sockets; one more is closed with 1013, until another has closed', async () => {
    const { url } = await start({ limits: { socketsPerAccount: 2 } })
    const first = await join(url)
    await join(url)
    const more = await dial(url)
    more.send(init())
    expect(await more.closed).toEqual({ code: 1013, reason: 'Too many sockets' })
    await join(url, 'bob')
    first.socket.close()
    await first.closed
    await join(url)
  })

  it('a tenant may have so many, whoever it hires; another tenant has its own', async () => {
    const { url } = await start({
      limits: { socketsPerTenant: 2 },
      authenticate: async (token) => {
        const [tenantId, accountId] = token.split('/') as [string, string]
        return { tenantId, accountId, expiresAt: Date.now() + 60_000 }
      },
    })
    await join(url, 'demo/ann')
    await join(url, 'demo/bob')
    const more = await dial(url)
    more.send({ type: 'connection_init', payload: { authorization: 'Bearer demo/cid' } })
    expect(await more.closed).toEqual({ code: 1013, reason: 'Too many sockets' })
    await join(url, 'rival/ann')
  })

  it('the same account id of another tenant has its own', async () => {
    const { url } = await start({
      limits: { socketsPerAccount: 1 },
      authenticate: async (tenantId) => ({ tenantId, accountId: 'ann', expiresAt: Date.now() + 60_000 }),
    })
    await join(url, 'demo')
    await join(url, 'rival')
    const more = await dial(url)
    more.send({ type: 'connection_init', payload: { authorization: 'Bearer demo' } })
    expect(await more.closed).toMatchObject({ code: 1013 })
  })

  it('it may send a message of 64 KiB, and in a few parts', async () => {
    const { url } = await start()
    const client = await join(url)
    const text = JSON.stringify({ type: 'ping', payload: { x: '' } })
    client.send(text.replace('""', JSON.stringify('y'.repeat(65_536 - text.length))))
    expect(JSON.stringify(await client.until(({ type }) => type === 'pong')).length).toBe(65_536)
    client.texts.length = 0
    for (const part of ['{"type"', ':"pi', 'ng']) client.socket.send(part, { fin: false })
    client.socket.send('"}')
    await client.until(({ type }) => type === 'pong')
  })

  it('but not in 65 parts: 1008', async () => {
    const { url } = await start()
    const client = await join(url)
    for (let i = 0; i < 65; i++) client.socket.send(' ', { fin: false })
    expect(await client.closed).toMatchObject({ code: 1008 })
  })

  it.each<[string, (client: RawClient) => void]>([
    ['messages', (client) => client.send({ type: 'ping' })],
    ['pings of the WebSocket', (client) => client.socket.ping()],
    ['pongs that nobody asked for', (client) => client.socket.pong()],
    ['long messages', (client) => client.send({ type: 'ping', payload: { x: 'y'.repeat(2_000) } })],
  ])('a flood of %s is ended with 1013', async (_, send) => {
    const { url } = await start({ limits: { burstBytes: 25_600, bytesPerSecond: 1 } })
    const client = await join(url)
    for (let i = 0; i < 500; i++) send(client)
    expect(await client.closed).toMatchObject({ code: 1013, reason: 'Too many messages' })
    expect(client.texts.length).toBeLessThanOrEqual(100)
  })

  it('as much as is allowed is no flood, and time gives it back', async () => {
    let now = Date.now()
    const { url } = await start({
      now: () => now,
      limits: { burstBytes: 2_560, bytesPerSecond: 256 },
    })
    const client = await join(url)
    const pongs = (count: number) => expect.poll(() => client.texts.length).toBe(count)
    // connection_init was the first of ten.
    for (let i = 0; i < 9; i++) client.send({ type: 'ping' })
    await pongs(9)
    now += 3_000
    for (let i = 0; i < 3; i++) client.send({ type: 'ping' })
    await pongs(12)
    client.send({ type: 'ping' })
    expect(await client.closed).toMatchObject({ code: 1013 })
  })

  it('the limit of operations is looked at before a text is parsed', async () => {
    let parsed = 0
    const { url } = await start({
      limits: { operationsPerSocket: 1 },
      parse: (text) => {
        parsed++
        return parse(text)
      },
    })
    const client = await join(url)
    client.subscribe('1')
    client.subscribe('2', `${PLAIN} #`)
    expect(await client.until(({ type }) => type === 'error')).toMatchObject({
      id: '2',
      payload: [{ extensions: { code: 'RATE_LIMITED' } }],
    })
    expect(parsed).toBe(1)
  })

  it('an id may have 128 characters, and no more: 4400', async () => {
    const { url } = await start()
    const client = await join(url)
    client.subscribe('x'.repeat(128), 'query { whoAmI }')
    await client.until(({ type }) => type === 'complete')
    client.subscribe('x'.repeat(129), 'query { whoAmI }')
    expect(await client.closed).toMatchObject({ code: 4400 })
  })

  it('a subscription may have 2,048 characters, a query as many as a message holds', async () => {
    const gateway = await start()
    const client = await join(gateway.url)
    client.subscribe('1', PLAIN.padEnd(2_048))
    await expect.poll(() => gateway.hub.size.sinks).toBe(1)
    client.subscribe('2', PLAIN.padEnd(2_049))
    expect(JSON.stringify(await client.until(({ id }) => id === '2'))).toContain('BAD_USER_INPUT')
    client.subscribe('3', 'query { whoAmI }'.padEnd(60_000))
    expect(await client.until(({ id }) => id === '3')).toMatchObject({ payload: { data: { whoAmI: 'ann' } } })
    expect(gateway.hub.size.sinks).toBe(1)
  })

  it('whoever does not read answers begins nothing more', async () => {
    const asked = { begun: 0, refused: 0 }
    const accountId = 'x'.repeat(2 ** 20)
    const gateway = await start({
      limits: { bufferedBytes: 1_000 },
      authenticate: async () => ({ accountId, tenantId: null, expiresAt: Date.now() + 60_000 }),
      onOperation: () => void asked.begun++,
      formatError(error) {
        asked.refused++
        return error
      },
    })
    const client = await join(gateway.url)
    client.socket.pause()
    // More than the system keeps for a connection: what follows waits in the gateway.
    for (let i = 0; i < 40; i++) {
      client.subscribe(`${i}`, 'query { whoAmI }')
      await expect.poll(() => asked.begun + asked.refused, { interval: 2 }).toBe(i + 1)
    }
    expect(asked.refused).toBeGreaterThan(0)
    client.socket.resume()
    await expect.poll(() => client.frames.filter(({ type }) => type === 'complete').length).toBe(asked.begun)
    expect(client.frames.find(({ type }) => type === 'error')?.payload).toMatchObject([
      { extensions: { code: 'RATE_LIMITED' } },
    ])
  }, 30_000)

  it('a nudge is no dearer for it: those who listen hear it while others flood', async () => {
    const gateway = await start({ limits: { burstBytes: 25_600, bytesPerSecond: 1 } })
    const listener = await join(gateway.url, 'bob')
    listener.subscribe('1')
    await expect.poll(() => gateway.hub.size.sinks).toBe(1)
    const flood = await Promise.all(Array.from({ length: 10 }, () => join(gateway.url)))
    for (const client of flood) for (let i = 0; i < 1_000; i++) client.send({ type: 'ping' })
    gateway.hub.publish([nudge({ headSeq: 42 })])
    expect(JSON.stringify(await listener.until(({ type }) => type === 'next'))).toContain('42')
  })
})
