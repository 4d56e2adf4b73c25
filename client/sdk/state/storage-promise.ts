/** What the system has promised of the store: that it is not cleared on its own. Asked once, and waited for by nobody. */
import type { Pulse } from '../pulse.ts'
import type { Store } from '../store/store.ts'
import type { Status } from '../words.ts'

export type StoragePromise = ReturnType<typeof createStoragePromise>

export function createStoragePromise(store: Pick<Store, 'persistence'>, pulse: Pulse) {
  const promise = {
    is: 'best-effort' as Status['storage'],
    /** Resolves when the system has answered. It may ask a person first, who may never do so. */
    async ask(): Promise<void> {
      promise.learn(await store.persistence().catch(() => 'best-effort' as const))
    },
    /** What was promised to one tab is kept for all of them. */
    learn(is: Status['storage']): void {
      if (is === 'persistent') promise.is = is
      pulse.beat()
    },
  }
  return promise
}
