/** Records: what is put is what comes back. */
import { collections } from '../../../../client/sdk/store/store.ts'
import { equal } from '../claims.ts'
import type { Case } from '../store.contract.ts'

export const recordCases: Record<string, Case> = {
  async 'each collection gives back what was put into it, and no other does'(open) {
    const store = await open()
    await store.transact('write', async (tx) => {
      for (const collection of collections) await tx.put(collection, 'key', { of: collection })
    })
    await store.transact('read', async (tx) => {
      for (const collection of collections) {
        equal(await tx.get(collection, 'key'), { of: collection })
        equal(await tx.list(collection), [{ key: 'key', value: { of: collection } }])
      }
    })
  },

  async 'a value is any JSON, and comes back as it was'(open) {
    const store = await open()
    const text = 'កាហ្វេ ☕\u0000'
    const values = [null, false, 0, -1.5e300, '', text, [], {}, [[1, { a: [null] }]], { b: 1, a: '2' }]
    await store.transact('write', async (tx) => {
      for (const [index, value] of values.entries()) tx.put('meta', `value ${index}`, value)
    })
    await store.transact('read', async (tx) => {
      for (const [index, value] of values.entries()) equal(await tx.get('meta', `value ${index}`), value)
    })
  },

  async 'a key that was never put, or was deleted, has no value'(open) {
    const store = await open()
    await store.transact('write', (tx) => tx.put('meta', 'gone', 1))
    await store.transact('write', (tx) => tx.delete('meta', 'gone'))
    await store.transact('write', (tx) => tx.delete('meta', 'never'))
    await store.transact('read', async (tx) => {
      equal(await tx.get('meta', 'gone'), undefined)
      equal(await tx.get('meta', 'never'), undefined)
      equal(await tx.list('meta'), [])
    })
  },

  async 'a value is nobody else’s: changing what was put or got changes nothing'(open) {
    const store = await open()
    const mine = { quantity: 1, lines: [1] }
    const got = await store.transact('write', async (tx) => {
      tx.put('operations', 'a', mine)
      mine.quantity = 2
      mine.lines.push(2)
      return await tx.get<typeof mine>('operations', 'a')
    })
    got?.lines.push(3)
    await store.transact('read', async (tx) => {
      equal(await tx.get('operations', 'a'), { quantity: 1, lines: [1] })
    })
  },

  async 'a list is in the order of the keys’ code units, and a prefix means just what it says'(open) {
    const store = await open()
    await store.transact('write', async (tx) => {
      for (const key of oddKeys.toReversed()) tx.put('entities', key, key)
    })
    await store.transact('read', async (tx) => {
      for (const prefix of [...oddKeys, undefined, 'k', 'k/', 'ក', '\ud83d', '%', '_', 'no such']) {
        const expected = oddKeys.filter((key) => key.startsWith(prefix ?? '')).sort()
        equal(
          await tx.list('entities', prefix),
          expected.map((key) => ({ key, value: key })),
        )
      }
    })
  },
}

/** Of all lengths, also none; with what SQL, paths and prefixes trip over; on both sides of the surrogates. */
const oddKeys = [
  '|k|K|k/|k/1|k/10|k/2|k/é|k0|ka|%|%k|_|_k|k%|k_|*|\'|"|\\|é|e\u0301|ក|កា|កាហ្វេ|ខ|☕|😀|😀a|😁',
  '\u0000|\u0000\u0000|k\u0000|k\u0000a|\ud83d|\ufffd|\uffff|\uffffk|\uffff\uffff|k\uffff|k\uffff\uffff',
].flatMap((keys) => keys.split('|'))
