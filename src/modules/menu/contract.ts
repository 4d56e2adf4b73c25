import * as z from 'zod/mini'
import { cents, id, named, signedCents, text, whole } from '../primitives.ts'

/** What one unit of something uses up, in the stock item's base unit. Only TRACKED components are deducted. */
export const component = named(
  'Component',
  z.object({
    stockItemId: id,
    name: text(100),
    unit: text(20),
    quantity: whole(-1_000_000, 1_000_000),
    tracking: named('Tracking', z.enum(['TRACKED', 'NOT_TRACKED'])),
  }),
)
export type Component = z.infer<typeof component>

export const modifierOption = named(
  'ModifierOption',
  z.object({
    id,
    name: text(100),
    /** Added to the item's price; may be negative. */
    priceUsd: signedCents,
    /** Added to the item's recipe; quantities may be negative. */
    components: z.optional(z.array(component).check(z.maxLength(50))),
  }),
)
export type ModifierOption = z.infer<typeof modifierOption>

export const menuCategorySave = z.object({
  categoryId: id,
  name: z.optional(text(100)),
  position: z.optional(whole(0, 100_000)),
})
export const menuCategoryRemove = z.object({ categoryId: id })

/** Absent fields keep what they were. Saving publishes a new revision of every item that uses the group. */
export const modifierGroupSave = z.object({
  modifierGroupId: id,
  name: z.optional(text(100)),
  minSelections: z.optional(whole(0, 50)),
  maxSelections: z.optional(whole(1, 50)),
  options: z.optional(z.array(modifierOption).check(z.minLength(1), z.maxLength(100))),
})
export const modifierGroupRemove = z.object({ modifierGroupId: id })

/** Absent fields keep what they were; a new item needs a name, a category and a price. */
export const menuItemSave = z.object({
  menuItemId: id,
  name: z.optional(text(200)),
  categoryId: z.optional(id),
  priceUsd: z.optional(cents),
  modifierGroupIds: z.optional(z.array(id).check(z.maxLength(50))),
  recipe: z.optional(z.array(component).check(z.maxLength(100))),
  /** The branches that offer it; null: all of them. */
  visibleIn: z.nullish(z.array(id).check(z.maxLength(20_000))),
  archived: z.optional(z.boolean()),
})
export const menuItemRemove = z.object({ menuItemId: id })

export type MenuCategorySave = z.infer<typeof menuCategorySave>
export type MenuCategoryRemove = z.infer<typeof menuCategoryRemove>
export type ModifierGroupSave = z.infer<typeof modifierGroupSave>
export type ModifierGroupRemove = z.infer<typeof modifierGroupRemove>
export type MenuItemSave = z.infer<typeof menuItemSave>
export type MenuItemRemove = z.infer<typeof menuItemRemove>

export const menuCategoryEntity = z.object({ name: z.string(), position: z.int() })
/** What an item or option takes from stock is missing in changes that were made by older versions. */
const uses = z.optional(z.array(component))
export const modifierGroupEntity = z.object({
  name: z.string(),
  minSelections: z.int(),
  maxSelections: z.int(),
  options: z.array(z.object({ id, name: z.string(), priceUsd: z.int(), components: uses })),
})
export const menuItemEntity = z.object({
  revision: z.int().check(z.positive()),
  name: z.string(),
  categoryId: z.string(),
  priceUsd: cents,
  modifierGroupIds: z.array(z.string()),
  recipe: uses,
  archived: z.boolean(),
})
export type MenuCategoryEntity = z.infer<typeof menuCategoryEntity>
export type ModifierGroupEntity = z.infer<typeof modifierGroupEntity>
export type MenuItemEntity = z.infer<typeof menuItemEntity>
