import { describe, expect, it } from 'vitest'
import { cashMovements, cashSessions } from '../../src/modules/cash-session/tables.ts'
import { movedBy, stockItems, stockMoves } from '../../src/modules/inventory/tables.ts'
import { receiptCounters, sales } from '../../src/modules/sale/tables.ts'
import type { Operation } from '../../src/sync/module.ts'
import type { AnyTable, Row, Write } from '../../src/sync/table.ts'
import { aMinuteBefore, given, now } from '../support/decider.ts'
import {
  atWork,
  branch,
  category,
  extras,
  group,
  ids,
  item,
  policy,
  published,
  session,
  size,
  stock,
  tenant,
} from '../support/rows.ts'

const op: Partial<Operation> = { clientOpId: ids.op }

/** Everything that a sale needs; 10 % VAT, 4,100 riel to the dollar, rounded to the nearest 100. */
const café = [
  branch(),
  session(),
  policy(),
  category(),
  group(size),
  group(extras),
  item(),
  published(),
  stock('beans', 1000),
  stock('milk', 5000),
  atWork(),
]
const without = (row: Write) =>
  café.flat().filter((each) => each.table !== row.table || each.row.id !== row.row.id)

/**
 * Two large lattes: 2 x (250 + 50) = 600, VAT 60, total 660 = 27,060 riel, rounded to 27,100.
 * Paid with 30,000 riel: 2,900 back.
 */
const twoLattes = {
  saleId: ids.sale,
  cashSessionId: ids.session,
  saleType: 'DINE_IN',
  policyRevision: 1,
  lines: [{ menuItemId: 'latte', menuItemRevision: 1, quantity: 2, modifierOptionIds: ['large'] }],
  totals: { subtotalUsd: 600, vatUsd: 60, totalUsd: 660, totalKhr: 27_100 },
  tender: { method: 'CASH', currency: 'KHR', received: 30_000, change: { usd: 0, khr: 2900 } },
}
/** The same in dollars: 10.00 less 6.60 is 3.40: 3 dollars and 0.40 = 1,640 riel, rounded to 1,600. */
const inDollars = { method: 'CASH', currency: 'USD', received: 1000, change: { usd: 300, khr: 1600 } }

/** Five dollars and 10,000 riel: 1.60 is left, 6,560 riel, rounded to 6,600: 3,400 back. */
const inBoth = { method: 'CASH', received: { usd: 500, khr: 10_000 }, change: { usd: 0, khr: 3400 } }

const sell = (fields: object = {}, rows: readonly (Write | Write[])[] = café, envelope = op) =>
  given(rows as Write[]).when('sale.finalize', { ...twoLattes, ...fields }, envelope)

