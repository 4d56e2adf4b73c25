import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Nudge, NudgeBus } from '../../src/sync/nudge/bus.ts'
import { createNudgeHub, type HeadsOf, type NudgeFilter, type NudgeHub } from '../../src/sync/nudge/hub.ts'
import { createProcessBus } from '../../src/sync/nudge/process-bus.ts'
import { spreadPulls } from '../../src/sync/nudge/spread.ts'
import { nudgeStream } from '../../src/sync/nudge/stream.ts'

const START = Date.parse('2026-03-01T08:00:00.000Z')
const ALL = ['BRANCH', 'MENU', 'SALE', 'INVENTORY']
const log = { info: vi.fn(), warn: vi.fn() }

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => {
  vi.useRealTimers()
  vi.clearAllMocks()
})

const at = (ms: number) => new Date(START + ms).toISOString()
const nudge = (fields: Partial<Nudge> = {}): Nudge => ({
  tenantId: 'demo',
  branchId: 'riverside',
  modules: ['SALE'],
  headSeq: 1,
  pullAfterMs: 0,
  at: at(0),
  ...fields,
})

/** A process bus that shows which tenants are listened to and can pretend to have been away. */
function watchedBus() {
  const inner = createProcessBus({ log })
  const tenants: string[] = []
  const recovered = new Set<() => void>()
  const bus: NudgeBus = {
    ...inner,
    subscribe(tenantId, listener) {
      const stop = inner.subscribe(tenantId, listener)
      tenants.push(tenantId)
      return () => {
        tenants.splice(tenants.indexOf(tenantId), 1)
        stop()
      }
    },
    onRecovered(listener) {
      recovered.add(listener)
      return () => recovered.delete(listener)
    },
  }
  const recover = () => {
    for (const listener of recovered) listener()
  }
  return { bus, tenants, recovered, recover }
}

const openHub = (bus: NudgeBus, headsOf: HeadsOf = async () => []): NudgeHub =>
  createNudgeHub({ bus, allModules: ALL, headsOf, log, now: Date.now })

const everything: NudgeFilter = { tenantId: 'demo', branchId: 'riverside', modules: null }

function collect(hub: NudgeHub, filter: Partial<NudgeFilter> = {}) {
  const got: (Nudge & { heardAt: number })[] = []
  const stop = hub.subscribe({ ...everything, ...filter }, (one) => {
    got.push({ ...one, heardAt: Date.now() - START })
  })
  return { got, stop }
}

