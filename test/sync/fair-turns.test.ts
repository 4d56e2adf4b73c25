import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FairTurns } from '../../src/sync/fair-turns.ts'

const loop = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('FairTurns', () => {
  it('lets so many work at once, and so many of a key; everybody has a turn, also behind one that failed', async () => {
    const task = fc.record({ key: fc.constantFrom('a', 'b', 'c'), loops: fc.nat(3), fails: fc.boolean() })
    const bounds = fc.record({
      most: fc.integer({ min: 1, max: 4 }),
      mostOfKey: fc.integer({ min: 1, max: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(task, { maxLength: 25 }), bounds, async (tasks, bounds) => {
        const turns = new FairTurns(bounds)
        const working = { a: 0, b: 0, c: 0 }
        const results = await Promise.allSettled(
          tasks.map(({ key, loops, fails }) =>
            turns.run(key, async () => {
              working[key] += 1
              expect(working[key]).toBeLessThanOrEqual(bounds.mostOfKey)
              expect(working.a + working.b + working.c).toBeLessThanOrEqual(bounds.most)
              for (let n = 0; n < loops; n += 1) await loop()
              working[key] -= 1
              if (fails) throw new Error('failed')
            }),
          ),
        )
        expect(results.map(({ status }) => status)).toEqual(
          tasks.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')),
        )
      }),
    )
  })

  it('keys take turns: a hundred that came first under one key keep another one waiting for one of them', async () => {
    const turns = new FairTurns({ most: 1 })
    const order: string[] = []
    const work = (key: string) => turns.run(key, async () => void order.push(key))
    await Promise.all([
      ...Array.from({ length: 100 }, () => work('crowd')),
      ...['one', 'one', 'two'].map(work),
    ])
    expect(order.slice(0, 6)).toEqual(['crowd', 'crowd', 'one', 'two', 'crowd', 'one'])
    expect(order).toHaveLength(103)
  })

  it('a key at its bound leaves what is free to the others', async () => {
    const turns = new FairTurns({ most: 3, mostOfKey: 2 })
    const open = Promise.withResolvers<void>()
    const crowd = Array.from({ length: 5 }, () => turns.run('crowd', () => open.promise))
    await turns.run('other', async () => {})
    open.resolve()
    await Promise.all(crowd)
  })
})
