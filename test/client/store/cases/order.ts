/** One after the other: writers, readers, and the turn that a transaction has. */

import { everything, increment } from '../actions.ts'
import { equal, failsAs } from '../claims.ts'
import type { Case } from '../store.contract.ts'

export const orderCases: Record<string, Case> = {
  async 'writers come one after the other: no increment is lost'(open) {
    const store = await open()
    const increments = Array.from({ length: 50 }, () => increment(store))
    const results = await Promise.all(increments)
    equal(
      results.toSorted((a, b) => a - b),
      Array.from({ length: 50 }, (_, index) => index + 1),
    )
    equal(await store.transact('read', (tx) => tx.get('meta', 'counter')), 50)
  },

  async 'a writer that fails does not hold up or disturb the next'(open) {
    const store = await open()
    const results = await Promise.allSettled([
      increment(store),
      store.transact('write', async (tx) => {
        await tx.put('meta', 'counter', 1_000)
        throw new Error('changed its mind')
      }),
      increment(store),
    ])
    equal(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    equal(await store.transact('read', (tx) => tx.get('meta', 'counter')), 2)
  },

  async 'a reader sees one state from its beginning to its end'(open) {
    const store = await open()
    const writing = Array.from({ length: 20 }, (_, round) =>
      store.transact('write', async (tx) => {
        await tx.put('meta', 'first', round)
        await tx.get('meta', 'first')
        await tx.put('entities', 'second', round)
      }),
    )
    const reading = Array.from({ length: 20 }, () =>
      store.transact('read', async (tx) => [
        await tx.get('meta', 'first'),
        ...(await tx.list('meta')).map(({ value }) => value),
        await tx.get('meta', 'first'),
        await tx.get('entities', 'second'),
      ]),
    )
    await Promise.all(writing)
    for (const seen of await Promise.all(reading)) equal(new Set(seen).size, 1)
  },

  async 'who only reads cannot write'(open) {
    const store = await open()
    await failsAs(
      'FAILED',
      store.transact('read', (tx) => tx.put('meta', 'a', 1)),
    )
    await failsAs(
      'FAILED',
      store.transact('read', async (tx) => {
        tx.delete('meta', 'a')
      }),
    )
    equal(await everything(store), {})
  },

  async 'work that waits for something else than its transaction fails, and holds up nobody'(open) {
    const store = await open()
    const dawdling = store.transact('write', async (tx) => {
      await tx.get('meta', 'a')
      await new Promise((resolve) => setTimeout(resolve, 50))
      await tx.put('meta', 'late', 1)
    })
    const nested = store.transact('write', async (tx) => {
      await tx.get('meta', 'a')
      await store.transact('write', (inner) => inner.put('meta', 'inner', 1))
      await tx.put('meta', 'outer', 1)
    })
    const next = store.transact('write', (tx) => tx.put('meta', 'next', 1))
    await failsAs('FAILED', dawdling)
    await failsAs('FAILED', nested)
    await next
    equal(await everything(store), {
      meta: [
        { key: 'inner', value: 1 },
        { key: 'next', value: 1 },
      ],
    })
  },

  async 'a transaction is of no use after its end'(open) {
    const store = await open()
    const tx = await store.transact('write', async (tx) => {
      await tx.put('meta', 'a', 1)
      return tx
    })
    await failsAs('FAILED', tx.put('meta', 'a', 2))
    await failsAs('FAILED', tx.get('meta', 'a'))
    await failsAs('FAILED', tx.list('meta'))
    equal(await everything(store), { meta: [{ key: 'a', value: 1 }] })
  },
}
