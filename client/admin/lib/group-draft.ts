/** A modifier group while it is edited. */
import { type ModifierGroupSave, modifierGroupSave } from '../../contract.ts'
import { type FormValues, formValues } from './form-values.ts'
import { type ModifierGroup, type ModifierOption, optionsOf } from './menu.ts'
import { parseMoney, parseWhole, typedUsd } from './money.ts'

/** What an option uses from stock is not edited here, and stays with it. */
export type OptionDraft = Omit<ModifierOption, 'priceUsd'> & { priceUsd: string }
export type GroupDraft = {
  modifierGroupId: string
  name: string
  minSelections: string
  maxSelections: string
  options: OptionDraft[]
}

export const newOption = (id: string): OptionDraft => ({ id, name: '', priceUsd: '0.00' })

/** Null: a new one; it and its first option are told apart by these ids. */
export const groupDraft = (group: ModifierGroup | null, newId: () => string): GroupDraft => ({
  modifierGroupId: group?.id ?? newId(),
  name: group?.name ?? '',
  minSelections: String(group?.minSelections ?? 0),
  maxSelections: String(group?.maxSelections ?? 1),
  options: group
    ? optionsOf(group).map((option) => ({ ...option, priceUsd: typedUsd(option.priceUsd) }))
    : [newOption(newId())],
})

/** What is to be saved. Who must choose more than they may could choose nothing. */
export function groupFrom(draft: GroupDraft): FormValues<ModifierGroupSave> {
  const minSelections = parseWhole(draft.minSelections)
  const maxSelections = parseWhole(draft.maxSelections)
  const options = draft.options.map((each) => ({ ...each, priceUsd: parseMoney('USD', each.priceUsd) }))
  return formValues(modifierGroupSave, { ...draft, minSelections, maxSelections, options }, [
    (minSelections ?? 0) > (maxSelections ?? 0) && 'maxSelections',
  ])
}

/** The least that choices of the group can come to, in cents; below zero they make an item cheaper. */
export function lowestOf(
  group: Pick<ModifierGroupSave, 'options' | 'minSelections' | 'maxSelections'>,
): number {
  const prices = (group.options ?? []).map(({ priceUsd }) => priceUsd).sort((one, other) => one - other)
  const { minSelections: min = 0, maxSelections: max = 1 } = group
  return prices.slice(0, max).reduce((sum, price, i) => (price < 0 || i < min ? sum + price : sum), 0)
}
