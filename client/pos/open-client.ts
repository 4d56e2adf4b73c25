/**
 * The till's one client of the gateway.
 */
import { moduleScopes } from '../contract.ts'
import { createSyncClient, indexedDbStore, type SyncClient } from '../sdk/index.ts'

/** Of the package, put in by the build. */
export const appVersion = import.meta.env.VITE_APP_VERSION

export const store = indexedDbStore('pos')

let opening: Promise<SyncClient> | undefined

/** Opens it the first time. Rejects with a StoreError where this browser cannot keep anything. */
export function openClient(): Promise<SyncClient> {
  opening ??= createSyncClient({
    url: new URL('/graphql', location.origin).href,
    store,
    moduleScopes,
    appVersion,
  })
  return opening
}
