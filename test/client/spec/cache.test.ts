/** The cache, and what it decides: FR-4, 5, 7, 9, 10, UC-2, 3, AC-2..5, EC-OS-02, 03, 06..11. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registry } from '../../../src/modules/index.ts'
import { rebuildStream } from '../../../src/sync/stream.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { asNow } from '../../support/streams.ts'
import {
  goOffline,
  goOnline,
  newBranch,
  openCashSession,
  openTill,
  sale,
  sell,
  until,
} from '../support/till.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

/** As after a restore: a new epoch, no tombstones. */
const rebuild = (branchId: string) =>
  gateway.app.db.tenant('demo').transaction((tx) => rebuildStream(tx, registry, 'demo', branchId, asNow()))

const cashier = { staffCode: 'cashier-1', branchId: 'riverside' }

describe('hydration', () => {
  it('FR-4: menu and policy are cached for the tenant and branch, and are there without a network', async () => {
    const till = await openTill(gateway, cashier)
    await till.client.close()
    till.network.state = 'down'
    const again = await till.restart()
    expect(again.client.status()).toMatchObject({ hydrated: true, connectivity: 'offline' })
    expect(again.client.query('menuItem').length).toBeGreaterThanOrEqual(30)
    expect(again.client.get('policy', 'riverside')).toMatchObject({
      vatRatePercent: 10,
      fxRateKhrPerUsd: 4100,
    })
    await again.client.close()
  })

  it('comes in pages, with progress, and goes on where it was interrupted', async () => {
    const till = await openTill(gateway, { ...cashier, fresh: true, pageSize: 10 })
    const loaded: number[] = []
    till.client.subscribe(({ phase, progress }) => {
      if (phase === 'hydrating' && progress) loaded.push(progress.loaded)
      if (new Set(loaded).size > 2) till.network.state = 'down'
    })
    await expect(till.client.sync()).rejects.toMatchObject({ code: 'OFFLINE' })
    expect(till.client.status().hydrated).toBe(false)
    const kinds = [
      'branch',
      'policy',
      'staffMember',
      'menuCategory',
      'modifierGroup',
      'menuItem',
      'stockItem',
    ] as const
    const kept = kinds.reduce((sum, kind) => sum + till.client.query(kind).length, 0)
    expect(kept).toBeGreaterThanOrEqual(30)
    await till.client.close()

    const again = await till.restart({ pageSize: 10 })
    till.network.sent.length = 0
    await goOnline(again)
    expect(again.client.status().hydrated).toBe(true)
    const firstPull = till.network.sent.find(({ query }) => query.includes('syncPull'))
    expect(firstPull?.variables.input?.cursor).not.toBeNull()
    expect(new Set(loaded).size).toBeGreaterThan(2)
    await again.client.close()
  })

  it('a page that cannot be stored leaves the cursor where it was', async () => {
    const till = await openTill(gateway, { ...cashier, fresh: true })
    const { transact } = till.store
    till.store.transact = (mode, work) =>
      transact.call(till.store, mode, async (tx) => {
        const result = await work(tx)
        if (mode === 'write' && (await tx.list('entities')).length > 0) throw new Error('the disk is gone')
        return result
      }) as ReturnType<typeof work>
    await expect(till.client.sync()).rejects.toThrow('the disk is gone')
    expect(till.client.query('menuItem')).toEqual([])
    till.store.transact = transact
    await till.client.sync()
    expect(till.client.query('menuItem').length).toBeGreaterThanOrEqual(30)
    await till.client.close()
  })
})

