// @module-tag browser
/** The hooks in a real browser, over a real client: what components show, and how often they are drawn for it. */
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OfflinePayloads, SyncClient } from '../../../client/sdk/index.ts'
import { newBranch, sale } from '../support/till.ts'
import type { ReactPage } from './react-page.tsx'
import {
  openCashSession,
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
declare const page: ReactPage
declare let toSell: OfflinePayloads['sale.finalize'][]

let stage: Stage
beforeAll(async () => {
  stage = await setStage('react-page.tsx')
})
afterAll(() => stage?.close())

let till: Till
let tab: Page
let cashSessionId: string
let release = () => {}
beforeEach(async () => {
  till = await openTill(stage, 1)
  tab = till.tabs[0]!
  cashSessionId = await openCashSession(tab)
  await untilAll([tab], settled)
})
afterEach(async () => {
  release()
  await stage.chromium.context.setOffline(false)
  const pages = stage.chromium.context.pages()
  await stage.chromium.newPage()
  await Promise.all(pages.map((each) => each.close()))
})

const hold = () => {
  release = stage.line.hold()
}
const sell = async () => {
  const payload = sale(cashSessionId)
  await perform(tab, 'sale.finalize', payload)
  return payload.saleId
}
/** Who stopped working here has nothing open any more: they come in again by their PIN, on whatever line there is. */
const comeIn = () => tab.evaluate(() => client.people.confirm('demo-admin', 'demo', '1234'))
const textsOf = (id: string) => tab.getByTestId(id).allTextContents()
const untilShown = (id: string, ...texts: string[]) =>
  vi.waitFor(async () => expect(await textsOf(id)).toEqual(texts), soon)

/** Draws everything, and forgets how often that was. */
async function mount(how = { strict: false }): Promise<void> {
  await tab.evaluate((how) => page.mount(how), how)
  await untilShown('open-sessions', '1')
  // Signs of life of the socket and the like.
  await untilAll([tab], settled)
  await tab.evaluate(() => page.drawn())
}

/** How often each was drawn by what the work brings about, from its beginning until everything is at rest. */
async function drawnBy(work: () => Promise<unknown>): Promise<Record<string, number>> {
  await tab.evaluate(() => page.drawn())
  await work()
  return tab.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 100))
    return page.drawn()
  })
}

describe('what is drawn again', () => {
  it('a sale: its row twice (waiting, then with its number), the lists with it, nobody else', async () => {
    await mount()
    const first = await sell()
    await untilShown('sale', '1')
    let second = ''
    const drawn = await drawnBy(async () => {
      second = await sell()
      await untilShown('sale', '1', '2')
      await untilAll([tab], settled)
    })
    // The session counts what it sold.
    expect(drawn).toMatchObject({ sales: 2, [`sale ${second}`]: 2, 'open sessions': 2 })
    const others = [`sale ${first}`, 'menu', 'item brownie', 'items from', 'brownie', 'branch', 'people']
    for (const name of [...others, 'failed codes']) expect(drawn, name).not.toHaveProperty(name)
    expect(await tab.evaluate(() => page.shown)).toEqual([
      { saleId: first, pending: true, receiptNumber: null },
      { saleId: first, pending: false, receiptNumber: 1 },
      { saleId: second, pending: true, receiptNumber: null },
      { saleId: second, pending: false, receiptNumber: 2 },
    ])
  })

  it('a price that is changed elsewhere: its row, the lists that it is in, and who looks at this item', async () => {
    await mount()
    const admin = await stage.gateway.as('admin')
    const change = async (menuItemId: string, priceUsd: number) => {
      await admin.direct('menuItemSave', { menuItemId, priceUsd }, { branchId: null })
      await tab.evaluate(() => client.sync())
      await untilAll([tab], settled)
    }
    const ofAnother = await drawnBy(() => change('croissant', 260))
    expect(ofAnother).toMatchObject({ menu: 1, 'items from': 1, 'item croissant': 1 })
    for (const name of ['brownie', 'item brownie', 'sales', 'open sessions', 'branch'])
      expect(ofAnother, name).not.toHaveProperty(name)
    const ofIts = await drawnBy(() => change('brownie', 270))
    expect(ofIts).toMatchObject({ menu: 1, 'items from': 1, 'item brownie': 1, brownie: 1 })
    expect(ofIts).not.toHaveProperty('item croissant')
    await untilShown('brownie', '270')
  })

  it('the network goes and comes: who shows the status, not who shows a part that stays as it was, and no list', async () => {
    await mount()
    const drawn = await drawnBy(async () => {
      await stage.chromium.context.setOffline(true)
      await untilShown('status', 'offline 0')
      await stage.chromium.context.setOffline(false)
      await untilShown('status', 'online 0')
      await untilAll([tab], settled)
    })
    expect(drawn['whole status']).toBeGreaterThanOrEqual(2)
    expect(Object.keys(drawn)).toEqual(['whole status'])
  })

  it('a part of the status is drawn when it is another', async () => {
    await mount()
    hold()
    await stage.chromium.context.setOffline(true)
    await untilShown('status', 'offline 0')
    const drawn = await drawnBy(async () => {
      await sell()
      await untilShown('pending', '1')
    })
    expect(drawn).toMatchObject({ pending: 1 })
    expect(drawn).not.toHaveProperty('failed codes')
  })
})

