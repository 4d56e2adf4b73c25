/** What people type, and how times and names are said. */
import { describe, expect, it } from 'vitest'
import { parseMoney, parseWhole, typedUsd } from '../../../client/admin/lib/money.ts'
import { shownId } from '../../../client/admin/lib/shown-id.ts'
import { isSlug, slugOf } from '../../../client/admin/lib/slug.ts'
import { admin } from '../../../client/admin/locales/index.ts'
import { ago, duration } from '../../../client/ui/ago.ts'
import { roles } from '../../../src/modules/access/roles.ts'
import { registry } from '../../../src/modules/index.ts'
import { moduleScopes, operationCodes } from '../../../src/modules/words.ts'

it('two devices that are not the same do not look the same', () => {
  const ids = [
    'till',
    'till ',
    ' till',
    'till\u200b',
    'till\u202e',
    'ti\u00adll',
    'till\u00a0',
    'till\n',
    'till\ufe0f',
    '\u3164',
  ]
  const shown = ids.map(shownId)
  expect(shown.slice(0, 4)).toEqual(['till', 'till‹U+0020›', '‹U+0020›till', 'till‹U+200B›'])
  expect(new Set(shown).size).toBe(ids.length)
  expect(shown.every((each) => /^[\x21-\x7e‹›]+$/.test(each))).toBe(true)
  for (const plain of ['till 2', 'កាហ្វេ ១', '5b7b6ad6-0f0e-4a53-9d62-0e5fd4f1a001'])
    expect(shownId(plain)).toBe(plain)
})

describe('amounts', () => {
  it.each([
    ['USD', '2.50', 250],
    ['USD', ' $1,000 ', 100_000],
    ['USD', '-0.5', -50],
    ['USD', '−1', -100],
    ['USD', '1.999', null],
    ['USD', '', null],
    ['USD', '-', null],
    ['KHR', '4100', 4100],
    ['KHR', '-500', -500],
    ['KHR', '4100.5', null],
  ] as const)('%s %j is %j', (currency, text, expected) => expect(parseMoney(currency, text)).toBe(expected))

  it('nothing is not less than nothing', () => expect(Object.is(parseMoney('USD', '-0'), 0)).toBe(true))
  it('are typed as they are parsed', () => {
    for (const cents of [0, 5, 150, 123_456]) expect(parseMoney('USD', typedUsd(cents))).toBe(cents)
  })
  it('whole numbers', () => {
    expect([parseWhole('-12'), parseWhole('1,200'), parseWhole('1.5'), parseWhole('x')]).toEqual([
      -12,
      1200,
      null,
      null,
    ])
  })
})

describe('times', () => {
  const now = Date.parse('2027-05-04T10:00:00Z')
  const before = (seconds: number) => ago(now - seconds * 1000, now, 'en')
  it('ago', () => {
    expect([9, 10, 59, 60, 3599, 3600, 86_399, 86_400].map(before)).toEqual([
      'now',
      '10 seconds ago',
      '59 seconds ago',
      '1 minute ago',
      '59 minutes ago',
      '1 hour ago',
      '23 hours ago',
      '1 day ago',
    ])
    expect(before(-120)).toBe('in 2 minutes')
    expect(ago(now - 180_000, now, 'km')).toBe('3 នាទីមុន')
    expect(ago(now + 180_000, now, 'km')).toBe('ក្នុង 3 នាទីទៀត')
  })
  it('how long, in its two largest parts', () => {
    expect(
      [0, 45_000, 61_000, 3_600_000, 11_520_000, 90_061_000, -45_000].map((ms) => duration(ms, 'en')),
    ).toEqual(['0 s', '45 s', '1 min 1 s', '1 h', '3 h 12 min', '1 d 1 h', '45 s'])
  })
})

describe('short names', () => {
  it.each([
    ['Old Market 2', 'old-market-2'],
    ['  Café Olé! ', 'cafe-ole'],
    ['ផ្សារចាស់', ''],
    ['a--b', 'a-b'],
  ])('%j is %j', (name, slug) => expect(slugOf(name)).toBe(slug))
  it('are told from what is none', () => {
    expect(['old-market', 'a1', '', '-a', 'A', 'a b', 'a'.repeat(41)].map(isSlug)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('every name of the gateway has a word', () => {
  const { words } = admin.en
  const has = (of: object, names: Iterable<string>) =>
    expect(Object.keys(of)).toEqual(expect.arrayContaining([...names]))
  it('roles, modules, types of operations', () => {
    has(words.role, roles)
    has(words.module, moduleScopes)
    has(words.type, registry.operations.keys())
  })
  it('codes of rejections', () => {
    const deferrals = ['OVERLOADED', 'BUSY', 'UNAVAILABLE', 'EARLIER_OPERATION_DEFERRED', 'STREAM_RESET']
    has(
      words.code,
      operationCodes.filter((code) => !deferrals.includes(code)),
    )
  })
})
