import { describe, expect, it } from 'vitest'
import { menuItemEntity, modifierGroupEntity } from '../../src/modules/menu/contract.ts'
import {
  menuCategories,
  menuItemRevisions,
  menuItems,
  modifierGroups,
} from '../../src/modules/menu/tables.ts'
import { given, now } from '../support/decider.ts'
import { category, component, extras, group, item, published, size } from '../support/rows.ts'

const menu = [category(), group(size), group(extras), item(), published()]

describe('menuItem.save', () => {
  const croissant = { menuItemId: 'croissant', name: 'Croissant', categoryId: 'coffee', priceUsd: 180 }

  it('adds an item; its first revision is what sales will name', () => {
    const after = given(menu)
      .when('menuItem.save', { ...croissant, recipe: [component('croissant', 1)] })
      .thenAccepted({ menuItemId: 'croissant', revision: 1 })
    expect(after.one(menuItems, { id: 'croissant' })).toMatchObject({
      revision: 1,
      priceUsd: 180,
      modifierGroupIds: [],
      visibleIn: null,
      archived: false,
      removed: false,
    })
    expect(after.one(menuItemRevisions, { menuItemId: 'croissant' })).toEqual({
      menuItemId: 'croissant',
      revision: 1,
      name: 'Croissant',
      categoryId: 'coffee',
      categoryName: 'Coffee',
      priceUsd: 180,
      modifierGroups: [],
      recipe: [component('croissant', 1)],
      publishedAt: now,
    })
    expect(after.audit).toEqual(['MENU_ITEM_SAVED'])
  })

  it.each([{ name: 'Big latte' }, { priceUsd: 260 }, { modifierGroupIds: ['size'] }, { recipe: [] }])(
    'a change of what is sold is a new revision: %o',
    (change) => {
      const after = given(menu)
        .when('menuItem.save', { menuItemId: 'latte', ...change })
        .thenAccepted({ menuItemId: 'latte', revision: 2 })
      expect(after.one(menuItems)).toMatchObject({ revision: 2, ...change })
      expect(after.all(menuItemRevisions).map(({ revision }) => revision)).toEqual([1, 2])
      expect(after.one(menuItemRevisions, { revision: 1 })).toMatchObject({ name: 'Latte', priceUsd: 250 })
    },
  )

  it('a new revision freezes the modifier groups as they are', () => {
    const after = given(menu).when('menuItem.save', { menuItemId: 'latte', priceUsd: 260 }).thenAccepted()
    expect(after.one(menuItemRevisions, { revision: 2 }).modifierGroups).toEqual([size, extras])
  })

  it.each([{ archived: true }, { visibleIn: ['market'] }, { visibleIn: [] }, { priceUsd: 250 }, {}])(
    'what leaves the price as it is, is no new revision: %o',
    (change) => {
      const after = given(menu)
        .when('menuItem.save', { menuItemId: 'latte', ...change })
        .thenAccepted({ menuItemId: 'latte', revision: 1 })
      expect(after.one(menuItems)).toMatchObject({ revision: 1, ...change })
    },
  )

  it('visibleIn: null offers it everywhere again; left out, it stays as it was', () => {
    const hidden = [...menu.slice(0, 3), item({ visibleIn: ['market'] }), published()]
    const everywhere = given(hidden)
      .when('menuItem.save', { menuItemId: 'latte', visibleIn: null })
      .thenAccepted()
    expect(everywhere.one(menuItems).visibleIn).toBeNull()
    const kept = given(hidden).when('menuItem.save', { menuItemId: 'latte', archived: true }).thenAccepted()
    expect(kept.one(menuItems).visibleIn).toEqual(['market'])
  })

  it('an item that was removed comes back under a new revision, with the groups as they are now', () => {
    const dearer = { ...size, options: size.options.map((option) => ({ ...option, priceUsd: 75 })) }
    const after = given(category(), group(dearer), group(extras), item({ removed: true }), published())
      .when('menuItem.save', { menuItemId: 'latte' })
      .thenAccepted({ menuItemId: 'latte', revision: 2 })
    expect(after.one(menuItems)).toMatchObject({ removed: false, revision: 2 })
    expect(after.one(menuItemRevisions, { revision: 2 }).modifierGroups).toEqual([dearer, extras])
  })

  it.each(['name', 'categoryId', 'priceUsd'])('a new item needs its %s', (field) => {
    given(menu)
      .when('menuItem.save', { ...croissant, [field]: undefined })
      .thenRejected('PAYLOAD_INVALID')
  })

  it('its category and its modifier groups must be on the menu', () => {
    given(menu)
      .when('menuItem.save', { ...croissant, categoryId: 'bakery' })
      .thenRejected('MENU_CATEGORY_UNKNOWN', { categoryId: 'bakery' })
    given(menu, category({ id: 'bakery', removed: true }))
      .when('menuItem.save', { ...croissant, categoryId: 'bakery' })
      .thenRejected('MENU_CATEGORY_UNKNOWN')
    given(menu)
      .when('menuItem.save', { ...croissant, modifierGroupIds: ['size', 'sauce'] })
      .thenRejected('MODIFIER_GROUP_UNKNOWN', { modifierGroupId: 'sauce' })
    given(menu, group({ ...size, id: 'sauce' }, true))
      .when('menuItem.save', { ...croissant, modifierGroupIds: ['sauce'] })
      .thenRejected('MODIFIER_GROUP_UNKNOWN')
  })

  it.each([{ priceUsd: -1 }, { priceUsd: 1.5 }, { name: ' ' }, { menuItemId: '' }])(
    'refuses %o',
    (fields) => {
      expect(() => given().when('menuItem.save', { ...croissant, ...fields })).toThrow()
    },
  )
})

