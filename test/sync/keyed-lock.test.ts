import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeyedLock, type Turn } from '../../src/sync/keyed-lock.ts'

const names = fc.constantFrom('a', 'b', 'c', 'd')
const turns = fc.uniqueArray(fc.record({ name: names, shared: fc.boolean() }), {
  minLength: 1,
  selector: ({ name }) => name,
})
/** A task: what it takes, how many turns of the event loop it works, whether it fails. */
const task = fc.record({ turns, loops: fc.nat(4), fails: fc.boolean() })

const loop = () => new Promise<void>((resolve) => setImmediate(resolve))
const alone = (...names: string[]): Turn[] => names.map((name) => ({ name }))

describe('KeyedLock', () => {
  it('lets one alone or many that share work under a name, first come first served, and nobody waits for good', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(task, { maxLength: 20 }), async (tasks) => {
        const lock = new KeyedLock()
        const working = new Map<string, { alone: number; sharing: number }>()
        const begun: number[] = []
        const of = (name: string) => working.get(name) ?? { alone: 0, sharing: 0 }
        const change = (turns: readonly Turn[], by: 1 | -1) => {
          for (const { name, shared } of turns) {
            const now = of(name)
            working.set(
              name,
              shared ? { ...now, sharing: now.sharing + by } : { ...now, alone: now.alone + by },
            )
          }
        }
        const results = await Promise.allSettled(
          tasks.map(({ turns, loops, fails }, i) =>
            lock.run(turns, async () => {
              for (const { name, shared } of turns) {
                expect(of(name).alone).toBe(0)
                if (!shared) expect(of(name).sharing).toBe(0)
              }
              change(turns, 1)
              begun.push(i)
              for (let n = 0; n < loops; n += 1) await loop()
              change(turns, -1)
              if (fails) throw new Error(`task ${i} failed`)
              return i
            }),
          ),
        )
        expect(results).toMatchObject(
          tasks.map(({ fails }, i) => (fails ? { status: 'rejected' } : { status: 'fulfilled', value: i })),
        )
        const wants = (i: number, name: string) => tasks[i]!.turns.find((turn) => turn.name === name)
        for (const name of ['a', 'b', 'c', 'd']) {
          const order = begun.filter((i) => wants(i, name))
          // Who wants it alone has everybody who came before it behind it, and everybody who came after it ahead.
          for (const [place, i] of order.entries())
            if (!wants(i, name)!.shared)
              for (const [other, j] of order.entries())
                expect(Math.sign(other - place), name).toBe(Math.sign(j - i))
        }
        expect(lock.size).toBe(0)
      }),
    )
  })

  it('those with nothing in common, and those who share what they have in common, work at the same time', async () => {
    const lock = new KeyedLock()
    const all = Promise.withResolvers<void>()
    let working = 0
    const work = async () => {
      working += 1
      if (working === 3) all.resolve()
      await all.promise
    }
    const sharing = { name: 'tenant', shared: true }
    await Promise.all([
      lock.run(alone('a'), work),
      lock.run([...alone('b', 'c'), sharing], work),
      lock.run([...alone('d'), sharing], work),
    ])
    expect(working).toBe(3)
  })

  it('who comes to share waits for one that wants it alone and came before, though that one waits too', async () => {
    const lock = new KeyedLock()
    const open = Promise.withResolvers<void>()
    const order: string[] = []
    const note = (name: string) => async () => void order.push(name)
    const all = [
      lock.run([{ name: 'tenant', shared: true }], () => open.promise.then(note('first'))),
      lock.run([{ name: 'tenant' }], note('alone')),
      lock.run([{ name: 'tenant', shared: true }], note('after')),
    ]
    await loop()
    expect(order).toEqual([])
    open.resolve()
    await Promise.all(all)
    expect(order).toEqual(['first', 'alone', 'after'])
  })
})
