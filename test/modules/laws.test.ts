import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attendances } from '../../src/modules/attendance/tables.ts'
import { auditTrail } from '../../src/modules/audit/index.ts'
import { cashMovements, cashSessions } from '../../src/modules/cash-session/tables.ts'
import { movedBy, stockItems, stockMoves } from '../../src/modules/inventory/tables.ts'
import { defaultPolicy } from '../../src/modules/policy/publish.ts'
import { changeOf, mixedChangeOf, totalsOf } from '../../src/modules/sale/pricing.ts'
import { receiptCounters, sales } from '../../src/modules/sale/tables.ts'
import { payloadHashOf, type SubmittedOperation } from '../../src/sync/inspect.ts'
import type { Json } from '../../src/sync/words.ts'
import { aMinuteBefore } from '../support/decider.ts'
import { MemoryGateway } from '../support/memory-gateway.ts'
import {
  assigned,
  branch,
  category,
  component,
  item,
  member,
  policy,
  published,
  session,
  signedIn,
  stock,
  tenant,
} from '../support/rows.ts'

const branchIds = ['riverside', 'market']
const openingStock = 500
const prices = { latte: [250, 270], tea: [150, 150] } as const

const café = [
  tenant(),
  branchIds.map((id) => branch(id)),
  branchIds.flatMap((id) => policy({}, id)),
  ['dara', 'sophea'].flatMap((accountId) => assigned(accountId, branchIds)),
  member('dara', 'MANAGER'),
  member('sophea', 'CASHIER'),
  signedIn('sophea'),
  session({ id: '00000001-0000-4000-8000-000000000000' }),
  category(),
  item({ modifierGroupIds: [], revision: 2, priceUsd: 270 }),
  prices.latte.map((priceUsd, i) => published({ revision: i + 1, priceUsd, modifierGroups: [] })),
  item({ id: 'tea', modifierGroupIds: [], recipe: [component('leaves', 5)], priceUsd: 150 }),
  published({ menuItemId: 'tea', modifierGroups: [], recipe: [component('leaves', 5)], priceUsd: 150 }),
  branchIds.flatMap((id) => ['beans', 'milk', 'leaves'].map((name) => stock(name, openingStock, id))),
].flat()

const tables = [
  cashSessions,
  cashMovements,
  sales,
  receiptCounters,
  stockItems,
  stockMoves,
  attendances,
  auditTrail,
]

/** A UUID from two small numbers: few enough that random operations meet each other. */
const uuid = (family: number, n: number) => `0000000${family}-0000-4000-8000-${String(n).padStart(12, '0')}`
const sessionId = fc.constantFrom(0, 0, 0, 1, 2).map((n) => uuid(1, n))
const saleId = fc.nat(4).map((n) => uuid(2, n))
const movementId = fc.nat(4).map((n) => uuid(3, n))
const attendanceId = fc.nat(3).map((n) => uuid(4, n))
const anyMoney = fc.record({ usd: fc.nat(10_000), khr: fc.nat(100_000) })

