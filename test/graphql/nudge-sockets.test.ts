import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate, setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { GraphQLError } from 'graphql'
import { createClient } from 'graphql-ws'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { NudgeScope } from '../../src/graphql/nudge-access.ts'
import type { Session } from '../../src/graphql/nudge-connection.ts'
import { refusalPace } from '../../src/http/refusals.ts'
import { forbidden, nudge, RawClient, startNudgeGateway } from '../support/nudge-gateway.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function start(options: Parameters<typeof startNudgeGateway>[0] = {}) {
  const gateway = await startNudgeGateway(options)
  ends.push(() => gateway.stop())
  return gateway
}

async function join(url: string, token = 'ann') {
  const client = await RawClient.as(token, url)
  ends.push(() => client.end())
  return client
}

function dial(url: string, options?: ConstructorParameters<typeof RawClient>[1]) {
  const client = new RawClient(url, options)
  ends.push(() => client.end())
  return client
}

/** Waits until so many sinks are subscribed: the protocol has no answer to a subscription. */
const sinks = (gateway: Awaited<ReturnType<typeof start>>, count: number) =>
  expect.poll(() => gateway.hub.size.sinks, { interval: 2 }).toBe(count)

/** Resolves when all that was sent before has been handled. */
async function handled(client: RawClient) {
  const payload = { at: String(Math.random()) }
  client.send({ type: 'ping', payload })
  await client.until(
    (frame) => frame.type === 'pong' && JSON.stringify(frame.payload) === JSON.stringify(payload),
  )
}

const nexts = (client: RawClient) => client.frames.filter(({ type }) => type === 'next')
const PLAIN = '{ syncNudge(tenantId: "demo", branchId: "riverside") { tenantId headSeq modules } }'
/** The same, but with a directive, so that it is executed. */
const EXECUTED = PLAIN.replace('headSeq', 'headSeq @include(if: true)')

