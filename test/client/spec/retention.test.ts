/** What the gateway's feed forgets, a till forgets: one that has been here for long shows what a fresh one does. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SyncClient } from '../../../client/sdk/index.ts'
import { keys } from '../../../client/sdk/store/layout.ts'
import { purge } from '../../../src/sync/retention.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { textOf } from '../support/sent.ts'
import { goOnline, newBranch, openCashSession, openTill, sell } from '../support/till.ts'

let gateway: Gateway
let daysOn = 0
const clock = () => new Date(Date.now() + daysOn * 86_400_000)
beforeAll(async () => {
  gateway = await startGateway({ clock, env: { FEED_RETENTION_DAYS: '30' } })
})
afterAll(() => gateway.close())

const kinds = [
  'cashSession',
  'cashMovement',
  'sale',
  'attendance',
  'menuItem',
  'stockItem',
  'policy',
] as const
const everything = (client: SyncClient) =>
  kinds.map((kind) => [
    kind,
    client
      .query(kind)
      .map((each) => JSON.stringify(each))
      .sort(),
  ])

it('finished business goes after the days that the gateway tells, what goes on stays: as with a fresh till', async () => {
  const till = await openTill(gateway)
  const { client, context } = till
  const old = await openCashSession(till)
  for (let i = 0; i < 3; i += 1) await sell(till, old)
  const movement = {
    movementId: randomUUID(),
    cashSessionId: old,
    kind: 'PAID_IN',
    currency: 'USD',
    amount: 5,
    reason: 'change',
  } as const
  await client.perform('cashSession.movement', movement)
  await client.perform('cashSession.close', { cashSessionId: old, counted: { usd: 0, khr: 0 } })
  const attendanceId = randomUUID()
  await client.perform('attendance.startWork', { attendanceId })
  await client.perform('attendance.endWork', { attendanceId })
  // A clock that is a year behind makes nothing older than it is.
  const open = randomUUID()
  const occurredAt = new Date(Date.now() - 365 * 86_400_000)
  await client.perform(
    'cashSession.open',
    { cashSessionId: open, openingFloat: { usd: 0, khr: 0 } },
    { occurredAt },
  )
  const working = randomUUID()
  await client.perform('attendance.startWork', { attendanceId: working })
  await client.sync()
  expect(client.query('sale')).toHaveLength(3)
  await client.close()

  daysOn = 20
  const later = await till.restart()
  const { saleId } = await sell({ ...till, client: later.client }, open)
  await later.client.sync()
  expect(later.client.query('sale')).toHaveLength(4)
  await later.client.close()

  daysOn = 31
  await purge(gateway.app.db, { tombstoneDays: 30, feedDays: 30 }, clock())
  const last = await till.restart()
  await last.client.sync()
  const fresh = await openTill(gateway, { branchId: context.branchId })
  expect(last.client.query('sale').map(({ id }) => id)).toEqual([saleId])
  expect(last.client.query('cashSession').map(({ id }) => id)).toEqual([open])
  expect(last.client.query('attendance').map(({ id }) => id)).toEqual([working])
  expect(everything(last.client)).toEqual(everything(fresh.client))
  await last.client.close()
  await fresh.client.close()

  // It is gone from the store as well: the next start does not load it.
  await last.store.open()
  const kept = await last.store.transact('read', (tx) =>
    tx.list('entities', `${keys.entitiesOf(context)}sale`),
  )
  expect(kept).toHaveLength(1)
})

it('own work that was ended elsewhere, and forgotten before this till pulled again, does not go on here', async () => {
  daysOn = 0
  const branchId = await newBranch(gateway, ['barista-1'])
  const till = await openTill(gateway, { staffCode: 'barista-1', branchId })
  const { client, network } = till
  const attendanceId = randomUUID()
  await client.perform('attendance.startWork', { attendanceId })
  network.state = 'loses'
  await expect(client.sync()).rejects.toThrow()
  const elsewhere = await gateway.as('barista-1')
  expect(await elsewhere.direct('attendanceEndWork', { attendanceId }, { branchId })).toMatchObject({
    status: 'APPLIED',
  })

  daysOn = 31
  await purge(gateway.app.db, { tombstoneDays: 30, feedDays: 30 }, clock())
  await goOnline(till)
  expect(client.status()).toMatchObject({ pending: 0, failed: [], problem: null })
  expect(client.query('attendance')).toEqual([])
  expect(
    await till.store.transact('read', (tx) =>
      tx.list('entities', `${keys.entitiesOf(till.context)}attendance`),
    ),
  ).toEqual([])
  await client.perform('attendance.startWork', { attendanceId: randomUUID() })
  await client.close()
})

it('what was kept before the gateway told goes by its own times; other branches and what was given up go too', async () => {
  daysOn = 0
  const branches = await Promise.all([1, 2, 3].map(() => newBranch(gateway)))
  const till = await openTill(gateway, { branchId: branches[0]! })
  for (const branchId of branches.slice(1)) {
    await till.client.switchContext({ ...till.context, branchId })
    await till.client.sync()
  }
  await till.client.switchContext(till.context)
  await till.client.close()
  const stale = { tenantId: 'demo', branchId: branches[1]! }
  await till.store.open()
  const longAgo = new Date(Date.now() - 40 * 86_400_000).toISOString()
  await till.store.transact('write', async (tx) => {
    const stream = await tx.get<object>('meta', keys.stream(stale))
    void tx.put('meta', keys.stream(stale), { ...stream, syncedAt: longAgo, pulledAt: longAgo })
    void tx.put('discarded', 'old', { at: longAgo })
    void tx.put('discarded', 'new', { at: new Date().toISOString() })
    void tx.put('entities', keys.entity(till.context, 'sale', 'old'), {
      ...{ payload: { finalizedAt: longAgo, status: 'FINALIZED' }, seq: 1, generation: 1 },
    })
  })
  const again = await till.restart()
  await again.client.sync()
  const found = await till.store.transact('read', async (tx) => ({
    stale: (await tx.list('entities', keys.entitiesOf(stale))).length,
    staleStream: await tx.get('meta', keys.stream(stale)),
    other:
      (await tx.list('entities', keys.entitiesOf({ tenantId: 'demo', branchId: branches[2]! }))).length > 0,
    discarded: (await tx.list('discarded')).map(({ key }) => key),
  }))
  expect(found).toEqual({ stale: 0, staleStream: undefined, other: true, discarded: ['new'] })
  expect(again.client.query('sale')).toEqual([])
  await again.client.close()
})

it('a branch of which a part is here keeps that part while somebody works in another', async () => {
  daysOn = 0
  const [home, other] = await Promise.all([newBranch(gateway), newBranch(gateway)])
  const till = await openTill(gateway, { branchId: home, fresh: true, pageSize: 5 })
  const { network, client, context } = till
  const { through } = network
  const menu = () => client.query('menuItem').map(({ id }) => id)
  network.through = async (input, init) => {
    if (textOf(init).includes(other) && menu().length > 0) throw new TypeError('fetch failed')
    return through(input, init)
  }
  await client.switchContext({ ...context, branchId: other })
  await expect(client.sync()).rejects.toThrow()
  const known = menu()
  expect(known.length).toBeGreaterThan(0)
  expect(client.status().lastSyncedAt).toBeNull()

  network.through = through
  await client.switchContext(context)
  await client.sync()
  network.state = 'down'
  await client.switchContext({ ...context, branchId: other })
  expect(menu()).toEqual(known)
  await client.close()
})
