/** A menu item while it is edited. */
import { type MenuItemSave, menuItemSave } from '../../contract.ts'
import { type FormValues, formValues } from './form-values.ts'
import { type Component, type MenuItem, recipeOf } from './menu.ts'
import { parseMoney, parseWhole, typedUsd } from './money.ts'

type ComponentDraft = Omit<Component, 'quantity'> & { quantity: string }
export type ItemDraft = {
  menuItemId: string
  name: string
  categoryId: string
  priceUsd: string
  modifierGroupIds: string[]
  /** None: every branch offers it. */
  visibleIn: string[]
  recipe: ComponentDraft[]
}

/** Null: a new one, with this id, in this category. */
export const itemDraft = (item: MenuItem | null, menuItemId: string, categoryId: string): ItemDraft => ({
  menuItemId: item?.id ?? menuItemId,
  name: item?.name ?? '',
  categoryId: item?.categoryId ?? categoryId,
  priceUsd: item ? typedUsd(item.priceUsd) : '',
  modifierGroupIds: item ? [...item.modifierGroupIds] : [],
  visibleIn: [...(item?.visibleIn ?? [])],
  recipe: item ? recipeOf(item).map((each) => ({ ...each, quantity: String(each.quantity) })) : [],
})

export const itemFrom = (draft: ItemDraft): FormValues<MenuItemSave> =>
  formValues(menuItemSave, {
    ...draft,
    priceUsd: parseMoney('USD', draft.priceUsd),
    visibleIn: draft.visibleIn.length > 0 ? draft.visibleIn : null,
    recipe: draft.recipe.map((each) => ({ ...each, quantity: parseWhole(each.quantity) })),
  })