describe('from a publication to a socket', () => {
  test('a frame is the very text that execution sends, for a plain subscription and for an executed one', async () => {
    const gateway = await start()
    const client = await join(gateway.url)
    client.subscribe('"1"\u2028', `subscription ${PLAIN}`)
    client.subscribe('2', `subscription ${EXECUTED}`)
    await sinks(gateway, 2)
    gateway.hub.publish([nudge({ modules: ['MENU', 'SALE'] })])
    await client.until(({ id }) => id === '2')
    const payload = { data: { syncNudge: { tenantId: 'demo', headSeq: 7, modules: ['MENU', 'SALE'] } } }
    expect(client.texts).toEqual([
      JSON.stringify({ id: '"1"\u2028', type: 'next', payload }),
      JSON.stringify({ id: '2', type: 'next', payload }),
    ])
  })

  test('graphql-ws as a client gets them, with arguments from variables', async () => {
    const gateway = await start()
    const client = createClient({
      url: gateway.url,
      webSocketImpl: WebSocket,
      connectionParams: { Authorization: 'bearer ann' },
    })
    ends.push(() => client.dispose())
    const query = `subscription N($t: ID!, $b: ID, $m: [ModuleScope!]) {
      syncNudge(tenantId: $t, branchId: $b, moduleScopes: $m) { branchId modules }
    }`
    const results = client.iterate({ query, variables: { t: 'demo', m: ['MENU'] } })
    const first = results.next()
    await sinks(gateway, 1)
    gateway.hub.publish([
      nudge({ modules: ['SALE'] }),
      nudge({ branchId: 'market', modules: ['MENU', 'SALE'] }),
    ])
    expect((await first).value).toEqual({ data: { syncNudge: { branchId: 'market', modules: ['MENU'] } } })
    await results.return?.()
    await sinks(gateway, 0)
  })

  test('any mix of subscribing, completing and publishing: each live subscription gets each nudge, no other does', async () => {
    const gateway = await start()
    const step = fc.oneof(
      fc.record({ do: fc.constant('subscribe' as const), id: fc.nat(4), executed: fc.boolean() }),
      fc.record({ do: fc.constant('complete' as const), id: fc.nat(4) }),
      fc.record({ do: fc.constant('publish' as const) }),
    )
    let headSeq = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const client = await RawClient.as('ann', gateway.url)
        const live = new Set<number>()
        const expected: string[] = []
        for (const one of steps) {
          if (one.do === 'subscribe' && !live.has(one.id)) {
            live.add(one.id)
            client.subscribe(String(one.id), `subscription ${one.executed ? EXECUTED : PLAIN}`)
          } else if (one.do === 'complete') {
            live.delete(one.id)
            client.send({ id: String(one.id), type: 'complete' })
          } else if (one.do === 'publish') {
            await handled(client)
            await sinks(gateway, live.size)
            const branchId = 'riverside'
            gateway.hub.publish([nudge({ branchId, headSeq: ++headSeq })])
            for (const id of live) expected.push(`${id}:${headSeq}`)
            await expect.poll(() => gateway.hub.size.busyBranches, { interval: 10 }).toBe(0)
          }
        }
        await handled(client)
        const got = nexts(client).map(({ id, payload }) => {
          const { data } = payload as { data: { syncNudge: { headSeq: number } } }
          return `${id}:${data.syncNudge.headSeq}`
        })
        expect(got.sort()).toEqual(expected.sort())
        client.socket.close()
        await client.closed
        await sinks(gateway, 0)
      }),
      { numRuns: 12 },
    )
  }, 60_000)

  test('other operations are executed, with what the caller may know of its session', async () => {
    const gateway = await start()
    const client = await join(gateway.url)
    client.subscribe('q', 'query { whoAmI }')
    expect(await client.until(({ type }) => type === 'complete')).toEqual({ id: 'q', type: 'complete' })
    expect(client.frames[0]).toEqual({ id: 'q', type: 'next', payload: { data: { whoAmI: 'ann' } } })
  })

  test('a socket that does not read loses nudges, and hears the next ones once it reads again', async () => {
    let dropped = 0
    const count = (sent: boolean) => {
      if (!sent) dropped++
    }
    const gateway = await start({ metrics: { nudge: count } })
    const slow = await join(gateway.url)
    const quick = await join(gateway.url)
    const all = 'subscription { syncNudge(tenantId: "demo") { branchId headSeq } }'
    slow.subscribe('1', all)
    quick.subscribe('1', all)
    await sinks(gateway, 2)
    slow.socket.pause()
    let published = 0
    while (dropped === 0 && published < 100_000) {
      const branch = () => `${'x'.repeat(1_000)}${published++}`
      gateway.hub.publish(Array.from({ length: 1_000 }, () => nudge({ branchId: branch() })))
      await expect.poll(() => quick.texts.length, { interval: 5 }).toBe(published)
    }
    expect(dropped).toBeGreaterThan(0)
    slow.socket.resume()
    await expect.poll(() => slow.texts.length + dropped, { timeout: 5_000 }).toBe(published)
    gateway.hub.publish([nudge({ headSeq: 99 })])
    await slow.until(({ payload }) => JSON.stringify(payload).includes('"headSeq":99'))
  }, 30_000)
})

