import { expect, it } from 'vitest'
import { FairTurns } from '../../src/sync/fair-turns.ts'
import { SharedTurns } from '../../src/sync/shared-turns.ts'

const open = (most = 1) => new SharedTurns(new FairTurns({ most }))
/** Work that is done when it is told to be. */
function work() {
  const begun: (() => void)[] = []
  const run = () => new Promise<number>((done) => begun.push(() => done(begun.length)))
  return { begun, run }
}
const settle = () => new Promise((done) => setImmediate(done))

it('is done once for all who came before it began, and once more for all who came later', async () => {
  const turns = open()
  const { begun, run } = work()
  const first = turns.run('demo', 'one', run)
  await settle()
  const later = [1, 2, 3].map(() => turns.run('demo', 'one', run))
  await settle()
  expect(begun).toHaveLength(1)
  begun[0]!()
  expect(await first).toBe(1)
  await settle()
  begun[1]!()
  expect(await Promise.all(later)).toEqual([2, 2, 2])
  expect(begun).toHaveLength(2)
})

it('what fails fails for those who shared it, and for nobody after', async () => {
  const turns = open()
  const fail = () => Promise.reject(new Error('no'))
  const [one, two] = [turns.run('demo', 'one', fail), turns.run('demo', 'one', fail)]
  await expect(one).rejects.toThrow('no')
  await expect(two).rejects.toThrow('no')
  expect(await turns.run('demo', 'one', async () => 7)).toBe(7)
})

it('keeps within its turns, which go round by key', async () => {
  const turns = open(1)
  const { begun, run } = work()
  const order: string[] = []
  const all = ['a', 'b', 'c'].map((name) => turns.run('demo', name, run).then(() => order.push(name)))
  all.push(turns.run('rival', 'r', run).then(() => order.push('r')))
  for (let i = 0; i < 4; i += 1) {
    await settle()
    expect(begun).toHaveLength(i + 1)
    begun[i]!()
  }
  await Promise.all(all)
  expect(order.indexOf('r')).toBeLessThan(3)
})
