/** Menu, stock, policy and the settings of the business: what is shown, and what is sent when somebody saves. */
import { describe, expect, it } from 'vitest'
import { changedIn } from '../../../client/admin/lib/changed-in.ts'
import { type GroupDraft, groupDraft, groupFrom, lowestOf } from '../../../client/admin/lib/group-draft.ts'
import { type ItemDraft, itemDraft, itemFrom } from '../../../client/admin/lib/item-draft.ts'
import {
  byCategory,
  found,
  type MenuItem,
  type ModifierGroup,
  nextPosition,
  usersOf,
} from '../../../client/admin/lib/menu.ts'
import {
  basketUsd,
  draftOf,
  exampleOf,
  noteFor,
  type Policy,
  valuesOf,
} from '../../../client/admin/lib/policy.ts'
import {
  type Settings,
  type SettingsDraft,
  settingsDraft,
  settingsFrom,
} from '../../../client/admin/lib/settings.ts'
import {
  adjustmentFrom,
  adjustmentOf,
  levelsOf,
  type StockItem,
  shown,
} from '../../../client/admin/lib/stock.ts'
import { menuItemSave, modifierGroupSave } from '../../../src/modules/menu/contract.ts'
import { defaultPolicy } from '../../../src/modules/policy/publish.ts'

const item = (change: Partial<MenuItem>): MenuItem => ({
  id: 'latte',
  revision: 1,
  name: 'Latte',
  categoryId: 'coffee',
  priceUsd: 250,
  modifierGroupIds: [],
  recipe: [],
  visibleIn: null,
  archived: false,
  ...change,
})
const latte = item({ modifierGroupIds: ['size', 'milk'] })
const americano = item({ id: 'americano', name: 'Americano', modifierGroupIds: ['size'] })
const cake = item({ id: 'cake', name: 'Cake', categoryId: 'bakery', archived: true })

describe('the menu', () => {
  const categories = [
    { id: 'bakery', name: 'Bakery', position: 0 },
    { id: 'empty', name: 'Empty', position: 1 },
    { id: 'coffee', name: 'Coffee', position: 4 },
  ]
  it('is shown by category in their order, items by name', () => {
    const listed = byCategory(categories, [latte, americano, cake])
    expect(listed.map(({ category, items }) => [category.id, items.map(({ id }) => id)])).toEqual([
      ['bakery', ['cake']],
      ['coffee', ['americano', 'latte']],
    ])
  })
  it('is searched by name, without what is archived unless that is wanted', () => {
    const search = (text: string, withArchived: boolean) =>
      found([latte, americano, cake], { search: text, withArchived }).map(({ id }) => id)
    expect(search('', false)).toEqual(['latte', 'americano'])
    expect(search(' LAT ', false)).toEqual(['latte'])
    expect(search('ca', true)).toEqual(['americano', 'cake'])
  })
  it('knows how many items use a group, and where the next category goes', () => {
    expect([...usersOf([latte, americano])]).toEqual([
      ['size', 2],
      ['milk', 1],
    ])
    expect([nextPosition(categories), nextPosition([])]).toEqual([5, 0])
  })
})

describe('an item', () => {
  const mocha = { ...itemDraft(null, 'mocha', 'coffee'), name: ' Mocha ', priceUsd: '2.9' }
  const wrongIn = (part: Partial<ItemDraft>) => [...(itemFrom({ ...mocha, ...part }).wrong ?? [])]

  it('that was only looked at is saved as it was', () => {
    const recipe = [
      { stockItemId: 'milk', name: 'Milk', unit: 'ml', quantity: -200, tracking: 'TRACKED' as const },
    ]
    const { id, revision: _, archived: __, ...kept } = item({ recipe, visibleIn: ['riverside'] })
    const saved = itemFrom(itemDraft(item({ recipe, visibleIn: ['riverside'] }), 'unused', 'other')).values
    expect(saved).toEqual({ menuItemId: id, ...kept })
    expect(menuItemSave.parse(saved)).toBeTruthy()
  })
  it('is offered everywhere where no branch is chosen', () => {
    expect(itemFrom(itemDraft(latte, 'unused', '')).values?.visibleIn).toBeNull()
  })
  it('needs a name, a price and whole quantities', () => {
    expect(itemFrom(mocha).values).toMatchObject({ name: 'Mocha', categoryId: 'coffee', priceUsd: 290 })
    expect(wrongIn({ name: '  ' })).toEqual(['name'])
    expect(wrongIn({ priceUsd: '' })).toEqual(['priceUsd'])
    expect(wrongIn({ categoryId: '' })).toEqual(['categoryId'])
    const part = { stockItemId: 'x', name: 'X', unit: 'g', quantity: '1.5', tracking: 'TRACKED' as const }
    expect(wrongIn({ recipe: [{ ...part, quantity: '1' }, part] })).toEqual(['recipe.1.quantity'])
  })
  it('costs nothing at least', () => {
    expect(['0', '-1', 'x'].map((priceUsd) => wrongIn({ priceUsd }))).toEqual([
      [],
      ['priceUsd'],
      ['priceUsd'],
    ])
  })
})

