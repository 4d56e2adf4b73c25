/** A store whose room a test gives and takes. */
import { type Store, StoreError } from '../../../client/sdk/index.ts'

/** While it is full, a transaction that puts anything fails as a whole; what is deleted goes. */
export const roomOf = (kept: Store, isFull: () => boolean): Store => ({
  ...kept,
  transact: (mode, work) =>
    kept.transact(mode, async (tx) => {
      let isTooMuch = false
      const result = await work({
        ...tx,
        async put(collection, key, value) {
          if (isFull()) isTooMuch = true
          else await tx.put(collection, key, value)
        },
      })
      if (isTooMuch) throw new StoreError('FULL', 'There is no room.')
      return result
    }),
})
