/** What a till of the matrix does when it is asked to: in this process, in one of its own, and in a page of a browser. */

import type { EntityKind, OfflinePayloads } from '../../client/sdk/index.ts'
import { createSyncClient, type Store, type SyncClient } from '../../client/sdk/index.ts'
import { modules } from '../client/support/modules.ts'

export type Sale = OfflinePayloads['sale.finalize']

export type Wish =
  | {
      wish: 'open'
      url: string
      /** Of the store: a path, or a name in a browser. */
      store: string
      token: string
      deviceId: string
      branchId: string
      pageSize: number
    }
  | { wish: 'sell'; sales: Sale[]; everyMs?: number }
  | { wish: 'sync' | 'look' | 'view' | 'close' }

/** What answers a wish. */
export type Told = {
  waiting?: number
  failed?: string[]
  /** It hears of changes at once. */
  nudges?: boolean
  /** What it says is wrong, if something is. */
  trouble?: string | null
  view?: string[]
}

/** All that an app could see, in an order of its own. */
export const viewOf = (client: SyncClient): string[] =>
  (modules.kinds as EntityKind[])
    .flatMap((kind) => client.query(kind).map((entity) => `${kind} ${JSON.stringify(entity)}`))
    .sort()

/** `recorded` is told of each sale that is in the queue from then on. */
export function createTillWork(of: {
  storeAt: (name: string) => Store
  recorded: (saleId: string) => unknown
}): (wish: Wish) => Promise<Told> {
  let client: SyncClient
  return async (wish) => {
    switch (wish.wish) {
      case 'open': {
        const { url, store, token, deviceId, branchId, pageSize } = wish
        client = await createSyncClient({
          ...{ url, deviceId, pageSize, store: of.storeAt(store), getToken: async () => token },
          context: { tenantId: 'demo', branchId, actorId: 'demo-admin' },
        })
        return {}
      }
      case 'sell':
        for (const sale of wish.sales) {
          await client.perform('sale.finalize', sale)
          await of.recorded(sale.saleId)
          if (wish.everyMs) await new Promise((resolve) => setTimeout(resolve, wish.everyMs))
        }
        return {}
      case 'sync':
        await client.sync()
        return {}
      case 'look': {
        const { pending, syncing, failed, nudges, problem, connectivity } = client.status()
        const trouble = problem?.code ?? (connectivity === 'offline' ? 'OFFLINE' : null)
        return { waiting: pending + syncing, failed: failed.map(({ code }) => code), nudges, trouble }
      }
      case 'view':
        return { view: viewOf(client) }
      case 'close':
        await client.close()
        return {}
    }
  }
}
