// @module-tag browser
// @module-tag race
/** The tabs of a till in a real browser: one store, one leader, one queue, and every tab shows the same. */
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { EntityKind, Status, SyncClient } from '../../../client/sdk/index.ts'
import { launchChromium } from '../../support/chromium.ts'
import { textIn } from '../support/sent.ts'
import { sale } from '../support/till.ts'
import {
  crash,
  openCashSession,
  openPage,
  openTill,
  perform,
  type Stage,
  setStage,
  settled,
  soon,
  type Till,
  untilAll,
} from './tills.ts'

/** In the page. */
declare const client: SyncClient
declare const counts: Pick<Status, 'pending' | 'syncing'>[]

let stage: Stage
beforeAll(async () => {
  stage = await setStage('till-page.ts')
})
afterAll(() => stage?.close())

let release = () => {}
afterEach(async () => {
  release()
  stage.line.mend()
  await stage.chromium.context.setOffline(false)
  // The browser goes on with an empty one, as it would end with its last.
  const pages = stage.chromium.context.pages()
  await stage.chromium.newPage()
  await Promise.all(pages.map((page) => page.close()))
})

const hold = () => {
  release = stage.line.hold()
}

const entityIn = (tab: Page, kind: EntityKind, id: string) =>
  tab.evaluate(([kind, id]) => client.get(kind as EntityKind, id), [kind, id] as const)

const untilEverywhere = (tabs: readonly Page[], kind: EntityKind, id: string, expected: object) =>
  vi.waitFor(
    async () =>
      expect(await Promise.all(tabs.map((tab) => entityIn(tab, kind, id)))).toMatchObject(
        tabs.map(() => expected),
      ),
    soon,
  )

/** What the gateway has decided for this till, by the numbers of the device. */
const decidedFor = ({ deviceId }: Till) =>
  stage.gateway.app.db.everyTenant.rows<{ deviceSeq: number; clientOpId: string; status: string }>(
    `select device_seq::int as "deviceSeq", client_op_id as "clientOpId", status
     from sync_operation where device_id = $1 order by device_seq`,
    [deviceId],
  )

const countTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1)

/** The till's tabs, the leader first. */
async function byRank(till: Till): Promise<[leader: Page, ...followers: Page[]]> {
  const rank = await untilAll(till.tabs, settled)
  const leader = till.tabs[rank]!
  return [leader, ...till.tabs.filter((tab) => tab !== leader)]
}

/** Counts the pushes that each tab sends. */
function pushesOf(tabs: readonly Page[]): () => number[] {
  const sent = tabs.map(() => 0)
  tabs.forEach((tab, i) => {
    tab.on('request', (request) => {
      if (textIn(request.postDataBuffer()).includes('syncPushBatch')) sent[i]! += 1
    })
  })
  return () => sent
}

