import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Environment } from '../../client/sdk/api.ts'
import type { LinkState } from '../../client/sdk/link/connectivity.ts'
import { createLink, type Link, type LinkOptions } from '../../client/sdk/link/link.ts'

type Probe = { answer(): void; fail(): void }

beforeEach(() => vi.useFakeTimers())
afterEach(async () => {
  const links = started.splice(0)
  const probed = () => links.map(({ probes }) => probes.length)
  for (const { link } of links) link.close()
  const before = probed()
  // Of the process's timers some are others': what is closed is known by what it does not do any more.
  await vi.advanceTimersByTimeAsync(120_000)
  expect(probed()).toEqual(before)
  vi.useRealTimers()
})
const started: { link: Link; probes: readonly Probe[] }[] = []

/** A link whose probes end when the test says so, on a platform that says what the test says. */
function start(options: Partial<LinkOptions> = {}) {
  const states: LinkState[] = []
  const probes: Probe[] = []
  const within: number[] = []
  let underWay = 0
  let most = 0
  let on: Parameters<Environment['watchPlatform']>[0] | undefined
  const link = createLink({
    async probe({ withinMs = Infinity } = {}) {
      within.push(withinMs)
      underWay += 1
      most = Math.max(most, underWay)
      await new Promise<void>((answer, fail) => probes.push({ answer, fail })).finally(() => {
        underWay -= 1
      })
    },
    onChange: (state) => states.push(state),
    watchPlatform(listeners) {
      on = listeners
      return () => {
        on = undefined
      }
    },
    random: () => 1,
    soonForMs: 0,
    ...options,
  })
  started.push({ link, probes })
  return {
    link,
    states,
    probes,
    within,
    mostAtOnce: () => most,
    platform: () => on,
    /** Ends the latest probe. */
    async end(how: 'answer' | 'fail') {
      probes.at(-1)![how]()
      await vi.advanceTimersByTimeAsync(0)
    },
  }
}

test('it begins with a probe, and is not shown as online before that is answered', async () => {
  const { link, states, probes, end } = start()
  expect([link.state(), link.online(), probes.length]).toEqual(['unknown', false, 1])
  await end('answer')
  expect([link.state(), link.online()]).toEqual(['online', true])
  expect(states).toEqual(['online'])
})

test('nothing is told before it is there, even where the platform speaks at once', async () => {
  const told: LinkState[] = []
  const { end } = start({
    onChange: (state) => told.push(state),
    watchPlatform(on) {
      on.offline()
      on.online()
      return () => {}
    },
  })
  expect(told).toEqual([])
  await end('fail')
  expect(told).toEqual(['offline'])
})

test('a lost request on a good line: one probe, never offline', async () => {
  const { link, states, probes, end } = start()
  await end('answer')
  link.event('failed')
  link.event('failed')
  expect([link.online(), probes.length]).toEqual([true, 2])
  await end('answer')
  expect(states).toEqual(['online', 'doubtful', 'online'])
})

test('in doubt it goes on probing: where the first one hangs, one that was begun later finds the line whole', async () => {
  const { link, states, probes, within, end } = start()
  await end('answer')
  link.event('failed')
  await vi.advanceTimersByTimeAsync(1000)
  expect([probes.length, within.at(-1)]).toEqual([3, 3500])
  await end('answer')
  expect(states).toEqual(['online', 'doubtful', 'online'])
  probes[1]!.answer()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(probes).toHaveLength(3)
})

test('only the probe that a doubt began with decides it: a later one, which has less time, may end sooner', async () => {
  const { link, states, probes, end } = start({ patienceMs: 10_000 })
  await end('answer')
  link.event('failed')
  await vi.advanceTimersByTimeAsync(1000)
  await end('fail')
  expect(link.state()).toBe('doubtful')
  probes[1]!.fail()
  await vi.advanceTimersByTimeAsync(0)
  expect(states).toEqual(['online', 'doubtful', 'offline'])
})