describe('sale.finalize: what it makes, in one decision', () => {
  it('an immutable snapshot: lines with names, prices and categories, the revision of the policy, totals, tender', () => {
    const after = sell().thenAccepted({
      saleId: ids.sale,
      receiptNumber: 1,
      pricedFromStaleCache: false,
      totals: twoLattes.totals,
    })
    expect(after.one(sales)).toEqual({
      branchId: 'riverside',
      id: ids.sale,
      clientOpId: ids.op,
      receiptNumber: 1,
      status: 'FINALIZED',
      saleType: 'DINE_IN',
      cashSessionId: ids.session,
      policyRevision: 1,
      // As the revision has it.
      policy: {},
      lines: [
        {
          menuItemId: 'latte',
          menuItemRevision: 1,
          name: 'Latte',
          categoryId: 'coffee',
          categoryName: 'Coffee',
          quantity: 2,
          unitUsd: 300,
          lineUsd: 600,
          modifiers: [{ id: 'large', name: 'Large', priceUsd: 50 }],
        },
      ],
      totals: twoLattes.totals,
      tender: twoLattes.tender,
      pricedFromStaleCache: false,
      actorId: 'sophea',
      finalizedAt: aMinuteBefore,
      recordedAt: now,
      voidedAt: null,
      voidedBy: null,
      voidReason: null,
    })
    expect(after.audit).toEqual(['SALE_FINALIZED', 'INVENTORY_DEDUCTION_APPLIED'])
  })

  it('the next receipt number of the branch', () => {
    const counter = receiptCounters.row({ branchId: 'riverside', lastNumber: 41 })
    const elsewhere = receiptCounters.row({ branchId: 'market', lastNumber: 900 })
    const after = sell({}, [...café, counter, elsewhere].flat()).thenAccepted()
    expect(after.result).toMatchObject({ receiptNumber: 42 })
    expect(after.one(receiptCounters, { branchId: 'riverside' }).lastNumber).toBe(42)
    expect(after.one(receiptCounters, { branchId: 'market' }).lastNumber).toBe(900)
  })

  it.each([
    ['riel', twoLattes.tender, { usd: 0, khr: 27_100 }],
    ['dollars, change in both', inDollars, { usd: 700, khr: -1600 }],
    [
      'dollars, to the cent',
      { ...inDollars, received: 660, change: { usd: 0, khr: 0 } },
      { usd: 660, khr: 0 },
    ],
    ['dollars and riel together', inBoth, { usd: 500, khr: 6600 }],
    [
      'dollars that cover it, and riel',
      { method: 'CASH', received: { usd: 1000, khr: 600 }, change: { usd: 300, khr: 2200 } },
      { usd: 700, khr: -1600 },
    ],
  ])('the cash movement SALE_IN: %s', (_, tender, gained) => {
    const after = sell({ tender }).thenAccepted()
    expect(after.one(cashMovements)).toMatchObject({
      kind: 'SALE_IN',
      saleId: ids.sale,
      cashSessionId: ids.session,
      ...gained,
    })
    expect(after.one(cashSessions)).toMatchObject({
      expectedUsd: 5000 + gained.usd,
      expectedKhr: 200_000 + gained.khr,
    })
  })

  it('deducts the tracked components of recipe and modifiers, once for each stock item', () => {
    const after = sell().thenAccepted()
    expect(after.one(stockItems, { id: 'beans' }).onHand).toBe(1000 - 2 * 18)
    expect(after.one(stockItems, { id: 'milk' }).onHand).toBe(5000 - 2 * (180 + 60))
    expect(after.all(stockItems).map(({ id }) => id)).not.toContain('ice')
    const move = after.one(stockMoves)
    expect(move).toMatchObject({ kind: 'SALE', clientOpId: ids.op, saleId: ids.sale })
    expect(movedBy(move)).toHaveLength(2)
    expect(move.items).toMatchObject({ milk: -480 })
  })

  it('a modifier may put one component in the place of another', () => {
    const lines = [{ ...twoLattes.lines[0], quantity: 1, modifierOptionIds: ['regular', 'oat'] }]
    const totals = { subtotalUsd: 310, vatUsd: 31, totalUsd: 341, totalKhr: 14_000 }
    const tender = { ...twoLattes.tender, received: 14_000, change: { usd: 0, khr: 0 } }
    const after = sell({ lines, totals, tender }).thenAccepted()
    expect(after.one(stockItems, { id: 'milk' }).onHand).toBe(5000)
    expect(after.one(stockItems, { id: 'oat-milk' })).toMatchObject({
      name: 'oat-milk',
      unit: 'g',
      onHand: -180,
    })
  })

  it('stock may go below zero: the sale happened', () => {
    const after = sell({}, [...without(stock('beans', 0)), stock('beans', 10)]).thenAccepted()
    expect(after.one(stockItems, { id: 'beans' }).onHand).toBe(-26)
  })

  it('a sale that uses nothing tracked deducts nothing and says nothing of it', () => {
    const rows = [
      ...without(published()).filter((row) => row.row.menuItemId === undefined),
      published({ recipe: [] }),
    ]
    const lines = [{ ...twoLattes.lines[0], modifierOptionIds: ['regular'] }]
    const totals = { subtotalUsd: 500, vatUsd: 50, totalUsd: 550, totalKhr: 22_600 }
    const tender = { ...twoLattes.tender, received: 22_600, change: { usd: 0, khr: 0 } }
    const after = sell({ lines, totals, tender }, rows).thenAccepted()
    expect(after.audit).toEqual(['SALE_FINALIZED'])
    expect(after.all(stockMoves)).toEqual([])
  })

  it('no attendance running for the actor: applied, with an audit signal', () => {
    const after = sell({}, without(atWork())).thenAccepted()
    expect(after.audit).toContain('SALE_FINALIZED_WITHOUT_ATTENDANCE')
    const others = sell({}, [...without(atWork()), atWork({ actorId: 'vannak' })]).thenAccepted()
    expect(others.audit).toContain('SALE_FINALIZED_WITHOUT_ATTENDANCE')
  })
})

