import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  canToggle,
  chosenOptions,
  firstSelection,
  fitted,
  toggle,
} from '../../../client/pos/lib/selection.ts'
import { extras, group, milk, size } from './menu-of-tests.ts'

const fits = (groups: readonly ReturnType<typeof group>[], selection: readonly string[]) =>
  new Set(selection).size === selection.length &&
  groups.every(({ options, minSelections, maxSelections }) => {
    const count = options.filter(({ id }) => selection.includes(id)).length
    return count >= minSelections && count <= maxSelections
  })

describe('what is chosen at first', () => {
  it('is the first option where one has to be chosen, and nothing else', () =>
    expect(firstSelection([size, milk, extras])).toEqual(['size-1']))
  it('is as many as have to be', () =>
    expect(firstSelection([group('fillings', 2, 3)])).toEqual(['fillings-1', 'fillings-2']))
})

describe('a tap', () => {
  it('on another option of a choice of one replaces the chosen one', () =>
    expect(toggle(size, ['size-1', 'milk-1'], 'size-2')).toEqual(['milk-1', 'size-2']))
  it('on the one that has to be chosen changes nothing', () =>
    expect(toggle(size, ['size-1'], 'size-1')).toEqual(['size-1']))
  it('on a chosen option that need not be takes it out', () =>
    expect(toggle(milk, ['size-1', 'milk-1'], 'milk-1')).toEqual(['size-1']))
  it('on one more than there may be changes nothing', () => {
    expect(canToggle(extras, ['extras-1', 'extras-2'], 'extras-3')).toBe(false)
    expect(toggle(extras, ['extras-1', 'extras-2'], 'extras-3')).toEqual(['extras-1', 'extras-2'])
  })
})

const groupRule = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 4 }))
  .map(([min, max], ..._) => [min, Math.max(min, max)] as const)
const anyGroups = fc
  .array(groupRule, { minLength: 1, maxLength: 3 })
  .map((rules) => rules.map(([min, max], i) => group(`g${i}`, min, max)))

it('a selection fits its groups after any taps', () =>
  fc.assert(
    fc.property(anyGroups, fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 4 }))), (groups, taps) => {
      let selection = firstSelection(groups)
      for (const [i, option] of taps) {
        const of = groups[i % groups.length]!
        selection = toggle(of, selection, `${of.id}-${option}`)
        expect(fits(groups, selection)).toBe(true)
      }
    }),
  ))

it('any old selection is made to fit groups that have changed, and one that fits is left alone', () =>
  fc.assert(
    fc.property(anyGroups, anyGroups, (before, after) => {
      const selection = fitted(after, firstSelection(before))
      expect(fits(after, selection)).toBe(true)
      expect(fitted(after, selection)).toEqual(selection)
    }),
  ))

it('chosen options are in the order of the menu', () =>
  expect(chosenOptions([size, milk], ['milk-2', 'size-1', 'gone']).map(({ id }) => id)).toEqual([
    'size-1',
    'milk-2',
  ]))