describe('merging', () => {
  test('given a quiet branch, a nudge arrives before publish returns', () => {
    const hub = openHub(watchedBus().bus)
    const { got } = collect(hub)
    hub.publish([nudge()])
    expect(got).toEqual([{ ...nudge(), heardAt: 0 }])
  })

  test('given a burst, the rest arrives as one nudge at the end of the window', () => {
    const hub = openHub(watchedBus().bus)
    const { got } = collect(hub)
    hub.publish([nudge({ headSeq: 1 })])
    vi.advanceTimersByTime(30)
    hub.publish([nudge({ headSeq: 3, modules: ['MENU'], pullAfterMs: 40, at: at(30) })])
    vi.advanceTimersByTime(30)
    hub.publish([nudge({ headSeq: 2, modules: ['SALE', 'INVENTORY'], pullAfterMs: 7, at: at(20) })])
    expect(got).toHaveLength(1)

    vi.advanceTimersByTime(40)
    const merged = { headSeq: 3, modules: ['MENU', 'SALE', 'INVENTORY'], pullAfterMs: 40, at: at(30) }
    expect(got[1]).toEqual({ ...nudge(merged), heardAt: 100 })
    vi.advanceTimersByTime(1_000)
    expect(got).toHaveLength(2)
  })

  test('given one publish with the same branch twice, it arrives as one nudge', () => {
    const hub = openHub(watchedBus().bus)
    const { got } = collect(hub)
    hub.publish([nudge({ headSeq: 1 }), nudge({ headSeq: 2, modules: ['MENU'] })])
    expect(got.map(({ headSeq, modules }) => ({ headSeq, modules }))).toEqual([
      { headSeq: 2, modules: ['SALE', 'MENU'] },
    ])
  })

  test('given a busy branch, another one is not held up', () => {
    const hub = openHub(watchedBus().bus)
    const { got } = collect(hub, { branchId: null })
    hub.publish([nudge()])
    hub.publish([nudge(), nudge({ branchId: 'market' })])
    expect(got.map((one) => one.branchId)).toEqual(['riverside', 'market'])
  })

  test('given a thousand branches nudged together, they leave in one call and hold one timer at each side', () => {
    const { bus } = watchedBus()
    const publish = vi.spyOn(bus, 'publish')
    const hub = openHub(bus)
    collect(hub, { branchId: null })
    hub.publish(Array.from({ length: 1_000 }, (_, i) => nudge({ branchId: `b${i}` })))
    expect(publish).toHaveBeenCalledOnce()
    expect(vi.getTimerCount()).toBe(2)
  })

  test('given that all is quiet, no timer and no entry is left', () => {
    const hub = openHub(watchedBus().bus)
    collect(hub)
    for (let i = 0; i < 5; i++) hub.publish([nudge(), nudge({ branchId: 'market' })])
    expect(hub.size.busyBranches).toBe(2)
    vi.advanceTimersByTime(300)
    expect(hub.size.busyBranches).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('for any times of publishing, on two gateways: 10 a second at most, and nothing is lost', () => {
    const publication = fc.record({
      waitMs: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 400 })),
      gateway: fc.constantFrom(0, 1),
      branchId: fc.constantFrom('riverside', 'market'),
      modules: fc.uniqueArray(fc.constantFrom(...ALL), { minLength: 1 }),
      pullAfterMs: fc.nat(500),
    })
    fc.assert(
      fc.property(fc.array(publication, { maxLength: 80 }), (publications) => {
        const { bus } = watchedBus()
        const hubs = [openHub(bus), openHub(bus)]
        const sides = hubs.map((hub) => collect(hub, { branchId: null }))
        const sent: Nudge[] = publications.map(({ waitMs, gateway, ...fields }, index) => {
          vi.advanceTimersByTime(waitMs)
          const one = nudge({ ...fields, headSeq: index + 1, at: new Date().toISOString() })
          hubs[gateway]!.publish([one])
          return one
        })
        vi.advanceTimersByTime(500)
        for (const { got } of sides) {
          for (const branchId of ['riverside', 'market']) {
            const heard = got.filter((one) => one.branchId === branchId)
            const published = sent.filter((one) => one.branchId === branchId)
            expectAtMostTenASecond(heard.map((one) => one.heardAt))
            expectNothingLost(published, heard)
          }
        }
        expect(vi.getTimerCount()).toBe(0)
      }),
      { numRuns: 300 },
    )
  })
})

