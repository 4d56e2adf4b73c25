/**
 * A server that was restored from a backup, and a till that knows more than it: what was sold goes back to it by itself,
 * nothing of it is refused for what the server has forgotten, and what a person sees adds up at each moment.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { memoryStore, type SyncClient } from '../../../client/sdk/index.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { backUp, restore } from '../../support/tenant-backup.ts'
import { roomOf } from '../support/room.ts'
import { textOf } from '../support/sent.ts'
import {
  goOffline,
  goOnline,
  newBranch,
  openCashSession,
  openTill,
  sell,
  type Till,
  type TillOptions,
} from '../support/till.ts'

let database: TestDatabase
let gateway: Gateway
beforeAll(async () => {
  database = await createTestDatabase('demo')
  gateway = await startGateway({ databaseUrl: database.url, env: { PUSH_CHUNK: '2' } })
})
afterAll(async () => {
  await gateway?.close()
  await database?.drop()
})

const backUpNow = () => backUp(database.superuserUrl, ['demo'])
const restoreNow = () => restore(database.superuserUrl, ['demo'])

/** A branch with croissants, and a till in it that has been opened before the backup. */
async function tillOfBefore(options: TillOptions = {}): Promise<Till> {
  const branchId = await newBranch(gateway)
  const admin = await gateway.as('admin')
  const croissants = { stockItemId: 'croissant', name: 'Croissant', unit: 'piece', quantity: 100 }
  await admin.direct('inventoryRestock', { ...croissants, reason: 'Opening' }, { branchId })
  const till = await openTill(gateway, { pageSize: 4, branchId, ...options })
  await backUpNow()
  return till
}

const sellCroissant = (till: Till, cashSessionId: string) =>
  sell(till, cashSessionId, { lines: [{ menuItemId: 'croissant', quantity: 1 }] })
const waste = ({ client }: Till) =>
  client.perform('inventory.waste', { stockItemId: 'croissant', quantity: 1, reason: 'Dropped' })

/** What somebody at the till counts. */
const counted = (client: SyncClient) => ({
  drawers: client.query('cashSession').map(({ expected }) => expected.usd),
  sales: client.query('sale').length,
  croissants: client.get('stockItem', 'croissant')?.onHand,
  failed: client.status().failed.map(({ code }) => code),
})

/** Everything different that is seen from now on, first what is seen now. */
function watched(client: SyncClient) {
  const seen = [counted(client)]
  client.subscribe(() => {
    const now = counted(client)
    if (JSON.stringify(now) !== JSON.stringify(seen.at(-1))) seen.push(now)
  })
  return seen
}

async function salesAtServer({ context }: Till): Promise<number> {
  const rows = await gateway.app.db.everyTenant.rows('select id from sale where branch_id = $1', [
    context.branchId,
  ])
  return rows.length
}

it('what waits builds on what the server has forgotten: nothing is refused, and nothing seen changes meanwhile', async () => {
  const till = await tillOfBefore()
  const cashSessionId = await openCashSession(till)
  for (let i = 0; i < 6; i += 1) await sellCroissant(till, cashSessionId)
  await waste(till)
  await till.client.sync()
  await goOffline(till)
  for (let i = 0; i < 3; i += 1) await sellCroissant(till, cashSessionId)
  await restoreNow()
  const seen = watched(till.client)
  await goOnline(till)
  expect(seen).toEqual([expect.objectContaining({ sales: 9, croissants: 90, failed: [] })])
  expect(await salesAtServer(till)).toBe(9)
  expect(till.client.status()).toMatchObject({ pending: 0, syncing: 0, problem: null })
  await till.client.close()
})

it('the same where what was confirmed does not get through before all has been brought anew', async () => {
  const till = await tillOfBefore()
  const cashSessionId = await openCashSession(till)
  for (let i = 0; i < 6; i += 1) await sellCroissant(till, cashSessionId)
  await waste(till)
  await till.client.sync()
  await restoreNow()
  const { through } = till.network
  till.network.through = async (input, init) => {
    if (textOf(init).includes('syncPushBatch')) throw new TypeError('fetch failed')
    return through(input, init)
  }
  const seen = watched(till.client)
  for (let i = 0; i < 3; i += 1) await till.client.sync().catch(() => {})
  expect(till.client.status()).toMatchObject({ pending: 8, hydrated: true })
  till.network.through = through
  await till.client.sync()
  expect(seen).toEqual([expect.objectContaining({ sales: 6, croissants: 93, failed: [] })])
  expect(await salesAtServer(till)).toBe(6)
  await till.client.close()
})

