/** Both languages say the same things. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { admin } from '../../client/admin/locales/index.ts'
import { pos } from '../../client/pos/locales/index.ts'
import { firstOf, type Namespace } from '../../client/ui/i18n.ts'
import { en } from '../../client/ui/locales/en.ts'
import { km } from '../../client/ui/locales/km.ts'
import { reasons } from '../../client/ui/locales/reasons.km.ts'
import { reasonIn } from '../../client/ui/reasons.ts'
import { operationCodes } from '../../src/modules/words.ts'

/** `path -> text`, of all strings. */
function texts(of: object, path = ''): Map<string, string> {
  return new Map(
    Object.entries(of).flatMap(([key, value]) =>
      typeof value === 'string' ? [[path + key, value] as const] : [...texts(value, `${path}${key}.`)],
    ),
  )
}
const placeholders = (text: string) =>
  [...text.matchAll(/\{\{\s*(\w+)[^}]*\}\}/g)].map(([, name]) => name).sort()
const keys = (of: object) => [...texts(of).keys()].sort()
const isSingular = (key: string) => key.endsWith('_one')

const namespaces: [string, Namespace][] = [
  ['ui', { en, km }],
  ['pos', pos],
  ['admin', admin],
]

describe.each(namespaces)('the strings of %s', (_, strings) => {
  it('have the same keys; Khmer has one form for all numbers', () => {
    expect(keys(strings.km)).toEqual(keys(strings.en).filter((key) => !isSingular(key)))
    expect(new Intl.PluralRules('km').resolvedOptions().pluralCategories).toEqual(['other'])
  })

  it('have the same placeholders', () => {
    const english = texts(strings.en)
    for (const [key, text] of texts(strings.km))
      expect(placeholders(text), key).toEqual(placeholders(english.get(key)!))
  })

  it('have both forms of a number', () => {
    const english = keys(strings.en)
    for (const key of english.filter(isSingular)) expect(english).toContain(key.replace(/_one$/, '_other'))
  })

  it('say something, and the Khmer ones in Khmer', () => {
    for (const [key, text] of texts(strings.en)) expect(text.trim(), key).not.toBe('')
    for (const [key, text] of texts(strings.km))
      expect(text, key).toMatch(/[ក-៓]|^[\W\d]*(\{\{.*\}\}[\W\d]*)*$/)
  })
})

describe('reasons', () => {
  it('there is one in Khmer for every code of an operation', () => {
    expect(Object.keys(reasons)).toEqual(expect.arrayContaining([...operationCodes]))
    for (const [code, text] of Object.entries(reasons)) expect(text, code).toMatch(/^[ក-៓].*។$/)
  })

  it('and for every code that the SDK throws itself', () => {
    const root = join(import.meta.dirname, '../../client/sdk')
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    )
    const thrown = sources.flatMap((name) =>
      [
        ...readFileSync(join(root, name), 'utf8').matchAll(
          /new (?:OperationBlocked|SyncFailed|SyncClientError)\(\s*'(\w+)'/g,
        ),
      ].map(([, code]) => code!),
    )
    expect(thrown.length).toBeGreaterThan(8)
    expect(Object.keys(reasons)).toEqual(expect.arrayContaining(thrown))
  })

  it('English as it was said; Khmer by the code; a code that is new, as it was said', () => {
    const problem = { code: 'BRANCH_FROZEN', message: 'This branch is frozen.' }
    expect(reasonIn('en', problem)).toBe('This branch is frozen.')
    expect(reasonIn('km', problem)).toBe(reasons.BRANCH_FROZEN)
    expect(reasonIn('km', { code: 'NEW_CODE', message: 'Something new.' })).toBe('Something new.')
    expect(reasonIn('en', { code: 'BUSY', message: null })).toBe('BUSY')
  })

  it('how long to wait is said in Khmer too', () => {
    const locked = { code: 'TOO_MANY_ATTEMPTS', message: 'Too many wrong PINs; try again in 15 minutes.' }
    expect(reasonIn('km', { ...locked, details: { retryAfterMs: 14.2 * 60_000 } })).toContain('ក្រោយ 15 នាទី')
    expect(reasonIn('km', locked)).toContain('ក្រោយ 1 នាទី')
  })
})

it.each([
  [['km-KH', 'en'], 'km'],
  [['fr-FR', 'KM'], 'km'],
  [['en-GB', 'km'], 'en'],
  [['fr', 'de'], 'en'],
  [[], 'en'],
])('a browser that wants %j gets %s', (wanted, language) => expect(firstOf(wanted)).toBe(language))
