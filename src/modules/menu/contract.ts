import { z } from 'zod'
import { cents, id, signedCents, text } from '../primitives.ts'

/** What one unit of something uses up, in the stock item's base unit. Only TRACKED components are deducted. */
export const component = z
  .object({
    stockItemId: id,
    name: text(100),
    unit: text(20),
    quantity: z.int().min(-1_000_000).max(1_000_000),
    tracking: z.enum(['TRACKED', 'NOT_TRACKED']).meta({ id: 'Tracking' }),
  })
  .meta({ id: 'Component' })
export type Component = z.infer<typeof component>

export const modifierOption = z
  .object({
    id,
    name: text(100),
    /** Added to the item's price; may be negative. */
    priceUsd: signedCents,
    /** Added to the item's recipe; quantities may be negative. */
    components: z.array(component).max(50).optional(),
  })
  .meta({ id: 'ModifierOption' })
export type ModifierOption = z.infer<typeof modifierOption>

export const menuCategorySave = z.object({
  categoryId: id,
  name: text(100).optional(),
  position: z.int().min(0).max(100_000).optional(),
})
export const menuCategoryRemove = z.object({ categoryId: id })

/** Absent fields keep what they were. Saving publishes a new revision of every item that uses the group. */
export const modifierGroupSave = z.object({
  modifierGroupId: id,
  name: text(100).optional(),
  minSelections: z.int().min(0).max(50).optional(),
  maxSelections: z.int().min(1).max(50).optional(),
  options: z.array(modifierOption).min(1).max(100).optional(),
})
export const modifierGroupRemove = z.object({ modifierGroupId: id })

/** Absent fields keep what they were; a new item needs a name, a category and a price. */
export const menuItemSave = z.object({
  menuItemId: id,
  name: text(200).optional(),
  categoryId: id.optional(),
  priceUsd: cents.optional(),
  modifierGroupIds: z.array(id).max(50).optional(),
  recipe: z.array(component).max(100).optional(),
  /** The branches that offer it; null: all of them. */
  visibleIn: z.array(id).max(20_000).nullish(),
  archived: z.boolean().optional(),
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
const uses = z.array(component).optional()
export const modifierGroupEntity = z.object({
  name: z.string(),
  minSelections: z.int(),
  maxSelections: z.int(),
  options: z.array(z.object({ id, name: z.string(), priceUsd: z.int(), components: uses })),
})
export const menuItemEntity = z.object({
  revision: z.int().positive(),
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
