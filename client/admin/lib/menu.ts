/** The menu as it is shown and edited. Prices in cents. */
import type { Component, ModifierOption } from '../../contract.ts'
import type { MenuCategoriesQuery, MenuItemsQuery, ModifierGroupsQuery } from '../generated/graphql.ts'

export type { Component, ModifierOption }
export type MenuItem = MenuItemsQuery['menu']['items']['edges'][number]['node']
export type MenuCategory = MenuCategoriesQuery['menu']['categories']['edges'][number]['node']
export type ModifierGroup = ModifierGroupsQuery['menu']['modifierGroups']['edges'][number]['node']

/* What the schema calls JSON has these shapes (`src/modules/menu/contract.ts`). */
export const recipeOf = ({ recipe }: Pick<MenuItem, 'recipe'>): readonly Component[] =>
  recipe as unknown as readonly Component[]
export const optionsOf = ({ options }: Pick<ModifierGroup, 'options'>): readonly ModifierOption[] =>
  options as unknown as readonly ModifierOption[]

/** Categories in their order, each with its items by name; those with nothing in them are left out. */
export function byCategory(
  categories: readonly MenuCategory[],
  items: readonly MenuItem[],
): readonly { category: MenuCategory; items: readonly MenuItem[] }[] {
  return categories
    .map((category) => ({
      category,
      items: items
        .filter(({ categoryId }) => categoryId === category.id)
        .sort((a, b) => a.name.localeCompare(b.name)),
    }))
    .filter(({ items }) => items.length > 0)
}

export function found(
  items: readonly MenuItem[],
  filter: { search: string; withArchived: boolean },
): readonly MenuItem[] {
  const wanted = filter.search.trim().toLowerCase()
  return items.filter(
    ({ name, archived }) => name.toLowerCase().includes(wanted) && (filter.withArchived || !archived),
  )
}

/** How many items use each group. */
export function usersOf(items: readonly MenuItem[]): ReadonlyMap<string, number> {
  const users = new Map<string, number>()
  for (const id of items.flatMap(({ modifierGroupIds }) => modifierGroupIds))
    users.set(id, (users.get(id) ?? 0) + 1)
  return users
}

/** Behind the last one. */
export const nextPosition = (categories: readonly Pick<MenuCategory, 'position'>[]): number =>
  categories.reduce((next, { position }) => Math.max(next, position + 1), 0)