function expectAtMostTenASecond(times: number[]) {
  times.forEach((time, i) => {
    expect(times[i + 10] ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(time + 1_000)
  })
}

function expectNothingLost(published: Nudge[], heard: (Nudge & { heardAt: number })[]) {
  for (const one of published) {
    // Merged once as it leaves and once as it arrives: 100 ms each at most.
    const publishedAt = Date.parse(one.at) - START
    const after = heard.filter(({ heardAt }) => heardAt >= publishedAt && heardAt <= publishedAt + 200)
    expect(after.some((other) => other.headSeq >= one.headSeq)).toBe(true)
    expect(after.some((other) => other.pullAfterMs >= one.pullAfterMs)).toBe(true)
    for (const module of one.modules) expect(after.some(({ modules }) => modules.includes(module))).toBe(true)
  }
  // The last one published arrives, though perhaps before an earlier one of the other gateway.
  expect(Math.max(0, ...heard.map((one) => one.headSeq))).toBe(published.at(-1)?.headSeq ?? 0)
}

describe('subscribing', () => {
  test('a sink hears its branch, a tenant-wide one hears all branches, neither hears another tenant', () => {
    const hub = openHub(watchedBus().bus)
    const riverside = collect(hub)
    const wide = collect(hub, { branchId: null })
    const rival = collect(hub, { tenantId: 'rival', branchId: null })
    hub.publish([nudge(), nudge({ branchId: 'market' })])
    expect(riverside.got.map((one) => one.branchId)).toEqual(['riverside'])
    expect(wide.got.map((one) => one.branchId)).toEqual(['riverside', 'market'])
    expect(rival.got).toEqual([])
  })

  test('a sink for some modules hears of those only, and nothing where there are none', () => {
    const hub = openHub(watchedBus().bus)
    const menu = collect(hub, { modules: new Set(['MENU', 'BRANCH']) })
    hub.publish([nudge({ modules: ['SALE', 'MENU'] })])
    vi.advanceTimersByTime(200)
    hub.publish([nudge({ modules: ['SALE'] })])
    expect(menu.got.map((one) => one.modules)).toEqual([['MENU']])
  })

  test('sinks that ask for the same share one nudge object', () => {
    const hub = openHub(watchedBus().bus)
    const got: Nudge[] = []
    for (const modules of [new Set(['MENU', 'SALE']), new Set(['SALE', 'MENU'])]) {
      hub.subscribe({ ...everything, modules }, (one) => got.push(one))
    }
    hub.publish([nudge({ modules: ['SALE', 'INVENTORY'] })])
    expect(got).toHaveLength(2)
    expect(got[0]).toBe(got[1])
  })

  test('the bus is listened to only for tenants that have sinks', () => {
    const { bus, tenants } = watchedBus()
    const hub = openHub(bus)
    const first = collect(hub)
    const second = collect(hub, { branchId: null })
    const rival = collect(hub, { tenantId: 'rival' })
    expect(tenants).toEqual(['demo', 'rival'])
    first.stop()
    first.stop()
    expect(tenants).toEqual(['demo', 'rival'])
    second.stop()
    rival.stop()
    expect(tenants).toEqual([])
    expect(hub.size.sinks).toBe(0)
    const again = collect(hub)
    hub.publish([nudge()])
    expect(again.got).toHaveLength(1)
  })

  test('a sink that throws, or ends itself, costs no other sink its nudge', () => {
    const hub = openHub(watchedBus().bus)
    hub.subscribe(everything, () => {
      throw new Error('broken sink')
    })
    const stop: () => void = hub.subscribe(everything, () => stop())
    const { got } = collect(hub)
    expect(() => hub.publish([nudge()])).not.toThrow()
    expect(got).toHaveLength(1)
    expect(log.warn).toHaveBeenCalledOnce()
    expect(hub.size.sinks).toBe(2)
  })
})

describe('after the bus was away', () => {
  test('every sink is told to pull all it asked for, with the last head heard of, within 5 s', () => {
    const { bus, recover } = watchedBus()
    const hub = openHub(bus)
    const sinks = Array.from({ length: 100 }, () => collect(hub))
    const menu = collect(hub, { modules: new Set(['MENU']) })
    const quiet = collect(hub, { branchId: 'market' })
    const wide = collect(hub, { branchId: null })
    hub.publish([nudge({ headSeq: 9 })])
    vi.advanceTimersByTime(1_000)
    for (const { got } of [...sinks, menu, quiet, wide]) got.length = 0

    recover()
    for (const { got } of sinks) {
      expect(got).toMatchObject([{ modules: ALL, headSeq: 9, at: at(1_000) }])
    }
    const waits = sinks.map(({ got }) => got[0]!.pullAfterMs)
    expect(Math.max(...waits)).toBeLessThanOrEqual(5_000)
    expect(new Set(waits).size).toBe(20)
    expect(menu.got).toMatchObject([{ modules: ['MENU'], headSeq: 9 }])
    expect(quiet.got).toMatchObject([{ branchId: 'market', modules: ALL, headSeq: 0 }])
    expect(wide.got.map((one) => one.branchId).sort()).toEqual(['market', 'riverside'])
  })

  test('a bus that flaps does not break the limit of 10 a second', () => {
    const { bus, recover } = watchedBus()
    const hub = openHub(bus)
    const { got } = collect(hub)
    for (let ms = 0; ms < 3_000; ms += 10) {
      recover()
      hub.publish([nudge()])
      vi.advanceTimersByTime(10)
    }
    expectAtMostTenASecond(got.map((one) => one.heardAt))
  })
})

describe('closing', () => {
  test('what was kept is still sent, and then there is neither timer nor sink nor listener', () => {
    const { bus, tenants, recovered } = watchedBus()
    const [hub, other] = [openHub(bus), openHub(bus)]
    const { got } = collect(other)
    collect(hub)
    hub.publish([nudge({ headSeq: 1 })])
    hub.publish([nudge({ headSeq: 2 })])
    hub.close()
    hub.close()
    vi.advanceTimersByTime(200)
    expect(got.at(-1)?.headSeq).toBe(2)
    hub.publish([nudge({ headSeq: 3 })])
    hub.subscribe(everything, () => {})
    expect(tenants).toEqual(['demo'])
    expect(recovered.size).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a change of the whole tenant', () => {
  const heads = ['market', 'riverside', 'station'].map((branchId, rank) => ({
    ...{ branchId, rank, count: 1_000 },
    headSeq: 10 + rank,
  }))
  const ofTenant = (fields: Partial<Nudge> = {}) => nudge({ branchId: '', modules: ['MENU'], ...fields })
  const settle = () => vi.advanceTimersByTimeAsync(0)

  test('is one nudge on the bus, and one for each branch that somebody here asks for', async () => {
    const { bus } = watchedBus()
    const asked: unknown[] = []
    const hub = openHub(bus, async (...given) => {
      asked.push(given)
      return heads.filter(({ branchId }) => given[1]?.includes(branchId))
    })
    const sent = vi.spyOn(bus, 'publish')
    const [one, two] = [collect(hub), collect(hub, { branchId: 'station', modules: new Set(['SALE']) })]
    hub.publish([ofTenant()])
    await settle()
    expect(sent.mock.calls).toEqual([[[ofTenant()]]])
    expect(asked).toEqual([['demo', ['riverside', 'station']]])
    expect(one.got).toMatchObject([
      { branchId: 'riverside', modules: ['MENU'], headSeq: 11, pullAfterMs: 10 },
    ])
    expect(two.got).toEqual([])
  })

  test('is one for each branch to who asks for all; ten changes in a moment are two questions', async () => {
    const headsOf = vi.fn(async () => heads)
    const hub = openHub(watchedBus().bus, headsOf)
    const { got } = collect(hub, { branchId: null })
    for (let i = 0; i < 10; i++) hub.publish([ofTenant()])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(headsOf.mock.calls).toEqual([
      ['demo', null],
      ['demo', null],
    ])
    expect(got.map(({ branchId }) => branchId)).toEqual([...heads, ...heads].map(({ branchId }) => branchId))
  })

  test('where nobody listens nothing is asked; where the heads cannot be had nothing breaks', async () => {
    const headsOf = vi.fn(async () => Promise.reject(new Error('away')))
    const hub = openHub(watchedBus().bus, headsOf)
    hub.publish([ofTenant()])
    await settle()
    expect(headsOf).not.toHaveBeenCalled()
    const { got } = collect(hub)
    await vi.advanceTimersByTimeAsync(1_000)
    hub.publish([ofTenant()])
    await settle()
    expect([headsOf.mock.calls.length, got.length, log.warn.mock.calls.length]).toEqual([1, 0, 1])
    hub.publish([nudge()])
    expect(got).toHaveLength(1)
  })
})

describe('spreadPulls', () => {
  test('one branch waits for nothing; many are spread evenly, a minute at most', () => {
    expect([spreadPulls(0)(0), spreadPulls(1)(0)]).toEqual([0, 0])
    expect([0, 1, 2].map(spreadPulls(3))).toEqual([0, 10, 20])
    expect([0, 1_000, 9_999].map(spreadPulls(10_000))).toEqual([0, 6_000, 59_994])
  })
})

describe('nudgeStream', () => {
  test('yields nudges, merges what is unread by branch, and ends while a read waits', async () => {
    const hub = openHub(watchedBus().bus)
    const stream = nudgeStream(hub, { ...everything, branchId: null })
    const early = stream.next()
    hub.publish([nudge({ headSeq: 1 })])
    expect(await early).toEqual({ done: false, value: nudge({ headSeq: 1 }) })

    for (const headSeq of [2, 3, 4]) {
      hub.publish([nudge({ headSeq }), nudge({ branchId: 'market', headSeq })])
      vi.advanceTimersByTime(100)
    }
    expect((await stream.next()).value).toMatchObject({ branchId: 'market', headSeq: 4 })
    expect((await stream.next()).value).toMatchObject({ branchId: 'riverside', headSeq: 4 })

    const waiting = [stream.next(), stream.next()]
    await stream.return()
    for (const read of waiting) expect(await read).toEqual({ done: true, value: undefined })
    expect(hub.size.sinks).toBe(0)
  })
})
