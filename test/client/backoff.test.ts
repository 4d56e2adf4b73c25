import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { createBackoff } from '../../client/sdk/transport/backoff.ts'

const waits = (count: number, of: Parameters<typeof createBackoff>[0]) => {
  const backoff = createBackoff(of)
  return Array.from({ length: count }, () => backoff.next())
}
/** The most that `random` can be, nearly. */
const random = () => 1

test('the longest wait doubles from one second up to a minute', () => {
  expect(waits(8, { random })).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
})

test('it begins anew after a reset', () => {
  const backoff = createBackoff({ random })
  backoff.next()
  backoff.next()
  backoff.reset()
  expect(backoff.next()).toBe(1000)
})

test('the first and the longest wait can be chosen', () => {
  expect(waits(4, { random, firstMs: 100, maxMs: 300 })).toEqual([100, 200, 300, 300])
})

test('full jitter: any part of the longest wait, but never none', () => {
  expect(waits(3, { random: () => 0.5 })).toEqual([500, 1000, 2000])
  expect(waits(3, { random: () => 0 })).toEqual([50, 50, 50])
})

test('a wait is always from 50 ms up to the most, after however many tries', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(5000), (share, tries) => {
      const wait = waits(tries + 1, { random: () => share }).at(-1)
      expect(wait).toBeGreaterThanOrEqual(50)
      expect(wait).toBeLessThanOrEqual(60_000)
    }),
    { numRuns: 50 },
  )
})

test('a clock that is set back or ahead changes no wait: short ones stay short as long as the fault is young', () => {
  const backoff = createBackoff({ random, soonMs: 3000 })
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  try {
    const next = () => Array.from({ length: 4 }, () => backoff.next())
    expect(next()).toEqual([1000, 2000, 3000, 3000])
    const day = 86_400_000
    for (const off of [-day, day, 400 * day]) {
      vi.setSystemTime(Date.now() + off)
      expect(next()).toEqual([3000, 3000, 3000, 3000])
    }
    vi.advanceTimersByTime(5 * 60_000)
    expect(backoff.next()).toBe(60_000)
  } finally {
    vi.useRealTimers()
  }
})