describe('what is shown', () => {
  it('entities where a function says so, which may be another one later', async () => {
    await mount()
    const countFrom = (cents: number) =>
      tab.evaluate(
        (cents) => String(client.query('menuItem', { where: (item) => item.priceUsd >= cents }).length),
        cents,
      )
    const [all, dear] = [await countFrom(0), await countFrom(300)]
    expect(Number(dear)).toBeGreaterThan(0)
    expect(Number(dear)).toBeLessThan(Number(all))
    await untilShown('items-from', all)
    await tab.getByTestId('from').fill('300')
    await untilShown('items-from', dear)
  })

  it('a session that is closed is no longer among the open ones', async () => {
    await mount()
    await perform(tab, 'cashSession.close', { cashSessionId, counted: { usd: 5000, khr: 0 } })
    await untilShown('open-sessions', '0')
  })

  it('another branch: its data, and what happens there; and nothing when nobody is signed in', async () => {
    await mount()
    await sell()
    await untilShown('sale', '1')
    await untilShown('branch', till.branchId)
    const elsewhere = await newBranch(stage.gateway)
    const go = (branchId: string | null) =>
      tab.evaluate(async (branchId) => {
        const context = { tenantId: 'demo', branchId: branchId!, actorId: 'demo-admin' }
        await client.switchContext(branchId === null ? null : context)
        if (branchId !== null) await client.sync()
      }, branchId)
    await go(elsewhere)
    await untilShown('branch', elsewhere)
    await untilShown('sale')
    cashSessionId = await openCashSession(tab)
    await untilShown('open-sessions', '1')
    await sell()
    await untilShown('sale', '1')
    await go(null)
    await untilShown('branch', '')
    await untilShown('brownie', 'none')
    await untilShown('sale')
    await comeIn()
    await go(till.branchId)
    await untilShown('branch', till.branchId)
    await untilShown('sale', '1')
  })

  it('what waits, in order, until it is answered; in another café nothing of it', async () => {
    await mount()
    hold()
    await stage.chromium.context.setOffline(true)
    await perform(tab, 'cashSession.movement', {
      movementId: randomUUID(),
      cashSessionId,
      kind: 'PAID_IN',
      currency: 'USD',
      amount: 100,
      reason: 'float',
    })
    await sell()
    await untilShown('waiting', 'cashSession.movement', 'sale.finalize')
    const go = (tenantId: string, branchId: string) =>
      tab.evaluate(
        ([tenantId, branchId]) => client.switchContext({ tenantId, branchId, actorId: 'demo-admin' }),
        [tenantId, branchId] as const,
      )
    await go('elsewhere', 'elsewhere')
    await untilShown('waiting')
    await comeIn()
    await go('demo', till.branchId)
    await untilShown('waiting', 'cashSession.movement', 'sale.finalize')
    release()
    await stage.chromium.context.setOffline(false)
    await untilShown('waiting')
  })

  it('the people of the device', async () => {
    await mount()
    await untilShown('people', 'admin')
    await tab.evaluate(() => client.people.signIn({ tenantId: 'demo', staffCode: 'cashier-1', pin: '1234' }))
    await untilShown('people', 'admin,cashier-1')
  })

  it('why an operation is blocked, until one is not; and that operations are under way until the last is done', async () => {
    await mount()
    const click = async (...payloads: (typeof toSell)[number][]) => {
      await tab.evaluate((payloads) => {
        toSell = payloads
      }, payloads)
      await tab.getByTestId('sell').click()
    }
    await click(sale('3b241101-e2bb-4255-8caf-4136c566a962'))
    await untilShown('blocked', 'CASH_SESSION_NOT_OPEN')
    await untilShown('sold', '0')
    await click(sale(cashSessionId), sale(cashSessionId))
    await untilShown('sold', '2')
    await untilShown('blocked', 'no')
    expect([...new Set(await tab.evaluate(() => page.soldAtRest))]).toEqual([0, 2])
  })
})

it.each([
  { mode: 'as it is', strict: false },
  { mode: 'in strict mode', strict: true },
])('mounted $mode and taken away, it leaves no listener', async (how) => {
  await mount(how)
  await sell()
  await untilShown('sale', '1')
  await untilAll([tab], settled)
  const drawn = await tab.evaluate(() => page.drawn())
  // Strict mode draws twice to show what is not pure; so it is known to be at work.
  expect(drawn.sales).toBe(how.strict ? 4 : 2)
  // menu, sales, open sessions, items from, brownie, branch, three statuses, what waits, people
  expect(await tab.evaluate(() => page.listening())).toBe(11)
  await tab.evaluate(() => page.unmount())
  expect(await tab.evaluate(() => page.listening())).toBe(0)
  expect(await drawnBy(sell)).toEqual({})
})

it('mounted again it shows what has happened meanwhile', async () => {
  await mount()
  await tab.evaluate(() => page.unmount())
  await sell()
  await mount()
  await untilShown('sale', '1')
})
