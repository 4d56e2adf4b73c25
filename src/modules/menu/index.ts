import { defineModule } from '../../sync/module.ts'
import { glossary } from './glossary.ts'
import { addMenuReads } from './graphql.ts'
import { removeCategory, removeGroup, removeItem, saveCategory, saveGroup, saveItem } from './operations.ts'
import { menuCategories, menuItemRevisions, menuItems, modifierGroups } from './tables.ts'
import * as words from './words.ts'

/** The tenant's menu: categories, items with their published revisions, modifier groups. */
export const menu = defineModule({
  name: 'menu',
  ...words,
  tables: [menuCategories, modifierGroups, menuItems, menuItemRevisions],
  operations: [saveItem, removeItem, saveCategory, removeCategory, saveGroup, removeGroup],
  reads: addMenuReads,
  glossary,
})