describe('what cannot be subscribed to', () => {
  const cases = {
    'a text that does not parse': 'subscription {',
    'an unknown field': 'subscription { syncNudge(tenantId: "demo") { secret } }',
    'an unknown module': 'subscription { syncNudge(tenantId: "demo", moduleScopes: [COFFEE]) { headSeq } }',
  }
  test.each(Object.entries(cases))('%s is answered with an error', async (_name, query) => {
    const gateway = await start()
    const client = await join(gateway.url)
    client.subscribe('1', query)
    const answer = await client.until(({ id }) => id === '1')
    expect(answer).toMatchObject({ type: 'error', payload: [{ message: expect.any(String) }] })
    client.subscribe('1')
    await sinks(gateway, 1)
  })

  test.each([
    ['plain', PLAIN],
    ['executed', EXECUTED],
  ])(
    'a branch without access, %s: the same result with FORBIDDEN, and nothing stays',
    async (_name, text) => {
      const gateway = await start({ authorize: () => Promise.reject(forbidden()) })
      const client = await join(gateway.url)
      client.subscribe('1', `subscription ${text}`)
      await client.until(({ type }) => type === 'complete')
      expect(client.frames).toEqual([
        {
          id: '1',
          type: 'next',
          payload: {
            errors: [
              {
                message: 'You may not hear of this.',
                locations: [{ line: 1, column: 16 }],
                path: ['syncNudge'],
                extensions: { code: 'FORBIDDEN', reason: 'NO_BRANCH_ACCESS' },
              },
            ],
          },
        },
        { id: '1', type: 'complete' },
      ])
      expect(gateway.hub.size.sinks).toBe(0)
    },
  )

  test('variables that do not fit give the same result whether it is plain or executed', async () => {
    const gateway = await start()
    const client = await join(gateway.url)
    for (const [id, fields] of Object.entries({ a: 'headSeq', b: 'headSeq @include(if: true)' })) {
      client.subscribe(id, `subscription ($t: ID!) { syncNudge(tenantId: $t) { ${fields} } }`, { t: null })
      await client.until((frame) => frame.id === id && frame.type === 'complete')
    }
    const [a, b] = nexts(client)
    expect(a?.payload).toMatchObject({ errors: [{ message: expect.stringContaining('$t') }] })
    expect(b?.payload).toEqual(a?.payload)
  })

  test('errors pass formatError, which hides what is internal', async () => {
    const formatError = () => new GraphQLError('Something went wrong.', { extensions: { code: 'INTERNAL' } })
    const authorize = () => Promise.reject(new Error('a secret of the database'))
    const gateway = await start({ formatError, authorize })
    const client = await join(gateway.url)
    client.subscribe('1')
    client.subscribe('2', 'query { fails }')
    client.subscribe('3', 'query { no }')
    for (const id of ['1', '2', '3']) await client.until((frame) => frame.id === id)
    expect(client.texts.join()).not.toContain('secret')
    expect(client.texts.join()).not.toContain('Cannot query')
    expect(client.texts.join().match(/"INTERNAL"/g)).toHaveLength(3)
  })

  test('too many operations at a time, or refused by onOperation: an error, and the socket goes on', async () => {
    const limited = new GraphQLError('Slow down.', { extensions: { code: 'RATE_LIMITED', retryAfterMs: 5 } })
    const onOperation = ({ accountId }: Session) => {
      if (accountId === 'hasty') throw limited
    }
    const gateway = await start({ onOperation, limits: { operationsPerSocket: 2 } })
    const client = await join(gateway.url)
    for (const id of ['1', '2', '3']) client.subscribe(id)
    const refused = await client.until(({ type }) => type === 'error')
    expect(refused).toMatchObject({ id: '3', payload: [{ extensions: { code: 'RATE_LIMITED' } }] })
    await sinks(gateway, 2)

    const hasty = await join(gateway.url, 'hasty')
    hasty.subscribe('1')
    hasty.subscribe('2', 'query { whoAmI }')
    for (const id of ['1', '2']) {
      const answer = await hasty.until((frame) => frame.id === id)
      expect(answer).toMatchObject({ type: 'error', payload: [{ extensions: { retryAfterMs: 5 } }] })
    }
  })
})

