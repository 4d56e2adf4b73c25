/** A modifier group while it is edited. */
import type { ModifierGroupSave } from '../../contract.ts'
import { type ModifierGroup, type ModifierOption, optionsOf } from './menu.ts'
import { parseMoney, parseWhole, typedUsd } from './money.ts'

/** What an option uses from stock is not edited here, and stays with it. */
export type OptionDraft = Pick<ModifierOption, 'id' | 'name' | 'components'> & { price: string }
export type GroupDraft = { name: string; min: string; max: string; options: OptionDraft[] }

export const newOption = (id: string): OptionDraft => ({ id, name: '', price: '0.00', components: undefined })

export const groupDraft = (group: ModifierGroup | null, optionId: string): GroupDraft => ({
  name: group?.name ?? '',
  min: String(group?.minSelections ?? 0),
  max: String(group?.maxSelections ?? 1),
  options: group
    ? optionsOf(group).map(({ id, name, priceUsd, components }) => ({
        id,
        name,
        price: typedUsd(priceUsd),
        components,
      }))
    : [newOption(optionId)],
})

/** What is to be saved, or null where something is missing or wrong. */
export function groupFrom(draft: GroupDraft): Omit<ModifierGroupSave, 'modifierGroupId'> | null {
  const name = draft.name.trim()
  const range = rangeOf(draft)
  const options = draft.options.map(({ id, name, price, components }) => ({
    id,
    name: name.trim(),
    priceUsd: parseMoney('USD', price),
    ...(components ? { components } : {}),
  }))
  const isRight = (option: (typeof options)[number]): option is ModifierOption =>
    option.name !== '' && option.priceUsd !== null
  if (!name || !range || options.length === 0 || !options.every(isRight)) return null
  return { name, minSelections: range.min, maxSelections: range.max, options }
}

/** How many are to be chosen; null where that makes no sense. */
export function rangeOf({ min, max }: Pick<GroupDraft, 'min' | 'max'>): { min: number; max: number } | null {
  const [least, most] = [parseWhole(min), parseWhole(max)]
  if (least === null || most === null || least < 0 || most < 1 || most < least || most > 50) return null
  return { min: least, max: most }
}

/** The least that choices of the group can come to, in cents; below zero they make an item cheaper. */
export function lowestOf(
  group: Pick<ModifierGroupSave, 'options' | 'minSelections' | 'maxSelections'>,
): number {
  const prices = (group.options ?? []).map(({ priceUsd }) => priceUsd).sort((one, other) => one - other)
  const { minSelections: min = 0, maxSelections: max = 1 } = group
  return prices.slice(0, max).reduce((sum, price, i) => (price < 0 || i < min ? sum + price : sum), 0)
}