test('while offline it probes again after 1 s, 2 s, 4 s ... up to every 30 s', async () => {
  const { probes, end } = start()
  const gaps: number[] = []
  for (let count = 1; count <= 8; count += 1) {
    await end('fail')
    const since = Date.now()
    while (probes.length === count) await vi.advanceTimersByTimeAsync(100)
    gaps.push(Math.round((Date.now() - since) / 1000))
  }
  expect(gaps).toEqual([1, 2, 4, 8, 16, 30, 30, 30])
})

test('in the first minutes, and as long as something waits, it probes about once a second', async () => {
  let waits = false
  const { probes, end } = start({ soonForMs: 10_000, isNeeded: () => waits })
  const within = async (ms: number) => {
    const before = probes.length
    for (let passed = 0; passed < ms; passed += 250) {
      await vi.advanceTimersByTimeAsync(250)
      await end('fail')
    }
    return probes.length - before
  }
  await end('fail')
  expect(await within(10_000)).toBeGreaterThanOrEqual(6)
  await within(60_000)
  expect(await within(60_000)).toBeLessThanOrEqual(3)
  waits = true
  await within(30_000)
  expect(await within(10_000)).toBeGreaterThanOrEqual(6)
})

test('a probe that hangs holds up no other: they have little time each, but for one, and are few', async () => {
  const { probes, within, mostAtOnce, end } = start({ isNeeded: () => true })
  await vi.advanceTimersByTimeAsync(30_000)
  expect(mostAtOnce()).toBe(4)
  expect(within.filter((ms) => ms === Infinity)).toHaveLength(1)
  // Others were due meanwhile: on a line that has just become whole nobody waits for the next turn.
  probes[1]!.fail()
  await vi.advanceTimersByTimeAsync(0)
  expect(probes).toHaveLength(5)
  for (const probe of probes) probe.fail()
  await vi.advanceTimersByTimeAsync(1500)
  expect(probes).toHaveLength(6)
  expect(within.at(-1)).toBe(Infinity)
  await end('answer')
})

test('those that hang since before the line was whole do not show it as offline when they end', async () => {
  const { link, probes, states } = start({ isNeeded: () => true })
  await vi.advanceTimersByTimeAsync(30_000)
  expect([probes.length, link.state()]).toEqual([4, 'offline'])
  link.event('answered')
  states.length = 0
  for (const probe of probes.slice(0, 3)) probe.fail()
  await vi.advanceTimersByTimeAsync(0)
  expect(probes.length).toBeGreaterThan(4)
  probes.at(-1)!.answer()
  probes[3]!.fail()
  await vi.advanceTimersByTimeAsync(0)
  expect(states).not.toContain('offline')
  expect(link.online()).toBe(true)
  for (const probe of probes) probe.answer()
  await vi.advanceTimersByTimeAsync(0)
  expect(link.state()).toBe('online')
})

test('other failures while offline neither hurry the next probe nor put it off', async () => {
  const { link, probes, end } = start()
  await end('fail')
  await vi.advanceTimersByTimeAsync(900)
  link.event('failed')
  link.event('socketClosed')
  await vi.advanceTimersByTimeAsync(99)
  expect(probes).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(probes).toHaveLength(2)
})

test('once it has been online, the gaps begin anew', async () => {
  const { link, probes, end } = start()
  for (const gap of [1000, 2000, 4000]) {
    await end('fail')
    await vi.advanceTimersByTimeAsync(gap)
  }
  await end('answer')
  link.event('failed')
  await end('fail')
  expect(link.state()).toBe('offline')
  await vi.advanceTimersByTimeAsync(1000)
  expect(probes).toHaveLength(6)
})

test('an answer to another request makes it online and saves the next probe', async () => {
  const { link, probes, end } = start()
  await end('fail')
  link.event('answered')
  await vi.advanceTimersByTimeAsync(60_000)
  expect([link.state(), probes.length]).toEqual(['online', 1])
})

