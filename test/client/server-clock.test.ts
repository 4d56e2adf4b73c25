import { describe, expect, it, vi } from 'vitest'
import { createServerClock } from '../../client/sdk/link/server-clock.ts'

const day = 86_400_000

/** A device whose clock and the time that has passed are moved by hand. */
function device(at: string) {
  let wall = Date.parse(at)
  let passed = 1_000
  vi.spyOn(performance, 'now').mockImplementation(() => passed)
  const clock = createServerClock(() => new Date(wall))
  return {
    clock,
    goOn(ms: number) {
      wall += ms
      passed += ms
    },
    sleep(ms: number) {
      wall += ms
    },
    setClock(ms: number) {
      wall += ms
    },
  }
}

describe('the clock of a device, by the server’s', () => {
  it('is not known before an answer, and right where the server’s time is within the request', () => {
    const { clock } = device('2026-03-01T08:00:00Z')
    expect(clock.skewMs()).toBeNull()
    clock.heard('2026-03-01T07:59:59Z', 2_000)
    expect(clock.skewMs()).toBe(0)
    clock.heard('no time', 10)
    expect(clock.skewMs()).toBe(0)
  })

  it.each([
    ['fast', day],
    ['slow', -day],
  ])('%s by a day, put right in the middle without an answer', (_, skew) => {
    const { clock, goOn, setClock } = device('2026-03-01T08:00:00Z')
    const server = new Date(Date.parse('2026-03-01T08:00:00Z') - skew).toISOString()
    clock.heard(server, 0)
    expect(clock.skewMs()).toBe(skew)
    goOn(3_600_000)
    expect(clock.skewMs()).toBe(skew)
    setClock(-skew)
    expect(clock.skewMs()).toBe(0)
  })

  it('a device that slept is as right or wrong as before; one that was set back is wrong from then on', () => {
    const right = device('2026-03-01T08:00:00Z')
    right.clock.heard('2026-03-01T08:00:00Z', 100)
    right.sleep(9 * 3_600_000)
    expect(right.clock.skewMs()).toBe(0)
    right.clock.heard('2026-03-01T17:00:00Z', 100)
    right.setClock(-day)
    expect(right.clock.skewMs()).toBe(-day)
  })
})
