/** All or nothing. */

import { everything } from '../actions.ts'
import { equal, failsAs, thrownBy } from '../claims.ts'
import type { Case } from '../store.contract.ts'

export const atomicityCases: Record<string, Case> = {
  async 'all or nothing: where the work throws midway nothing is kept, and what it threw is thrown'(open) {
    const store = await open()
    await store.transact('write', async (tx) => {
      tx.put('meta', 'stays', 1)
      tx.put('meta', 'overwritten', 1)
    })
    const reason = new Error('midway')
    const thrown = await thrownBy(
      store.transact('write', async (tx) => {
        await tx.put('meta', 'new', 2)
        await tx.put('meta', 'overwritten', 2)
        await tx.put('meta', 'overwritten', 3)
        await tx.delete('meta', 'stays')
        await tx.put('entities', 'new', 2)
        await tx.get('meta', 'new')
        throw reason
      }),
    )
    equal(thrown === reason, true)
    equal(await everything(store), {
      meta: [
        { key: 'overwritten', value: 1 },
        { key: 'stays', value: 1 },
      ],
    })
  },

  async 'all or nothing: a put that fails takes the others with it, whoever looks at it'(open) {
    const store = await open()
    const circle: { self?: unknown } = {}
    circle.self = circle
    for (const value of [circle, 1n, undefined, () => 1]) {
      await failsAs(
        'FAILED',
        store.transact('write', async (tx) => {
          tx.put('meta', 'before', 1)
          tx.put('meta', 'broken', value)
          tx.put('meta', 'after', 1)
        }),
      )
      await failsAs(
        'FAILED',
        store.transact('write', async (tx) => {
          await tx.put('meta', 'before', 1)
          await tx.put('meta', 'broken', value).catch(() => {})
          await tx.get('meta', 'before')
        }),
      )
    }
    equal(await everything(store), {})
  },

  async 'a transaction reads its own writes'(open) {
    const store = await open()
    await store.transact('write', async (tx) => {
      tx.put('entities', 'a', 1)
      tx.put('entities', 'b', 1)
    })
    await store.transact('write', async (tx) => {
      tx.put('entities', 'a', 2)
      tx.delete('entities', 'b')
      tx.put('entities', 'c', 2)
      equal(await tx.get('entities', 'a'), 2)
      equal(await tx.get('entities', 'b'), undefined)
      equal(await tx.list('entities'), [
        { key: 'a', value: 2 },
        { key: 'c', value: 2 },
      ])
    })
  },

  async 'writes that nobody awaited happen, in the order in which they were asked for'(open) {
    const store = await open()
    await store.transact('write', async (tx) => {
      tx.put('meta', 'a', 1)
      tx.delete('meta', 'a')
      tx.put('meta', 'a', 2)
      tx.put('meta', 'b', 1)
      tx.delete('meta', 'b')
    })
    equal(await everything(store), { meta: [{ key: 'a', value: 2 }] })
  },

  async 'a page and its cursor are kept together or not at all'(open) {
    const store = await open()
    const page = (from: number, broken = false) =>
      store.transact('write', async (tx) => {
        for (let seq = from; seq < from + 100; seq++) {
          tx.put('entities', String(seq).padStart(5, '0'), { seq })
        }
        if (broken) throw new Error('a page that cannot be kept')
        tx.put('meta', 'cursor', from + 99)
      })
    await page(1)
    await thrownBy(page(101, true))
    await page(101)
    await thrownBy(page(201, true))
    await store.transact('read', async (tx) => {
      equal(await tx.get('meta', 'cursor'), 200)
      equal((await tx.list('entities')).length, 200)
    })
  },

  async 'a thousand records in one transaction come back in order, and soon'(open) {
    const store = await open()
    const records = Array.from({ length: 1_000 }, (_, index) => ({
      key: `menuItem/${String((index * 617) % 1_000).padStart(4, '0')}`,
      value: { name: 'កាហ្វេទឹកដោះគោទឹកកក', priceUsd: 250, padding: 'x'.repeat(500) },
    }))
    const begun = performance.now()
    await store.transact('write', async (tx) => {
      for (const { key, value } of records) await tx.put('entities', key, value)
    })
    const listed = await store.transact('read', (tx) => tx.list('entities', 'menuItem/'))
    const took = performance.now() - begun
    equal(
      listed,
      records.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    )
    // A tenth of that at most, in each of the three: the limit is for a machine that does much else.
    if (took > 5_000) throw new Error(`it took ${Math.round(took)} ms`)
  },
}
