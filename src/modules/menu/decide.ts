import { accept, type Decision, type Operation, reject } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { Row, Write } from '../../sync/table.ts'
import type * as contract from './contract.ts'
import { menuCategories, menuItemRevisions, menuItems, modifierGroups } from './tables.ts'

type MenuItem = Row<typeof menuItems>
type ModifierGroup = Row<typeof modifierGroups>

/** The rows of an item's next revision: the item as it stands, and what sales will name for good. */
function publish(state: State, item: MenuItem, groups: readonly ModifierGroup[], at: Date): Write[] {
  const { id, revision, name, categoryId, priceUsd, recipe } = item
  return [
    menuItems.row(item),
    menuItemRevisions.row({
      menuItemId: id,
      revision,
      name,
      categoryId,
      categoryName: state.get(menuCategories, categoryId)?.name ?? '',
      priceUsd,
      modifierGroups: groups.map(({ removed: _, ...group }) => group),
      recipe,
      publishedAt: at,
    }),
  ]
}

const groupsOf = (state: State, item: Pick<MenuItem, 'modifierGroupIds'>) =>
  item.modifierGroupIds.flatMap((id) => state.get(modifierGroups, id) ?? [])

/** What a revision is of. */
const revised = ['name', 'categoryId', 'priceUsd', 'modifierGroupIds', 'recipe'] as const

const revises = (payload: contract.MenuItemSave, known: MenuItem) =>
  revised.some(
    (field) =>
      payload[field] !== undefined && JSON.stringify(payload[field]) !== JSON.stringify(known[field]),
  )

export function decideSaveItem(state: State, { payload, at }: Operation<contract.MenuItemSave>): Decision {
  const { menuItemId, ...given } = payload
  const known = state.get(menuItems, menuItemId)
  const { name, categoryId, priceUsd } = { ...known, ...given }
  if (name === undefined || categoryId === undefined || priceUsd === undefined)
    return reject('PAYLOAD_INVALID', 'A new item needs a name, a category and a price.')
  const category = state.get(menuCategories, categoryId)
  if (!category || category.removed)
    return reject('MENU_CATEGORY_UNKNOWN', `There is no category "${categoryId}".`, { categoryId })
  const modifierGroupIds = given.modifierGroupIds ?? known?.modifierGroupIds ?? []
  const groups = groupsOf(state, { modifierGroupIds })
  const missing = modifierGroupIds.find((id) => !groups.some((group) => group.id === id && !group.removed))
  if (missing)
    return reject('MODIFIER_GROUP_UNKNOWN', `There is no modifier group "${missing}".`, {
      modifierGroupId: missing,
    })

  const next: MenuItem = {
    id: menuItemId,
    revision: known?.revision ?? 0,
    name,
    categoryId,
    priceUsd,
    modifierGroupIds,
    recipe: given.recipe ?? known?.recipe ?? [],
    visibleIn: given.visibleIn === undefined ? (known?.visibleIn ?? null) : given.visibleIn,
    archived: given.archived ?? known?.archived ?? false,
    removed: false,
  }
  // While it was off the menu its modifier groups went on without it: it comes back with them as they are now.
  const isNew = !known || known.removed || revises(payload, known)
  const revision = next.revision + (isNew ? 1 : 0)
  return accept({
    writes: isNew ? publish(state, { ...next, revision }, groups, at) : [menuItems.row(next)],
    audit: [{ name: 'MENU_ITEM_SAVED', data: { menuItemId, revision, priceUsd } }],
    result: { menuItemId, revision },
  })
}

export function decideRemoveItem(
  state: State,
  { payload: { menuItemId } }: Operation<contract.MenuItemRemove>,
): Decision {
  const known = state.get(menuItems, menuItemId)
  if (!known || known.removed)
    return reject('MENU_ITEM_UNKNOWN', `There is no item "${menuItemId}".`, { menuItemId })
  return accept({
    writes: [menuItems.row({ ...known, removed: true })],
    audit: [{ name: 'MENU_ITEM_REMOVED', data: { menuItemId } }],
    result: { menuItemId },
  })
}

export function decideSaveCategory(
  state: State,
  { payload }: Operation<contract.MenuCategorySave>,
): Decision {
  const { categoryId } = payload
  const known = state.get(menuCategories, categoryId)
  const name = payload.name ?? known?.name
  if (!name) return reject('PAYLOAD_INVALID', 'A new category needs a name.')
  const position = payload.position ?? known?.position ?? 0
  return accept({
    writes: [menuCategories.row({ id: categoryId, name, position, removed: false })],
    audit: [{ name: 'MENU_CATEGORY_SAVED', data: { categoryId, name } }],
    result: { categoryId },
  })
}

export function decideRemoveCategory(
  state: State,
  { payload: { categoryId } }: Operation<contract.MenuCategoryRemove>,
): Decision {
  const known = state.get(menuCategories, categoryId)
  if (!known || known.removed)
    return reject('MENU_CATEGORY_UNKNOWN', `There is no category "${categoryId}".`, { categoryId })
  const item = state.find(menuItems, (each) => each.categoryId === categoryId && !each.removed)
  if (item)
    return reject(
      'MENU_CATEGORY_IN_USE',
      `"${item.name}" and perhaps others are in this category; move them first.`,
    )
  return accept({
    writes: [menuCategories.row({ ...known, removed: true })],
    audit: [{ name: 'MENU_CATEGORY_REMOVED', data: { categoryId } }],
    result: { categoryId },
  })
}

/** Items that use the group, as far as they were read. */
export const usersOf = (state: State, groupId: string) =>
  state.filter(menuItems, (item) => !item.removed && item.modifierGroupIds.includes(groupId))

export function decideSaveGroup(
  state: State,
  { payload, at }: Operation<contract.ModifierGroupSave>,
): Decision {
  const { modifierGroupId: id, ...given } = payload
  const known = state.get(modifierGroups, id)
  const { name, minSelections = 0, maxSelections = 1, options } = { ...known, ...given }
  if (!name || !options) return reject('PAYLOAD_INVALID', 'A new modifier group needs a name and options.')
  if (minSelections > maxSelections)
    return reject('PAYLOAD_INVALID', 'minSelections is more than maxSelections.')
  if (new Set(options.map((option) => option.id)).size < options.length)
    return reject('PAYLOAD_INVALID', 'Two options have the same id.')
  const group = { id, name, minSelections, maxSelections, options, removed: false }
  const republished = usersOf(state, id).flatMap((item) => {
    const groups = groupsOf(state, item).map((each) => (each.id === id ? group : each))
    return publish(state, { ...item, revision: item.revision + 1 }, groups, at)
  })
  return accept({
    writes: [modifierGroups.row(group), ...republished],
    audit: [{ name: 'MODIFIER_GROUP_SAVED', data: { modifierGroupId: id } }],
    result: { modifierGroupId: id },
  })
}

export function decideRemoveGroup(
  state: State,
  { payload: { modifierGroupId } }: Operation<contract.ModifierGroupRemove>,
): Decision {
  const known = state.get(modifierGroups, modifierGroupId)
  if (!known || known.removed)
    return reject('MODIFIER_GROUP_UNKNOWN', `There is no modifier group "${modifierGroupId}".`, {
      modifierGroupId,
    })
  const user = usersOf(state, modifierGroupId)[0]
  if (user) return reject('MODIFIER_GROUP_IN_USE', `"${user.name}" and perhaps others use this group.`)
  return accept({
    writes: [modifierGroups.row({ ...known, removed: true })],
    audit: [{ name: 'MODIFIER_GROUP_REMOVED', data: { modifierGroupId } }],
    result: { modifierGroupId },
  })
}
