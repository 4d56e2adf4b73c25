import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { registry } from '../../src/modules/index.ts'
import { purge } from '../../src/sync/retention.ts'
import { rebuildStream } from '../../src/sync/stream.ts'
import { newBranch } from '../support/branch.ts'
import { closeSession, endWork, movement, openSession, sale, startWork } from '../support/cafe.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { Replica } from '../support/replica.ts'
import { lockWaiters } from '../support/waiting.ts'

/** The server's clock, moved by the tests. */
const start = Date.UTC(2026, 0, 1)
let today = new Date(start)
const day = (n: number) => new Date(start + n * 86_400_000)
const retention = { tombstoneDays: 30, feedDays: 30 }

let gateway: Gateway
let admin: Client
let manager: Client
let cashier: Client
let branchId: string

beforeAll(async () => {
  gateway = await startGateway({ clock: () => today })
  admin = await gateway.as('admin', { deviceId: 'office' })
  manager = await gateway.as('manager', { deviceId: 'office' })
  cashier = await gateway.as('cashier-1')
})
afterAll(() => gateway?.close())
beforeEach(async () => {
  today = day(0)
  // What other tests left is gone; each counts its own.
  await purge(gateway.app.db, retention, day(10_000))
  branchId = await newBranch(admin, 'demo-cashier-1', 'demo-manager')
})

const at = () => ({ branchId, occurredAt: today.toISOString() })
const purgeOn = (n: number, what = retention) => purge(gateway.app.db, what, day(n))
const replica = async () => new Replica().apply((await manager.pullAll({ branchId })).changes)
const streamOf = async () => {
  const [row] = await gateway.app.db.everyTenant.rows<{ head: number; horizon: number; changes: number }>(
    `select head_seq as head, horizon_seq as horizon,
       (select count(*)::int from sync_change c where c.branch_id = s.branch_id) as changes
     from sync_stream s where branch_id = $1`,
    [branchId],
  )
  return row!
}
/** An item that comes and goes: a tombstone in every stream. */
async function tombstone() {
  const menuItemId = `gone-${randomUUID()}`
  const item = { menuItemId, name: 'Gone', categoryId: 'retail', priceUsd: 1 }
  await admin.direct('menuItemSave', item, { branchId: null })
  await admin.direct('menuItemRemove', { menuItemId }, { branchId: null })
}
/** A day's finished business: session opened and closed with its statement, a sale, a movement, work. */
async function finishedDay() {
  const [session, attendanceId] = [randomUUID(), randomUUID()]
  const results = await cashier.push([
    startWork(attendanceId, at()),
    openSession(session, at()),
    movement(session, {}, at()),
    sale(session, {}, at()),
    closeSession(session, undefined, at()),
    endWork(attendanceId, at()),
  ])
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['APPLIED']))
  return { session, attendanceId, saleId: results[3]!.result.saleId as string }
}

