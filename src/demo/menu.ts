/**
 * The demo café's menu. Prices in cents; recipes in the base unit of each stock item.
 */
import type { Component } from '../modules/menu/contract.ts'

/** [id, name, base unit, opening stock] */
export const stock = [
  ['espresso-beans', 'Espresso beans', 'g', 20_000],
  ['fresh-milk', 'Fresh milk', 'ml', 60_000],
  ['oat-milk', 'Oat milk', 'ml', 20_000],
  ['condensed-milk', 'Sweetened condensed milk', 'ml', 20_000],
  ['coconut-cream', 'Coconut cream', 'ml', 10_000],
  ['palm-sugar', 'Kampong Speu palm sugar', 'g', 10_000],
  ['black-tea', 'Black tea', 'g', 5_000],
  ['green-tea', 'Green tea', 'g', 5_000],
  ['matcha', 'Matcha', 'g', 2_000],
  ['cocoa', 'Cocoa', 'g', 4_000],
  ['mango', 'Mango', 'g', 15_000],
  ['passion-fruit', 'Passion fruit', 'g', 8_000],
  ['lime', 'Lime', 'piece', 400],
  ['soda', 'Soda water', 'ml', 40_000],
  ['baguette', 'Baguette', 'piece', 120],
  ['croissant', 'Croissant', 'piece', 80],
  ['banana-cake', 'Banana cake', 'slice', 60],
  ['brownie', 'Brownie', 'piece', 60],
  ['egg', 'Egg', 'piece', 300],
  ['chicken', 'Chicken', 'g', 8_000],
  ['beef', 'Beef', 'g', 6_000],
  ['rice', 'Jasmine rice', 'g', 30_000],
  ['cup-hot', 'Hot cup', 'piece', 1_500],
  ['cup-cold', 'Cold cup', 'piece', 1_500],
] as const
export type StockId = (typeof stock)[number][0]

const byId = new Map<string, (typeof stock)[number]>(stock.map((entry) => [entry[0], entry]))

/** A recipe, from what one unit uses up. Ice is not worth counting: it is in recipes, but not tracked. */
export function recipe(uses: Partial<Record<StockId, number>>, iced = false): Component[] {
  const tracked = Object.entries(uses).map(([stockItemId, quantity]): Component => {
    const [, name = stockItemId, unit = 'piece'] = byId.get(stockItemId) ?? []
    return { stockItemId, name, unit, quantity, tracking: 'TRACKED' }
  })
  const ice: Component = {
    stockItemId: 'ice',
    name: 'Ice',
    unit: 'g',
    quantity: 120,
    tracking: 'NOT_TRACKED',
  }
  return iced ? [...tracked, ice] : tracked
}

export const categories = [
  ['coffee', 'Coffee'],
  ['tea', 'Tea & matcha'],
  ['cold', 'Fruit & soda'],
  ['bakery', 'Bakery'],
  ['kitchen', 'Kitchen'],
  ['retail', 'To take home'],
] as const

export const modifierGroups = [
  {
    modifierGroupId: 'size',
    name: 'Size',
    minSelections: 1,
    maxSelections: 1,
    options: [
      { id: 'size-regular', name: 'Regular', priceUsd: 0 },
      { id: 'size-large', name: 'Large', priceUsd: 50, components: recipe({ 'fresh-milk': 60 }) },
    ],
  },
  {
    modifierGroupId: 'milk',
    name: 'Milk',
    minSelections: 0,
    maxSelections: 1,
    options: [
      {
        id: 'milk-oat',
        name: 'Oat milk',
        priceUsd: 60,
        components: recipe({ 'oat-milk': 150, 'fresh-milk': -150 }),
      },
      {
        id: 'milk-condensed',
        name: 'Condensed milk',
        priceUsd: 20,
        components: recipe({ 'condensed-milk': 30 }),
      },
    ],
  },
  {
    modifierGroupId: 'extras',
    name: 'Extras',
    minSelections: 0,
    maxSelections: 3,
    options: [
      { id: 'extra-shot', name: 'Extra shot', priceUsd: 50, components: recipe({ 'espresso-beans': 9 }) },
      { id: 'extra-palm-sugar', name: 'Palm sugar', priceUsd: 15, components: recipe({ 'palm-sugar': 10 }) },
      {
        id: 'extra-coconut',
        name: 'Coconut cream',
        priceUsd: 40,
        components: recipe({ 'coconut-cream': 30 }),
      },
    ],
  },
  {
    modifierGroupId: 'sweetness',
    name: 'Sweetness',
    minSelections: 0,
    maxSelections: 1,
    options: [
      { id: 'sweet-none', name: 'No sugar', priceUsd: 0 },
      { id: 'sweet-half', name: 'Half sweet', priceUsd: 0 },
      { id: 'sweet-extra', name: 'Extra sweet', priceUsd: 0, components: recipe({ 'palm-sugar': 8 }) },
    ],
  },
  {
    modifierGroupId: 'egg',
    name: 'Egg on top',
    minSelections: 0,
    maxSelections: 1,
    options: [{ id: 'egg-fried', name: 'Fried egg', priceUsd: 50, components: recipe({ egg: 1 }) }],
  },
]

const shot = { 'espresso-beans': 18 } as const
const coffeeGroups = ['size', 'milk', 'extras']

