/**
 * Modifiers: which options of an item's groups are chosen. A selection is the ids of the chosen options, each once, and
 * always fits the groups: it begins so, and only steps that keep it so are possible.
 */
import type { Group } from './menu.ts'

type Option = Group['options'][number]
export type Selection = readonly string[]

/** What has to be chosen is: the first options of each group, as many as it asks for. */
export const firstSelection = (groups: readonly Group[]): Selection =>
  groups.flatMap(({ options, minSelections }) => options.slice(0, minSelections).map(({ id }) => id))

/** The chosen options in the order of the groups; ids that there are no longer are left out. */
export function chosenOptions(groups: readonly Group[], selection: Selection): readonly Option[] {
  const chosen = new Set(selection)
  return groups.flatMap(({ options }) => options.filter(({ id }) => chosen.has(id)))
}

const countIn = ({ options }: Group, selection: Selection) =>
  options.filter(({ id }) => selection.includes(id)).length

/** Whether a group is a choice of one: another option takes the place of the chosen one. */
export const isSingle = ({ maxSelections }: Group): boolean => maxSelections === 1

/** Whether a tap on the option changes something. */
export function canToggle(group: Group, selection: Selection, optionId: string): boolean {
  const count = countIn(group, selection)
  return selection.includes(optionId)
    ? count > group.minSelections
    : count < group.maxSelections || isSingle(group)
}

/** The selection after a tap on an option; the same where it may not change. */
export function toggle(group: Group, selection: Selection, optionId: string): Selection {
  if (!canToggle(group, selection, optionId)) return selection
  if (selection.includes(optionId)) return selection.filter((id) => id !== optionId)
  const others = isSingle(group) ? selection.filter((id) => !hasOption(group, id)) : selection
  return [...others, optionId]
}

const hasOption = ({ options }: Group, optionId: string) => options.some(({ id }) => id === optionId)

/**
 * The selection as far as it still fits groups that have changed: options that are gone or too many are dropped, what
 * is missing is filled up from the first ones.
 */
export function fitted(groups: readonly Group[], selection: Selection): Selection {
  return groups.flatMap((group) => {
    const kept = group.options.filter(({ id }) => selection.includes(id)).slice(0, group.maxSelections)
    const missing = Math.max(0, group.minSelections - kept.length)
    const more = group.options.filter((option) => !kept.includes(option)).slice(0, missing)
    return [...kept, ...more].map(({ id }) => id)
  })
}

export const isSameSelection = (one: Selection, other: Selection): boolean =>
  one.length === other.length && one.every((id) => other.includes(id))
