/** A till that is left to itself on a line, whatever that is like. Nothing of Node's: pages run it as well. */
import { createSyncClient, type Status, type Store } from '../../client/sdk/index.ts'
import type { Place } from './device.ts'

export type OnLine = {
  synced(): Promise<unknown>
  /** Brings in what waits from then on; how many bytes that is, as it is kept. */
  fill(queue: string): Promise<number>
  /** Resolves when nothing waits any more. */
  emptied(): Promise<unknown>
  /** Resolves when it can sell. */
  ready(): Promise<unknown>
  /** Resolves when the branch is here as a whole, to the number of its sales. */
  hydrated(): Promise<number>
  close(): Promise<void>
}

export async function openOnLine(
  { url, token, deviceId, tenantId, branchId, actorId }: Place & { deviceId: string },
  store: Store,
): Promise<OnLine> {
  const client = await createSyncClient({
    ...{ url, store, deviceId, getToken: async () => token },
    context: { tenantId, branchId, actorId },
    pullEveryMs: 3_600_000,
  })
  const once = (holds: (status: Status) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => holds(client.status()) && resolve()
      client.subscribe(look)
      look()
    })
  return {
    synced: () => client.sync().catch(() => {}),
    async fill(queue) {
      await client.importQueue(queue)
      return JSON.stringify(JSON.parse(await client.exportQueue()).operations).length
    },
    emptied: () => once(({ pending, syncing }) => pending + syncing === 0),
    ready: () => once(({ ready }) => ready),
    async hydrated() {
      await once(({ hydrated }) => hydrated)
      return client.query('sale').length
    },
    close: () => client.close(),
  }
}
