/** A till in a process of its own, for `matrix.ts`: it does what it is asked for by messages, until it is killed. */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { createSyncClient, type SyncClient, sqliteStore } from '../../client/sdk/index.ts'
import type { OfflinePayloads } from '../../client/sdk/words.ts'
import { salePayload } from '../support/cafe.ts'

export type Wish =
  | {
      wish: 'open'
      url: string
      store: string
      token: string
      deviceId: string
      branchId: string
      pageSize: number
    }
  | { wish: 'sell'; count: number; everyMs?: number }
  | { wish: 'sync' | 'look' }
  /** What was applied is pulled too. */
  | { wish: 'settle' }

/** `recorded`: a sale that is in the queue from now on. The rest answers a wish. */
export type Told = {
  id?: string
  recorded?: string
  fault?: string
  waiting?: number
  failed?: number
  sales?: string[]
}

/** Sells, in the session that is open or in a new one. */
export async function sellAll(
  client: SyncClient,
  count: number,
  recorded: (saleId: string) => void,
  everyMs = 0,
): Promise<void> {
  const open = client.query('cashSession', { where: { status: 'OPEN' } })[0]
  const cashSessionId = open?.id ?? randomUUID()
  if (!open) await client.perform('cashSession.open', { cashSessionId, openingFloat: { usd: 0, khr: 0 } })
  for (let n = 0; n < count; n += 1) {
    const payload = salePayload(cashSessionId) as OfflinePayloads['sale.finalize']
    await client.perform('sale.finalize', payload)
    recorded(payload.saleId)
    if (everyMs > 0) await wait(everyMs)
  }
}

let client: SyncClient

async function fulfil(wish: Wish): Promise<Omit<Told, 'id'>> {
  switch (wish.wish) {
    case 'open': {
      const { url, store, token, deviceId, branchId, pageSize } = wish
      client = await createSyncClient({
        ...{ url, deviceId, pageSize, store: sqliteStore(store), getToken: async () => token },
        context: { tenantId: 'demo', branchId, actorId: 'demo-admin' },
      })
      return {}
    }
    case 'sell':
      await sellAll(client, wish.count, (recorded) => process.send!({ recorded }), wish.everyMs)
      return {}
    case 'sync':
      await client.sync()
      return {}
    case 'settle':
      for (let tries = 5; tries > 0; tries -= 1)
        if (
          await client.sync().then(
            () => true,
            () => false,
          )
        )
          break
      return {}
    case 'look': {
      const { pending, syncing, failed } = client.status()
      const sales = client.query('sale').map(({ id }) => id)
      return { waiting: pending + syncing, failed: failed.length, sales }
    }
  }
}

if (process.send && process.argv[1]?.endsWith('till-process.ts')) {
  process.on('message', ({ id, ...wish }: Wish & { id: string }) => {
    fulfil(wish as Wish).then(
      (told) => process.send!({ id, ...told }),
      (error) => process.send!({ id, fault: String(error?.stack ?? error) }),
    )
  })
  process.once('disconnect', () => process.exit())
}
