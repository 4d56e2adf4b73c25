/** Opening and closing. */

import { everything } from '../actions.ts'
import { equal, failsAs } from '../claims.ts'
import type { Case } from '../store.contract.ts'

export const lifeCases: Record<string, Case> = {
  async 'open and close may be called again and again; what was kept is still there'(open) {
    const store = await open()
    await Promise.all([store.open(), store.open()])
    await store.transact('write', (tx) => tx.put('meta', 'a', 1))
    await Promise.all([store.close(), store.close()])
    await store.close()
    await store.open()
    equal(await everything(store), { meta: [{ key: 'a', value: 1 }] })
    const closing = store.close()
    await store.open()
    await closing
    equal(await everything(store), { meta: [{ key: 'a', value: 1 }] })
  },

  async 'a store that is closed serves nobody, and says so'(open) {
    const store = await open()
    await store.close()
    await failsAs(
      'UNAVAILABLE',
      store.transact('read', (tx) => tx.get('meta', 'a')),
    )
    await failsAs(
      'UNAVAILABLE',
      store.transact('write', (tx) => tx.put('meta', 'a', 1)),
    )
    await store.open()
    equal(await everything(store), {})
  },

  async 'a transaction that is under way is finished before the store closes'(open) {
    const store = await open()
    let kept = false
    const writing = store
      .transact('write', async (tx) => {
        for (let round = 0; round < 20; round++) {
          await tx.put('meta', 'round', round)
          await tx.get('meta', 'round')
        }
      })
      .then(() => {
        kept = true
      })
    await store.close()
    equal(kept, true)
    await writing
    await store.open()
    equal(await everything(store), { meta: [{ key: 'round', value: 19 }] })
  },
}
