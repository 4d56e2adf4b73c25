import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../client/sdk/store/memory.ts'
import { increment } from './actions.ts'
import { isLikeAMap } from './model.ts'
import { storeContract } from './store.contract.ts'

describe('memoryStore', () => {
  for (const [name, run] of Object.entries(storeContract(memoryStore))) test(name, run)

  test('is like a Map, whatever is done to it', () => isLikeAMap(memoryStore, 300))

  test('two with one name are two: it is shared with nobody', async () => {
    const [one, other] = [memoryStore('till'), memoryStore('till')]
    expect(one).toMatchObject({ name: 'till', shared: false })
    await one.open()
    await other.open()
    await increment(one)
    expect(await other.transact('read', (tx) => tx.list('meta'))).toEqual([])
  })

  test('promises nothing, and takes no account of space', async () => {
    const store = memoryStore()
    await store.open()
    expect(await store.persistence()).toBe('best-effort')
    expect(await store.estimate()).toBeNull()
  })

  test('ten thousand transactions that wait for each other are soon done', async () => {
    const store = memoryStore()
    await store.open()
    const begun = performance.now()
    const operations = Array.from({ length: 10_000 }, (_, position) =>
      store.transact('write', async (tx) => {
        const last = (await tx.get<number>('meta', 'position')) ?? 0
        await tx.put('meta', 'position', last + 1)
        await tx.put('operations', String(last + 1).padStart(9, '0'), {
          position,
          payload: { lines: [1, 2, 3] },
        })
      }),
    )
    await Promise.all(operations)
    // About 150 ms: the limit is for a machine that does much else.
    expect(performance.now() - begun).toBeLessThan(5_000)
    const listed = await store.transact('read', (tx) => tx.list<{ position: number }>('operations'))
    expect(listed.map(({ value }) => value?.position)).toEqual(
      Array.from({ length: 10_000 }, (_, index) => index),
    )
  })
})
