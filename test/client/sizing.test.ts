/** However the line is, the sizes of requests end where what waits gets through, and soon. */
import fc from 'fast-check'
import { describe, expect, it, onTestFinished, test, vi } from 'vitest'
import { createPulse } from '../../client/sdk/pulse.ts'
import { createSizes } from '../../client/sdk/run/sizes.ts'
import { resized, type Sizing, sizingFrom, targetMs } from '../../client/sdk/run/sizing.ts'
import { TransportError, type TransportFault } from '../../client/sdk/transport/transport.ts'

const max = 1_000_000
const target = targetMs.batch
const start = sizingFrom(32_000)

/** What carries requests: so many bytes a second after a delay, not for longer than that, and no more than so many. */
type Line = { bytesPerSecond: number; delayMs: number; givenUpMs: number; limit: number }

/** Carries what waits; what each request was, and what it came to. */
function drain(line: Line, waiting: number, sizing: Sizing = start) {
  const requests: { size: number; ms: number; got: 'carried' | 'late' | 'refused' }[] = []
  let left = waiting
  while (left > 0 && requests.length < 5_000) {
    const size = Math.min(sizing.size, left)
    const ms = line.delayMs + (1000 * size) / line.bytesPerSecond
    const got = size > line.limit ? 'refused' : ms > line.givenUpMs ? 'late' : 'carried'
    requests.push({ size, ms: got === 'late' ? line.givenUpMs : ms, got })
    if (got === 'carried') left -= size
    sizing = resized(
      sizing,
      got === 'carried' ? { type: got, size, ms, isWhole: left > 0 } : { type: got, size },
      {
        max,
        target,
      },
    )
  }
  return { requests, left, sizing }
}

const lines = fc.record({
  bytesPerSecond: fc.integer({ min: 10, max: 10_000_000 }),
  delayMs: fc.integer({ min: 0, max: 3_000 }),
  givenUpMs: fc.integer({ min: 6_000, max: 60_000 }),
  limit: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 2_000_000 })),
})
const any = fc.oneof(
  fc.record({
    type: fc.constant('carried' as const),
    size: fc.nat(max),
    ms: fc.double({ min: 0, max: 1e6, noNaN: true }),
    isWhole: fc.boolean(),
  }),
  fc.record({ type: fc.constantFrom('late' as const, 'refused' as const), size: fc.nat(max) }),
)

test('any line that carries bytes drains', () => {
  fc.assert(
    fc.property(lines, fc.nat(3_000_000), (line, waiting) => {
      // As many requests as the line at its best needs, and some to find that out.
      const best = Math.min(line.limit, max, (line.bytesPerSecond * (target - line.delayMs)) / 1000)
      fc.pre(best >= 1 && waiting / best < 500)
      const { left, requests } = drain(line, waiting)
      expect(left).toBe(0)
      expect(requests.length).toBeLessThan(40 + (3 * waiting) / best)
    }),
  )
})

test('on a steady line a request takes about as long as it should, and none is given up', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 8_000, max: 100_000 }),
      fc.integer({ min: 0, max: 1_000 }),
      (rate, delayMs) => {
        const line = { bytesPerSecond: rate, delayMs, givenUpMs: 20_000, limit: Infinity }
        const { requests } = drain(line, 20 * 5 * rate)
        expect(requests.every(({ got }) => got === 'carried')).toBe(true)
        for (const { ms } of requests.slice(5, -1)) {
          expect(ms).toBeLessThanOrEqual(target + 100)
          if ((rate * target) / 1000 < max) expect(ms).toBeGreaterThan(target / 2)
        }
      },
    ),
  )
})

test('where larger bodies are refused, what is sent in vain is a small part of what gets through', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10_000, max: 1_000_000 }), (limit) => {
      const { requests } = drain({ bytesPerSecond: 1e9, delayMs: 0, givenUpMs: 20_000, limit }, 60 * limit)
      const inVain = requests.filter(({ got }) => got === 'refused').reduce((sum, { size }) => sum + size, 0)
      expect(inVain).toBeLessThan(0.2 * 60 * limit)
    }),
  )
})

test('a server that was away makes nobody careful: the size is back after a few requests', () => {
  const carried = (of: Sizing) =>
    resized(of, { type: 'carried', size: of.size, ms: 20, isWhole: true }, { max, target })
  fc.assert(
    fc.property(fc.nat(20), fc.nat(30), fc.boolean(), (before, away, twice) => {
      let sizing = start
      for (let n = 0; n < before; n += 1) sizing = carried(sizing)
      const { size } = sizing
      for (let outage = 0; outage < (twice ? 2 : 1); outage += 1) {
        for (let n = 0; n < away; n += 1)
          sizing = resized(sizing, { type: 'refused', size: sizing.size }, { max, target })
        let requests = 0
        for (; sizing.size < size && requests < 100; requests += 1) sizing = carried(sizing)
        expect(requests).toBeLessThan(24)
      }
    }),
  )
})

test('a size is a whole number from one to the most, whatever happens', () => {
  fc.assert(
    fc.property(fc.array(any, { maxLength: 60 }), (events) => {
      let sizing = start
      for (const event of events) {
        sizing = resized(sizing, event, { max, target })
        expect(Number.isInteger(sizing.size) && sizing.size >= 1 && sizing.size <= max).toBe(true)
      }
    }),
  )
})

describe('what a failure says of the size', () => {
  const failing = (code: string, kind: TransportFault = 'unreachable') =>
    new TransportError(kind, code, 'failed', { sent: true })

  it.each([
    ['a database that is away, at once: nothing', failing('SERVICE_UNAVAILABLE'), 100, 1],
    ['a gateway that was busy with it for long: half', failing('SERVICE_UNAVAILABLE'), 10_000, 1 / 2],
    ['a proxy that does not let it through: half', failing('HTTP_503'), 100, 1 / 2],
    ['a fault of the gateway, which may be with one of them: half', failing('INTERNAL'), 100, 1 / 2],
    ['no answer: half', failing('TIMEOUT'), 20_000, 1 / 2],
    ['a token that ran out: nothing', failing('UNAUTHENTICATED', 'unauthenticated'), 100, 1],
  ])('%s', async (_, error, ms, part) => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const sizes = createSizes({ pageSize: 1_000, pulse: createPulse() })
    const size = sizes.size('batch')
    const request = () => new Promise<never>((_, reject) => setTimeout(reject, ms, error))
    const sent = expect(sizes.send('batch', size, request, () => true)).rejects.toBe(error)
    await vi.advanceTimersByTimeAsync(ms)
    await sent
    expect(sizes.size('batch')).toBe(size * part)
  })
})