describe('one leader', () => {
  it('what a tab that does not lead performs is shown at once, in every tab, and sent by the leader', async () => {
    const till = await openTill(stage, 3)
    const [leader, follower, third] = (await byRank(till)) as [Page, Page, Page]
    const sent = pushesOf([leader, follower, third])
    hold()
    const cashSessionId = await openCashSession(follower)
    expect(await entityIn(follower, 'cashSession', cashSessionId)).toMatchObject({ pending: true })
    await untilEverywhere(till.tabs, 'cashSession', cashSessionId, { status: 'OPEN', pending: true })
    await untilAll(till.tabs, { phase: 'pushing', pending: 0, syncing: 1 })
    release()
    await untilAll(till.tabs, settled)
    await untilEverywhere(till.tabs, 'cashSession', cashSessionId, { status: 'OPEN', pending: false })
    expect(sent()).toEqual([1, 0, 0])
  })

  it('tabs that perform at the same time: numbers without gaps, and each operation is sent once', async () => {
    const till = await openTill(stage, 2)
    const [leader, follower] = (await byRank(till)) as [Page, Page]
    const cashSessionId = await openCashSession(leader)
    await untilEverywhere(till.tabs, 'cashSession', cashSessionId, {})
    const sales = (count: number) => Array.from({ length: count }, () => sale(cashSessionId))
    const performAll = (tab: Page, payloads: ReturnType<typeof sales>) =>
      tab.evaluate(async (payloads) => {
        await Promise.all(payloads.map((payload) => client.perform('sale.finalize', payload)))
      }, payloads)
    await Promise.all([performAll(leader, sales(50)), performAll(follower, sales(50))])
    await follower.evaluate(() => client.sync())
    await untilAll(till.tabs, settled)

    const decided = await decidedFor(till)
    expect(decided.map(({ deviceSeq }) => deviceSeq)).toEqual(countTo(101))
    expect(new Set(decided.map(({ status }) => status))).toEqual(new Set(['APPLIED']))
    expect(till.pushes().flat().sort()).toEqual(decided.map(({ clientOpId }) => clientOpId).sort())
    for (const tab of till.tabs)
      expect(await tab.evaluate(() => client.query('sale', { where: { pending: false } }).length)).toBe(100)
  })

  it('a change made elsewhere comes by a nudge to the leader, and shows in every tab', async () => {
    const till = await openTill(stage, 2)
    await byRank(till)
    const admin = await stage.gateway.as('admin')
    await untilEverywhere(till.tabs, 'menuItem', 'brownie', {})
    // The gateway confirms no subscription: one that came too early is followed by others.
    let priceUsd = 200
    await vi.waitFor(
      async () => {
        priceUsd += 1
        await admin.direct('menuItemSave', { menuItemId: 'brownie', priceUsd }, { branchId: null })
        await vi.waitFor(
          async () => {
            for (const tab of till.tabs)
              expect(await entityIn(tab, 'menuItem', 'brownie')).toMatchObject({ priceUsd })
          },
          { timeout: 5_000, interval: 30 },
        )
      },
      { timeout: 50_000, interval: 30 },
    )
    await untilAll(till.tabs, settled)
  })
})

describe('sync() in a tab that does not lead', () => {
  it('resolves when the leader is done: what waited is confirmed, what was elsewhere is here', async () => {
    const till = await openTill(stage, 2)
    const [, follower] = (await byRank(till)) as [Page, Page]
    hold()
    const cashSessionId = await openCashSession(follower)
    const asked = follower.evaluate(async (cashSessionId) => {
      await client.sync()
      const { pending, syncing } = client.status()
      return { pending, syncing, session: client.get('cashSession', cashSessionId) }
    }, cashSessionId)
    const admin = await stage.gateway.as('admin')
    const movement = {
      movementId: randomUUID(),
      cashSessionId,
      kind: 'PAID_IN',
      currency: 'USD',
      amount: 100,
      reason: 'Coins',
    }
    await vi.waitFor(() => expect(till.pushes()).toHaveLength(1), soon)
    await vi.waitFor(async () => {
      const { status } = await admin.direct('cashSessionRecordMovement', movement, {
        branchId: till.branchId,
      })
      expect(status).toBe('APPLIED')
    }, soon)
    release()
    expect(await asked).toMatchObject({ pending: 0, syncing: 0, session: { pending: false } })
    expect(await entityIn(follower, 'cashMovement', movement.movementId)).toMatchObject({ usd: 100 })
  })

  it('rejects as Offline while the network is cut; when it is back, everything goes by itself', async () => {
    const till = await openTill(stage, 2)
    const [, follower] = (await byRank(till)) as [Page, Page]
    await stage.chromium.context.setOffline(true)
    await untilAll(till.tabs, { connectivity: 'offline', phase: 'idle' })
    const cashSessionId = await openCashSession(follower)
    await perform(follower, 'sale.finalize', sale(cashSessionId))
    const error = await follower.evaluate(() =>
      client.sync().then(
        () => null,
        ({ name, code }) => ({ name, code }),
      ),
    )
    expect(error).toEqual({ name: 'Offline', code: 'OFFLINE' })
    await untilAll(till.tabs, { connectivity: 'offline', phase: 'idle', pending: 2, problem: null })
    await stage.chromium.context.setOffline(false)
    await untilAll(till.tabs, settled)
    expect(till.pushes().flat()).toHaveLength(2)
  })
})

