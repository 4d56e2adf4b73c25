import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  canonicalLink,
  canonicalOrigin,
  joined,
  type Link,
  maxRuns,
  type Run,
  stateOf,
} from '../../src/sync/chain.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const of = { tenantId: 'demo', deviceId: 'till-1', chain: '0f1e2d3c-4b5a-4697-8877-665544332211' }
const origin = sha256(canonicalOrigin(of))

type Fresh = Link & { again: boolean }

/** Links from one number on, `as` telling one history from another. */
function links(from: number, to: number, after = origin, as = 'a'): Fresh[] {
  let prev = after
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const content = { clientOpId: `${as}${from + i}`, payloadHash: 'h', actorId: 'sophea', occurredAt: 't' }
    const link = sha256(canonicalLink({ ...content, chain: of.chain, deviceSeq: from + i, prev }))
    const made = { deviceSeq: from + i, prev, link, again: false }
    prev = link
    return made
  })
}
const state = (came: Fresh[], head?: Parameters<typeof stateOf>[2]) => stateOf(origin, joined([], came), head)

describe('the runs of a chain', () => {
  const ten = links(1, 10)
  const end = ten.at(-1)!

  it('one run, from the first number on, whichever that is', () => {
    expect(state(ten)).toMatchObject({ state: 'WHOLE', whole: { to: 10, link: end.link } })
    const late = links(5000, 5003)
    expect(state(late)).toMatchObject({ state: 'WHOLE', whole: { to: 5003, link: late.at(-1)!.link } })
  })

  it('in any order, in any portions, any of it twice: the same run', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(ten, { minLength: 10 }),
        fc.subarray(ten),
        fc.integer({ min: 1, max: 10 }),
        (order, again, portion) => {
          const came = [...order, ...again.map((link) => ({ ...link, again: true }))]
          let runs: Run[] = []
          for (let i = 0; i < came.length; i += portion) runs = joined(runs, came.slice(i, i + portion)).runs
          expect(runs).toEqual([{ from: 1, to: 10, prev: origin, link: end.link }])
        },
      ),
    )
  })

  it('whatever is left out is missing, and nothing else', () => {
    fc.assert(
      fc.property(fc.subarray(ten, { minLength: 1 }), (came) => {
        const { missing, state: told, forks } = state(came, { deviceSeq: 10, link: end.link, held: 0 })
        const gone = missing.flatMap(({ from, to }) =>
          Array.from({ length: to - from + 1 }, (_, i) => from + i),
        )
        const numbers = new Set(came.map(({ deviceSeq }) => deviceSeq))
        const first = came[0]!.deviceSeq === 1 ? 0 : Math.min(...numbers)
        // Before the first that came it is known only that something is missing.
        const expected = ten
          .map(({ deviceSeq }) => deviceSeq)
          .filter((n) => n >= first - 1 && !numbers.has(n))
        expect(gone).toEqual(expected)
        expect(told).toBe(expected.length === 0 ? 'WHOLE' : 'MISSING')
        expect(forks).toEqual([])
      }),
    )
  })

  it('also the last ones, which only the device speaks of; what it holds waits', () => {
    const head = { deviceSeq: 10, link: end.link }
    expect(state(ten.slice(0, 7), { ...head, held: 0 })).toMatchObject({
      state: 'MISSING',
      missing: [{ from: 8, to: 10 }],
      missingCount: 3,
    })
    expect(state(ten.slice(0, 7), { ...head, held: 3 }).state).toBe('WAITING')
    expect(state([], { ...head, held: 0 }).state).toBe('MISSING')
  })

  it('a clone: one number with two links, and both go on', () => {
    const clone = links(4, 6, ten[2]!.link, 'b')
    fc.assert(
      fc.property(fc.infiniteStream(fc.boolean()), (coins) => {
        const [one, two] = [ten.slice(3), [...clone]]
        const came = ten.slice(0, 3)
        while (one.length + two.length > 0) {
          const next = (coins.next().value ? one.shift() : two.shift()) ?? one.shift() ?? two.shift()
          came.push(next!)
        }
        const told = state(came)
        expect(told.state).toBe('FORKED')
        expect(told.missing).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  it('an operation that was edited on the device: the next one holds another link', () => {
    const edited = links(5, 5, ten[3]!.link, 'edited')
    expect(state([...ten.slice(0, 4), ...edited, ...ten.slice(5)])).toMatchObject({
      state: 'FORKED',
      whole: { to: 5 },
      forks: [{ from: 6, to: 10 }],
    })
    // The last one: the device speaks of another link.
    const last = links(10, 10, ten[8]!.link, 'edited')
    expect(state([...ten.slice(0, 9), ...last], { deviceSeq: 10, link: end.link, held: 0 }).state).toBe(
      'FORKED',
    )
  })

  it(`keeps ${maxRuns} runs; what would begin another is counted, and told`, () => {
    const apart = Array.from({ length: maxRuns + 1 }, (_, i) => links(2 * i + 1, 2 * i + 1, `x${i}`)[0]!)
    expect(joined([], apart.slice(0, maxRuns))).toMatchObject({ untracked: 0 })
    const { runs, untracked } = joined([], apart)
    expect([runs.length, untracked]).toEqual([maxRuns, 1])
    expect(stateOf(origin, { runs, untracked }).state).toBe('FORKED')
    // One that fits a run still moves it on.
    expect(joined(runs, links(2, 2, apart[0]!.link)).untracked).toBe(0)
  })
})
