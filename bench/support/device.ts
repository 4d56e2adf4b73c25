/**
 * A device of the café with the SDK on it, over a line that can be cut. Nothing of Node's: pages run it as well.
 */
import { createSyncClient, Offline, type Store, type SyncClient } from '../../client/sdk/index.ts'

/** Where a device works, and for whom. `url`: of GraphQL over HTTP. */
export type Place = { url: string; token: string; tenantId: string; branchId: string; actorId: string }

export type Device = {
  client: SyncClient
  /** Takes the line away; resolves when the device has noticed. */
  cut(): Promise<void>
  /** Gives it back, synchronises, and resolves when that is done. */
  join(): Promise<void>
}

/** Opens the store's client. `nudged`: it listens; otherwise it pulls when it is told to. */
export async function openDevice(
  { url, token, tenantId, branchId, actorId }: Place,
  store: Store,
  { line = 'up', nudged = false }: { line?: 'up' | 'down'; nudged?: boolean } = {},
): Promise<Device> {
  let isUp = line === 'up'
  const client = await createSyncClient({
    url,
    store,
    deviceId: 'bench',
    getToken: async () => token,
    context: { tenantId, branchId, actorId },
    pullEveryMs: 3_600_000,
    environment: {
      fetch: (input, init) => (isUp ? fetch(input, init) : Promise.reject(new TypeError('fetch failed'))),
      ...(nudged ? {} : { WebSocket: undefined }),
    },
  })
  return {
    client,
    async cut() {
      isUp = false
      await client.sync().catch(() => {})
      await new Promise<void>((resolve) => {
        const look = () => client.status().connectivity === 'offline' && resolve()
        client.subscribe(look)
        look()
      })
    },
    async join() {
      isUp = true
      // A server closes connections that were idle for long, as while others had their turn.
      for (let tries = 3; ; tries -= 1)
        try {
          return await client.sync()
        } catch (error) {
          if (!(error instanceof Offline) || tries === 0) throw error
        }
    },
  }
}