describe('menuItem.remove', () => {
  it('takes it off the menu; what was published stays for sales on their way', () => {
    const after = given(menu)
      .when('menuItem.remove', { menuItemId: 'latte' })
      .thenAccepted({ menuItemId: 'latte' })
    expect(after.one(menuItems).removed).toBe(true)
    expect(after.all(menuItemRevisions)).toHaveLength(1)
    expect(after.audit).toEqual(['MENU_ITEM_REMOVED'])
  })

  it('there must be one', () => {
    given(menu).when('menuItem.remove', { menuItemId: 'mocha' }).thenRejected('MENU_ITEM_UNKNOWN')
    given(item({ removed: true }))
      .when('menuItem.remove', { menuItemId: 'latte' })
      .thenRejected('MENU_ITEM_UNKNOWN', { menuItemId: 'latte' })
  })
})

describe('menuCategory.save and menuCategory.remove', () => {
  it('adds, renames, moves, brings back', () => {
    const added = given()
      .when('menuCategory.save', { categoryId: 'tea', name: 'Tea' })
      .thenAccepted({ categoryId: 'tea' })
    expect(added.one(menuCategories)).toEqual({ id: 'tea', name: 'Tea', position: 0, removed: false })
    const moved = given(menu).when('menuCategory.save', { categoryId: 'coffee', position: 3 }).thenAccepted()
    expect(moved.one(menuCategories)).toMatchObject({ name: 'Coffee', position: 3 })
    const back = given(category({ removed: true }))
      .when('menuCategory.save', { categoryId: 'coffee' })
      .thenAccepted()
    expect(back.one(menuCategories).removed).toBe(false)
  })

  it('a new category needs a name', () => {
    given().when('menuCategory.save', { categoryId: 'tea' }).thenRejected('PAYLOAD_INVALID')
  })

  it('removes only what no item is in', () => {
    given(menu).when('menuCategory.remove', { categoryId: 'coffee' }).thenRejected('MENU_CATEGORY_IN_USE')
    const after = given(category(), item({ removed: true }))
      .when('menuCategory.remove', { categoryId: 'coffee' })
      .thenAccepted({ categoryId: 'coffee' })
    expect(after.one(menuCategories).removed).toBe(true)
    given(category({ removed: true }))
      .when('menuCategory.remove', { categoryId: 'coffee' })
      .thenRejected('MENU_CATEGORY_UNKNOWN')
  })
})

