/**
 * A place for one CryptoKey in the browser. Records are texts, and a key that cannot be taken out is none, so it has a
 * database of its own beside that of the store.
 */
import { openDB } from 'idb'
import type { KeptKey, Keyring } from './store.ts'

const collection = 'keys'
const place = 'device'

export function keyringOf(storeName: string): Keyring {
  async function within<T>(work: (db: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
    const db = await open()
    try {
      return await work(db)
    } finally {
      db.close()
    }
  }
  const open = () =>
    openDB(`${storeName} keys`, 1, {
      upgrade(db) {
        db.createObjectStore(collection)
      },
    })

  return {
    find: () => within(async (db) => ((await db.get(collection, place)) as KeptKey | undefined) ?? null),
    keep: (made) =>
      within(async (db) => {
        const tx = db.transaction(collection, 'readwrite')
        const known = (await tx.store.get(place)) as KeptKey | undefined
        if (!known) await tx.store.put(made, place)
        await tx.done
        return known ?? made
      }),
    drop: () => within((db) => db.delete(collection, place)),
  }
}