describe('resets', () => {
  it('EC-OS-07: a stream that was rebuilt is loaded anew; the queue is untouched, old data stays in view', async () => {
    const till = await openTill(gateway)
    const cashSessionId = await openCashSession(till)
    await till.client.sync()
    await goOffline(till)
    const { saleId } = await sell(till, cashSessionId)
    await rebuild(till.context.branchId)
    const menuSizes = new Set<number>()
    till.client.watch('menuItem', undefined, (items) => menuSizes.add(items.length))
    await goOnline(till)
    expect(till.client.get('sale', saleId)).toMatchObject({ receiptNumber: 1, pending: false })
    expect(till.client.status()).toMatchObject({ hydrated: true, failed: [], pending: 0 })
    expect(menuSizes.has(0)).toBe(false)
    await till.client.close()
  })

  it('EC-OS-07: what vanished meanwhile is gone after the rebuild', async () => {
    const till = await openTill(gateway)
    const admin = await gateway.as('admin')
    const menuItemId = `gone-${randomUUID().slice(0, 8)}`
    const item = { menuItemId, name: 'Soon gone', categoryId: 'coffee', priceUsd: 100 }
    await admin.direct('menuItemSave', item, { branchId: null })
    await till.client.sync()
    expect(till.client.get('menuItem', menuItemId)?.name).toBe('Soon gone')
    await admin.direct('menuItemRemove', { menuItemId }, { branchId: null })
    // Rebuilt from the rows: there is no tombstone any more.
    await rebuild(till.context.branchId)
    await till.client.sync()
    expect(till.client.get('menuItem', menuItemId)).toBeUndefined()
    expect(till.client.query('menuItem').length).toBeGreaterThanOrEqual(30)
    await till.client.close()
  })

  it('EC-OS-08: other scopes begin anew, and leave only what belongs to them', async () => {
    const till = await openTill(gateway, cashier)
    expect(till.client.query('stockItem').length).toBeGreaterThan(0)
    await till.client.close()
    const again = await till.restart({ moduleScopes: ['BRANCH', 'POLICY', 'MENU'] })
    await again.client.sync()
    expect(again.client.query('stockItem')).toEqual([])
    expect(again.client.query('menuItem').length).toBeGreaterThanOrEqual(30)
    await again.client.close()
  })

  it('EC-OS-09: a tombstone takes the local record away, and one of something unknown is no error', async () => {
    const till = await openTill(gateway)
    const admin = await gateway.as('admin')
    const [known, unknown] = [`t-${randomUUID().slice(0, 8)}`, `t-${randomUUID().slice(0, 8)}`]
    const item = { name: 'Brief', categoryId: 'coffee', priceUsd: 100 }
    await admin.direct('menuItemSave', { ...item, menuItemId: known }, { branchId: null })
    await till.client.sync()
    expect(till.client.get('menuItem', known)).toBeDefined()
    await admin.direct('menuItemSave', { ...item, menuItemId: unknown }, { branchId: null })
    for (const menuItemId of [known, unknown])
      await admin.direct('menuItemRemove', { menuItemId }, { branchId: null })
    await till.client.sync()
    expect(till.client.get('menuItem', known)).toBeUndefined()
    expect(till.client.get('menuItem', unknown)).toBeUndefined()
    await till.client.close()
  })
})

describe('convergence', () => {
  it('EC-OS-10: a change of the menu reaches the tills of every branch', async () => {
    const tills = [await openTill(gateway), await openTill(gateway)]
    const admin = await gateway.as('admin')
    await admin.direct('menuItemSave', { menuItemId: 'beans-250', priceUsd: 910 }, { branchId: null })
    for (const { client } of tills) {
      await client.sync()
      expect(client.get('menuItem', 'beans-250')?.priceUsd).toBe(910)
      await client.close()
    }
  })

  it('a nudge brings a change without anybody asking', async () => {
    const till = await openTill(gateway, { nudged: true })
    const admin = await gateway.as('admin')
    await admin.direct('menuItemSave', { menuItemId: 'beans-1000', priceUsd: 3333 }, { branchId: null })
    await new Promise<void>((resolve) => {
      till.client.watch('menuItem', { id: 'beans-1000' }, ([item]) => item?.priceUsd === 3333 && resolve())
    })
    await till.client.close()
  })

  it('EC-OS-11: with all nudges lost, the timer and the return of a person bring everything', async () => {
    let resume = () => {}
    const till = await openTill(gateway, {
      pullEveryMs: 200,
      environment: {
        watchPlatform: (on) => {
          resume = on.resume
          return () => {}
        },
      },
    })
    const admin = await gateway.as('admin')
    const price = (priceUsd: number) =>
      new Promise<void>((resolve) => {
        const stop = till.client.watch('menuItem', { id: 'brownie' }, ([item]) => {
          if (item?.priceUsd !== priceUsd) return
          queueMicrotask(() => stop())
          resolve()
        })
      })
    await admin.direct('menuItemSave', { menuItemId: 'brownie', priceUsd: 221 }, { branchId: null })
    await price(221)
    await till.client.close()

    const slow = await till.restart({ pullEveryMs: 3_600_000 })
    await slow.client.sync()
    await admin.direct('menuItemSave', { menuItemId: 'brownie', priceUsd: 222 }, { branchId: null })
    resume()
    await new Promise<void>((resolve) => {
      slow.client.watch('menuItem', { id: 'brownie' }, ([item]) => item?.priceUsd === 222 && resolve())
    })
    await slow.client.close()
  })

  it('triggers that come while a pull runs make one more, not many', async () => {
    const till = await openTill(gateway)
    till.network.sent.length = 0
    await Promise.all(Array.from({ length: 20 }, () => till.client.sync()))
    expect(till.network.sent.filter(({ query }) => query.includes('syncPull'))).toHaveLength(2)
    await till.client.close()
  })
})