test('the browser sees a network: it probes at once, and is online only if the gateway answers', async () => {
  const { link, states, probes, platform, end } = start()
  await end('fail')
  platform()!.online()
  expect([link.state(), link.online(), probes.length]).toEqual(['unknown', false, 2])
  await end('answer')
  expect(states).toEqual(['offline', 'unknown', 'online'])
})

test('the browser loses the network: a probe decides, so that a gateway in the same house stays online', async () => {
  const { link, platform, end } = start()
  await end('answer')
  platform()!.offline()
  expect(link.state()).toBe('doubtful')
  await end('answer')
  expect(link.state()).toBe('online')
  platform()!.offline()
  await end('fail')
  expect(link.state()).toBe('offline')
})

test('somebody looks at the app again: it probes at once, from short gaps on, and says so', async () => {
  let resumed = 0
  const { probes, platform, end } = start({ onResume: () => (resumed += 1) })
  for (const gap of [1000, 2000, 4000, 8000]) {
    await end('fail')
    await vi.advanceTimersByTimeAsync(gap)
  }
  await end('fail')
  expect(probes).toHaveLength(5)
  platform()!.resume()
  expect([resumed, probes.length]).toEqual([1, 6])
  await end('fail')
  await vi.advanceTimersByTimeAsync(1000)
  expect(probes).toHaveLength(7)
})

test('a probe that hangs is offline after a while; its late answer still counts', async () => {
  const { link, states, probes, platform } = start({ patienceMs: 3000 })
  await vi.advanceTimersByTimeAsync(2999)
  expect(link.state()).toBe('unknown')
  await vi.advanceTimersByTimeAsync(1)
  expect(link.state()).toBe('offline')
  platform()!.online()
  link.event('failed')
  await vi.advanceTimersByTimeAsync(60_000)
  probes[0]!.answer()
  await vi.advanceTimersByTimeAsync(0)
  expect(states).toEqual(['offline', 'unknown', 'offline', 'online'])
})

test('a probe that was begun before a request was answered does not make it offline', async () => {
  const { link, states, probes, end } = start()
  link.event('answered')
  await end('fail')
  expect([link.state(), probes.length]).toEqual(['doubtful', 2])
  await end('answer')
  expect(states).toEqual(['online', 'doubtful', 'online'])
})

test('a new doubt beside a probe that hangs has patience of its own', async () => {
  const { link, states, platform } = start({ patienceMs: 3000 })
  link.event('answered')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(link.state()).toBe('online')
  platform()!.offline()
  await vi.advanceTimersByTimeAsync(3000)
  expect(states).toEqual(['online', 'doubtful', 'offline'])
})

test('however events come, few probes run at a time', async () => {
  const { link, probes, platform, mostAtOnce, end } = start()
  for (let round = 0; round < 200; round += 1) {
    link.event((['answered', 'failed', 'socketClosed', 'socketOpen'] as const)[(round * 7) % 4]!)
    if (round % 3 === 0) platform()!.online()
    if (round % 5 === 0) platform()!.offline()
    if (round % 4 === 0) await end(round % 8 === 0 ? 'fail' : 'answer')
    await vi.advanceTimersByTimeAsync((round * 37) % 1500)
  }
  expect(probes.length).toBeGreaterThan(10)
  expect(mostAtOnce()).toBeLessThanOrEqual(4)
})

test('closed, it probes, listens and tells no more', async () => {
  const { link, states, probes, platform, end } = start()
  await end('fail')
  link.close()
  link.close()
  expect(platform()).toBeUndefined()
  link.event('answered')
  await vi.advanceTimersByTimeAsync(60_000)
  expect([states, probes.length]).toEqual([['offline'], 1])
})

test('closed while a probe runs, its end is not heard', async () => {
  const { link, states, end } = start()
  link.close()
  await end('fail')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(states).toEqual([])
})
