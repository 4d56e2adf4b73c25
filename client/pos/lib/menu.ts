/**
 * The menu as the till shows it: categories in their order, with what is sold in them.
 */
import type { Entity } from '../../sdk/index.ts'

export type Category = Entity<'menuCategory'>
export type Item = Entity<'menuItem'>
export type Group = Entity<'modifierGroup'>

/** A category with its items by name; archived items, and categories without any, are not there. */
export type Section = { category: Pick<Category, 'id' | 'name'>; items: readonly Item[] }

export type Menu = {
  sections: readonly Section[]
  /** What may be sold now. */
  item(id: string): Item | undefined
  /** The item's modifier groups, in its order. */
  groupsOf(item: Item): readonly Group[]
}

export function menuOf(
  categories: readonly Category[],
  items: readonly Item[],
  groups: readonly Group[],
): Menu {
  const sold = new Map(items.filter((item) => !item.archived).map((item) => [item.id, item]))
  const groupsById = new Map(groups.map((group) => [group.id, group]))
  const sections = [...categories]
    .sort((one, other) => one.position - other.position || one.name.localeCompare(other.name))
    .map((category) => ({
      category,
      items: byName([...sold.values()].filter(({ categoryId }) => categoryId === category.id)),
    }))
  return {
    sections: sections.filter((section) => section.items.length > 0),
    item: (id) => sold.get(id),
    groupsOf: (item) => item.modifierGroupIds.flatMap((id) => groupsById.get(id) ?? []),
  }
}

const byName = (items: readonly Item[]) =>
  [...items].sort((one, other) => one.name.localeCompare(other.name) || one.id.localeCompare(other.id))

/**
 * The items whose names have every word of the search in them; of a category, those that begin with it come first.
 * Accents and case do not matter.
 */
export function searchMenu({ sections }: Pick<Menu, 'sections'>, search: string): readonly Section[] {
  const sought = plain(search).trim()
  const words = sought.split(/\s+/).filter(Boolean)
  if (words.length === 0) return sections
  const begins = ({ name }: Item) => Number(plain(name).startsWith(sought))
  return sections
    .map(({ category, items }) => ({
      category,
      items: items
        .filter(({ name }) => words.every((word) => plain(name).includes(word)))
        .sort((one, other) => begins(other) - begins(one)),
    }))
    .filter(({ items }) => items.length > 0)
}

/** So that the first key of a search waits for no name: 500 of them are a frame on a slow tablet. */
export function readyForSearch({ sections }: Pick<Menu, 'sections'>): void {
  for (const { items } of sections) for (const { name } of items) plain(name)
}

/** The first of them, in as many sections as they take. */
export function firstItems(sections: readonly Section[], count: number): readonly Section[] {
  let left = count
  return sections.flatMap(({ category, items }) => {
    const taken = items.slice(0, left)
    left -= taken.length
    return taken.length === 0 ? [] : [{ category, items: taken }]
  })
}

/** What a keyboard of Khmer puts between words, and nobody sees. */
const unseen = /[\u200b-\u200d\u2060\ufeff]/g
/** Vowels of two signs that look like one, as some keyboards write them. */
const apart: readonly [RegExp, string][] = [
  [/\u17c1\u17b6/g, '\u17c4'],
  [/\u17c1\u17b8/g, '\u17be'],
]

function plain(text: string): string {
  const known = plainTexts.get(text)
  if (known !== undefined) return known
  const bare = text
    .replace(unseen, '')
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .toLowerCase()
  const made = apart.reduce((before, [signs, one]) => before.replace(signs, one), bare)
  if (plainTexts.size >= 5_000) plainTexts.clear()
  plainTexts.set(text, made)
  return made
}

/** Each key of a search asks for every name again. */
const plainTexts = new Map<string, string>()
