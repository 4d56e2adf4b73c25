import { type Records, serialStore } from './serial.ts'
import { type Collection, collections, type Store, StoreError } from './store.ts'

/** Keeps everything as long as the object lives, also while it is closed. For tests, and for what need not last. */
export function memoryStore(name = 'memory'): Store {
  const records = memoryRecords()
  return serialStore({
    name,
    open: () => records,
    persistence: async () => 'best-effort',
    estimate: () => null,
    explain: (cause) => new StoreError('FAILED', 'The store in memory failed.', { cause }),
  })
}

function memoryRecords(): Records {
  const texts = Object.fromEntries(collections.map((name) => [name, new Map<string, string>()])) as Record<
    Collection,
    Map<string, string>
  >
  /** What the open transaction has overwritten, oldest first. */
  let overwritten: { map: Map<string, string>; key: string; text: string | undefined }[] = []

  const remember = (map: Map<string, string>, key: string) =>
    overwritten.push({ map, key, text: map.get(key) })

  return {
    begin() {},
    commit() {
      overwritten = []
    },
    rollback() {
      for (const { map, key, text } of overwritten.reverse()) {
        if (text === undefined) map.delete(key)
        else map.set(key, text)
      }
      overwritten = []
    },
    get: (collection, key) => texts[collection].get(key),
    list: (collection, prefix) =>
      [...texts[collection].keys()]
        .filter((key) => key.startsWith(prefix))
        .sort()
        .map((key) => ({ key, text: texts[collection].get(key)! })),
    put(collection, key, text) {
      remember(texts[collection], key)
      texts[collection].set(key, text)
    },
    delete(collection, key) {
      remember(texts[collection], key)
      texts[collection].delete(key)
    },
    close() {},
  }
}
