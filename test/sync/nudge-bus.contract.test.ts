import { Redis } from 'ioredis'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Nudge, NudgeBus } from '../../src/sync/nudge/bus.ts'
import { createProcessBus } from '../../src/sync/nudge/process-bus.ts'
import { createRedisBus } from '../../src/sync/nudge/redis-bus.ts'
import { topicOf } from '../../src/sync/nudge/redis-message.ts'
import { hasRedisServer, type RedisServer, startRedis } from '../support/redis-server.ts'

const log = { info: vi.fn(), warn: vi.fn() }
const ends: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  vi.clearAllMocks()
})

const nudge = (fields: Partial<Nudge> = {}): Nudge => ({
  tenantId: 'demo',
  branchId: 'riverside',
  modules: ['SALE'],
  headSeq: 7,
  pullAfterMs: 0,
  at: '2026-03-01T08:00:00.000Z',
  ...fields,
})

/** A listener that remembers, and ends with the test. */
function hear(bus: NudgeBus, tenantId = 'demo') {
  const heard: Nudge[] = []
  const stop = bus.subscribe(tenantId, (nudges) => heard.push(...nudges))
  ends.push(stop)
  return { heard, stop }
}

/** Every implementation of NudgeBus keeps these. */
function keepsTheContract(open: () => Promise<NudgeBus>) {
  test('a listener here hears a nudge before publish returns, and once', async () => {
    const bus = await open()
    const { heard } = hear(bus)
    bus.publish([nudge(), nudge({ branchId: 'market' })])
    expect(heard).toEqual([nudge(), nudge({ branchId: 'market' })])
    await settle()
    expect(heard).toHaveLength(2)
  })

  test('a listener hears its own tenant only', async () => {
    const bus = await open()
    const demo = hear(bus, 'demo')
    const rival = hear(bus, 'rival')
    bus.publish([nudge(), nudge({ tenantId: 'rival', branchId: 'rival-1' })])
    await settle()
    expect(demo.heard).toEqual([nudge()])
    expect(rival.heard).toEqual([nudge({ tenantId: 'rival', branchId: 'rival-1' })])
  })

  test('one that has stopped hears nothing; stopping twice takes nothing from another', async () => {
    const bus = await open()
    const gone = hear(bus)
    const stays = hear(bus)
    gone.stop()
    gone.stop()
    bus.publish([nudge()])
    expect(gone.heard).toEqual([])
    expect(stays.heard).toEqual([nudge()])
  })

  test('one that throws costs only itself', async () => {
    const bus = await open()
    bus.subscribe('demo', () => {
      throw new Error('broken listener')
    })
    const { heard } = hear(bus)
    expect(() => bus.publish([nudge()])).not.toThrow()
    expect(heard).toEqual([nudge()])
    expect(log.warn).toHaveBeenCalledOnce()
  })

  test('whoever asks is told that access changed in their tenant, and of no nudge', async () => {
    const bus = await open()
    const [demo, rival, gone] = [vi.fn(), vi.fn(), vi.fn()]
    ends.push(bus.subscribeAccess('demo', demo), bus.subscribeAccess('rival', rival))
    bus.subscribeAccess('demo', gone)()
    const { heard } = hear(bus)
    bus.publishAccess('demo')
    bus.publish([nudge({ tenantId: 'rival' })])
    expect(demo).toHaveBeenCalledOnce()
    await settle()
    expect([demo, rival, gone].map((listener) => listener.mock.calls.length)).toEqual([1, 0, 0])
    expect(heard).toEqual([])
  })

  test('the same function subscribed twice is two listeners', async () => {
    const bus = await open()
    const listener = vi.fn()
    const stop = bus.subscribe('demo', listener)
    bus.subscribe('demo', listener)
    stop()
    bus.publish([nudge()])
    expect(listener).toHaveBeenCalledOnce()
  })

  test('it is healthy, and after close it is silent', async () => {
    const bus = await open()
    await expect.poll(() => bus.healthy).toBe(true)
    const { heard } = hear(bus)
    await bus.close()
    const late = hear(bus)
    bus.publish([nudge()])
    expect([...heard, ...late.heard]).toEqual([])
    await bus.close()
  })
}

describe('in the process', () => {
  keepsTheContract(async () => {
    const bus = createProcessBus({ log })
    ends.push(() => bus.close())
    return bus
  })
})