describe('sale.finalize needs the open cash session that it names (EC-OS-06)', () => {
  it.each([
    ['there is none', without(session())],
    ['it is closed', [...without(session()), session({ status: 'CLOSED' })]],
    ['it was force-closed', [...without(session()), session({ status: 'FORCE_CLOSED' })]],
    ['it is another branch’s', [...without(session()), session({ branchId: 'market' })]],
    ['another one is open', [...without(session()), session({ id: ids.otherSession })]],
  ])('%s', (_, rows) => {
    sell({}, rows).thenRejected('CASH_SESSION_NOT_OPEN', { cashSessionId: ids.session })
  })
})

describe('sale.finalize is priced from the revisions that it names', () => {
  const dearer = [
    ...without(item()),
    item({ revision: 2, priceUsd: 300 }),
    published({ revision: 2, priceUsd: 300 }),
  ]

  it('an older item revision: applied at that price, marked and audited', () => {
    const after = sell({}, dearer).thenAccepted()
    expect(after.one(sales)).toMatchObject({ pricedFromStaleCache: true, totals: twoLattes.totals })
    expect(after.audit).toContain('SALE_PRICED_FROM_STALE_CACHE')
  })

  describe('and how old they are', () => {
    const day = 86_400_000
    const replacedBefore = (ms: number) => [
      ...without(item()),
      item({ revision: 2, priceUsd: 300 }),
      published({ revision: 2, priceUsd: 300, publishedAt: new Date(now.getTime() - ms) }),
    ]
    const taking = (refuseRevisionsOlderDays: number | null, rows: readonly (Write | Write[])[]) => [
      tenant('ACTIVE', { refuseRevisionsOlderDays }),
      ...rows,
    ]

    it('is told: since when, by the server’s clock, and for how many days', () => {
      const after = sell({}, replacedBefore(9.5 * day)).thenAccepted()
      expect(after.dataOf('SALE_PRICED_FROM_STALE_CACHE')).toMatchObject({
        replacedAt: new Date(now.getTime() - 9.5 * day).toISOString(),
        daysAgo: 9,
      })
    })

    it('is never a reason to refuse unless the tenant says so', () => {
      sell({}, taking(null, replacedBefore(10_000 * day))).thenAccepted()
    })

    it('is one past the tenant’s days, whatever the device’s clock says', () => {
      sell({}, taking(7, replacedBefore(7 * day))).thenAccepted()
      const long = { ...op, occurredAt: new Date(now.getTime() - 8 * day) }
      sell({}, taking(7, replacedBefore(7 * day + 1)), long).thenRejected('MENU_REVISION_TOO_OLD', {
        menuItemId: 'latte',
        days: 7,
      })
    })

    it('counts for the policy too', () => {
      const later = (ms: number) =>
        policy({ revision: 2 }).map(({ table, row }) => ({
          table,
          row: 'publishedAt' in row ? { ...row, publishedAt: new Date(now.getTime() - ms) } : row,
        }))
      sell({}, taking(1, [...café.flat(), ...later(day)])).thenAccepted()
      sell({}, taking(1, [...café.flat(), ...later(day + 1)])).thenRejected('POLICY_REVISION_TOO_OLD', {
        policyRevision: 1,
      })
    })
  })

  it.each([
    ['in the year 1', -739_675, new Date('0001-01-01T00:00:00.000Z')],
    ['a month and more ago', -31, new Date(now.getTime() - 31.5 * 86_400_000)],
    ['two days ahead', 2, new Date(now.getTime() + 2.5 * 86_400_000)],
  ])('a sale that its device dates %s is applied, and that is told', (_, daysOff, occurredAt) => {
    const after = sell({}, café, { ...op, occurredAt }).thenAccepted()
    expect(after.dataOf('SALE_DATED_FAR_OFF')).toMatchObject({
      daysOff,
      occurredAt: occurredAt.toISOString(),
    })
  })

  it.each([-31, 0, 1])('one that its device dates %i days off is not', (days) => {
    const occurredAt = new Date(now.getTime() + days * 86_400_000)
    expect(sell({}, café, { ...op, occurredAt }).thenAccepted().audit).not.toContain('SALE_DATED_FAR_OFF')
    // A clock that was known to be wrong has been put right.
    const wrong = { occurredAt: new Date(now.getTime() + 90 * 86_400_000), clockSkewMs: 90 * 86_400_000 }
    expect(sell({}, café, { ...op, ...wrong }).thenAccepted().audit).not.toContain('SALE_DATED_FAR_OFF')
  })

  it('the older price under the current revision does not add up', () => {
    const lines = [{ ...twoLattes.lines[0], menuItemRevision: 2 }]
    sell({ lines }, dearer).thenRejected('SALE_TOTALS_MISMATCH', {
      expected: { subtotalUsd: 700, vatUsd: 70, totalUsd: 770, totalKhr: 31_600 },
      received: twoLattes.totals,
    })
  })

  it('an older policy: applied with its values, marked and audited', () => {
    const rows = [...café.flat(), ...policy({ revision: 2, vatRatePercent: 15, fxRateKhrPerUsd: 4000 })]
    const after = sell({}, rows).thenAccepted()
    expect(after.one(sales)).toMatchObject({
      pricedFromStaleCache: true,
      policyRevision: 1,
      // Priced by that one's rate and VAT.
      totals: twoLattes.totals,
    })
    expect(after.audit).toContain('SALE_PRICED_FROM_STALE_CACHE')
  })

  it.each([{ archived: true }, { removed: true }])(
    'an item that is %o meanwhile is sold all the same',
    (gone) => {
      sell({}, [...without(item()), item(gone)]).thenAccepted()
    },
  )

  it('a revision must have been published', () => {
    const lines = [{ ...twoLattes.lines[0], menuItemRevision: 2 }]
    sell({ lines }).thenRejected('MENU_REVISION_UNKNOWN', { menuItemId: 'latte', menuItemRevision: 2 })
  })

  it('an item must have been on the menu', () => {
    const lines = [{ ...twoLattes.lines[0], menuItemId: 'mocha' }]
    sell({ lines }).thenRejected('MENU_ITEM_UNKNOWN', { menuItemId: 'mocha' })
  })

  it('a policy must have been in force in this branch', () => {
    sell({ policyRevision: 2 }).thenRejected('POLICY_REVISION_UNKNOWN', { policyRevision: 2 })
    sell({ policyRevision: 2 }, [...café.flat(), ...policy({ revision: 2 }, 'market')]).thenRejected(
      'POLICY_REVISION_UNKNOWN',
    )
  })
})

