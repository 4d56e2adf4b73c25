import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accountSeats } from '../../src/graphql/account-seats.ts'
import { createNudgeAccess } from '../../src/graphql/nudge-access.ts'
import type { Session } from '../../src/graphql/nudge-connection.ts'
import { createEventStreams, type StreamLimits } from '../../src/graphql/nudge-sse.ts'
import { Seats } from '../../src/http/seats.ts'
import { createNudgeHub } from '../../src/sync/nudge/hub.ts'
import { createProcessBus } from '../../src/sync/nudge/process-bus.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { forgeToken } from '../support/people.ts'

let gateway: Gateway
let admin: Client

beforeEach(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin')
})
afterEach(() => gateway.close())

const changePolicy = () => admin.direct('policyUpdate', { vatRatePercent: 10 })

/** Subscribes as GraphiQL does; `until` reads on to a text, or to the end of the stream. */
async function listen({ token }: Client, branchId = 'riverside') {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({
      query: `subscription { syncNudge(tenantId: "demo", branchId: "${branchId}") { modules headSeq } }`,
    }),
  })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const read = async (until?: string) => {
    while (until === undefined || !text.includes(until)) {
      const { value, done } = await reader.read()
      if (done) return text
      text += value
    }
    return text
  }
  return Object.assign(read, { end: () => reader.cancel() })
}

describe('nudges over HTTP, for GraphiQL', () => {
  it('tells of a change', async () => {
    const read = await listen(await gateway.as('cashier-1'))
    await read(':')
    await changePolicy()
    expect(await read('POLICY')).toContain('"modules":["POLICY"]')
  })

  it('says FORBIDDEN and ends at the first nudge after access was lost', async () => {
    const read = await listen(await gateway.as('cashier-1'))
    await read(':')
    await admin.direct('staffSave', { accountId: 'demo-cashier-1', status: 'REVOKED' }, { branchId: null })
    await changePolicy()
    const text = await read()
    expect(text).toContain('MEMBERSHIP_NOT_ACTIVE')
    expect(text).not.toContain('headSeq')
  })

  it('an account may have eight, an account of another tenant its own; one more is told when to come again', async () => {
    const cashier = await gateway.as('cashier-1')
    const streams = await Promise.all(Array.from({ length: 8 }, () => listen(cashier)))
    await Promise.all(streams.map((read) => read(':')))
    const refused = await (await listen(cashier))()
    expect(refused).toContain('"code":"RATE_LIMITED","retryAfterMs":10000')
    await (await listen(await gateway.as('cashier-2'), 'market'))(':')
    await streams[0]!.end()
    await expect
      .poll(async () => {
        const read = await listen(cashier)
        const text = await Promise.race([read('RATE_LIMITED'), wait(200, 'open')])
        await read.end()
        return text
      })
      .toBe('open')
  }, 30_000)

  it('ends when the token runs out, and when access ends, though nothing happens in the branch', async () => {
    const token = await forgeToken(gateway, 'demo-cashier-1', new Date(Date.now() + 2_000))
    const brief = await listen(gateway.withToken(token))
    const leaving = await listen(await gateway.as('barista-1'))
    await Promise.all([brief(':'), leaving(':')])
    await admin.direct('staffSave', { accountId: 'demo-barista-1', status: 'REVOKED' }, { branchId: null })
    expect(await leaving()).toContain('MEMBERSHIP_NOT_ACTIVE')
    expect(await brief()).toContain('UNAUTHENTICATED')
  })

  it('ends when the gateway stops', async () => {
    const read = await listen(await gateway.as('cashier-1'))
    await read(':')
    const [text] = await Promise.all([read(), gateway.app.close()])
    expect(text).not.toContain('error')
    gateway = await startGateway()
  })
})

describe('the answer that carries a stream', () => {
  const log = { info: () => {}, warn: () => {} }
  const session = { accountId: 'ann', tenantId: null, expiresAt: Date.now() + 3_600_000 }
  const filter = { tenantId: 'demo', branchId: 'riverside', modules: null }

  /** A server that sends 20 MB and then a stream, to whoever asks. */
  async function serve(limits: Partial<StreamLimits>) {
    const hub = createNudgeHub({
      ...{ bus: createProcessBus({ log }), log, now: Date.now },
      ...{ allModules: [], headsOf: async () => [] },
    })
    const authorize = async () => {}
    const access = createNudgeAccess<Session>({ authorize, watch: () => () => {}, log })
    const streams = createEventStreams({ hub, access, limits })
    const server = createServer((_request, response) => {
      for (let i = 0; i < 320; i++) response.write(Buffer.alloc(2 ** 16))
      void streams.open(session, response, filter)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return {
      hub,
      url: `http://127.0.0.1:${port}`,
      close() {
        streams.close()
        server.closeAllConnections()
        server.close()
      },
    }
  }

  it('is dropped when nobody reads it, and its stream with it', async () => {
    const { hub, url, close } = await serve({ unreadMs: 100, sweepMs: 10 })
    const response = await fetch(url)
    await expect.poll(() => hub.size.sinks).toBe(1)
    await expect.poll(() => hub.size.sinks).toBe(0)
    await expect(response.arrayBuffer()).rejects.toThrow()
    close()
  })

  it('and not while somebody does', async () => {
    const { hub, url, close } = await serve({ unreadMs: 3_000, sweepMs: 10 })
    const response = await fetch(url)
    const reader = response.body!.getReader()
    for (let bytes = 0; bytes < 20 * 2 ** 20; ) bytes += (await reader.read()).value!.length
    await wait(3_500)
    expect(hub.size.sinks).toBe(1)
    await reader.cancel()
    await expect.poll(() => hub.size.sinks).toBe(0)
    close()
  })
})

describe('places', () => {
  it('of an account count for its tenant as well, and for neither where the other is full', () => {
    const take = accountSeats({ each: 2, ofTenant: 3 })
    const of = (accountId: string, tenantId: string | null = 'demo') => take({ accountId, tenantId })
    const first = of('ann')
    const more = [of('ann'), of('ann'), of('bob'), of('bob')]
    expect(more.map((one) => one !== null)).toEqual([true, false, true, false])
    expect([of('ann', 'rival'), of('ann', null), of('bob', null)].every(Boolean)).toBe(true)
    first!()
    first!()
    expect([of('bob') !== null, of('bob')]).toEqual([true, null])
  })

  it('are so many for each, and so many in all, and can be taken again once given back', () => {
    const seats = new Seats({ each: 2, all: 3 })
    const first = seats.take('a')!
    const others = [seats.take('a'), seats.take('a'), seats.take('b'), seats.take('c')]
    expect(others.map((one) => one !== null)).toEqual([true, false, true, false])
    first()
    first()
    expect([seats.isFull('a'), seats.isFull('c')]).toEqual([false, false])
    expect([seats.take('c') !== null, seats.isFull('a')]).toEqual([true, true])
  })
})
