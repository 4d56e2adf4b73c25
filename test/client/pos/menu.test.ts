import { describe, expect, it } from 'vitest'
import { firstItems, searchMenu } from '../../../client/pos/lib/menu.ts'
import { croissant, item, latte, menuWith, milk, size } from './menu-of-tests.ts'

const names = (sections: ReturnType<typeof menuWith>['sections']) =>
  sections.map(({ category, items }) => [category.id, ...items.map(({ name }) => name)])

describe('the menu', () => {
  it('the first so many are those that one sees first', () => {
    const { sections } = menuWith([item('mocha'), croissant, item('americano')])
    const all = names(sections)
    expect(names(firstItems(sections, 3))).toEqual(all)
    expect(names(firstItems(sections, 1))).toEqual([all[0]!.slice(0, 2)])
    expect(firstItems(sections, 0)).toEqual([])
  })

  it('is in the order of the categories, items by name; empty categories are not shown', () => {
    const menu = menuWith([item('mocha'), croissant, item('americano')])
    expect(names(menu.sections)).toEqual([
      ['coffee', 'americano', 'mocha'],
      ['bakery', 'Butter croissant'],
    ])
  })

  it('does not offer what is archived', () => {
    const menu = menuWith([item('old', { archived: true }), croissant])
    expect(names(menu.sections)).toEqual([['bakery', 'Butter croissant']])
    expect(menu.item('old')).toBeUndefined()
  })

  it('knows the groups of an item in its order, and leaves out those that are gone', () => {
    const menu = menuWith([latte], [size, milk])
    expect(menu.groupsOf(latte).map(({ id }) => id)).toEqual(['size', 'milk'])
    const other = { ...latte, modifierGroupIds: ['milk', 'size'] }
    expect(menu.groupsOf(other).map(({ id }) => id)).toEqual(['milk', 'size'])
  })
})

describe('search', () => {
  const menu = menuWith([item('1', { name: 'Café Latte' }), item('2', { name: 'កាហ្វេទឹកដោះគោ' }), croissant])

  it.each([
    ['latte', ['Café Latte']],
    ['cafe', ['Café Latte']],
    ['LAT caf', ['Café Latte']],
    ['ទឹកដោះគោ', ['កាហ្វេទឹកដោះគោ']],
    ['butter latte', []],
    // The space bar of a Khmer keyboard types U+200B; other signs that nobody sees, and a vowel written as two.
    ['ទឹក\u200bដោះគោ', ['កាហ្វេទឹកដោះគោ']],
    ['\ufeffទឹក\u2060ដោះ\u200cគោ', ['កាហ្វេទឹកដោះគោ']],
    ['គ\u17c1\u17b6', ['កាហ្វេទឹកដោះគោ']],
    ['cafe\u0301', ['Café Latte']],
  ])('"%s" finds %j', (search, found) =>
    expect(searchMenu(menu, search).flatMap(({ items }) => items.map(({ name }) => name))).toEqual(found),
  )

  it('what begins with it comes first, so that Enter takes a latte and not an iced latte', () => {
    const lattes = menuWith(['Iced latte', 'Latte', 'Latte macchiato'].map((name) => item(name, { name })))
    expect(names(searchMenu(lattes, 'Latte '))).toEqual([
      ['coffee', 'Latte', 'Latte macchiato', 'Iced latte'],
    ])
  })

  it('nothing typed is everything', () => expect(searchMenu(menu, '  ')).toBe(menu.sections))
})
