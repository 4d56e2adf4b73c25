import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { defaultPolicy } from '../../src/modules/policy/publish.ts'
import { newBranch } from '../support/branch.ts'
import { closeSession, type Line, openSession, type SaleOptions, sale, salePayload } from '../support/cafe.ts'
import { type Client, type Gateway, operation, startGateway } from '../support/gateway.ts'
import { Replica } from '../support/replica.ts'

let gateway: Gateway
let admin: Client
let manager: Client
let cashier: Client
let branchId: string
let session: string

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin', { deviceId: 'office' })
  manager = await gateway.as('manager', { deviceId: 'office' })
  cashier = await gateway.as('cashier-1')
})
afterAll(() => gateway?.close())
beforeEach(async () => {
  branchId = await newBranch(admin, 'demo-cashier-1', 'demo-manager')
  session = randomUUID()
  const [opened] = await cashier.push([openSession(session, { branchId, usd: 5000, khr: 200_000 })])
  expect(opened!.status).toBe('APPLIED')
})

const sell = async (options: SaleOptions = {}) =>
  (await cashier.push([sale(session, options, { branchId })]))[0]!
const menu = (field: string, input: object) => admin.direct(field, input, { branchId: null })
const replica = async () => new Replica().apply((await manager.pullAll({ branchId })).changes)

/** A new item on the menu, so that tests do not meet on one. */
async function newItem(priceUsd: number): Promise<Line & { menuItemId: string }> {
  const menuItemId = `item-${randomUUID().slice(0, 8)}`
  const recipe = [{ stockItemId: menuItemId, name: 'Thing', unit: 'piece', quantity: 2, tracking: 'TRACKED' }]
  const saved = await menu('menuItemSave', {
    menuItemId,
    name: 'Thing',
    categoryId: 'retail',
    priceUsd,
    recipe,
  })
  expect(saved).toMatchObject({ status: 'APPLIED', result: { menuItemId, revision: 1 } })
  return { menuItemId, priceUsd }
}
const auditOf = async (clientOpId: string) => {
  const events = await gateway.app.db.everyTenant.rows<{ name: string }>(
    'select name from audit_event where client_op_id = $1 order by id',
    [clientOpId],
  )
  return events.map(({ name }) => name)
}

describe('UC-1: an offline sale', () => {
  it('is a snapshot with a receipt number, cash in the drawer, stock taken, and in the feed with its operation', async () => {
    const op = sale(
      session,
      { lines: [{ menuItemId: 'croissant', quantity: 2 }], currency: 'USD', received: 1000 },
      { branchId },
    )
    const [sold] = await cashier.push([op])
    // 2 x 180, VAT 36, total 396 cents; 10 dollars less 3.96 is 6.04: 6 dollars and 164 riel, rounded to 200.
    expect(sold).toMatchObject({
      status: 'APPLIED',
      result: { receiptNumber: 1, pricedFromStaleCache: false },
    })
    const local = await replica()
    const { saleId } = sold!.result
    expect(local.get('sale', saleId)).toMatchObject({
      receiptNumber: 1,
      status: 'FINALIZED',
      saleType: 'TAKEAWAY',
      cashSessionId: session,
      lines: [{ name: 'Butter croissant', categoryName: 'Bakery', quantity: 2, unitUsd: 180, lineUsd: 360 }],
      totals: { subtotalUsd: 360, vatUsd: 36, totalUsd: 396, totalKhr: 16_200 },
      tender: { method: 'CASH', currency: 'USD', received: 1000, change: { usd: 600, khr: 200 } },
      pricedFromStaleCache: false,
      finalizedAt: op.occurredAt,
    })
    expect(local.get('cashSession', session)).toMatchObject({ expected: { usd: 5400, khr: 199_800 } })
    expect(local.get('stockItem', 'croissant')).toEqual({
      name: 'Croissant',
      unit: 'piece',
      onHand: -2,
      belowZero: true,
      lowAt: null,
    })
    const { changes } = await cashier.pullAll({ branchId })
    const caused = changes
      .filter(({ clientOpId }) => clientOpId === op.clientOpId)
      .map(({ entityKind }) => entityKind)
    expect(caused.sort()).toEqual(['cashSession', 'sale', 'stockItem'])
    expect(Math.max(...changes.map(({ seq }) => seq))).toBe(sold!.appliedSeq)
  })

  it('receipt numbers are the branch’s own, gapless, whatever is refused between', async () => {
    const results = await cashier.push([
      sale(session, {}, { branchId }),
      sale(randomUUID(), {}, { branchId }),
      sale(session, {}, { branchId }),
      operation('sale.finalize', {}, { branchId }),
      sale(session, {}, { branchId }),
    ])
    expect(results.map(({ result }) => result?.receiptNumber ?? null)).toEqual([1, null, 2, null, 3])
  })
})