test('messages of many sockets of one account are begun with by turns', async () => {
  let begun = 0
  const onOperation = () => {
    begun += 1
    for (const until = performance.now() + 1; performance.now() < until; );
    throw new GraphQLError('Slow down.')
  }
  const gateway = await start({ onOperation })
  const clients = await Promise.all(Array.from({ length: 30 }, () => join(gateway.url)))
  for (const client of clients) for (const id of ['1', '2']) client.subscribe(id)
  let [most, before] = [0, 0]
  while (begun < 60) {
    await setImmediate()
    most = Math.max(most, begun - before)
    before = begun
  }
  // By themselves all 30 have their next one in each turn of the loop.
  expect(most).toBeLessThan(10)
})

describe('nothing is left behind', () => {
  test('sinks go with the operation, and with the socket however it ends', async () => {
    const gateway = await start()
    const client = await join(gateway.url)
    for (let i = 0; i < 50; i++) client.subscribe(String(i), `subscription ${i % 2 ? PLAIN : EXECUTED}`)
    await sinks(gateway, 50)
    for (let i = 0; i < 25; i++) client.send({ id: String(i), type: 'complete' })
    await sinks(gateway, 25)
    client.socket.terminate()
    await sinks(gateway, 0)
    await expect.poll(() => gateway.sockets.sockets).toBe(0)
  })

  test.each([
    ['plain', PLAIN],
    ['executed', EXECUTED],
  ])(
    'one that is completed, begun anew or closed while access is being asked for, %s',
    async (_name, text) => {
      const gateway = await start({ authorize: async () => void (await wait(30)) })
      const client = await join(gateway.url)
      const query = `subscription ${text}`
      client.subscribe('1', query)
      client.send({ id: '1', type: 'complete' })
      client.subscribe('1', query)
      await wait(100)
      expect(gateway.hub.size.sinks).toBe(1)
      gateway.hub.publish([nudge()])
      await client.until(({ type }) => type === 'next')
      await handled(client)
      expect(nexts(client)).toHaveLength(1)

      client.subscribe('2', query)
      await wait(10)
      client.socket.terminate()
      await wait(100)
      expect(gateway.hub.size.sinks).toBe(0)
    },
  )

  test('the gauge follows the sockets', async () => {
    const counts: number[] = []
    const gateway = await start({ metrics: { sockets: (count) => counts.push(count) } })
    const client = await join(gateway.url)
    await join(gateway.url)
    client.socket.close()
    await client.closed
    await expect.poll(() => counts).toEqual([1, 2, 1])
  })
})