describe('what ages and what stays', () => {
  it('finished sales, sessions with their statements, movements and work leave the feed; the business rows stay', async () => {
    const { session, attendanceId, saleId } = await finishedDay()
    expect(await purgeOn(29)).toBe(0)
    expect((await replica()).has('sale', saleId)).toBe(true)
    expect(await purgeOn(31)).toBe(5)
    const local = await replica()
    expect([
      local.has('sale', saleId),
      local.has('cashSession', session),
      local.has('attendance', attendanceId),
      [...local.entities.keys()].some((name) => name.startsWith('cashMovement')),
    ]).toEqual([false, false, false, false])
    const { sale: kept, cashSession } = await manager.data<{ sale: object; cashSession: object }>(
      `query ($b: ID!, $s: UUID!, $c: UUID!) {
         sale(tenantId: "demo", branchId: $b, saleId: $s) { receiptNumber }
         cashSession(tenantId: "demo", branchId: $b, cashSessionId: $c) { status } }`,
      { b: branchId, s: saleId, c: session },
    )
    expect([kept, cashSession]).toEqual([{ receiptNumber: 1 }, { status: 'CLOSED' }])
  })

  it('unfinished business and what simply is stay, however old', async () => {
    const [session, attendanceId] = [randomUUID(), randomUUID()]
    await cashier.push([openSession(session, at()), startWork(attendanceId, at())])
    await manager.direct(
      'inventoryRestock',
      { stockItemId: 's', quantity: 1, name: 'S', unit: 'g' },
      { branchId },
    )
    const before = (await replica()).sorted()
    expect(await purgeOn(10_000)).toBe(0)
    expect((await replica()).sorted()).toEqual(before)
    await cashier.push([endWork(attendanceId, at())])
  })

  it('what is finished ages from when it finished', async () => {
    const session = randomUUID()
    await cashier.push([openSession(session, at())])
    today = day(40)
    await cashier.push([closeSession(session, undefined, at())])
    expect(await purgeOn(60)).toBe(0)
    expect(await purgeOn(71)).toBe(2)
  })

  it('what changes after it was finished begins to age anew; what was purged comes back with a change', async () => {
    const { saleId } = await finishedDay()
    expect(await purgeOn(31)).toBe(5)
    today = day(35)
    await cashier.push([openSession(undefined, at())])
    await manager.direct('saleVoid', { saleId, reason: 'late' }, { branchId })
    expect((await replica()).get('sale', saleId)).toMatchObject({ status: 'VOIDED' })
    expect(await purgeOn(64)).toBe(0)
    expect(await purgeOn(66)).toBe(1)
  })

  it('what was purged stays so in a stream that is made anew, and what is left goes when it would have gone', async () => {
    const { saleId: first } = await finishedDay()
    today = day(20)
    const { saleId: second } = await finishedDay()
    expect(await purgeOn(31)).toBe(5)
    today = day(31)
    const times = { at: today, finishedSince: day(31 - retention.feedDays) }
    await gateway.app.db
      .tenant('demo')
      .transaction((tx) => rebuildStream(tx, registry, 'demo', branchId, times))
    const rebuilt = await replica()
    expect([rebuilt.has('sale', first), rebuilt.has('sale', second)]).toEqual([false, true])
    expect(await purgeOn(49)).toBe(0)
    expect(await purgeOn(51)).toBe(5)
    expect((await replica()).has('sale', second)).toBe(false)
  })

  it('what arrived long after it was done is as old in a stream that is made anew as it was before', async () => {
    const attendanceId = randomUUID()
    await cashier.push([startWork(attendanceId, at())])
    today = day(40)
    await cashier.push([endWork(attendanceId, { branchId, occurredAt: day(1).toISOString() })])
    const before = (await replica()).sorted()
    today = day(41)
    const times = { at: today, finishedSince: day(41 - retention.feedDays) }
    await gateway.app.db
      .tenant('demo')
      .transaction((tx) => rebuildStream(tx, registry, 'demo', branchId, times))
    expect((await replica()).sorted()).toEqual(before)
    expect(await purgeOn(69)).toBe(0)
    expect(await purgeOn(71)).toBe(1)
  })

  it('tombstones have a time of their own', async () => {
    await tombstone()
    await finishedDay()
    const streams = await gateway.app.db.everyTenant.rows(
      `select 1 from sync_stream where tenant_id = 'demo'`,
      [],
    )
    expect(await purgeOn(20, { tombstoneDays: 10, feedDays: 30 })).toBe(streams.length)
    expect(await purgeOn(40, { tombstoneDays: 10, feedDays: 50 })).toBe(0)
    expect(await purgeOn(51, { tombstoneDays: 10, feedDays: 50 })).toBe(5)
  })

  it('more than one page at a time is purged to the last', async () => {
    await gateway.app.db.everyTenant.run(
      `insert into sync_change (tenant_id, branch_id, entity_kind, entity_id, seq, module, op_kind, occurred_at, ages_from)
       select 'demo', $1, 'sale', 'old-' || n, 1000 + n, 'SALE', 'TOMBSTONE', $2, $2 from generate_series(1, 4500) n`,
      [branchId, day(0)],
    )
    await gateway.app.db.everyTenant.run('update sync_stream set head_seq = 5500 where branch_id = $1', [
      branchId,
    ])
    expect(await purgeOn(31)).toBe(4500)
    expect(await streamOf()).toMatchObject({ horizon: 5500 })
  })
})