/** A sale whose arithmetic is right, or (rarely) not; priced from a current, an old or an unknown revision. */
const finalize = fc
  .record({
    saleId,
    cashSessionId: sessionId,
    lines: fc.array(
      fc.record({
        menuItemId: fc.constantFrom('latte' as const, 'tea' as const),
        menuItemRevision: fc.constantFrom(1, 1, 1, 2, 2, 2, 2, 3),
        quantity: fc.integer({ min: 1, max: 9 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    currency: fc.constantFrom('USD' as const, 'KHR' as const, null),
    more: fc.nat(2000),
    wrong: fc.integer({ min: -3, max: 10 }).map((n) => Math.min(n, 0)),
  })
  .map(({ saleId, cashSessionId, lines, currency, more, wrong }) => {
    const priced = lines.map(({ menuItemId, menuItemRevision, quantity }) => ({
      unitUsd: prices[menuItemId][menuItemRevision - 1] ?? 0,
      quantity,
    }))
    const totals = totalsOf(priced, defaultPolicy)
    const received = more + (currency === 'USD' ? totals.totalUsd : totals.totalKhr)
    const both = { usd: Math.floor(totals.totalUsd / 2), khr: totals.totalKhr + more }
    return {
      saleId,
      cashSessionId,
      saleType: 'TAKEAWAY',
      policyRevision: 1,
      lines: lines.map((line) => ({ ...line, modifierOptionIds: [] })),
      totals: { ...totals, totalUsd: Math.max(0, totals.totalUsd + wrong) },
      tender: currency
        ? {
            method: 'CASH',
            currency,
            received,
            change: changeOf({ currency, received }, totals, defaultPolicy)!,
          }
        : {
            method: 'CASH',
            received: both,
            change: mixedChangeOf(both, totals.totalUsd, defaultPolicy)!,
          },
    }
  })

const intent = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('cashSession.open'),
      payload: fc.record({ cashSessionId: sessionId, openingFloat: anyMoney }),
    }),
  },
  { weight: 10, arbitrary: fc.record({ type: fc.constant('sale.finalize'), payload: finalize }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('cashSession.movement'),
      payload: fc.record({
        movementId,
        cashSessionId: sessionId,
        kind: fc.constantFrom('PAID_IN', 'PAID_OUT', 'ADJUSTMENT'),
        currency: fc.constantFrom('USD', 'KHR'),
        amount: fc.integer({ min: -50, max: 5000 }),
        reason: fc.constantFrom('change', 'milk'),
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('cashSession.close'),
      payload: fc.record({ cashSessionId: sessionId, counted: anyMoney }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('attendance.startWork'), payload: fc.record({ attendanceId }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('attendance.endWork'), payload: fc.record({ attendanceId }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('sale.void'),
      payload: fc.record({ saleId, reason: fc.constant('wrong') }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('inventory.waste'),
      payload: fc.record({
        stockItemId: fc.constantFrom('beans', 'gold'),
        quantity: fc.integer({ min: 1, max: 90 }),
        reason: fc.constant('spilt'),
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('inventory.adjust'),
      payload: fc.record({
        stockItemId: fc.constantFrom('beans', 'gold'),
        quantity: fc.integer({ min: -90, max: 90 }),
        reason: fc.constant('count'),
      }),
    }),
  },
)

type Intent = { type: string; payload: Json; branchId: string; actorId: string; dependsOn: number[] }

const queue: fc.Arbitrary<SubmittedOperation[]> = fc
  .array(
    fc.record({
      intent,
      branchId: fc.constantFrom('riverside', 'riverside', 'riverside', 'market'),
      actorId: fc.constantFrom('sophea', 'dara', 'dara'),
      dependsOn: fc.array(fc.nat(30), { maxLength: 1 }),
    }),
    { minLength: 1, maxLength: 30, size: 'max' },
  )
  .map((all) => all.map(({ intent, ...rest }, n) => submitted({ ...intent, ...rest } as Intent, n)))

/** The n-th operation: its key follows from its place, what it depends on are earlier or unknown ones. */
function submitted({ type, payload, branchId, actorId, dependsOn }: Intent, n: number): SubmittedOperation {
  return {
    clientOpId: uuid(9, n),
    type,
    branchId,
    payload,
    payloadHash: payloadHashOf({ type, branchId, payload }),
    occurredAt: aMinuteBefore,
    actorId,
    dependsOn: dependsOn.filter((each) => each !== n && n % 5 === 0).map((each) => uuid(9, each)),
  }
}

const onlineOnly = new Set(['sale.void', 'inventory.adjust'])

/** Sends a queue in batches; what works only online goes alone, by the direct lane. */
async function replay(
  gateway: MemoryGateway,
  operations: readonly SubmittedOperation[],
  sizes: readonly number[],
) {
  const verdicts = []
  let from = 0
  for (let turn = 0; from < operations.length; turn += 1) {
    const online = onlineOnly.has(operations[from]!.type)
    const limit = online ? 1 : sizes[turn % sizes.length]!
    let to = from + 1
    while (to < from + limit && to < operations.length && !onlineOnly.has(operations[to]!.type)) to += 1
    const batch = operations.slice(from, to)
    verdicts.push(...(await gateway.push(batch, { accountId: 'dara', lane: online ? 'DIRECT' : 'REPLAY' })))
    from = to
  }
  return verdicts
}

const sum = (numbers: number[]) => numbers.reduce((total, n) => total + n, 0)

function checkBooks({ rows }: MemoryGateway) {
  // Money: what a drawer should hold is its opening float and its movements, in each currency.
  for (const session of rows.all(cashSessions)) {
    const movements = rows.all(cashMovements).filter(({ cashSessionId }) => cashSessionId === session.id)
    expect(session.expectedUsd).toBe(session.openingUsd + sum(movements.map(({ usd }) => usd)))
    expect(session.expectedKhr).toBe(session.openingKhr + sum(movements.map(({ khr }) => khr)))
  }
  for (const sale of rows.all(sales)) {
    const ofSale = rows
      .all(cashMovements)
      .filter(({ saleId, branchId }) => saleId === sale.id && branchId === sale.branchId)
    const { tender } = sale
    const { change } = tender
    const received =
      'currency' in tender
        ? { usd: 0, khr: 0, [tender.currency === 'USD' ? 'usd' : 'khr']: tender.received }
        : tender.received
    const taken = { usd: received.usd - change.usd, khr: received.khr - change.khr }
    expect(ofSale.filter(({ kind }) => kind === 'SALE_IN')).toMatchObject([taken])
    expect(ofSale.filter(({ kind }) => kind === 'REFUND')).toHaveLength(sale.status === 'VOIDED' ? 1 : 0)
    const kept = { usd: sum(ofSale.map(({ usd }) => usd)), khr: sum(ofSale.map(({ khr }) => khr)) }
    expect(kept).toEqual(sale.status === 'VOIDED' ? { usd: 0, khr: 0 } : taken)
    // A void is paid out in what was taken in; a sale in riel takes just its total.
    if (received.usd === 0) expect(taken).toEqual({ usd: 0, khr: sale.totals.totalKhr })
  }
  // Stock: what is on hand is the sum of the ledger.
  for (const { branchId, id, onHand } of rows.all(stockItems)) {
    const entries = rows
      .all(stockMoves)
      .filter((move) => move.branchId === branchId)
      .flatMap(movedBy)
      .filter(({ stockItemId }) => stockItemId === id)
    expect(onHand).toBe(openingStock + sum(entries.map(({ quantity }) => quantity)))
  }
  for (const branchId of branchIds) {
    const numbers = rows
      .all(sales)
      .filter((sale) => sale.branchId === branchId)
      .map(({ receiptNumber }) => receiptNumber)
    expect(numbers.sort((a, b) => a - b)).toEqual(numbers.map((_, i) => i + 1))
    const open = rows
      .all(cashSessions)
      .filter((session) => session.branchId === branchId && session.status === 'OPEN')
    expect(open.length).toBeLessThanOrEqual(1)
  }
  for (const actorId of ['dara', 'sophea']) {
    const active = rows
      .all(attendances)
      .filter((each) => each.actorId === actorId && each.status === 'ACTIVE')
    expect(active.length).toBeLessThanOrEqual(1)
  }
}

const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 })

describe('for all queues', () => {
  it('money and stock are conserved, receipt numbers are gapless, one session and one work record are open', async () => {
    await fc.assert(
      fc.asyncProperty(queue, sizes, async (operations, batches) => {
        const gateway = new MemoryGateway(café)
        await replay(gateway, operations, batches)
        checkBooks(gateway)
      }),
    )
  })

  it('batches do not matter: cut anywhere, the same verdicts and the same state', async () => {
    await fc.assert(
      fc.asyncProperty(queue, sizes, async (operations, batches) => {
        const oneByOne = new MemoryGateway(café)
        const cut = new MemoryGateway(café)
        const expected = await replay(oneByOne, operations, [1])
        expect(await replay(cut, operations, batches)).toEqual(expected)
        expect(cut.snapshot(tables)).toEqual(oneByOne.snapshot(tables))
      }),
    )
  })

  it('EC-OS-01: repeats do not matter: each key has one effect, and its verdict comes back', async () => {
    const repeats = fc.array(fc.tuple(fc.nat(200), fc.nat(200)), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(queue, sizes, repeats, async (operations, batches, again) => {
        const once = new MemoryGateway(café)
        const expected = new Map(
          (await replay(once, operations, [1])).map((verdict) => [verdict.clientOpId, verdict]),
        )

        // A repeat stands anywhere behind the operation's first place.
        const withRepeats = [...operations]
        for (const [which, where] of again) {
          const operation = operations[which % operations.length]!
          const first = withRepeats.indexOf(operation)
          withRepeats.splice(first + 1 + (where % (withRepeats.length - first)), 0, operation)
        }
        const often = new MemoryGateway(café)
        const seen = new Set<string>()
        for (const verdict of await replay(often, withRepeats, batches)) {
          const before = expected.get(verdict.clientOpId)!
          expect(verdict).toEqual(seen.has(verdict.clientOpId) ? { ...before, duplicate: true } : before)
          seen.add(verdict.clientOpId)
        }
        expect(often.snapshot(tables)).toEqual(once.snapshot(tables))
      }),
    )
  })

  it('whatever the order, with people asking to try again: no key has two effects, and the books are right', async () => {
    await fc.assert(
      fc.asyncProperty(
        queue.chain((operations) =>
          fc.shuffledSubarray([...operations, ...operations, ...operations], {
            minLength: operations.length,
          }),
        ),
        sizes,
        fc.infiniteStream(fc.boolean()),
        async (shuffled, batches, retries) => {
          const gateway = new MemoryGateway(café)
          const asked = shuffled.map((operation) => ({
            ...operation,
            retry: retries.next().value as boolean,
          }))
          const verdicts = await replay(gateway, asked, batches)
          checkBooks(gateway)
          const effects = verdicts.filter(({ status, duplicate }) => status === 'APPLIED' && !duplicate)
          expect(new Set(effects.map(({ clientOpId }) => clientOpId)).size).toBe(effects.length)
          for (const { clientOpId, status } of gateway.record.values()) {
            const audits = gateway.rows.all(auditTrail).filter((event) => event.clientOpId === clientOpId)
            if (status !== 'APPLIED') expect(audits).toEqual([])
          }
        },
      ),
    )
  })

  it('the queues are telling: most kinds of operations are applied in some and rejected in others', async () => {
    const outcomes = new Set<string>()
    for (const operations of fc.sample(queue, { numRuns: 300, seed: 1 })) {
      const gateway = new MemoryGateway(café)
      const verdicts = await replay(gateway, operations, [10])
      for (const [i, { status, code }] of verdicts.entries())
        outcomes.add(`${operations[i]!.type} ${code ?? status}`)
    }
    expect([...outcomes]).toEqual(
      expect.arrayContaining([
        'cashSession.open APPLIED',
        'cashSession.open CASH_SESSION_ALREADY_OPEN',
        'cashSession.movement APPLIED',
        'cashSession.movement ACTION_NOT_PERMITTED',
        'cashSession.movement PAYLOAD_INVALID',
        'cashSession.close APPLIED',
        'sale.finalize APPLIED',
        'sale.finalize CASH_SESSION_NOT_OPEN',
        'sale.finalize SALE_TOTALS_MISMATCH',
        'sale.finalize MENU_REVISION_UNKNOWN',
        'sale.finalize SALE_ALREADY_FINALIZED',
        'sale.finalize DEPENDENCY_FAILED',
        'sale.void APPLIED',
        'attendance.startWork APPLIED',
        'attendance.endWork APPLIED',
        'inventory.adjust APPLIED',
        'inventory.waste APPLIED',
        'inventory.adjust STOCK_ITEM_UNKNOWN',
      ]),
    )
  })
})
