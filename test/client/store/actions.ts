/**
 * What several tests do with a store.
 */
import { collections, type Store } from '../../../client/sdk/store/store.ts'

/** All that is kept, less the collections with nothing in them. */
export async function everything(store: Store): Promise<object> {
  return await store.transact('read', async (tx) => {
    const kept: Record<string, unknown> = {}
    for (const collection of collections) {
      const entries = await tx.list(collection)
      if (entries.length > 0) kept[collection] = entries
    }
    return kept
  })
}

export async function increment(store: Store): Promise<number> {
  return await store.transact('write', async (tx) => {
    const next = ((await tx.get<number>('meta', 'counter')) ?? 0) + 1
    await tx.put('meta', 'counter', next)
    return next
  })
}

/** Queues sales without end, each with its place, and tells of each one that is kept. */
export async function sellOn(store: Store, kept: (position: number) => unknown): Promise<never> {
  for (;;) {
    const position = await store.transact('write', async (tx) => {
      const next = ((await tx.get<number>('meta', 'position')) ?? 0) + 1
      await tx.put('operations', String(next).padStart(9, '0'), { position: next, padding: 'x'.repeat(500) })
      await tx.put('meta', 'position', next)
      return next
    })
    await kept(position)
  }
}

/** The positions of the sales, and the last one that was given. */
export async function sold(store: Store): Promise<{ positions: (number | undefined)[]; last: number }> {
  return await store.transact('read', async (tx) => ({
    positions: (await tx.list<{ position: number }>('operations')).map(({ value }) => value?.position),
    last: (await tx.get<number>('meta', 'position')) ?? 0,
  }))
}

/**
 * Puts records of 10 kB until no more fit, two in each transaction. Returns how many transactions were kept, and what
 * the last one failed with.
 */
export async function fill(store: Store): Promise<{ kept: number; thrown: unknown }> {
  for (let kept = 0; kept < 1_000; kept++) {
    try {
      await store.transact('write', async (tx) => {
        await tx.put('entities', `${kept}/a`, noise())
        await tx.put('entities', `${kept}/b`, noise())
      })
    } catch (thrown) {
      return { kept, thrown }
    }
  }
  throw new Error('there is no end to the space')
}

/** A text of 10 kB that no disk can make smaller. */
function noise(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(7_500))))
}
