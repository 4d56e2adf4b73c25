import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { multirange } from '../../src/sync/device.ts'

/** The runs of a multirange's text, as PostgreSQL reads it: `[from,to)`. */
const runsOf = (text: string) =>
  [...text.matchAll(/\[(-?\d+),(-?\d+)\)/g)].map(([, from, to]) => [Number(from), Number(to)] as const)

describe('multirange', () => {
  it.each([
    [[], '{}'],
    [[1, 2, 3], '{[1,4)}'],
    [[6, 1, 3, 2], '{[1,4),[6,7)}'],
    [[5, 5, 5], '{[5,6)}'],
    [[-2, -1, 0], '{[-2,1)}'],
  ])('of %j is %s', (numbers, text) => {
    expect(multirange(numbers)).toBe(text)
  })

  it('holds just the numbers given, in runs that neither meet nor overlap', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 })), (numbers) => {
        const runs = runsOf(multirange(numbers))
        const members = runs.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i))
        expect(members).toEqual([...new Set(numbers)].sort((a, b) => a - b))
        for (const [i, [from]] of runs.entries()) if (i > 0) expect(from).toBeGreaterThan(runs[i - 1]![1])
      }),
    )
  })
})
