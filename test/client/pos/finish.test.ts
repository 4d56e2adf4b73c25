/** What the till makes of cart and cash is what the server's own decider accepts. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addToCart, type Cart, emptyCart, saleTypes, setQuantity } from '../../../client/pos/lib/cart.ts'
import { saleOf } from '../../../client/pos/lib/finish.ts'
import type { Item } from '../../../client/pos/lib/menu.ts'
import { type Policy, totalsOfCart, unitPriceOf } from '../../../client/pos/lib/price-cart.ts'
import { firstSelection, toggle } from '../../../client/pos/lib/selection.ts'
import { dueBeside, settle } from '../../../client/pos/lib/tender.ts'
import { foresee } from '../../../client/sdk/cache/foresee.ts'
import type { EntityKind, Json } from '../../../client/sdk/words.ts'
import type { Known } from '../../../src/sync/till.ts'
import { modules } from '../support/modules.ts'
import { category, extras, item, menuWith, milk, policy, size } from './menu-of-tests.ts'

const groups = [size, milk, extras]
const cashSessionId = 'b5b9c8a2-6e0a-4a29-8d7e-5b1f5d2c0002'
const saleId = 'b5b9c8a2-6e0a-4a29-8d7e-5b1f5d2c0001'

/** What a device knows of a branch with this menu and policy and an open session. */
function branchWith(items: readonly Item[], policy: Policy): Known {
  const entities: Partial<Record<EntityKind, Record<string, object>>> = {
    branch: { riverside: { name: 'Riverside', status: 'ACTIVE' } },
    policy: { riverside: policy },
    staffMember: { sophea: { staffCode: 'cashier-1', name: 'Sophea', role: 'CASHIER' } },
    menuCategory: { coffee: category('coffee', 0) },
    modifierGroup: Object.fromEntries(groups.map((group) => [group.id, group])),
    menuItem: Object.fromEntries(items.map((each) => [each.id, each])),
    cashSession: {
      [cashSessionId]: {
        status: 'OPEN',
        openedBy: 'sophea',
        openedAt: '2026-03-02T01:00:00.000Z',
        openingFloat: { usd: 0, khr: 0 },
        expected: { usd: 0, khr: 0 },
      },
    },
  }
  return {
    branchId: 'riverside',
    get: (kind: EntityKind, id: string) => entities[kind]?.[id] as never,
    ids: (kind: EntityKind) => Object.keys(entities[kind] ?? {}),
    isWhole: true,
  }
}

const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    vatEnabled: fc.boolean(),
    vatRatePercent: fc.integer({ min: 0, max: 100 }),
    fxRateKhrPerUsd: fc.integer({ min: 1, max: 5_000 }),
    khrRoundingEnabled: fc.boolean(),
    khrRoundingMode: fc.constantFrom('NEAREST' as const, 'UP' as const, 'DOWN' as const),
    khrRoundingGranularity: fc.constantFrom(100 as const, 1000 as const),
  })
  .map((values) => ({ ...policy, ...values }))

const anyItem = fc.record({
  priceUsd: fc.integer({ min: 0, max: 5_000 }),
  revision: fc.integer({ min: 1, max: 99 }),
  groups: fc.subarray(groups),
  taps: fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 4 })), { maxLength: 6 }),
  quantity: fc.integer({ min: 1, max: 999 }),
})

it('any cart, at any prices and any policy, paid with enough cash of either currency, or of both', () =>
  fc.assert(
    fc.property(
      fc.array(anyItem, { minLength: 1, maxLength: 4 }),
      anyPolicy,
      fc.constantFrom(...saleTypes),
      fc.constantFrom('USD' as const, 'KHR' as const),
      fc.nat(1_000_000),
      fc.boolean(),
      (wanted, policy, saleType, currency, more, isMixed) => {
        const items = wanted.map(({ priceUsd, revision, groups }, i) =>
          item(`item-${i}`, { priceUsd, revision, modifierGroupIds: groups.map(({ id }) => id) }),
        )
        const menu = menuWith(items, groups)
        const cart = wanted.reduce<Cart>(
          (before, { groups, taps, quantity }, i) => {
            const optionIds = taps.reduce((selection, [at, option]) => {
              const group = groups[at % Math.max(1, groups.length)]
              return group ? toggle(group, selection, `${group.id}-${option}`) : selection
            }, firstSelection(groups))
            const unitUsd = unitPriceOf(menu, items[i]!, optionIds)
            const [after, lineId] = addToCart(before, { item: items[i]!, optionIds, unitUsd, lineId: `${i}` })
            return setQuantity(after, lineId, quantity)
          },
          emptyCart(saleId, saleType),
        )
        const totals = totalsOfCart(cart, policy)
        const dollars = currency === 'KHR' ? 0 : Math.floor(totals.totalUsd / (isMixed ? 2 : 1))
        const paid = { usd: dollars + (currency === 'USD' && !isMixed ? more : 0), khr: 0 }
        const isCovered = paid.usd > 0 && paid.usd >= totals.totalUsd
        const khr = isCovered ? 0 : dueBeside('KHR', paid, totals, policy) + more
        const received = { ...paid, khr }
        const { change } = settle(received, totals, policy)
        const payload = saleOf({ cart, totals, policy, cashSessionId }, menu, received, change!)

        const { decision } = foresee(modules, branchWith(items, policy), {
          clientOpId: saleId,
          type: 'sale.finalize',
          tenantId: 'demo',
          branchId: 'riverside',
          actorId: 'sophea',
          payload: JSON.parse(JSON.stringify(payload)) as Json,
          occurredAt: '2026-03-02T02:00:00.000Z',
        })
        expect(decision.accepted ? null : decision).toBeNull()
      },
    ),
  ))
