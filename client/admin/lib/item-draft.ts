/** A menu item while it is edited. */
import type { MenuItemSave } from '../../contract.ts'
import { type Component, type MenuItem, recipeOf } from './menu.ts'
import { parseMoney, parseWhole, typedUsd } from './money.ts'

export type ComponentDraft = Omit<Component, 'quantity'> & { quantity: string }
export type ItemDraft = {
  name: string
  categoryId: string
  price: string
  modifierGroupIds: string[]
  /** None: every branch offers it. */
  visibleIn: string[]
  recipe: ComponentDraft[]
}

export const itemDraft = (item: MenuItem | null, categoryId: string): ItemDraft => ({
  name: item?.name ?? '',
  categoryId: item?.categoryId ?? categoryId,
  price: item ? typedUsd(item.priceUsd) : '',
  modifierGroupIds: item ? [...item.modifierGroupIds] : [],
  visibleIn: [...(item?.visibleIn ?? [])],
  recipe: item ? recipeOf(item).map((each) => ({ ...each, quantity: String(each.quantity) })) : [],
})

/** What is to be saved, or null where something is missing or wrong. */
export function itemFrom(draft: ItemDraft): Omit<MenuItemSave, 'menuItemId'> | null {
  const name = draft.name.trim()
  const priceUsd = priceFrom(draft.price)
  const recipe = draft.recipe.map((each) => ({ ...each, quantity: parseWhole(each.quantity) }))
  const isRight = (each: (typeof recipe)[number]): each is Component => each.quantity !== null
  if (!name || !draft.categoryId || priceUsd === null || !recipe.every(isRight)) return null
  const { categoryId, modifierGroupIds, visibleIn } = draft
  return {
    name,
    categoryId,
    priceUsd,
    modifierGroupIds,
    visibleIn: visibleIn.length > 0 ? visibleIn : null,
    recipe,
  }
}

/** A price in cents; null where it is none, or below zero. */
export function priceFrom(text: string): number | null {
  const cents = parseMoney('USD', text)
  return cents === null || cents < 0 ? null : cents
}