describe('sale.finalize: modifiers as they were published', () => {
  it.each([
    ['none of a group that takes one', []],
    ['two of a group that takes one', ['regular', 'large']],
    ['three of a group that takes two', ['regular', 'shot', 'oat', 'own-cup']],
    ['an option twice', ['regular', 'shot', 'shot']],
    ['an option that there is not', ['regular', 'gold-leaf']],
  ])('%s', (_, modifierOptionIds) => {
    sell({ lines: [{ ...twoLattes.lines[0], modifierOptionIds }] }).thenRejected('MODIFIER_SELECTION_INVALID')
  })

  it('an option may make an item cheaper; its line stops at nothing, and takes nothing off the others', () => {
    const rows = [
      ...café.flat().filter(({ row }) => row.menuItemId === undefined),
      published({ priceUsd: 10 }),
    ]
    const lines = [{ ...twoLattes.lines[0], modifierOptionIds: ['regular', 'own-cup'] }]
    const nothing = { usd: 0, khr: 0 }
    const free = { totals: { subtotalUsd: 0, vatUsd: 0, totalUsd: 0, totalKhr: 0 }, lines }
    const given = sell({ ...free, tender: { method: 'CASH', received: nothing, change: nothing } }, rows)
    expect(given.thenAccepted().one(sales).lines[0]).toMatchObject({ unitUsd: 0, lineUsd: 0 })

    const totals = { subtotalUsd: 460, vatUsd: 46, totalUsd: 506, totalKhr: 20_700 }
    const tender = { ...twoLattes.tender, received: 20_700, change: { usd: 0, khr: 0 } }
    const after = sell({ lines, totals, tender }).thenAccepted()
    expect(after.one(sales).lines[0]).toMatchObject({ unitUsd: 230, lineUsd: 460 })
  })
})

