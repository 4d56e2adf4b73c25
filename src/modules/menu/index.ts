import { defineModule } from '../../sync/module.ts'
import * as operations from './operations.ts'
import { menuCategories, menuItemRevisions, menuItems, modifierGroups } from './tables.ts'

/** The tenant's menu: categories, items with their published revisions, modifier groups. */
export const menu = defineModule({
  name: 'menu',
  tables: [menuCategories, modifierGroups, menuItems, menuItemRevisions],
  operations: Object.values(operations),
})
