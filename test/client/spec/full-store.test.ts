/** A tablet without space: what was recorded is sent all the same, once, and the till goes on when there is room. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { OperationBlocked, type SyncClient, sqliteStore } from '../../../client/sdk/index.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { goOffline, openCashSession, openTill, pushed, sell } from '../support/till.ts'

let gateway: Gateway
let folder: string
beforeAll(async () => {
  gateway = await startGateway()
  folder = await mkdtemp(join(tmpdir(), 'modula-full-'))
})
afterAll(async () => {
  await gateway.close()
  await rm(folder, { recursive: true })
})

async function salesAt(branchId: string): Promise<number> {
  const [row] = await gateway.app.db.rows<{ count: number }>(
    'select count(*)::int as count from sale where branch_id = $1',
    [branchId],
  )
  return row!.count
}

const counts = ({ pending, syncing, failed }: ReturnType<SyncClient['status']>) => ({
  pending,
  syncing,
  failed,
})

it('a full store drains: nothing is lost, nothing is sent for ever, and what waits is what the status says', async () => {
  const file = join(folder, 'till.sqlite')
  const till = await openTill(gateway, {
    store: sqliteStore(file, { maxBytes: 500_000 }),
  })
  const { client, context } = till
  const cashSessionId = await openCashSession(till)
  await client.sync()
  await goOffline(till)
  let queued = 0
  const full = await (async () => {
    for (;;) {
      await sell(till, cashSessionId)
      queued += 1
    }
  })().catch((error: unknown) => error)
  expect(full).toBeInstanceOf(OperationBlocked)
  expect(full).toMatchObject({ code: 'STORAGE_FULL' })
  expect(queued).toBeGreaterThan(100)

  till.network.state = 'up'
  till.network.sent.length = 0
  // The first request may meet a connection that the gateway has closed meanwhile.
  await vi.waitFor(async () => {
    await client.sync().catch(() => {})
    expect(counts(client.status())).toEqual({ pending: 0, syncing: 0, failed: [] })
  }, 20_000)
  expect(await salesAt(context.branchId)).toBe(queued)
  expect(client.query('sale')).toHaveLength(queued)
  const sent = pushed(till.network)
    .flat()
    .map(({ clientOpId }) => clientOpId)
  expect(new Set(sent).size).toBe(queued)
  expect(sent.length).toBeLessThanOrEqual(queued + 200)

  // What is sent makes room for the next sale, whether or not what is pulled fits.
  await sell(till, cashSessionId)
  await client.sync().catch(() => {})
  expect(counts(client.status())).toEqual({ pending: 0, syncing: 0, failed: [] })
  expect(await salesAt(context.branchId)).toBe(queued + 1)
  expect(client.query('sale')).toHaveLength(queued + 1)
  await client.close()

  // Somebody has made room.
  const roomy = sqliteStore(file)
  const again = await openTill(gateway, {
    store: roomy,
    branchId: context.branchId,
    deviceId: client.deviceId,
  })
  await again.client.sync()
  expect(again.client.status()).toMatchObject({ pending: 0, syncing: 0, failed: [], problem: null })
  expect(await salesAt(context.branchId)).toBe(queued + 1)
  expect(again.client.query('sale', { where: { pending: false } })).toHaveLength(queued + 1)
  await again.client.close()
})