describe('sale.finalize: totals to the cent, cash that covers them, the right change', () => {
  it.each(Object.keys(twoLattes.totals) as (keyof typeof twoLattes.totals)[])('%s one too many', (name) => {
    const totals = { ...twoLattes.totals, [name]: twoLattes.totals[name] + 1 }
    sell({ totals }).thenRejected('SALE_TOTALS_MISMATCH')
  })

  it.each([
    ['KHR', 27_099],
    ['USD', 659],
  ])('%s %i does not cover it', (currency, received) => {
    const tender = { method: 'CASH', currency, received, change: { usd: 0, khr: 0 } }
    sell({ tender }).thenRejected('TENDER_INSUFFICIENT', { currency, received })
  })

  it('dollars and riel together do not cover it', () => {
    const received = { usd: 500, khr: 6599 }
    sell({ tender: { ...inBoth, received } }).thenRejected('TENDER_INSUFFICIENT', {
      received,
      due: { khr: 6600 },
    })
  })

  it.each([
    { ...inBoth, change: { usd: 0, khr: 3440 } },
    { ...inBoth, received: { usd: 501, khr: 10_000 } },
    { ...twoLattes.tender, change: { usd: 0, khr: 3000 } },
    { ...twoLattes.tender, change: { usd: 1, khr: 2900 } },
    { ...inDollars, change: { usd: 340, khr: 0 } },
    { ...inDollars, change: { usd: 300, khr: 1640 } },
  ])('the change is wrong: %o', (tender) => {
    sell({ tender }).thenRejected('SALE_TOTALS_MISMATCH')
  })

  it('only cash is taken', () => {
    sell({ tender: { ...twoLattes.tender, method: 'KHQR' } }).thenRejected('TENDER_METHOD_NOT_ALLOWED', {
      method: 'KHQR',
    })
  })

  it.each([
    { lines: [] },
    { lines: [{ ...twoLattes.lines[0], quantity: 0 }] },
    { lines: [{ ...twoLattes.lines[0], quantity: 1000 }] },
    { lines: [{ ...twoLattes.lines[0], quantity: 1.5 }] },
    { saleType: 'GIFT' },
    { policyRevision: 0 },
    { saleId: 'one' },
    { tender: { ...twoLattes.tender, received: -1 } },
    { tender: { ...inBoth, received: { usd: -1, khr: 30_000 } } },
    { tender: { ...inBoth, received: { usd: 1_000_000_001, khr: 0 } } },
    { tender: { method: 'CASH', received: 30_000, change: { usd: 0, khr: 2900 } } },
  ])('is not well formed: %o', (fields) => {
    expect(() => sell(fields)).toThrow()
  })

  it('at least one line, a quantity of 1 to 999', () => {
    const lines = [{ ...twoLattes.lines[0], quantity: 999, modifierOptionIds: ['regular'] }]
    const totals = { subtotalUsd: 249_750, vatUsd: 24_975, totalUsd: 274_725, totalKhr: 11_263_700 }
    const tender = { ...twoLattes.tender, received: 11_263_700, change: { usd: 0, khr: 0 } }
    sell({ lines, totals, tender }).thenAccepted()
  })
})

describe('the sale’s second anchor is (branch, saleId)', () => {
  const sold = () => {
    const after = sell().thenAccepted()
    return [...without(session()), cashSessions.row(after.one(cashSessions)), sales.row(after.one(sales))]
  }
  const another: Partial<Operation> = { clientOpId: ids.movement }

  it('the same sale under a new key is the earlier one', () => {
    const again = sell({}, sold(), another).thenAccepted({
      saleId: ids.sale,
      receiptNumber: 1,
      pricedFromStaleCache: false,
      totals: twoLattes.totals,
    })
    expect(again).toMatchObject({ duplicate: true, written: 0, audit: [] })
  })

  it('also where it is sent to another session, whatever became of the first', () => {
    const again = sell({ cashSessionId: ids.otherSession }, sold(), another).thenAccepted()
    expect(again.duplicate).toBe(true)
  })

  it.each([
    { saleType: 'TAKEAWAY' },
    { policyRevision: 2 },
    { lines: [{ ...twoLattes.lines[0], quantity: 1 }] },
    { lines: [...twoLattes.lines, ...twoLattes.lines] },
    { totals: { ...twoLattes.totals, totalKhr: 27_000 } },
    { tender: inDollars },
    { tender: inBoth },
    { tender: { method: 'CASH', received: { usd: 0, khr: 30_000 }, change: { usd: 0, khr: 2900 } } },
    { tender: { ...twoLattes.tender, received: 40_000, change: { usd: 0, khr: 12_900 } } },
  ])('another sale under its id is refused: %o', (fields) => {
    sell(fields, sold(), another).thenRejected('SALE_ALREADY_FINALIZED', { saleId: ids.sale })
  })

  it('another branch may have a sale of that id', () => {
    const elsewhere = sold().map(({ table, row }) =>
      table === sales ? { table, row: { ...row, branchId: 'market' } } : { table, row },
    )
    expect(sell({}, elsewhere, another).thenAccepted().duplicate).toBe(false)
  })
})