it('a restore between a reset and the first page after it is noticed', async () => {
  const till = await tillOfBefore()
  const cashSessionId = await openCashSession(till)
  for (let i = 0; i < 3; i += 1) await sellCroissant(till, cashSessionId)
  await till.client.sync()
  // Another epoch; what was confirmed is sent again, and then the line goes, before a page has come.
  await restoreNow()
  const { through } = till.network
  let pulls = 0
  till.network.through = async (input, init) => {
    if (textOf(init).includes('syncPull') && pulls++ > 0) throw new TypeError('fetch failed')
    return through(input, init)
  }
  await till.client.sync().catch(() => {})
  expect(await salesAtServer(till)).toBe(3)
  await restoreNow()
  expect(await salesAtServer(till)).toBe(0)
  till.network.through = through
  const seen = watched(till.client)
  await till.client.sync()
  expect(await salesAtServer(till)).toBe(3)
  expect(seen).toEqual([expect.objectContaining({ sales: 3, croissants: 97, failed: [] })])
  expect(till.client.status()).toMatchObject({ pending: 0, syncing: 0, problem: null })
  await till.client.close()
})

it('a restore before anything was ever pulled is noticed', async () => {
  const till = await tillOfBefore()
  const cashSessionId = await openCashSession(till)
  await sellCroissant(till, cashSessionId)
  const file = await till.client.exportQueue()
  const other = await openTill(gateway, { branchId: till.context.branchId, fresh: true })
  const { through } = other.network
  other.network.through = async (input, init) => {
    if (textOf(init).includes('syncPull')) throw new TypeError('fetch failed')
    return through(input, init)
  }
  await other.client.importQueue(file)
  await other.client.sync().catch(() => {})
  expect(await salesAtServer(till)).toBe(1)
  await restoreNow()
  other.network.through = through
  await other.client.sync()
  expect(await salesAtServer(till)).toBe(1)
  expect(other.client.status()).toMatchObject({ pending: 0, syncing: 0, failed: [] })
  await Promise.all([till.client.close(), other.client.close()])
})

it('what a catch-up had brought and held back before the restore does not come back after it', async () => {
  const till = await tillOfBefore()
  const cashSessionId = await openCashSession(till)
  await sellCroissant(till, cashSessionId)
  await till.client.sync()
  await goOffline(till)
  await sellCroissant(till, cashSessionId)
  const file = await till.client.exportQueue()
  // A new tablet takes over what waits, and gets all but the last page: the session is there, and not shown yet.
  const other = await openTill(gateway, { branchId: till.context.branchId, fresh: true, pageSize: 1 })
  const { through } = other.network
  other.network.through = async (input, init) => {
    const response = await through(input, init)
    const text = await response.text()
    if (text.includes('"hasMore":false')) throw new TypeError('fetch failed')
    return new Response(text, response)
  }
  await other.client.importQueue(file)
  await other.client.sync().catch(() => {})
  await restoreNow()
  other.network.through = through
  await other.client.sync()
  expect(counted(other.client)).toMatchObject({ sales: 0, drawers: [], failed: ['CASH_SESSION_NOT_OPEN'] })
  await Promise.all([till.client.close(), other.client.close()])
})

it('what waits for another branch finds there what it builds on', async () => {
  const till = await tillOfBefore()
  const other = { ...till.context, branchId: 'riverside' }
  await till.client.switchContext(other)
  await till.client.sync()
  await till.client.switchContext(till.context)
  const cashSessionId = await openCashSession(till)
  await sellCroissant(till, cashSessionId)
  await till.client.sync()
  await goOffline(till)
  await sellCroissant(till, cashSessionId)
  await till.client.switchContext(other)
  await restoreNow()
  await goOnline(till)
  expect(till.client.status()).toMatchObject({ pending: 0, failed: [] })
  expect(await salesAtServer(till)).toBe(2)
  await till.client.close()
})

it('a store without room cannot begin anew, and drains all the same', async () => {
  let isFull = false
  const till = await tillOfBefore({ store: roomOf(memoryStore(), () => isFull) })
  const cashSessionId = await openCashSession(till)
  await till.client.sync()
  await backUpNow()
  await goOffline(till)
  for (let i = 0; i < 3; i += 1) await sellCroissant(till, cashSessionId)
  isFull = true
  await restoreNow()
  till.network.state = 'up'
  await expect(till.client.sync()).rejects.toMatchObject({ code: 'STORAGE_FULL' })
  expect(till.client.status()).toMatchObject({ pending: 0, failed: [], problem: { code: 'STORAGE_FULL' } })
  expect(await salesAtServer(till)).toBe(3)
  isFull = false
  await till.client.sync()
  expect(counted(till.client)).toMatchObject({ sales: 3, croissants: 97, failed: [] })
  await till.client.close()
})