describe('a modifier group', () => {
  const sugar: GroupDraft = { ...groupDraft(null, () => 'first'), name: 'Sugar' }
  const wrongIn = (part: Partial<GroupDraft>) => [...(groupFrom({ ...sugar, ...part }).wrong ?? [])]
  const options = [
    { id: 'regular', name: 'Regular', priceUsd: 0 },
    {
      id: 'small',
      name: 'Small',
      priceUsd: -50,
      components: [
        { stockItemId: 'milk', name: 'Milk', unit: 'ml', quantity: -60, tracking: 'TRACKED' as const },
      ],
    },
  ]
  const group: ModifierGroup = {
    id: 'size',
    name: 'Size',
    minSelections: 1,
    maxSelections: 1,
    options: options as unknown as ModifierGroup['options'],
  }
  it('that was only looked at is saved as it was, also with what its options take from stock', () => {
    const saved = groupFrom(groupDraft(group, () => 'unused')).values
    expect(saved).toEqual({ ...group, modifierGroupId: 'size', id: undefined })
    expect(modifierGroupSave.parse(saved)).toBeTruthy()
  })
  it('begins with one option, and needs a name for each', () => {
    expect(wrongIn({})).toEqual(['options.0.name'])
    const named = sugar.options.map((option) => ({ ...option, name: 'None', priceUsd: '-0.10' }))
    expect(groupFrom({ ...sugar, options: named }).values).toEqual({
      modifierGroupId: 'first',
      name: 'Sugar',
      minSelections: 0,
      maxSelections: 1,
      options: [{ id: 'first', name: 'None', priceUsd: -10 }],
    })
    expect(wrongIn({ options: [] })).toEqual(['options'])
  })
  it.each([
    ['0', '1', []],
    ['2', '2', []],
    ['2', '1', ['maxSelections']],
    ['0', '0', ['maxSelections']],
    ['-1', '1', ['minSelections']],
    ['0', '51', ['maxSelections']],
    ['', '1', ['minSelections']],
  ])('at least %j, at most %j: wrong are %j', (minSelections, maxSelections, wrong) => {
    const options = [{ id: 'none', name: 'None', priceUsd: '0' }]
    expect(wrongIn({ minSelections, maxSelections, options })).toEqual(wrong)
  })
})

describe('stock', () => {
  const stock = (id: string, unit: string, onHand: number): StockItem => ({
    id,
    name: id,
    unit,
    onHand,
    belowZero: onHand < 0,
    lowAt: null,
  })
  const items = [stock('beans', 'g', 500), stock('sugar', 'g', 1000), stock('cups', 'piece', -3)]
  it('is compared with what there is most of in the same unit; less than nothing is nothing', () => {
    expect(Object.fromEntries(levelsOf(items))).toEqual({ beans: 0.5, sugar: 1, cups: 0 })
    expect(levelsOf([stock('none', 'g', 0)]).get('none')).toBe(0)
  })
  it('shows what is below zero first, then what is low', () => {
    const ids = (search: string, onlyLow: boolean, of = items) =>
      shown(of, { search, onlyLow }).map(({ id }) => id)
    expect(ids('', false)).toEqual(['cups', 'beans', 'sugar'])
    expect(ids('S', false)).toEqual(['cups', 'beans', 'sugar'])
    expect(ids('ug', false)).toEqual(['sugar'])
    expect(ids('', true)).toEqual(['cups'])
    const watched = items.map((item) => ({ ...item, lowAt: item.id === 'sugar' ? 1000 : 10 }))
    expect(ids('', false, watched)).toEqual(['cups', 'sugar', 'beans'])
    expect(ids('', true, watched)).toEqual(['cups', 'sugar'])
  })
  it.each([
    ['counted', '120', 100, 20],
    ['counted', '0', -5, 5],
    ['counted', '-1', 100, null],
    ['change', '-20', 100, -20],
    ['change', '5', 100, 5],
    ['change', '', 100, null],
  ] as const)('%s %j where there are %i: %j', (mode, text, onHand, change) =>
    expect(adjustmentOf(mode, text, onHand)).toBe(change),
  )
  it('is not changed by nothing, and not without a reason', () => {
    const from = (quantity: string, reason: string) =>
      adjustmentFrom({ mode: 'counted', quantity, reason }, { stockItemId: 'beans', onHand: 100 })
    expect([...from('100', ' ').wrong!].sort()).toEqual(['quantity', 'reason'])
    expect(from('90', ' spilt ').values).toEqual({ stockItemId: 'beans', quantity: -10, reason: 'spilt' })
  })
})