describe('sale.void', () => {
  const soldWith = (tender: object) => {
    const after = sell({ tender }).thenAccepted()
    const tables: AnyTable[] = [sales, cashMovements, cashSessions, stockItems, stockMoves]
    return tables.flatMap((table) => after.all(table).map((row) => table.row(row)))
  }
  const wrongOrder = { saleId: ids.sale, reason: 'wrong order' }
  const voidOp: Partial<Operation> = { clientOpId: ids.movement, actorId: 'dara' }

  it.each([
    ['riel', twoLattes.tender, { usd: 0, khr: -27_100 }],
    ['dollars and riel together', inBoth, { usd: -500, khr: -6600 }],
    ['dollars', inDollars, { usd: -700, khr: 1600 }],
  ])(
    'the sale stays, marked; the refund goes into the open session, the stock back: %s',
    (_, tender, refund) => {
      const after = given(soldWith(tender))
        .when('sale.void', wrongOrder, voidOp)
        .thenAccepted({ saleId: ids.sale, status: 'VOIDED' })
      expect(after.one(sales)).toMatchObject({
        status: 'VOIDED',
        voidedBy: 'dara',
        voidedAt: aMinuteBefore,
        voidReason: 'wrong order',
        receiptNumber: 1,
        totals: twoLattes.totals,
      })
      expect(after.one(cashMovements, { kind: 'REFUND' })).toMatchObject({ ...refund, saleId: ids.sale })
      expect(after.one(cashSessions)).toMatchObject({ expectedUsd: 5000, expectedKhr: 200_000 })
      expect(after.one(stockItems, { id: 'beans' }).onHand).toBe(1000)
      expect(after.one(stockItems, { id: 'milk' }).onHand).toBe(5000)
      expect(movedBy(after.one(stockMoves, { kind: 'VOID' }))).toHaveLength(2)
      expect(after.audit).toEqual(['SALE_VOIDED'])
    },
  )

  it('gives back what a gateway of before wrote item by item', () => {
    const itemByItem = ({ table, row }: Write): Write[] =>
      table === stockMoves
        ? movedBy(row as Row<typeof stockMoves>).map((moved) => ({
            table,
            row: { ...row, ...moved, items: null },
          }))
        : [{ table, row }]
    const rows = soldWith(twoLattes.tender).flatMap(itemByItem)
    expect(rows.filter(({ table }) => table === stockMoves)).toHaveLength(2)
    const after = given(rows).when('sale.void', wrongOrder, voidOp).thenAccepted()
    expect(after.one(stockItems, { id: 'beans' }).onHand).toBe(1000)
    expect(after.one(stockItems, { id: 'milk' }).onHand).toBe(5000)
    const taken = soldWith(twoLattes.tender).find(({ table }) => table === stockMoves)!.row
    const back = Object.entries(taken.items as Record<string, number>).map(([id, moved]) => [id, -moved])
    expect(after.one(stockMoves, { kind: 'VOID' }).items).toEqual(Object.fromEntries(back))
  })

  it('the refund goes into the session that is open now', () => {
    const rows = soldWith(twoLattes.tender).filter(({ table }) => table !== cashSessions)
    const after = given(rows, session({ status: 'CLOSED' }), session({ id: ids.otherSession }))
      .when('sale.void', wrongOrder, voidOp)
      .thenAccepted()
    expect(after.one(cashMovements, { kind: 'REFUND' }).cashSessionId).toBe(ids.otherSession)
    expect(after.one(cashSessions, { id: ids.otherSession }).expectedKhr).toBe(200_000 - 27_100)
  })

  it('needs an open session', () => {
    given(soldWith(twoLattes.tender).filter(({ table }) => table !== cashSessions))
      .when('sale.void', wrongOrder, voidOp)
      .thenRejected('CASH_SESSION_NOT_OPEN')
  })

  it('once, and only what was sold here', () => {
    const after = given(soldWith(twoLattes.tender)).when('sale.void', wrongOrder, voidOp).thenAccepted()
    given(session(), sales.row(after.one(sales)))
      .when('sale.void', wrongOrder)
      .thenRejected('SALE_ALREADY_VOIDED')
    given(session()).when('sale.void', wrongOrder).thenRejected('SALE_UNKNOWN', { saleId: ids.sale })
    given(session(), sales.row({ ...after.one(sales), branchId: 'market' }))
      .when('sale.void', wrongOrder)
      .thenRejected('SALE_UNKNOWN')
  })
})