describe('who may be connected', () => {
  test.each([
    ['no payload', undefined],
    ['no token', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Basic ann' }],
    ['no text', { authorization: ['Bearer ann'] }],
    ['a bad token', { authorization: 'Bearer expired' }],
    ['a token that has run out', { authorization: 'Bearer ann~-1' }],
  ])('%s: 4403', async (_name, payload) => {
    const { url } = await start()
    const client = dial(url)
    await once(client.socket, 'open')
    client.send({ type: 'connection_init', payload })
    expect(await client.closed).toEqual({ code: 4403, reason: 'Forbidden' })
    expect(client.texts).toEqual([])
  })

  test.each(['authorization', 'Authorization', 'AUTHORIZATION'])('the key may be written %s', async (key) => {
    const { url } = await start()
    const client = dial(url)
    await once(client.socket, 'open')
    client.send({ type: 'connection_init', payload: { [key]: 'bearer  ann' } })
    await client.until(({ type }) => type === 'connection_ack')
  })

  test('whether the token is good cannot be told: try again later, which is not for ever', async () => {
    const { url } = await start()
    const client = dial(url)
    await once(client.socket, 'open')
    client.send({ type: 'connection_init', payload: { authorization: 'Bearer broken' } })
    expect(await client.closed).toEqual({ code: 1013, reason: 'Try again later' })
  })

  test('a socket is closed when its token runs out, and one with two months left is not', async () => {
    const gateway = await start()
    const long = await join(gateway.url, `ann~${60 * 86_400_000}`)
    const short = await join(gateway.url, 'ann~300')
    short.subscribe('1')
    await sinks(gateway, 1)
    const began = Date.now()
    expect(await short.closed).toEqual({ code: 4403, reason: 'Forbidden' })
    expect(Date.now() - began).toBeLessThan(2_000)
    expect(gateway.hub.size.sinks).toBe(0)
    expect(long.socket.readyState).toBe(WebSocket.OPEN)
  })

  test('from the moment its token has run out nothing more is done for a socket', async () => {
    let now = Date.now()
    const gateway = await start({ now: () => now })
    const client = await join(gateway.url, 'ann~1000')
    now += 5_000
    client.subscribe('1', 'mutation { count }')
    expect(await client.closed).toMatchObject({ code: 4403 })
    expect(client.texts).toEqual([])
  })

  test('what comes in after a socket was shut out is not done, though the other side never closes', async () => {
    const onOperation = vi.fn()
    let banned = false
    const authorize = async () => {
      if (banned) throw forbidden()
    }
    const gateway = await start({ onOperation, authorize })
    const client = await join(gateway.url)
    client.subscribe('1')
    await sinks(gateway, 1)
    client.socket.pause()
    banned = true
    await gateway.access.recheck('demo')
    expect(gateway.hub.size.sinks).toBe(0)
    client.subscribe('2', 'mutation { count }')
    await wait(50)
    expect(onOperation).toHaveBeenCalledOnce()
    // It is not waited for longer than a little while.
    await expect.poll(() => gateway.sockets.sockets, { timeout: 5_000 }).toBe(0)
  })
})

describe('asking again', () => {
  async function withPeople(limits = {}) {
    const banned = new Set<string>()
    const asked: string[] = []
    let fault: Error | null = null
    const gateway = await start({
      limits,
      async authorize({ accountId }: Session, { tenantId, branchId }: NudgeScope) {
        asked.push(`${accountId} ${tenantId}/${branchId}`)
        if (fault) throw fault
        if (banned.has(accountId)) throw forbidden()
      },
    })
    const listen = async (account: string, text = PLAIN) => {
      const client = await join(gateway.url, account)
      const before = gateway.hub.size.sinks
      client.subscribe('1', `subscription ${text}`)
      await sinks(gateway, before + 1)
      return client
    }
    const fail = (error: Error | null) => {
      fault = error
    }
    return { gateway, banned, asked, listen, fail }
  }

  test('closes who lost access with 4403, plain or executed, and asks once an account and scope', async () => {
    const { gateway, banned, asked, listen } = await withPeople()
    const ann = [await listen('ann'), await listen('ann', EXECUTED), await listen('ann')]
    const bob = await listen('bob')
    asked.length = 0
    banned.add('ann')
    await gateway.access.recheck('rival')
    expect(asked).toEqual([])
    await gateway.access.recheck('demo')
    expect(asked.sort()).toEqual(['ann demo/riverside', 'bob demo/riverside'])
    for (const client of ann) expect(await client.closed).toEqual({ code: 4403, reason: 'Forbidden' })
    expect(bob.socket.readyState).toBe(WebSocket.OPEN)
    expect(gateway.hub.size.sinks).toBe(1)
  })

  test('an answer that is no refusal closes nobody', async () => {
    const { gateway, listen, fail } = await withPeople()
    const ann = await listen('ann')
    fail(new Error('the database is away'))
    await gateway.access.recheck('demo')
    fail(new GraphQLError('Busy.', { extensions: { code: 'SERVICE_UNAVAILABLE' } }))
    await gateway.access.recheck('demo')
    await handled(ann)
  })

  test('happens by itself', async () => {
    const { banned, listen } = await withPeople({ recheckMs: 50 })
    const ann = await listen('ann')
    banned.add('ann')
    expect(await ann.closed).toMatchObject({ code: 4403 })
  })

  test('while a round runs, any number of further ones are one', async () => {
    const { gateway, asked, listen } = await withPeople()
    await listen('ann')
    asked.length = 0
    await Promise.all(Array.from({ length: 10 }, () => gateway.access.recheck('demo')))
    expect(asked).toHaveLength(2)
    await gateway.access.recheck('demo')
    expect(asked).toHaveLength(3)
  })

  test('a subscription that was allowed by an old answer is asked for again', async () => {
    let answer: (allowed: boolean) => void = () => {}
    let asks = 0
    const gateway = await start({
      authorize: async () => {
        if (asks++ > 0) throw forbidden()
        await new Promise<void>((resolve) => {
          answer = () => resolve()
        })
      },
    })
    const client = await join(gateway.url)
    client.subscribe('1')
    await expect.poll(() => asks).toBe(1)
    await gateway.access.recheck('demo')
    answer(true)
    expect(await client.closed).toMatchObject({ code: 4403 })
    await sinks(gateway, 0)
  })
})

describe('the protocol', () => {
  test.each([
    ['a message that is no JSON', '{', 4400],
    ['a message of no known type', '{"type":"hello"}', 4400],
    ['a subscription without a query', '{"type":"subscribe","id":"1","payload":{}}', 4400],
    ['a message only a server sends', '{"type":"next","id":"1","payload":{}}', 4400],
    ['a second connection_init', '{"type":"connection_init"}', 4429],
    ['a message of more than 64 KiB', ' '.repeat(65_537), 1009],
  ])('%s', async (_name, text, code) => {
    const { url } = await start()
    const client = await join(url)
    client.send(text)
    expect(await client.closed).toMatchObject({ code })
  })

  test('an operation before connection_init: 4401', async () => {
    const { url } = await start()
    const client = dial(url)
    await once(client.socket, 'open')
    client.subscribe('1')
    expect(await client.closed).toMatchObject({ code: 4401 })
  })

  test.each([
    ['plain', PLAIN],
    ['executed', EXECUTED],
  ])('an id that is taken by a %s subscription: 4409', async (_name, text) => {
    const gateway = await start()
    const client = await join(gateway.url)
    client.subscribe('1', `subscription ${text}`)
    client.subscribe('1')
    expect(await client.closed).toMatchObject({ code: 4409, reason: 'Subscriber for 1 already exists' })
    await sinks(gateway, 0)
  })

  test('an id may be used again once it was completed', async () => {
    const gateway = await start()
    const client = await join(gateway.url)
    client.subscribe('1')
    await sinks(gateway, 1)
    client.send({ id: '1', type: 'complete' })
    client.subscribe('1')
    await handled(client)
    await sinks(gateway, 1)
    gateway.hub.publish([nudge()])
    await client.until(({ type }) => type === 'next')
  })

  test('32 messages and pings before connection_init are heard, one more is 4400', async () => {
    const { url } = await start()
    const client = dial(url)
    await once(client.socket, 'open')
    for (let i = 0; i < 16; i += 1) {
      client.socket.ping()
      client.send({ type: 'ping' })
    }
    await expect.poll(() => client.texts.length).toBe(16)
    client.socket.ping()
    expect(await client.closed).toMatchObject({ code: 4400 })

    const known = await join(url)
    for (let i = 0; i < 40; i += 1) known.socket.ping()
    await handled(known)
  })

  test('no connection_init in time: 4408', async () => {
    const { url } = await start({ limits: { initMs: 100 } })
    const client = dial(url)
    expect(await client.closed).toMatchObject({ code: 4408 })
  })

  test('another subprotocol: 4406', async () => {
    const { url } = await start()
    const client = dial(url, { protocol: 'graphql-ws' })
    client.socket.once('error', () => {})
    const how = await client.closed
    expect([4406, 1006]).toContain(how.code)
  })

  test('a socket that does not answer pings is dropped, one that does is not', async () => {
    const gateway = await start({ limits: { heartbeatMs: 100 } })
    const gone = dial(gateway.url, { autoPong: false })
    const there = dial(gateway.url)
    expect(await gone.closed).toMatchObject({ code: 1006 })
    await wait(300)
    expect(there.socket.readyState).toBe(WebSocket.OPEN)
  })

  test('messages are not compressed, whatever the client offers', async () => {
    const { url } = await start()
    const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: true })
    ends.push(() => socket.terminate())
    await once(socket, 'open')
    expect(socket.extensions).toBe('')
  })
})

