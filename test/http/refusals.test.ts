/** Refusals of one caller: so many at once, then at a pace, none of them later than it may be; others' at once. */
import { expect, it } from 'vitest'
import { Refusals, refusalPace } from '../../src/http/refusals.ts'

const { eachMs, atOnce, mostMs } = refusalPace

it('are so many at once, and then one after the other', () => {
  let now = 1_000
  const refusals = new Refusals(() => now)
  const waits = (n: number, caller = 'hasty') => Array.from({ length: n }, () => refusals.waitMs(caller))
  expect(waits(atOnce)).toEqual(Array(atOnce).fill(0))
  expect(waits(3)).toEqual([eachMs, 2 * eachMs, 3 * eachMs])
  expect(waits(1, 'another')).toEqual([0])
  expect(Math.max(...waits(1_000))).toBe(mostMs)
  // Whoever has waited long enough begins anew.
  now += mostMs + atOnce * eachMs
  expect(waits(atOnce)).toEqual(Array(atOnce).fill(0))
})