describe('the horizon', () => {
  it('is the highest seq that was purged; who is in front of it goes on, who is behind is CURSOR_EXPIRED', async () => {
    const behind = (await manager.pullAll({ branchId })).cursor
    await finishedDay()
    const { changes, cursor: inFront } = await manager.pullAll({ branchId })
    const { horizon } = await streamOf()
    await purgeOn(31)
    const after = await streamOf()
    const finished = changes.filter(({ entityKind }) =>
      ['sale', 'cashSession', 'cashMovement', 'attendance'].includes(entityKind),
    )
    expect(after.horizon).toBe(Math.max(...finished.map(({ seq }) => seq)))
    expect(after.horizon).toBeGreaterThan(horizon)
    expect(await manager.pull({ branchId, cursor: inFront })).toMatchObject({ changes: [], hasMore: false })
    expect(await manager.pull({ branchId, cursor: behind })).toMatchObject({ reason: 'CURSOR_EXPIRED' })

    await admin.direct('policyUpdate', { vatRatePercent: 3 }, { branchId })
    expect(await manager.pull({ branchId, cursor: inFront })).toMatchObject({
      changes: [{ entityKind: 'policy' }],
    })
  })

  it('does not move where nothing is purged, nor in other branches', async () => {
    const other = branchId
    const before = await streamOf()
    branchId = await newBranch(admin, 'demo-cashier-1')
    await finishedDay()
    await purgeOn(31)
    branchId = other
    expect(await streamOf()).toMatchObject({ horizon: before.horizon })
  })

  it('a device that was told of a removal in time is not reset by its purge', async () => {
    const device = await manager.pullAll({ branchId })
    await tombstone()
    const told = await manager.pullAll({ branchId, cursor: device.cursor })
    expect(told.changes).toMatchObject([{ opKind: 'TOMBSTONE' }])
    await purgeOn(31)
    expect(await manager.pull({ branchId, cursor: told.cursor })).toMatchObject({ changes: [] })
    expect(await manager.pull({ branchId, cursor: device.cursor })).toMatchObject({
      reason: 'CURSOR_EXPIRED',
    })
  })
})

describe('a bootstrap under way while the purge runs', () => {
  it('is right: what is purged meanwhile was there before it began, and is not needed', async () => {
    await finishedDay()
    await tombstone()
    const first = await manager.pull({ branchId, limit: 10 })
    if ('reason' in first) throw new Error(first.reason)
    await purgeOn(31)
    const rest = await manager.pullAll({ branchId, cursor: first.nextCursor, limit: 10 })
    const local = new Replica().apply([...first.changes, ...rest.changes])
    expect(local.sorted()).toEqual((await replica()).sorted())
    expect(await manager.pull({ branchId, cursor: rest.cursor })).toMatchObject({ changes: [] })
  })

  it('is reset where something was removed after it began and purged before it heard of it', async () => {
    const first = await manager.pull({ branchId, limit: 10 })
    if ('reason' in first) throw new Error(first.reason)
    await tombstone()
    await purgeOn(31)
    expect(await manager.pull({ branchId, cursor: first.nextCursor })).toMatchObject({
      reason: 'CURSOR_EXPIRED',
    })
  })
})

describe('two gateways purge at once', () => {
  it('one does it, the other leaves it to that one; nothing is counted twice', async () => {
    await finishedDay()
    const { db } = gateway.app
    const [first, second] = await db.everyTenant.transaction(async (tx) => {
      // The first to purge has to wait for this writer; the second comes meanwhile.
      await tx.run('select 1 from sync_stream where branch_id = $1 for update', [branchId])
      const first = purgeOn(31)
      await lockWaiters(gateway.databaseUrl, 1)
      return [first, await purgeOn(31)] as const
    })
    expect(second).toBeNull()
    expect(await first).toBe(5)
    expect(await purgeOn(31)).toBe(0)
  })
})