describe('what the device stops by itself', () => {
  it('FR-5: a sale is blocked while menu and policy are missing', async () => {
    const till = await openTill(gateway, { fresh: true })
    till.network.state = 'down'
    await till.client.close()
    const empty = await till.restart()
    await expect(empty.client.perform('sale.finalize', sale(randomUUID()))).rejects.toMatchObject({
      name: 'OperationBlocked',
      code: 'CACHE_MISSING',
    })
    expect(empty.client.blocked('sale.finalize')?.code).toBe('CACHE_MISSING')
    await empty.client.close()
  })

  it('EC-OS-06: a sale without an open session is blocked, and so is one in a session that is closed', async () => {
    const till = await openTill(gateway)
    const blocked = { name: 'OperationBlocked', code: 'CASH_SESSION_NOT_OPEN' }
    await expect(till.client.perform('sale.finalize', sale(randomUUID()))).rejects.toMatchObject(blocked)
    expect(till.client.blocked('sale.finalize')?.code).toBe('CASH_SESSION_NOT_OPEN')
    const cashSessionId = await openCashSession(till)
    expect(till.client.blocked('sale.finalize')).toBeNull()
    await till.client.perform('cashSession.close', { cashSessionId, counted: { usd: 10_000, khr: 0 } })
    await expect(till.client.perform('sale.finalize', sale(cashSessionId))).rejects.toMatchObject(blocked)
    await till.client.close()
  })

  it('section 3: what is not allowed offline is blocked with a clear message', async () => {
    const till = await openTill(gateway)
    for (const type of ['menuItem.save', 'inventory.restock', 'policy.update', 'sale.void'])
      await expect(till.client.perform(type as 'sale.finalize', {} as never)).rejects.toMatchObject({
        name: 'OperationBlocked',
        code: 'OPERATION_NOT_SUPPORTED_OFFLINE',
      })
    await goOffline(till)
    expect(till.client.blocked('sale.void')?.code).toBe('OPERATION_NOT_SUPPORTED_OFFLINE')
    await expect(till.client.online('policy.update', { vatEnabled: false })).rejects.toMatchObject({
      name: 'Offline',
    })
    await till.client.close()
  })

  it('what a role may not do is blocked: a barista sells nothing, but records work', async () => {
    const till = await openTill(gateway, { staffCode: 'barista-1', branchId: 'riverside' })
    expect(till.client.blocked('sale.finalize')?.code).toBe('ACTION_NOT_PERMITTED')
    expect(till.client.blocked('attendance.startWork')).toBeNull()
    const open = { cashSessionId: randomUUID(), openingFloat: { usd: 0, khr: 0 } }
    await expect(till.client.perform('cashSession.open', open)).rejects.toMatchObject({
      code: 'ACTION_NOT_PERMITTED',
    })
    await till.client.close()
  })

  it('a branch that is known to be frozen takes nothing', async () => {
    const till = await openTill(gateway)
    const admin = await gateway.as('admin')
    await admin.direct('branchFreeze', null, { branchId: till.context.branchId })
    await till.client.sync()
    await expect(openCashSession(till)).rejects.toMatchObject({ code: 'BRANCH_FROZEN' })
    await till.client.close()
  })
})