describe('what somebody does in one tab is seen in the others', () => {
  /** An opening that was refused, as another device had opened a session, and the sale that fell with it. */
  async function failures() {
    const till = await openTill(stage, 2)
    const [leader, follower] = (await byRank(till)) as [Page, Page]
    await stage.chromium.context.setOffline(true)
    await untilAll(till.tabs, { connectivity: 'offline' })
    const admin = await stage.gateway.as('admin')
    const cashSessionId = randomUUID()
    const openingFloat = { usd: 0, khr: 0 }
    await admin.direct('cashSessionOpen', { cashSessionId, openingFloat }, { branchId: till.branchId })
    const refused = await openCashSession(leader)
    const payload = sale(refused)
    await perform(leader, 'sale.finalize', payload)
    await stage.chromium.context.setOffline(false)
    await vi.waitFor(async () => {
      const failed = await follower.evaluate(() => client.status().failed.map(({ code }) => code))
      expect(failed).toHaveLength(2)
    }, soon)
    await untilAll(till.tabs, settled)
    const failed = await follower.evaluate(() => client.status().failed)
    return { till, leader, follower, admin, cashSessionId, failed, saleId: payload.saleId }
  }

  it('retry', async () => {
    const { till, follower, admin, cashSessionId, failed, saleId } = await failures()
    const counted = { usd: 0, khr: 0 }
    await admin.direct('cashSessionClose', { cashSessionId, counted }, { branchId: till.branchId })
    await follower.evaluate((id) => client.retry(id), failed[0]!.clientOpId)
    await untilAll(till.tabs, { ...settled, failed: [] })
    await untilEverywhere(till.tabs, 'sale', saleId, { receiptNumber: 1, pending: false })
  })

  it('reassign, and discard', async () => {
    const { till, follower, cashSessionId, failed, saleId } = await failures()
    const [opening, sold] = failed as [Status['failed'][0], Status['failed'][0]]
    await follower.evaluate(
      ([id, cashSessionId]) => client.reassign(id!, { cashSessionId: cashSessionId! }),
      [sold.clientOpId, cashSessionId],
    )
    await untilEverywhere(till.tabs, 'sale', saleId, { cashSessionId, receiptNumber: 1, pending: false })
    await follower.evaluate((id) => client.discard(id, 'There was one already.'), opening.clientOpId)
    await untilAll(till.tabs, { ...settled, failed: [] })
  })

  it('signing in, going to another branch, signing out', async () => {
    const till = await openTill(stage, 2)
    const [, follower] = (await byRank(till)) as [Page, Page]
    await openCashSession(follower)
    await untilAll(till.tabs, settled)
    await follower.evaluate(async () => {
      const { accountId } = await client.people.signIn({
        tenantId: 'demo',
        staffCode: 'cashier-1',
        pin: '1234',
      })
      await client.switchContext({ tenantId: 'demo', branchId: 'riverside', actorId: accountId })
    })
    const context = { tenantId: 'demo', branchId: 'riverside', actorId: 'demo-cashier-1' }
    await untilAll(till.tabs, { ...settled, context, hydrated: true })
    for (const tab of till.tabs) {
      const people = await tab.evaluate(() => client.people.list().map(({ staffCode }) => staffCode))
      expect(people.sort()).toEqual(['admin', 'cashier-1'])
      expect(await tab.evaluate(() => client.query('branch').map(({ id }) => id))).toEqual(['riverside'])
    }
    await follower.evaluate(() => client.switchContext(null))
    await untilAll(till.tabs, { context: null, phase: 'signedOut', auth: 'signedOut' })
  })

  it('a tab that is opened while the leader works shows what it does', async () => {
    const till = await openTill(stage, 1)
    const [leader] = till.tabs as [Page]
    hold()
    const cashSessionId = await openCashSession(leader)
    await untilAll(till.tabs, { phase: 'pushing', syncing: 1 })
    await perform(leader, 'sale.finalize', sale(cashSessionId))
    const opened = await till.openTab()
    await untilAll(till.tabs, { connectivity: 'online', phase: 'pushing', syncing: 1, pending: 1 })
    expect(await entityIn(opened, 'cashSession', cashSessionId)).toMatchObject({ pending: true })
    release()
    await untilAll(till.tabs, settled)
    expect(till.pushes().map(({ length }) => length)).toEqual([1, 1])
  })
})

