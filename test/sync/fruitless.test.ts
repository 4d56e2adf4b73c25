/** Whoever sends nothing but what is refused waits longer each time. */
import { describe, expect, it } from 'vitest'
import { Fruitless } from '../../src/sync/fruitless.ts'

describe('what comes to nothing', () => {
  it('waits longer each time, up to four times; what is of some use ends that', () => {
    const fruitless = new Fruitless()
    const waits = (count: number) => Array.from({ length: count }, () => fruitless.times('barista', true))
    expect(waits(6)).toEqual([1, 2, 3, 4, 4, 4])
    expect(fruitless.times('barista', false)).toBe(0)
    expect(waits(2)).toEqual([1, 2])
  })

  it('is each one its own', () => {
    const fruitless = new Fruitless()
    for (let i = 0; i < 3; i += 1) fruitless.times('barista', true)
    expect(fruitless.times('cashier', true)).toBe(1)
  })
})
