import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeyedLock } from '../../src/sync/keyed-lock.ts'

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 })
/** A task: what it takes, how many turns of the event loop it works, whether it fails. */
const task = fc.record({ names, turns: fc.nat(4), fails: fc.boolean() })

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('KeyedLock', () => {
  it('lets one at a time work under a name, first come first served, and nobody waits for good', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(task, { maxLength: 20 }), async (tasks) => {
        const lock = new KeyedLock()
        const working = new Set<string>()
        const begun: number[] = []
        const results = await Promise.allSettled(
          tasks.map(({ names, turns, fails }, i) =>
            lock.run(names, async () => {
              for (const name of names) {
                expect(working.has(name)).toBe(false)
                working.add(name)
              }
              begun.push(i)
              for (let n = 0; n < turns; n += 1) await turn()
              for (const name of names) working.delete(name)
              if (fails) throw new Error(`task ${i} failed`)
              return i
            }),
          ),
        )
        expect(results).toMatchObject(
          tasks.map(({ fails }, i) => (fails ? { status: 'rejected' } : { status: 'fulfilled', value: i })),
        )
        for (const name of ['a', 'b', 'c', 'd']) {
          const order = begun.filter((i) => (tasks[i]!.names as string[]).includes(name))
          expect(order, `those who wanted ${name}`).toEqual(order.toSorted((x, y) => x - y))
        }
        expect(lock.size).toBe(0)
      }),
    )
  })

  it('those with nothing in common work at the same time', async () => {
    const lock = new KeyedLock()
    const both = Promise.withResolvers<void>()
    let working = 0
    const work = async () => {
      working += 1
      if (working === 2) both.resolve()
      await both.promise
    }
    await Promise.all([lock.run(['a'], work), lock.run(['b', 'c'], work)])
    expect(working).toBe(2)
  })

  it('counts who waits or works', async () => {
    const lock = new KeyedLock()
    const open = Promise.withResolvers<void>()
    const all = [
      lock.run(['a'], () => open.promise),
      lock.run(['a'], () => open.promise),
      lock.run(['b'], () => open.promise),
    ]
    expect(lock.size).toBe(3)
    open.resolve()
    await Promise.all(all)
    expect(lock.size).toBe(0)
  })
})