describe('stale data', () => {
  it('EC-OS-02: a sale at a price that has changed since is applied as the customer paid it, and marked', async () => {
    const till = await openTill(gateway)
    const cashSessionId = await openCashSession(till)
    await till.client.sync()
    await goOffline(till)
    const admin = await gateway.as('admin')
    await admin.direct('menuItemSave', { menuItemId: 'banana-cake', priceUsd: 777 }, { branchId: null })
    const { saleId, payload } = await sell(till, cashSessionId, { lines: [{ menuItemId: 'banana-cake' }] })
    await goOnline(till)
    expect(till.client.get('sale', saleId)).toMatchObject({
      totals: payload.totals,
      pricedFromStaleCache: true,
    })
    expect(till.client.get('menuItem', 'banana-cake')?.priceUsd).toBe(777)
    await till.client.close()
  })

  it('AC-4, FR-7: a branch frozen meanwhile rejects what was queued, each with the reason', async () => {
    const till = await openTill(gateway)
    const cashSessionId = await openCashSession(till)
    await till.client.sync()
    await goOffline(till)
    await sell(till, cashSessionId)
    const attendanceId = randomUUID()
    await till.client.perform('attendance.startWork', { attendanceId })
    const admin = await gateway.as('admin')
    await admin.direct('branchFreeze', null, { branchId: till.context.branchId })
    await goOnline(till)
    expect(till.client.status().failed.map(({ code }) => code)).toEqual(['BRANCH_FROZEN', 'BRANCH_FROZEN'])
    expect(till.client.query('sale')).toEqual([])

    // Unfrozen, and a person asks: both go through.
    await admin.direct('branchUnfreeze', null, { branchId: till.context.branchId })
    for (const { clientOpId } of till.client.status().failed) await till.client.retry(clientOpId)
    await till.client.sync()
    expect(till.client.status()).toMatchObject({ failed: [], pending: 0 })
    expect(till.client.query('sale')).toEqual([expect.objectContaining({ receiptNumber: 1 })])
    await till.client.perform('attendance.endWork', { attendanceId })
    await till.client.sync()
    await till.client.close()
  })
})

describe('sessions and work offline', () => {
  it('UC-2, AC-2: a session opened, used and closed offline is applied in order', async () => {
    const till = await openTill(gateway)
    await goOffline(till)
    const cashSessionId = await openCashSession(till, 5_000)
    const movementId = randomUUID()
    const paidIn = {
      movementId,
      cashSessionId,
      kind: 'PAID_IN',
      currency: 'USD',
      amount: 500,
      reason: 'Change',
    } as const
    await till.client.perform('cashSession.movement', paidIn)
    const { payload } = await sell(till, cashSessionId)
    const counted = { usd: 5_500, khr: payload.totals.totalKhr - 100 }
    await till.client.perform('cashSession.close', { cashSessionId, counted })
    expect(till.client.get('cashSession', cashSessionId)).toMatchObject({ status: 'CLOSED', pending: true })
    const guess = till.client.get('cashSession', cashSessionId)!
    await goOnline(till)
    expect(till.client.status().failed).toEqual([])
    expect(till.client.get('cashSession', cashSessionId)).toEqual({ ...guess, pending: false })
    expect(guess).toMatchObject({ difference: { usd: 0, khr: -100 } })
    await till.client.close()
  })

  it('UC-3, AC-3: work started and ended offline is recorded once', async () => {
    const till = await openTill(gateway)
    await goOffline(till)
    const attendanceId = randomUUID()
    await till.client.perform('attendance.startWork', { attendanceId })
    await expect(
      till.client.perform('attendance.startWork', { attendanceId: randomUUID() }),
    ).rejects.toMatchObject({ code: 'ATTENDANCE_ALREADY_ACTIVE' })
    await till.client.perform('attendance.endWork', { attendanceId })
    till.network.state = 'loses'
    await till.client.sync().catch(() => {})
    await goOnline(till)
    expect(till.client.query('attendance', { where: { id: attendanceId } })).toEqual([
      expect.objectContaining({ status: 'COMPLETED', pending: false }),
    ])
    expect(till.client.status().failed).toEqual([])
    await till.client.close()
  })
})

