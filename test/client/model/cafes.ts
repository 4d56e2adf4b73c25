/** What the two cafés of a run begin with, as operations of their administrators. */

export type Step = [type: string, branchId: string | null, payload: object]

const member = (accountId: string, role: string, ...branchIds: string[]): Step => [
  'staff.save',
  null,
  { accountId, staffCode: accountId, name: accountId, role, branchIds },
]
const uses = (stockItemId: string, quantity: number, tracking = 'TRACKED') => ({
  ...{ stockItemId, name: stockItemId, unit: 'g', quantity, tracking },
})
const item = (menuItemId: string, priceUsd: number, more: object = {}): Step => [
  'menuItem.save',
  null,
  {
    ...{ menuItemId, name: menuItemId, categoryId: 'coffee', priceUsd, recipe: [uses('beans', 18)] },
    ...more,
  },
]

const stock = (...branchIds: string[]): Step[] =>
  branchIds.map((branchId) => [
    'inventory.restock',
    branchId,
    { stockItemId: 'beans', name: 'Beans', unit: 'g', quantity: 500, reason: 'Opening stock' },
  ])

/** The branches, then everything else. */
export const cafes: Record<'demo' | 'rival', [Step[], Step[]]> = {
  demo: [
    [
      ['branch.save', 'riverside', { name: 'Riverside' }],
      ['branch.save', 'market', { name: 'Old Market' }],
    ],
    [
      member('manager', 'MANAGER', 'riverside', 'market'),
      member('cashier-1', 'CASHIER', 'riverside'),
      member('cashier-2', 'CASHIER', 'market'),
      member('barista', 'STAFF', 'riverside'),
      ['menuCategory.save', null, { categoryId: 'coffee', name: 'Coffee', position: 0 }],
      [
        'modifierGroup.save',
        null,
        {
          modifierGroupId: 'milk',
          name: 'Milk',
          minSelections: 0,
          maxSelections: 1,
          options: [
            { id: 'oat', name: 'Oat milk', priceUsd: 50, components: [uses('oat-milk', 150)] },
            { id: 'none', name: 'No milk', priceUsd: -20, components: [uses('milk', -150)] },
          ],
        },
      ],
      item('espresso', 150),
      item('latte', 250, {
        modifierGroupIds: ['milk'],
        recipe: [uses('beans', 18), uses('milk', 150), uses('ice', 50, 'NOT_TRACKED')],
      }),
      item('croissant', 180, { recipe: [uses('croissant', 1)] }),
      item('cake', 220, { visibleIn: ['market'], recipe: [] }),
      ...stock('riverside', 'market'),
    ],
  ],
  rival: [
    [['branch.save', 'stall', { name: 'Rival stall' }]],
    [
      member('rival-cashier', 'CASHIER', 'stall'),
      ['menuCategory.save', null, { categoryId: 'coffee', name: 'Coffee', position: 0 }],
      item('espresso', 140),
      item('latte', 240),
      ...stock('stall'),
    ],
  ],
}