describe.skipIf(!hasRedisServer)('over Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
    return () => redis.stop()
  })

  function openOn(port: number, probeMs?: number): NudgeBus {
    const publishClient = new Redis(port)
    const bus = createRedisBus({ publishClient, subscribeClient: publishClient.duplicate(), log, probeMs })
    ends.push(() => bus.close())
    return bus
  }

  keepsTheContract(async () => openOn(redis.port))

  test('two gateways reach each other, each nudge once', async () => {
    const [a, b] = await connected(openOn(redis.port), openOn(redis.port))
    a.bus.publish([nudge({ headSeq: 1 })])
    b.bus.publish([nudge({ headSeq: 2 })])
    await expect.poll(() => seqs(a.heard).toSorted()).toEqual([1, 2])
    await expect.poll(() => seqs(b.heard).toSorted()).toEqual([1, 2])
    await settle()
    expect([a.heard.length, b.heard.length]).toEqual([2, 2])
  })

  test('two gateways tell each other that access changed', async () => {
    const [a, b] = await connected(openOn(redis.port), openOn(redis.port))
    const told = vi.fn()
    ends.push(b.bus.subscribeAccess('demo', told))
    a.bus.publishAccess('demo')
    await expect.poll(() => told.mock.calls.length).toBe(1)
    expect([...a.heard, ...b.heard]).toEqual([])
  })

  test('a gateway listens only on the channels of tenants it has listeners for', async () => {
    const control = new Redis(redis.port)
    ends.push(() => control.disconnect())
    const channels = async () => (await control.pubsub('CHANNELS', topicOf('*'))) as string[]
    const bus = openOn(redis.port)
    const first = hear(bus, 'demo')
    const second = hear(bus, 'demo')
    await expect.poll(channels).toEqual([topicOf('demo')])
    first.stop()
    await settle()
    expect(await channels()).toEqual([topicOf('demo')])
    second.stop()
    await expect.poll(channels).toEqual([])
  })

  test('a malformed message is ignored with a line in the log', async () => {
    const control = new Redis(redis.port)
    ends.push(() => control.disconnect())
    const [a] = await connected(openOn(redis.port), openOn(redis.port))
    const foreign = { origin: 'x', nudges: [nudge({ tenantId: 'rival' })] }
    const broken = { origin: 'x', nudges: [{ ...nudge(), headSeq: 'seven' }] }
    for (const text of ['', 'not json', '[]', JSON.stringify(foreign), JSON.stringify(broken)]) {
      await control.publish(topicOf('demo'), text)
    }
    await expect.poll(() => log.warn.mock.calls.length).toBe(10)
    expect(a.heard).toEqual([])
  })

  test('Redis killed: listeners here go on, one line is logged, and when it is back all is as before', async () => {
    const own = await startRedis()
    const [a, b] = await connected(openOn(own.port), openOn(own.port))
    const recovered = vi.fn()
    a.bus.onRecovered(recovered)

    await own.kill()
    await expect.poll(() => [a.bus.healthy, b.bus.healthy]).toEqual([false, false])
    for (let headSeq = 1; headSeq <= 50; headSeq++) a.bus.publish([nudge({ headSeq })])
    expect(seqs(a.heard)).toHaveLength(50)
    const late = hear(b.bus, 'rival')
    expect(log.warn).toHaveBeenCalledTimes(2)

    const again = await startRedis({ port: own.port })
    ends.unshift(() => again.stop())
    await expect.poll(() => [a.bus.healthy, b.bus.healthy], { timeout: 10_000 }).toEqual([true, true])
    expect(recovered).toHaveBeenCalledOnce()
    expect(log.warn).toHaveBeenCalledTimes(2)

    a.bus.publish([nudge({ headSeq: 51 }), nudge({ tenantId: 'rival', headSeq: 52 })])
    await expect.poll(() => seqs(b.heard)).toContain(51)
    await expect.poll(() => seqs(late.heard)).toContain(52)
  })

  test('what was published while only the publisher had lost Redis arrives, merged, when it is back', async () => {
    const control = new Redis(redis.port)
    ends.push(() => control.disconnect())
    const [a, b] = await connected(openOn(redis.port), openOn(redis.port))
    await control.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    await expect.poll(() => a.bus.healthy, { interval: 1 }).toBe(false)
    a.bus.publish([nudge({ headSeq: 8, modules: ['SALE'] })])
    a.bus.publish([nudge({ headSeq: 9, modules: ['MENU'] })])
    await expect.poll(() => b.heard).toEqual([nudge({ headSeq: 9, modules: ['SALE', 'MENU'] })])
  })

  test('a Redis that falls silent without closing is noticed, and so is its return', async () => {
    const own = await startRedis()
    ends.push(() => own.stop())
    const [a, b] = await connected(openOn(own.port, 100), openOn(own.port, 100))
    own.freeze()
    await expect.poll(() => a.bus.healthy, { timeout: 10_000 }).toBe(false)
    own.resume()
    await expect.poll(() => [a.bus.healthy, b.bus.healthy], { timeout: 10_000 }).toEqual([true, true])
    a.bus.publish([nudge({ headSeq: 60 })])
    await expect.poll(() => seqs(b.heard)).toContain(60)
  }, 20_000)

  test('a Redis that is not there at the start: nothing fails, and it is used once it is', async () => {
    const once = await startRedis()
    await once.stop()
    const bus = openOn(once.port)
    const { heard } = hear(bus)
    bus.publish([nudge()])
    expect(heard).toEqual([nudge()])
    expect(bus.healthy).toBe(false)
    const back = await startRedis({ port: once.port })
    ends.unshift(() => back.stop())
    await expect.poll(() => bus.healthy, { timeout: 10_000 }).toBe(true)
  })

  test('closing while Redis is away ends at once', async () => {
    const own = await startRedis()
    const [a] = await connected(openOn(own.port), openOn(own.port))
    await own.kill()
    await expect.poll(() => a.bus.healthy).toBe(false)
    await a.bus.close()
  })
})

const seqs = (nudges: Nudge[]) => nudges.map((one) => one.headSeq)

/** Long enough for a message to come back from a Redis on this machine. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 50))

/** Two buses with a listener for tenant `demo` each, once they hear each other. */
async function connected(first: NudgeBus, second: NudgeBus) {
  const a = { bus: first, ...hear(first) }
  const b = { bus: second, ...hear(second) }
  const reaches = async (from: NudgeBus, heard: Nudge[]) => {
    from.publish([nudge({ headSeq: 0 })])
    await settle()
    return heard.splice(0).length > 0
  }
  await expect.poll(() => reaches(first, b.heard), { timeout: 10_000 }).toBe(true)
  await expect.poll(() => reaches(second, a.heard), { timeout: 10_000 }).toBe(true)
  a.heard.length = b.heard.length = 0
  return [a, b] as const
}