describe('tenants and people', () => {
  it("EC-OS-03: another tenant's operations wait, and the status says so", async () => {
    const till = await openTill(gateway)
    const { context, client } = till
    const rival = await client.people.signIn({ tenantId: 'rival', staffCode: 'admin', pin: '1234' })
    await goOffline(till)
    await openCashSession(till)
    await client.switchContext({ tenantId: 'rival', branchId: 'rival-1', actorId: rival.accountId })
    await goOnline(till)
    expect(client.status()).toMatchObject({ pending: 0, waitingForTenant: 1, failed: [] })
    expect(client.query('menuItem').map(({ name }) => name)).toEqual(['Rival latte'])

    // Signed out they wait as well.
    await client.switchContext(null)
    expect(client.status()).toMatchObject({ phase: 'signedOut', waitingForTenant: 1 })
    await client.people.confirm(context.actorId, 'demo', '1234')
    await client.switchContext(context)
    await client.sync()
    expect(client.status()).toMatchObject({ pending: 0, waitingForTenant: 0, failed: [] })
    expect(client.query('cashSession')).toHaveLength(1)
    await client.close()
  })

  it('each operation carries its person: a cashier brings what a barista did on the same tablet', async () => {
    const branchId = await newBranch(gateway, ['cashier-1', 'barista-1'])
    const till = await openTill(gateway, { staffCode: 'cashier-1', branchId })
    const barista = await till.client.people.signIn({ tenantId: 'demo', staffCode: 'barista-1', pin: '1234' })
    await goOffline(till)
    await till.client.people.confirm(barista.accountId, 'demo', '1234')
    await till.client.switchContext({ ...till.context, actorId: barista.accountId })
    const attendanceId = randomUUID()
    await till.client.perform('attendance.startWork', { attendanceId })
    await till.client.people.confirm(till.context.actorId, 'demo', '1234')
    await till.client.switchContext(till.context)
    await openCashSession(till)
    await goOnline(till)
    expect(till.client.status().failed).toEqual([])

    // The cashier's token may not read the barista's work; the tablet that recorded it knows it all the same.
    expect(till.client.get('attendance', attendanceId)).toMatchObject({
      actorId: barista.accountId,
      status: 'ACTIVE',
    })
    await till.client.people.confirm(barista.accountId, 'demo', '1234')
    await till.client.switchContext({ ...till.context, actorId: barista.accountId })
    await till.client.perform('attendance.endWork', { attendanceId })
    await till.client.sync()
    expect(till.client.status().failed).toEqual([])
    const admin = await gateway.as('admin')
    const answer = await admin.data<{ attendance: { edges: { node: object }[] } }>(
      `query ($branchId: ID!) { attendance(tenantId: "demo", branchId: $branchId) { edges { node { actorId status } } } }`,
      { branchId },
    )
    expect(answer.attendance.edges.map(({ node }) => node)).toEqual([
      { actorId: barista.accountId, status: 'COMPLETED' },
    ])
    await till.client.close()
  })
})

describe('FR-9, FR-10, AC-5: the status', () => {
  it('says online or offline, how many wait and what failed, at every moment', async () => {
    const till = await openTill(gateway)
    expect(till.client.status()).toMatchObject({
      connectivity: 'online',
      pending: 0,
      failed: [],
      leader: true,
    })
    await goOffline(till)
    const seen: number[] = []
    till.client.subscribe(({ pending }) => seen.push(pending))
    const cashSessionId = await openCashSession(till)
    await sell(till, cashSessionId)
    await until(till.client, ({ pending }) => pending === 2)
    expect(till.client.status()).toMatchObject({ connectivity: 'offline', pending: 2, syncing: 0 })
    await goOnline(till)
    await until(till.client, ({ pending }) => pending === 0)
    expect(seen).toContain(1)
    expect(till.client.status().lastSyncedAt).toBeInstanceOf(Date)
    await till.client.close()
  })
})