describe('the server', () => {
  /** The first line of the answer to an upgrade. */
  async function answerTo(url: string, path: string): Promise<string> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    ends.push(() => socket.destroy())
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
    const [data] = await once(socket, 'data')
    return String(data).split('\r\n')[0]!
  }

  test('takes upgrades of its path only, whatever the query', async () => {
    const { url } = await start()
    expect(await answerTo(url, '/other')).toBe('HTTP/1.1 404 Not Found')
    const client = dial(`${url}?from=pos`)
    await once(client.socket, 'open')
  })

  test('refuses whoever goes on asking for what is refused at a pace, and lets others in meanwhile', async () => {
    const { url } = await start()
    const order: string[] = []
    const asked = Array.from({ length: refusalPace.atOnce + 20 }, async (_, i) =>
      // Neither the way in nor a key that is none has a pace of its own.
      order.push(await answerTo(url, i % 2 ? '/other' : '/graphql')),
    )
    await expect.poll(() => order.length).toBeGreaterThanOrEqual(refusalPace.atOnce)
    await once(dial(url).socket, 'open')
    expect(order.length).toBeLessThan(asked.length)
    await Promise.all(asked)
    expect(new Set(order)).toEqual(new Set(['HTTP/1.1 404 Not Found', 'HTTP/1.1 400 Bad Request']))
  })

  /** Pours in what the network takes until it is closed; of 64 MB, the MB that it took. */
  async function poured(url: string, path: string, first: Buffer): Promise<number> {
    const line = connect(Number(new URL(url).port), '127.0.0.1')
    ends.push(() => line.destroy())
    const gone = new Promise((resolve) => line.on('error', () => {}).once('close', resolve))
    line.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n${upgradeHead}\r\n`)
    await once(line, 'data')
    line.write(first)
    let taken = 0
    for (let i = 0; i < 64; i += 1)
      line.write(Buffer.alloc(2 ** 20), (error) => {
        if (!error) taken += 1
      })
    await gone
    return taken
  }
  const upgradeHead = `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==\r\n`
  const closeFrame = Buffer.from([0x88, 0x80, 0, 0, 0, 0])
  const frameOf1Mb = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0])

  test.each([
    ['that was closed by who sends it', '/graphql', closeFrame],
    ['that sends a message too large', '/graphql', frameOf1Mb],
    ['that was refused', '/other', closeFrame],
  ])('of a socket %s nothing more is read, and it is gone', async (_, path, first) => {
    const { url } = await start()
    // The network itself keeps some, on both sides.
    expect(await poured(url, path, first)).toBeLessThan(32)
  })

  test('takes no more sockets than it may', async () => {
    const { url } = await start({ limits: { sockets: 1 } })
    await join(url)
    expect(await answerTo(url, '/graphql')).toBe('HTTP/1.1 503 Service Unavailable')
  })

  test('closes with 1001, and does not wait for those who do not answer', async () => {
    const gateway = await start()
    const client = await join(gateway.url)
    client.subscribe('1')
    const stuck = await join(gateway.url)
    stuck.socket.pause()
    const began = Date.now()
    const closed = gateway.sockets.close()
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' })
    expect(await answerTo(gateway.url, '/graphql')).toBe('HTTP/1.1 503 Service Unavailable')
    await closed
    expect(Date.now() - began).toBeLessThan(4_000)
    expect([gateway.sockets.sockets, gateway.hub.size.sinks]).toEqual([0, 0])
  })
})