describe('the policy', () => {
  const policy: Policy = { ...defaultPolicy, revision: 3, updatedAt: '2027-05-04T10:00:00Z' }
  it('that was only looked at has not changed', () => {
    const { values } = valuesOf(draftOf(policy))
    expect(values).toEqual(defaultPolicy)
    expect(changedIn(values!, policy)).toEqual({})
  })
  it('is saved by what differs alone', () => {
    const { values } = valuesOf({ ...draftOf(policy), fxRateKhrPerUsd: '4,050' })
    expect(changedIn(values!, policy)).toEqual({ fxRateKhrPerUsd: 4050 })
  })
  it.each([
    [{ vatRatePercent: '101' }, ['vatRatePercent']],
    [{ vatRatePercent: '' }, ['vatRatePercent']],
    [{ fxRateKhrPerUsd: '0', vatRatePercent: '1.5' }, ['fxRateKhrPerUsd', 'vatRatePercent']],
  ])('%j: wrong are %j', (change, fields) =>
    expect([...valuesOf({ ...draftOf(policy), ...change }).wrong!].sort()).toEqual(fields),
  )
  it('is shown by the till’s own arithmetic', () => {
    // 7.55 with 10 % is 8.305, 8.31; at 4,100 it is 34,071, 34,100 to the nearest hundred. 10 - 8.31 = 1 and 69 cents.
    expect(basketUsd).toBe(755)
    expect(exampleOf(defaultPolicy)).toEqual({
      subtotalUsd: 755,
      vatUsd: 76,
      totalUsd: 831,
      totalKhr: 34_100,
      received: 1000,
      change: { usd: 100, khr: 2800 },
    })
    expect(exampleOf({ ...defaultPolicy, vatEnabled: false, khrRoundingMode: 'DOWN' })).toMatchObject({
      totalUsd: 755,
      totalKhr: 30_900,
    })
  })
  it('takes a note that covers the total', () => {
    expect([831, 1000, 1001, 9999, 12_345].map(noteFor)).toEqual([1000, 1000, 2000, 10_000, 20_000])
  })
})

describe('the settings of the business', () => {
  const settings: Settings = {
    name: 'Demo café',
    timeZone: 'Asia/Phnom_Penh',
    actingDays: 30,
    managerPinDigits: 6,
    deviceEnrolment: 'OPEN',
    refuseRevisionsOlderDays: null,
  }
  const changed = (part: Partial<SettingsDraft>, of = settings) =>
    changedIn(settingsFrom({ ...settingsDraft(of), ...part }).values!, of)

  it('that were only looked at have not changed, whether old prices are refused or not', () => {
    expect(changed({})).toEqual({})
    expect(changed({}, { ...settings, refuseRevisionsOlderDays: 7 })).toEqual({})
  })
  it('are saved by what differs alone', () => {
    expect(changed({ name: ' Café ', actingDays: '៣,៦៥០' })).toEqual({ name: 'Café', actingDays: 3650 })
  })
  it('let in each device, or any', () => {
    expect(changed({ enrolsDevices: true })).toEqual({ deviceEnrolment: 'APPROVED' })
    expect(changed({ enrolsDevices: false }, { ...settings, deviceEnrolment: 'APPROVED' })).toEqual({
      deviceEnrolment: 'OPEN',
    })
  })
  it('refuse old prices after the days that are written there, and never where that is switched off', () => {
    expect(changed({ refusesOld: true })).toEqual({ refuseRevisionsOlderDays: 30 })
    const refusing = { ...settings, refuseRevisionsOlderDays: 7 }
    expect(changed({ refusesOld: false }, refusing)).toEqual({ refuseRevisionsOlderDays: null })
    // What is written beside a switch that is off is not looked at.
    expect(changed({ refuseRevisionsOlderDays: '' })).toEqual({})
  })
  it.each<[Partial<SettingsDraft>, string[]]>([
    [{ name: 'x'.repeat(100), actingDays: '0', managerPinDigits: '4' }, []],
    [{ actingDays: '3650', managerPinDigits: '12', refusesOld: true, refuseRevisionsOlderDays: '3650' }, []],
    [{ refusesOld: true, refuseRevisionsOlderDays: '1' }, []],
    [{ name: '  ', actingDays: '-1', managerPinDigits: '3' }, ['actingDays', 'managerPinDigits', 'name']],
    [{ name: 'x'.repeat(101), actingDays: '3651' }, ['actingDays', 'name']],
    [{ actingDays: '', managerPinDigits: '13' }, ['actingDays', 'managerPinDigits']],
    [{ refusesOld: true, refuseRevisionsOlderDays: '0' }, ['refuseRevisionsOlderDays']],
    [{ refusesOld: true, refuseRevisionsOlderDays: '3651' }, ['refuseRevisionsOlderDays']],
    [{ refusesOld: true, refuseRevisionsOlderDays: '' }, ['refuseRevisionsOlderDays']],
  ])('%j: wrong are %j', (part, fields) =>
    expect([...(settingsFrom({ ...settingsDraft(settings), ...part }).wrong ?? [])].sort()).toEqual(fields),
  )
})

it('the least that a group can come to: what must be chosen, and all that makes it cheaper', () => {
  const of = (prices: number[], minSelections: number, maxSelections: number) =>
    lowestOf({
      minSelections,
      maxSelections,
      options: prices.map((priceUsd, i) => ({ id: `${i}`, name: 'x', priceUsd })),
    })
  expect(of([50, -300], 0, 1)).toBe(-300)
  expect(of([-20, -30, 10], 0, 3)).toBe(-50)
  expect(of([-20, -30], 1, 1)).toBe(-30)
  expect(of([50, 20], 1, 2)).toBe(20)
})