describe('EC-OS-06: a sale needs an open cash session', () => {
  it('none, a closed one, another branch’s: CASH_SESSION_NOT_OPEN', async () => {
    const elsewhere = await newBranch(admin, 'demo-cashier-1')
    const other = randomUUID()
    await cashier.push([
      openSession(other, { branchId: elsewhere }),
      closeSession(session, undefined, { branchId }),
    ])
    const results = await cashier.push([randomUUID(), session, other].map((id) => sale(id, {}, { branchId })))
    expect(results.map(({ code }) => code)).toEqual(Array(3).fill('CASH_SESSION_NOT_OPEN'))
  })
})

describe('EC-OS-02: what went stale on the device', () => {
  it('an older price: sold as the customer paid it, marked, audited', async () => {
    const thing = await newItem(300)
    await menu('menuItemSave', { menuItemId: thing.menuItemId, priceUsd: 350 })
    const sold = await sell({ lines: [thing] })
    expect(sold).toMatchObject({
      status: 'APPLIED',
      result: { pricedFromStaleCache: true, totals: { subtotalUsd: 300 } },
    })
    expect(await auditOf(sold.clientOpId)).toContain('SALE_PRICED_FROM_STALE_CACHE')
    expect((await replica()).get('sale', sold.result.saleId)).toMatchObject({ pricedFromStaleCache: true })
    const fresh = await sell({ lines: [{ ...thing, menuItemRevision: 2, priceUsd: 350 }] })
    expect(fresh.result).toMatchObject({ pricedFromStaleCache: false })
    expect(await auditOf(fresh.clientOpId)).not.toContain('SALE_PRICED_FROM_STALE_CACHE')
  })

  it('the device’s price must be the revision’s: to the cent', async () => {
    const thing = await newItem(300)
    await menu('menuItemSave', { menuItemId: thing.menuItemId, priceUsd: 350 })
    const wrong = [
      { ...thing, menuItemRevision: 2 },
      { ...thing, priceUsd: 301 },
      { ...thing, priceUsd: 0 },
    ]
    for (const line of wrong)
      expect(await sell({ lines: [line] })).toMatchObject({
        code: 'SALE_TOTALS_MISMATCH',
        details: { expected: { subtotalUsd: line.menuItemRevision === 2 ? 350 : 300 } },
      })
  })

  it('a modifier option that got dearer: its item has a new revision, the older one is still honoured', async () => {
    const groupId = `group-${randomUUID().slice(0, 8)}`
    const options = (priceUsd: number) => [{ id: `${groupId}-a`, name: 'A', priceUsd }]
    await menu('modifierGroupSave', { modifierGroupId: groupId, name: 'G', options: options(50) })
    const thing = await newItem(300)
    await menu('menuItemSave', { menuItemId: thing.menuItemId, modifierGroupIds: [groupId] })
    await menu('modifierGroupSave', { modifierGroupId: groupId, options: options(75) })
    const local = await replica()
    expect(local.get('menuItem', thing.menuItemId)).toMatchObject({
      revision: 3,
      modifierGroupIds: [groupId],
    })
    expect(local.get('modifierGroup', groupId)).toMatchObject({
      options: [{ id: `${groupId}-a`, priceUsd: 75 }],
    })
    const line = (menuItemRevision: number, priceUsd: number) => {
      const payload = salePayload(session, { lines: [{ ...thing, menuItemRevision, priceUsd }] })
      const lines = payload.lines.map((each) => ({ ...each, modifierOptionIds: [`${groupId}-a`] }))
      return operation('sale.finalize', { ...payload, lines }, { branchId })
    }
    const results = await cashier.push([line(2, 350), line(3, 375), line(2, 375), line(1, 350)])
    expect(results.map(({ status, code, result }) => code ?? [status, result.pricedFromStaleCache])).toEqual([
      ['APPLIED', true],
      ['APPLIED', false],
      'SALE_TOTALS_MISMATCH',
      'MODIFIER_SELECTION_INVALID',
    ])
  })

  it('an older policy: its VAT, rate and rounding are honoured, marked, audited', async () => {
    const update = { vatRatePercent: 20, fxRateKhrPerUsd: 4000, khrRoundingGranularity: 1000 }
    expect(await admin.direct('policyUpdate', update, { branchId })).toMatchObject({
      result: { revision: 2 },
    })
    const old = await sell()
    expect(old).toMatchObject({
      status: 'APPLIED',
      result: { pricedFromStaleCache: true, totals: { vatUsd: 18 } },
    })
    const policy = { ...defaultPolicy, ...update } as typeof defaultPolicy
    const fresh = await sell({ policyRevision: 2, policy })
    expect(fresh).toMatchObject({
      result: { pricedFromStaleCache: false, totals: { vatUsd: 36, totalUsd: 216, totalKhr: 9000 } },
    })
    expect(await sell({ policyRevision: 2 })).toMatchObject({ code: 'SALE_TOTALS_MISMATCH' })
  })

  it('an item that was archived or removed meanwhile is sold all the same, if its revision was published', async () => {
    const [archived, removed] = [await newItem(300), await newItem(400)]
    await menu('menuItemSave', { menuItemId: archived.menuItemId, archived: true })
    await menu('menuItemRemove', { menuItemId: removed.menuItemId })
    expect(await sell({ lines: [archived] })).toMatchObject({ status: 'APPLIED' })
    expect(await sell({ lines: [removed] })).toMatchObject({ status: 'APPLIED' })
    expect(await sell({ lines: [{ ...removed, menuItemRevision: 2 }] })).toMatchObject({
      code: 'MENU_REVISION_UNKNOWN',
    })
  })

  it('an item that is hidden in the branch was perhaps not when it was sold', async () => {
    const thing = await newItem(300)
    await menu('menuItemSave', { menuItemId: thing.menuItemId, visibleIn: ['market'] })
    expect(await sell({ lines: [thing] })).toMatchObject({ status: 'APPLIED' })
  })

  it('what was never published is not sold: item, revision, policy, option', async () => {
    const thing = await newItem(300)
    expect(await sell({ lines: [{ menuItemId: 'unicorn', priceUsd: 100 }] })).toMatchObject({
      code: 'MENU_ITEM_UNKNOWN',
    })
    expect(await sell({ lines: [{ ...thing, menuItemRevision: 2 }] })).toMatchObject({
      code: 'MENU_REVISION_UNKNOWN',
      details: { menuItemId: thing.menuItemId, menuItemRevision: 2 },
    })
    expect(await sell({ policyRevision: 2 })).toMatchObject({ code: 'POLICY_REVISION_UNKNOWN' })
    expect(await sell({ lines: [{ ...thing, modifierOptionIds: ['size-large'] }] })).toMatchObject({
      code: 'MODIFIER_SELECTION_INVALID',
    })
    expect(await sell({ lines: [{ menuItemId: 'latte' }] })).toMatchObject({
      code: 'MODIFIER_SELECTION_INVALID',
    })
  })

  it('FR-8: each refusal says in a sentence what a person can understand', async () => {
    for (const refused of [
      await sell({ policyRevision: 99 }),
      await sell({ lines: [{ menuItemId: 'unicorn', priceUsd: 1 }] }),
      await sell({ currency: 'KHR', received: 1 }),
    ])
      expect(refused.message).toMatch(/^[A-Z"].*\.$/)
  })
})

describe('tender', () => {
  it('only cash, enough of it, and the right change', async () => {
    const payload = salePayload(session, { currency: 'USD', received: 1000 })
    const tenders = [
      { ...payload.tender, method: 'CARD' },
      { ...payload.tender, received: 100, change: { usd: 0, khr: 0 } },
      { ...payload.tender, change: { usd: 0, khr: 0 } },
      payload.tender,
    ]
    const results = await cashier.push(
      tenders.map((tender) => operation('sale.finalize', { ...payload, tender }, { branchId })),
    )
    expect(results.map(({ code, status }) => code ?? status)).toEqual([
      'TENDER_METHOD_NOT_ALLOWED',
      'TENDER_INSUFFICIENT',
      'SALE_TOTALS_MISMATCH',
      'APPLIED',
    ])
  })
})

describe('dollars and riel together, the second form of the tender', () => {
  // 180 and VAT 18 are 198 cents: a dollar leaves 98, 4,018 riel, asked for as 4,000.
  const tender = { method: 'CASH', received: { usd: 100, khr: 5000 }, change: { usd: 0, khr: 1000 } }

  it('is taken in both lanes as one intent, moves both currencies, and is read as it was given', async () => {
    const payload = { ...salePayload(session), tender }
    const op = operation('sale.finalize', payload, { branchId })
    expect(await cashier.push([op])).toMatchObject([{ status: 'APPLIED', duplicate: false }])
    const direct = await cashier.direct('saleFinalize', payload, {
      branchId,
      key: op.clientOpId,
    })
    expect(direct).toMatchObject({ status: 'APPLIED', duplicate: true })
    const local = await replica()
    expect(local.get('sale', payload.saleId)).toMatchObject({ tender })
    expect(local.get('cashSession', session)).toMatchObject({ expected: { usd: 5100, khr: 204_000 } })
  })

  it('what does not fit is told by its place, in whichever form it was meant', async () => {
    const broken = (tender: object) =>
      operation('sale.finalize', { ...salePayload(session), tender }, { branchId })
    const refused = await cashier.push([
      broken({ ...tender, received: { usd: 1.5, khr: 0 } }),
      broken({ ...tender, received: 500 }),
      broken({ ...tender, currency: 'USD', received: -1 }),
    ])
    expect(refused.map(({ code }) => code)).toEqual(Array(3).fill('PAYLOAD_INVALID'))
    expect(refused.map(({ details }) => (details as { issues: { path: string }[] }).issues[0]!.path)).toEqual(
      [
        'payload.tender.received.usd',
        expect.stringMatching(/^payload\.tender\.(currency|received)$/),
        'payload.tender.received',
      ],
    )
  })
})

describe('the second anchor: (branch, saleId)', () => {
  it('the same sale under a new key is the earlier one, as a duplicate: one receipt, one movement, one deduction', async () => {
    const payload = salePayload(session)
    const [first, again] = await cashier.push([
      operation('sale.finalize', payload, { branchId }),
      operation('sale.finalize', payload, { branchId }),
    ])
    expect(again).toMatchObject({ status: 'APPLIED', duplicate: true, result: first!.result })
    const later = await cashier.direct('saleFinalize', payload, { branchId })
    expect(later).toMatchObject({ status: 'APPLIED', duplicate: true, result: first!.result })
    const [counts] = await gateway.app.db.everyTenant.rows(
      `select (select count(*)::int from sale where branch_id = $1) as sales,
         (select count(*)::int from cash_movement where branch_id = $1) as movements,
         (select count(*)::int from stock_entry where branch_id = $1) as entries,
         (select last_number::int from receipt_counter where branch_id = $1) as receipts`,
      [branchId],
    )
    expect(counts).toEqual({ sales: 1, movements: 1, entries: 1, receipts: 1 })
  })

  it('a failed sale may be sent to the session that is open now: a new key, the same saleId', async () => {
    const payload = salePayload(randomUUID())
    const lost = operation('sale.finalize', payload, { branchId })
    expect(await cashier.push([lost])).toMatchObject([{ code: 'CASH_SESSION_NOT_OPEN' }])
    const moved = operation('sale.finalize', { ...payload, cashSessionId: session }, { branchId })
    expect(await cashier.push([moved])).toMatchObject([{ status: 'APPLIED', duplicate: false }])
    // Should both arrive after all, there is one sale.
    expect(await cashier.push([{ ...lost, retry: true }])).toMatchObject([
      { status: 'APPLIED', duplicate: true },
    ])
  })

  it('another sale under the same saleId is refused', async () => {
    const payload = salePayload(session)
    await cashier.push([operation('sale.finalize', payload, { branchId })])
    const other = salePayload(session, { saleId: payload.saleId, lines: [{ menuItemId: 'brownie' }] })
    expect(await cashier.push([operation('sale.finalize', other, { branchId })])).toMatchObject([
      { status: 'REJECTED', code: 'SALE_ALREADY_FINALIZED', details: { saleId: payload.saleId } },
    ])
  })

  it('each branch has its own sales', async () => {
    const elsewhere = await newBranch(admin, 'demo-cashier-1')
    const other = randomUUID()
    await cashier.push([openSession(other, { branchId: elsewhere })])
    const saleId = randomUUID()
    const results = await cashier.push([
      sale(session, { saleId }, { branchId }),
      sale(other, { saleId }, { branchId: elsewhere }),
    ])
    expect(results).toMatchObject([{ duplicate: false }, { duplicate: false }])
  })
})

describe('stock', () => {
  it('a sale deducts recipe and modifiers once; what is not tracked stays out of it', async () => {
    const lines = [{ menuItemId: 'iced-latte', quantity: 3, modifierOptionIds: ['size-large', 'milk-oat'] }]
    const sold = await sell({ lines })
    expect(sold.status).toBe('APPLIED')
    const local = await replica()
    const onHand = (id: string) => local.get('stockItem', id)?.onHand
    // Fresh milk: 160 of the recipe, 60 for the size, 150 less for the oat milk.
    expect(['espresso-beans', 'fresh-milk', 'oat-milk', 'cup-cold', 'ice'].map(onHand)).toEqual([
      -54,
      -210,
      -450,
      -3,
      undefined,
    ])
  })
})

describe('void: by a manager, online', () => {
  it('the sale is VOIDED, the refund is in the open session, the stock is back', async () => {
    const thing = await newItem(300)
    await manager.direct(
      'inventoryRestock',
      { stockItemId: thing.menuItemId, quantity: 10, name: 'Thing', unit: 'piece' },
      { branchId },
    )
    const sold = await sell({ lines: [thing], currency: 'USD', received: 1000 })
    const { saleId } = sold.result
    const during = await replica()
    expect(during.get('stockItem', thing.menuItemId)).toMatchObject({ onHand: 8 })

    const refused = await cashier.direct('saleVoid', { saleId, reason: 'wrong' }, { branchId })
    expect(refused).toMatchObject({ status: 'REJECTED', code: 'ACTION_NOT_PERMITTED' })
    const voided = await manager.direct('saleVoid', { saleId, reason: 'wrong' }, { branchId })
    expect(voided).toMatchObject({ status: 'APPLIED', result: { saleId, status: 'VOIDED' } })

    const after = await replica()
    expect(after.get('sale', saleId)).toMatchObject({
      status: 'VOIDED',
      receiptNumber: 1,
      voidReason: 'wrong',
    })
    expect(after.get('cashSession', session)).toMatchObject({ expected: { usd: 5000, khr: 200_000 } })
    expect(after.get('stockItem', thing.menuItemId)).toMatchObject({ onHand: 10 })
    expect(await manager.direct('saleVoid', { saleId, reason: 'again' }, { branchId })).toMatchObject({
      code: 'SALE_ALREADY_VOIDED',
    })
  })

  it('a voided sale that is replayed is still the sale that it was', async () => {
    const op = sale(session, {}, { branchId })
    const [sold] = await cashier.push([op])
    await manager.direct('saleVoid', { saleId: sold!.result.saleId, reason: 'wrong' }, { branchId })
    expect(await cashier.push([op])).toEqual([{ ...sold, duplicate: true }])
    const [again] = await cashier.push([operation('sale.finalize', op.payload, { branchId })])
    expect(again).toMatchObject({ status: 'APPLIED', duplicate: true, result: sold!.result })
    expect((await replica()).get('sale', sold!.result.saleId)).toMatchObject({ status: 'VOIDED' })
  })

  it('needs an open session for the refund', async () => {
    const sold = await sell()
    await cashier.push([closeSession(session, undefined, { branchId })])
    expect(
      await manager.direct('saleVoid', { saleId: sold.result.saleId, reason: 'wrong' }, { branchId }),
    ).toMatchObject({
      code: 'CASH_SESSION_NOT_OPEN',
    })
  })
})