/** [id, name, category, price, modifier groups, recipe] */
export const items: readonly (readonly [string, string, string, number, readonly string[], Component[]])[] = [
  ['espresso', 'Espresso', 'coffee', 150, ['extras'], recipe({ ...shot, 'cup-hot': 1 })],
  ['americano', 'Americano', 'coffee', 180, ['size', 'extras'], recipe({ ...shot, 'cup-hot': 1 })],
  ['latte', 'Latte', 'coffee', 250, coffeeGroups, recipe({ ...shot, 'fresh-milk': 180, 'cup-hot': 1 })],
  [
    'cappuccino',
    'Cappuccino',
    'coffee',
    250,
    coffeeGroups,
    recipe({ ...shot, 'fresh-milk': 140, 'cup-hot': 1 }),
  ],
  [
    'flat-white',
    'Flat white',
    'coffee',
    270,
    ['milk', 'extras'],
    recipe({ ...shot, 'fresh-milk': 120, 'cup-hot': 1 }),
  ],
  [
    'mocha',
    'Mocha',
    'coffee',
    290,
    coffeeGroups,
    recipe({ ...shot, cocoa: 20, 'fresh-milk': 160, 'cup-hot': 1 }),
  ],
  [
    'iced-latte',
    'Iced latte',
    'coffee',
    270,
    coffeeGroups,
    recipe({ ...shot, 'fresh-milk': 160, 'cup-cold': 1 }, true),
  ],
  [
    'khmer-iced-coffee',
    'Khmer iced coffee',
    'coffee',
    200,
    ['size', 'sweetness', 'extras'],
    recipe({ ...shot, 'condensed-milk': 40, 'cup-cold': 1 }, true),
  ],
  [
    'palm-sugar-latte',
    'Palm sugar latte',
    'coffee',
    290,
    coffeeGroups,
    recipe({ ...shot, 'palm-sugar': 15, 'fresh-milk': 160, 'cup-hot': 1 }),
  ],
  [
    'coconut-coffee',
    'Coconut coffee',
    'coffee',
    320,
    ['size', 'sweetness'],
    recipe({ ...shot, 'coconut-cream': 60, 'cup-cold': 1 }, true),
  ],
  ['black-tea', 'Black tea', 'tea', 150, ['sweetness'], recipe({ 'black-tea': 4, 'cup-hot': 1 })],
  [
    'lemon-tea',
    'Iced lemon tea',
    'tea',
    180,
    ['size', 'sweetness'],
    recipe({ 'black-tea': 4, lime: 1, 'cup-cold': 1 }, true),
  ],
  [
    'milk-tea',
    'Iced milk tea',
    'tea',
    200,
    ['size', 'sweetness'],
    recipe({ 'black-tea': 5, 'condensed-milk': 30, 'cup-cold': 1 }, true),
  ],
  [
    'green-tea',
    'Iced green tea',
    'tea',
    180,
    ['size', 'sweetness'],
    recipe({ 'green-tea': 4, 'cup-cold': 1 }, true),
  ],
  [
    'matcha-latte',
    'Matcha latte',
    'tea',
    300,
    coffeeGroups,
    recipe({ matcha: 5, 'fresh-milk': 180, 'cup-hot': 1 }),
  ],
  [
    'hot-chocolate',
    'Hot chocolate',
    'tea',
    260,
    ['size', 'milk'],
    recipe({ cocoa: 25, 'fresh-milk': 180, 'cup-hot': 1 }),
  ],
  [
    'mango-smoothie',
    'Mango smoothie',
    'cold',
    280,
    ['size', 'sweetness'],
    recipe({ mango: 150, 'fresh-milk': 80, 'cup-cold': 1 }, true),
  ],
  [
    'passion-soda',
    'Passion fruit soda',
    'cold',
    220,
    ['size', 'sweetness'],
    recipe({ 'passion-fruit': 60, soda: 200, 'cup-cold': 1 }, true),
  ],
  [
    'lime-soda',
    'Fresh lime soda',
    'cold',
    180,
    ['size', 'sweetness'],
    recipe({ lime: 2, soda: 200, 'cup-cold': 1 }, true),
  ],
  [
    'coconut-shake',
    'Coconut shake',
    'cold',
    280,
    ['size', 'sweetness'],
    recipe({ 'coconut-cream': 80, 'cup-cold': 1 }, true),
  ],
  [
    'mango-lassi',
    'Mango lassi',
    'cold',
    280,
    ['sweetness'],
    recipe({ mango: 120, 'fresh-milk': 120, 'cup-cold': 1 }, true),
  ],
  ['croissant', 'Butter croissant', 'bakery', 180, [], recipe({ croissant: 1 })],
  ['banana-cake', 'Banana cake', 'bakery', 200, [], recipe({ 'banana-cake': 1 })],
  ['brownie', 'Brownie', 'bakery', 220, [], recipe({ brownie: 1 })],
  ['baguette-butter', 'Baguette with butter', 'bakery', 150, [], recipe({ baguette: 1 })],
  ['num-pang', 'Num pang with chicken', 'kitchen', 300, ['egg'], recipe({ baguette: 1, chicken: 80 })],
  ['lok-lak', 'Beef lok lak', 'kitchen', 550, ['egg'], recipe({ beef: 150, rice: 150 })],
  ['bai-sach-moan', 'Chicken and rice', 'kitchen', 350, ['egg'], recipe({ chicken: 120, rice: 180 })],
  ['fried-rice', 'Fried rice', 'kitchen', 380, ['egg'], recipe({ rice: 200, egg: 1 })],
  ['omelette', 'Omelette with baguette', 'kitchen', 320, [], recipe({ egg: 3, baguette: 1 })],
  ['beans-250', 'House beans 250 g', 'retail', 900, [], recipe({ 'espresso-beans': 250 })],
  ['beans-1000', 'House beans 1 kg', 'retail', 3200, [], recipe({ 'espresso-beans': 1000 })],
  ['palm-sugar-jar', 'Palm sugar jar', 'retail', 450, [], recipe({ 'palm-sugar': 350 })],
]
