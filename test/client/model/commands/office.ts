/** The office: an administrator on a good line, who changes what tills know. */
import fc from 'fast-check'
import type { EntityPayloads } from '../../../../client/sdk/index.ts'
import type { Role } from '../../../../src/modules/access/roles.ts'
import { step, type Weighted, weighted } from './steps.ts'

const branch = fc.constantFrom('riverside', 'riverside', 'market')
const menuItemId = fc.constantFrom('espresso', 'latte', 'croissant', 'cake')

type ItemChange = { priceUsd?: number; archived?: boolean; visibleIn?: string[] | null; name?: string }
const changeItem = step<{ menuItemId: string; change: ItemChange }>(
  'change an item',
  {
    menuItemId,
    change: fc.oneof<fc.Arbitrary<ItemChange>[]>(
      fc.record({ priceUsd: fc.nat(400) }),
      fc.record({ archived: fc.boolean() }),
      fc.record({ visibleIn: fc.constantFrom(null, ['market'], ['riverside']) }),
      fc.record({ name: fc.constantFrom('Café', 'កាហ្វេ') }),
    ),
  },
  (world, { menuItemId, change }) =>
    world.office('demo').direct('menuItemSave', { menuItemId, ...change }, { branchId: null }),
)
const removeItem = step<{ menuItemId: string }>('remove an item', { menuItemId }, (world, input) =>
  world.office('demo').direct('menuItemRemove', input, { branchId: null }),
)
const addItem = step<{ priceUsd: number }>('add an item', { priceUsd: fc.nat(400) }, (world, { priceUsd }) =>
  world
    .office('demo')
    .direct(
      'menuItemSave',
      { menuItemId: `special-${priceUsd}`, name: 'Special', categoryId: 'coffee', priceUsd },
      { branchId: null },
    ),
)
const changeOptions = step<{ priceUsd: number }>(
  'change the options',
  { priceUsd: fc.integer({ min: -50, max: 100 }) },
  (world, { priceUsd }) =>
    world
      .office('demo')
      .direct(
        'modifierGroupSave',
        { modifierGroupId: 'milk', options: [{ id: 'oat', name: 'Oat', priceUsd }] },
        { branchId: null },
      ),
)
const changePolicy = step<{ branchId: string; policy: Partial<EntityPayloads['policy']> }>(
  'change the policy',
  {
    branchId: branch,
    policy: fc.record(
      {
        vatEnabled: fc.boolean(),
        vatRatePercent: fc.nat(20),
        fxRateKhrPerUsd: fc.integer({ min: 3900, max: 4200 }),
        khrRoundingMode: fc.constantFrom('NEAREST', 'UP', 'DOWN'),
        khrRoundingGranularity: fc.constantFrom(100, 1000),
      },
      { requiredKeys: ['vatRatePercent'] },
    ),
  },
  (world, { branchId, policy }) => world.office('demo').direct('policyUpdate', policy, { branchId }),
)
const freeze = step<{ branchId: string }>('freeze', { branchId: branch }, (world, { branchId }) =>
  world.office('demo').direct('branchFreeze', null, { branchId }),
)
const unfreeze = step<{ branchId: string }>('unfreeze', { branchId: branch }, (world, { branchId }) =>
  world.office('demo').direct('branchUnfreeze', null, { branchId }),
)
const adjustStock = step<{ branchId: string; quantity: number }>(
  'adjust the stock',
  { branchId: branch, quantity: fc.integer({ min: -300, max: 300 }) },
  (world, { branchId, quantity }) =>
    world
      .office('demo')
      .direct('inventoryAdjust', { stockItemId: 'beans', quantity, reason: 'counted' }, { branchId }),
)
const forceClose = step<{ branchId: string }>(
  'force-close',
  { branchId: branch },
  async (world, { branchId }) => {
    const [session] = await world.rows<{ id: string }>(
      `select id from cash_session where tenant_id = $1 and branch_id = $2 and status = 'OPEN'`,
      [world.tenantOf('demo'), branchId],
    )
    if (session)
      await world
        .office('demo')
        .direct(
          'cashSessionForceClose',
          { cashSessionId: session.id, reason: 'the till is gone' },
          { branchId },
        )
  },
)
const passADay = step('a day passes', {}, (world) => world.passADay())
const changeRole = step<{ accountId: string; role: Role }>(
  'change a role',
  {
    accountId: fc.constantFrom('cashier-1', 'cashier-1', 'cashier-2', 'barista'),
    role: fc.constantFrom('STAFF', 'CASHIER', 'CASHIER', 'MANAGER'),
  },
  async (world, input) => {
    world.roles.set(input.accountId, input.role)
    await world.office('demo').direct('staffSave', input, { branchId: null })
  },
)
const move = step<{ accountId: string; branchIds: string[] }>(
  'move somebody',
  {
    accountId: fc.constantFrom('cashier-1', 'cashier-2', 'barista'),
    branchIds: fc.constantFrom(['riverside'], ['market'], ['riverside', 'market']),
  },
  (world, { accountId, branchIds }) => world.move(accountId, branchIds),
)
const voidSale = step<{ branchId: string; which: number }>(
  'void a sale',
  { branchId: branch, which: fc.nat(20) },
  async (world, { branchId, which }) => {
    const sales = await world.rows<{ id: string }>(
      'select id from sale where tenant_id = $1 and branch_id = $2 order by receipt_number',
      [world.tenantOf('demo'), branchId],
    )
    const sale = sales[which % sales.length]
    if (sale) await world.office('demo').direct('saleVoid', { saleId: sale.id, reason: 'cold' }, { branchId })
  },
)

/** By the administrator, and by time. */
export const office: Weighted[] = [
  weighted(changeItem, 3),
  weighted(removeItem, 1),
  weighted(addItem, 1),
  weighted(changeOptions, 1),
  weighted(changePolicy, 2),
  weighted(freeze, 1),
  weighted(unfreeze, 2),
  weighted(adjustStock, 1),
  weighted(forceClose, 1),
  weighted(voidSale, 1),
  weighted(passADay, 1),
  weighted(changeRole, 2),
  weighted(move, 2),
]
