import { defineOperation, type Operation } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import * as contract from './contract.ts'
import {
  decideRemoveCategory,
  decideRemoveGroup,
  decideRemoveItem,
  decideSaveCategory,
  decideSaveGroup,
  decideSaveItem,
  usersOf,
} from './decide.ts'
import {
  allMenuItems,
  menuCategoryById,
  menuItemById,
  menuItems,
  menuItemsInCategory,
  modifierGroupById,
} from './tables.ts'

const online = { offline: false, scope: 'tenant', permission: 'menu.edit' } as const

export const saveItem = defineOperation({
  ...online,
  type: 'menuItem.save',
  description:
    'Adds an item to the menu or changes it; a change of what is sold or at which price is a new revision.',
  payload: contract.menuItemSave,
  reads: [
    ({ payload }) => [menuItemById(payload.menuItemId)],
    ({ payload }, state) => {
      const known = state.get(menuItems, payload.menuItemId)
      const categoryId = payload.categoryId ?? known?.categoryId
      const groups = payload.modifierGroupIds ?? known?.modifierGroupIds ?? []
      return [
        ...(categoryId ? [menuCategoryById(categoryId)] : []),
        ...groups.map((id) => modifierGroupById(id)),
      ]
    },
  ],
  decide: decideSaveItem,
})

export const removeItem = defineOperation({
  ...online,
  type: 'menuItem.remove',
  description:
    'Takes an item off the menu of every branch. What tills sell before they hear of it stays sold.',
  payload: contract.menuItemRemove,
  reads: [({ payload }) => [menuItemById(payload.menuItemId)]],
  decide: decideRemoveItem,
})

export const saveCategory = defineOperation({
  ...online,
  type: 'menuCategory.save',
  description: 'Adds a category to the menu or changes it.',
  payload: contract.menuCategorySave,
  reads: [({ payload }) => [menuCategoryById(payload.categoryId)]],
  decide: decideSaveCategory,
})

export const removeCategory = defineOperation({
  ...online,
  type: 'menuCategory.remove',
  description: 'Removes a category that no item is in.',
  payload: contract.menuCategoryRemove,
  reads: [({ payload }) => [menuCategoryById(payload.categoryId), menuItemsInCategory(payload.categoryId)]],
  decide: decideRemoveCategory,
})

function readUsers({ payload }: Operation<{ modifierGroupId: string }>, state: State) {
  return usersOf(state, payload.modifierGroupId).flatMap((item) => [
    menuCategoryById(item.categoryId),
    ...item.modifierGroupIds.map((id) => modifierGroupById(id)),
  ])
}

export const saveGroup = defineOperation({
  ...online,
  type: 'modifierGroup.save',
  description: 'Adds a modifier group or changes it; every item that uses it gets a new revision.',
  payload: contract.modifierGroupSave,
  reads: [({ payload }) => [modifierGroupById(payload.modifierGroupId), allMenuItems()], readUsers],
  decide: decideSaveGroup,
})

export const removeGroup = defineOperation({
  ...online,
  type: 'modifierGroup.remove',
  description: 'Removes a modifier group that no item uses.',
  payload: contract.modifierGroupRemove,
  reads: [({ payload }) => [modifierGroupById(payload.modifierGroupId), allMenuItems()]],
  decide: decideRemoveGroup,
})