describe('modifierGroup.save and modifierGroup.remove', () => {
  const options = [{ id: 'regular', name: 'Regular', priceUsd: 0 }]

  it('adds a group', () => {
    const after = given()
      .when('modifierGroup.save', { modifierGroupId: 'milk', name: 'Milk', options })
      .thenAccepted({ modifierGroupId: 'milk' })
    expect(after.one(modifierGroups)).toEqual({
      id: 'milk',
      name: 'Milk',
      minSelections: 0,
      maxSelections: 1,
      options,
      removed: false,
    })
  })

  it('every item that uses it gets a new revision, with the group as it is now; the others do not', () => {
    const dearer = [{ id: 'regular', name: 'Regular', priceUsd: 10 }]
    const after = given(
      menu,
      item({ id: 'mocha', modifierGroupIds: ['size'], revision: 4 }),
      item({ id: 'espresso', modifierGroupIds: ['extras'] }),
      item({ id: 'gone', removed: true }),
    )
      .when('modifierGroup.save', { modifierGroupId: 'size', options: dearer })
      .thenAccepted()
    const revisions = Object.fromEntries(after.all(menuItems).map(({ id, revision }) => [id, revision]))
    expect(revisions).toEqual({ latte: 2, mocha: 5, espresso: 1, gone: 1 })
    expect(after.one(menuItemRevisions, { menuItemId: 'latte', revision: 2 })).toMatchObject({
      categoryName: 'Coffee',
      priceUsd: 250,
      modifierGroups: [{ ...size, options: dearer }, extras],
    })
    expect(after.one(menuItemRevisions, { menuItemId: 'mocha', revision: 5 }).modifierGroups).toEqual([
      { ...size, options: dearer },
    ])
  })

  it('refuses what nobody could choose from', () => {
    given()
      .when('modifierGroup.save', { modifierGroupId: 'milk', name: 'Milk' })
      .thenRejected('PAYLOAD_INVALID')
    given().when('modifierGroup.save', { modifierGroupId: 'milk', options }).thenRejected('PAYLOAD_INVALID')
    given(menu)
      .when('modifierGroup.save', { modifierGroupId: 'size', minSelections: 2 })
      .thenRejected('PAYLOAD_INVALID')
    given(menu)
      .when('modifierGroup.save', { modifierGroupId: 'size', options: [options[0], options[0]] })
      .thenRejected('PAYLOAD_INVALID')
  })

  it('removes only what no item uses', () => {
    given(menu)
      .when('modifierGroup.remove', { modifierGroupId: 'size' })
      .thenRejected('MODIFIER_GROUP_IN_USE')
    const after = given(group(), item({ removed: true }))
      .when('modifierGroup.remove', { modifierGroupId: 'size' })
      .thenAccepted({ modifierGroupId: 'size' })
    expect(after.one(modifierGroups).removed).toBe(true)
    given(group(size, true))
      .when('modifierGroup.remove', { modifierGroupId: 'size' })
      .thenRejected('MODIFIER_GROUP_UNKNOWN')
  })
})

describe('what the feed says of the menu', () => {
  const row = item().row

  it('removed is a tombstone, archived is not', () => {
    const payload = menuItems.change?.payload
    expect(payload?.({ ...row, removed: true } as never)).toBeNull()
    expect(payload?.({ ...row, archived: true } as never)).toMatchObject({ archived: true, revision: 1 })
  })

  it('what an item and an option take from stock, so that a till can foresee it', () => {
    expect(menuItems.change?.payload(row as never)).toMatchObject({ recipe: row.recipe })
    const feed = modifierGroups.change?.payload(group(extras).row as never)
    expect(feed).toMatchObject({ options: extras.options })
  })

  it('changes of older versions, without recipes, are still of the contract', () => {
    const olderItem = { ...menuItems.change?.payload(row as never), recipe: undefined }
    expect(menuItemEntity.parse(olderItem)).toEqual(olderItem)
    const options = extras.options.map(({ id, name, priceUsd }) => ({ id, name, priceUsd }))
    const olderGroup = { ...modifierGroups.change?.payload(group(extras).row as never), options }
    expect(modifierGroupEntity.parse(olderGroup)).toEqual(olderGroup)
  })
})
