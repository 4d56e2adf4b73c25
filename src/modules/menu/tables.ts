import { col, defineFinder, defineTable, nullable } from '../../sync/table.ts'
import type {
  Component,
  MenuCategoryEntity,
  MenuItemEntity,
  ModifierGroupEntity,
  ModifierOption,
} from './contract.ts'

export const menuCategories = defineTable({
  name: 'menu_category',
  key: ['id'],
  write: 'upsert',
  columns: { id: col.text, name: col.text, position: col.int, removed: col.bool },
  change: {
    module: 'MENU',
    kind: 'menuCategory',
    scope: 'tenant',
    id: (row) => row.id,
    payload: ({ name, position, removed }): MenuCategoryEntity | null =>
      removed ? null : { name, position },
  },
})
export const menuCategoryById = defineFinder(menuCategories, ['id'])

export const modifierGroups = defineTable({
  name: 'modifier_group',
  key: ['id'],
  write: 'upsert',
  columns: {
    id: col.text,
    name: col.text,
    minSelections: col.int,
    maxSelections: col.int,
    options: col.json<ModifierOption[]>(),
    removed: col.bool,
  },
  change: {
    module: 'MENU',
    kind: 'modifierGroup',
    scope: 'tenant',
    id: (row) => row.id,
    payload: ({ name, minSelections, maxSelections, options, removed }): ModifierGroupEntity | null =>
      removed ? null : { name, minSelections, maxSelections, options },
  },
})
export const modifierGroupById = defineFinder(modifierGroups, ['id'])

export const menuItems = defineTable({
  name: 'menu_item',
  key: ['id'],
  write: 'upsert',
  columns: {
    id: col.text,
    revision: col.int,
    name: col.text,
    categoryId: col.text,
    priceUsd: col.int,
    modifierGroupIds: col.texts,
    recipe: col.json<Component[]>(),
    visibleIn: nullable(col.json<string[]>()),
    archived: col.bool,
    removed: col.bool,
  },
  change: {
    module: 'MENU',
    kind: 'menuItem',
    scope: 'tenant',
    id: (row) => row.id,
    payload: (row): MenuItemEntity | null => {
      const { revision, name, categoryId, priceUsd, modifierGroupIds, recipe, archived, removed } = row
      return removed ? null : { revision, name, categoryId, priceUsd, modifierGroupIds, recipe, archived }
    },
    onlyIn: (row) => row.visibleIn,
  },
})
export const menuItemById = defineFinder(menuItems, ['id'])
export const menuItemsInCategory = defineFinder(menuItems, ['categoryId'], { not: 'removed' })
/** By the tenant alone: a modifier group is saved rarely, and its items are few. */
export const allMenuItems = defineFinder(menuItems, [])

/** A modifier group as an item's revision froze it. */
export type PublishedGroup = {
  id: string
  name: string
  minSelections: number
  maxSelections: number
  options: ModifierOption[]
}

export const menuItemRevisions = defineTable({
  name: 'menu_item_revision',
  key: ['menuItemId', 'revision'],
  write: 'append',
  columns: {
    menuItemId: col.text,
    revision: col.int,
    name: col.text,
    categoryId: col.text,
    categoryName: col.text,
    priceUsd: col.int,
    modifierGroups: col.json<PublishedGroup[]>(),
    recipe: col.json<Component[]>(),
    publishedAt: col.time,
  },
})
export const menuItemRevision = defineFinder(menuItemRevisions, ['menuItemId', 'revision'])
