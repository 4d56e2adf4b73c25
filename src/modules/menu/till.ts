import { defineTillModule, entity, entityOf, online, rowsFrom, typeOnly } from '../../sync/till.ts'
import type {
  MenuCategoryRemove,
  MenuCategorySave,
  MenuItemRemove,
  MenuItemSave,
  ModifierGroupRemove,
  ModifierGroupSave,
} from './contract.ts'
import { menuCategories, menuItemRevisions, menuItems, modifierGroups } from './tables.ts'
import { type codes, permissions, scopes } from './words.ts'

export const menuTill = defineTillModule({
  name: 'menu',
  scopes,
  permissions,
  codes: typeOnly<keyof typeof codes>(),
  first: true,
  online: {
    'menuItem.save': online<MenuItemSave>('tenant'),
    'menuItem.remove': online<MenuItemRemove>('tenant'),
    'menuCategory.save': online<MenuCategorySave>('tenant'),
    'menuCategory.remove': online<MenuCategoryRemove>('tenant'),
    'modifierGroup.save': online<ModifierGroupSave>('tenant'),
    'modifierGroup.remove': online<ModifierGroupRemove>('tenant'),
  },
  entities: [
    entity(menuCategories),
    // An item and its groups together are the revision that sales name: beside a group that has come, the item as it
    // was would cost what no revision ever did.
    entity(modifierGroups, { together: true }),
    entity(menuItems, {
      together: ({ modifierGroupIds = [] }) => modifierGroupIds.length > 0,
      row: (id, item) => ({ id, ...item, recipe: item.recipe ?? [], visibleIn: null, removed: false }),
    }),
  ],
  // Only the newest revision is known: the menu as it is now.
  rows: [
    rowsFrom(menuItems, menuItemRevisions, 'menuItemId', (menuItemId, item, known) => ({
      menuItemId,
      revision: item.revision,
      name: item.name,
      categoryId: item.categoryId,
      categoryName: entityOf(known, menuCategories, item.categoryId)?.name ?? '',
      priceUsd: item.priceUsd,
      modifierGroups: item.modifierGroupIds.flatMap((id) => {
        const group = entityOf(known, modifierGroups, id)
        return group ? [{ id, ...group }] : []
      }),
      recipe: item.recipe ?? [],
      publishedAt: new Date(0),
    })),
  ],
})