describe('take-over', () => {
  it.each([
    { how: 'closed', end: (tab: Page) => tab.close(), isBack: false },
    { how: 'loaded anew', end: (tab: Page) => tab.reload(), isBack: true },
    { how: 'crashed', end: (tab: Page) => crash(stage.chromium, tab), isBack: false },
  ])(
    'the leader is $how in the middle of a push: another sends it again, and it is applied once',
    async (of) => {
      const till = await openTill(stage, 3)
      const [leader, ...others] = (await byRank(till)) as [Page, Page, Page]
      const cashSessionId = await openCashSession(leader)
      await untilAll(till.tabs, settled)
      hold()
      const payload = sale(cashSessionId)
      const clientOpId = await perform(others[0]!, 'sale.finalize', payload)
      await untilAll(till.tabs, { syncing: 1 })
      // It has been applied, and nobody here knows.
      await vi.waitFor(async () => expect(await decidedFor(till)).toHaveLength(2), soon)
      await of.end(leader)
      await vi.waitFor(() => expect(till.pushes().slice(1)).toEqual([[clientOpId], [clientOpId]]), soon)
      release()
      const left = of.isBack ? till.tabs : others
      const next = left[await untilAll(left, settled)]!

      expect(till.pushes().slice(1)).toEqual([[clientOpId], [clientOpId]])
      expect(await decidedFor(till)).toHaveLength(2)
      const seen = await next.evaluate(() => counts)
      const states = seen.map(({ pending, syncing }) => `${pending} ${syncing}`)
      const changes = states.filter((state, i) => state !== states[i - 1])
      expect(changes.slice(-4)).toEqual(['0 1', '1 0', '0 1', '0 0'])
      await untilEverywhere(left, 'sale', payload.saleId, { receiptNumber: 1, pending: false })
    },
  )
})

describe('FR-1', () => {
  it('a browser that is killed and started again has every operation that was queued, and each is applied once', async () => {
    const first = await launchChromium()
    const { profile } = first
    const till = await openTill(stage, 2, { chromium: first })
    stage.line.cut()
    await untilAll(till.tabs, { connectivity: 'offline' })
    const cashSessionId = await openCashSession(till.tabs[0]!)
    await untilEverywhere(till.tabs, 'cashSession', cashSessionId, { pending: true })
    const sold = await Promise.all(
      till.tabs.flatMap((tab) =>
        Array.from({ length: 10 }, () => perform(tab, 'sale.finalize', sale(cashSessionId))),
      ),
    )
    await first.kill()

    const second = await launchChromium({ profile })
    const tab = await openPage(stage, till.name, second)
    await untilAll([tab], { pending: 21, syncing: 0, failed: [] })
    stage.line.mend()
    await tab.evaluate(() => client.sync())
    await untilAll([tab], { ...settled, failed: [] })
    expect(await tab.evaluate(() => client.query('sale', { where: { pending: false } }).length)).toBe(20)
    await second.close()
    await first.close()

    const decided = await decidedFor(till)
    expect(decided.map(({ deviceSeq }) => deviceSeq)).toEqual(countTo(21))
    expect(
      decided
        .slice(1)
        .map(({ clientOpId }) => clientOpId)
        .sort(),
    ).toEqual(sold.sort())
    expect(new Set(decided.map(({ status }) => status))).toEqual(new Set(['APPLIED']))
    expect(till.pushes().flat()).toHaveLength(21)
    // Two browsers are started in it.
  }, 120_000)
})
