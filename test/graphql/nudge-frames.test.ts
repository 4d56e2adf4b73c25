import fc from 'fast-check'
import { type ExecutionResult, parse, subscribe, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { compileNudgeSelection } from '../../src/graphql/nudge-frames.ts'
import type { Nudge } from '../../src/sync/nudge/bus.ts'
import { MODULES, nudge, nudgeSchema } from '../support/nudge-gateway.ts'

const schema = nudgeSchema()
const FIELDS = ['__typename', 'tenantId', 'branchId', 'modules', 'headSeq', 'pullAfterMs', 'at']
const ROOT = 'syncNudge(tenantId: "demo")'

/** What executing the operation gives for one nudge, as JSON text. */
async function executed(text: string, one: Nudge): Promise<string> {
  const contextValue = {
    nudges: async function* () {
      yield one
    },
  }
  const results = (await subscribe({
    schema,
    document: parse(text),
    contextValue,
  })) as AsyncGenerator<ExecutionResult>
  const { value } = await results.next()
  await results.return(undefined)
  return JSON.stringify(value)
}

/** Selections of SyncNudge: fields with and without aliases, inline fragments, spreads of fragments F0 to F2. */
const selections = fc.letrec<{ selection: string; list: string }>((tie) => ({
  selection: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(...FIELDS),
    fc.constantFrom(...FIELDS).map((field) => `alias_${field}: ${field}`),
    tie('list').map((list) => `... on SyncNudge { ${list} }`),
    tie('list').map((list) => `... { ${list} }`),
  ),
  list: fc.array(tie('selection'), { minLength: 1, maxLength: 4 }).map((all) => all.join(' ')),
})).list

const spreads = (from: number) =>
  fc.subarray([0, 1, 2].filter((index) => index >= from)).map((all) => all.map((i) => `...F${i}`).join(' '))

const operations = fc
  .record({
    alias: fc.constantFrom('', 'nudge: '),
    root: fc.tuple(spreads(0), selections, spreads(0)),
    fragments: fc.tuple(
      fc.tuple(selections, spreads(1)),
      fc.tuple(spreads(2), selections),
      fc.tuple(selections, fc.constant('')),
    ),
  })
  .map(({ alias, root, fragments }) => {
    const definitions = fragments.map((parts, i) => `fragment F${i} on SyncNudge { ${parts.join(' ')} }`)
    return `subscription { ${alias}${ROOT} { ${root.join(' ')} } } ${definitions.join(' ')}`
  })

const nudges: fc.Arbitrary<Nudge> = fc.record({
  tenantId: fc.string({ unit: 'binary' }),
  branchId: fc.string({ unit: 'grapheme' }),
  modules: fc.subarray(MODULES),
  headSeq: fc.maxSafeNat(),
  pullAfterMs: fc.nat(),
  at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
})

describe('a plain selection', () => {
  test('gives the very text that executing it gives', async () => {
    await fc.assert(
      fc.asyncProperty(operations, nudges, async (text, one) => {
        const selection = compileNudgeSelection(parse(text))
        expect(selection?.payloadOf(one)).toBe(await executed(text, one))
      }),
      { numRuns: 500 },
    )
  })

  test('is compiled once a document, and written once a nudge', () => {
    const document = parse(`subscription { ${ROOT} { headSeq } }`)
    expect(compileNudgeSelection(document)).toBe(compileNudgeSelection(document, null))
    let reads = 0
    const one = Object.defineProperty(nudge(), 'headSeq', { get: () => ++reads })
    const { payloadOf } = compileNudgeSelection(document)!
    expect([payloadOf(one), payloadOf(one)]).toEqual(Array(2).fill('{"data":{"syncNudge":{"headSeq":1}}}'))
  })

  test('is found by the name of its operation', () => {
    const document = parse(`subscription A { ${ROOT} { at } } subscription B { b: ${ROOT} { headSeq } }`)
    expect(compileNudgeSelection(document, 'B')?.payloadOf(nudge())).toBe('{"data":{"b":{"headSeq":7}}}')
    expect(compileNudgeSelection(document, 'A')?.responseName).toBe('syncNudge')
    expect(compileNudgeSelection(document)).toBeNull()
    expect(compileNudgeSelection(document, 'C')).toBeNull()
  })
})

describe('left to ordinary execution', () => {
  const valid = [
    'query { whoAmI }',
    'mutation { count }',
    `subscription { ${ROOT} { headSeq @include(if: true) } }`,
    `subscription { ${ROOT} { ... @include(if: true) { headSeq } } }`,
    `subscription { ${ROOT} { ...F @include(if: true) } } fragment F on SyncNudge { headSeq }`,
    `subscription { ...R } fragment R on Subscription { ${ROOT} { headSeq } }`,
    `subscription { ... on Subscription { ${ROOT} { headSeq } } }`,
  ]
  const invalid = [
    `subscription { ${ROOT} @skip(if: false) { headSeq } }`,
    `subscription { ${ROOT} { headSeq } other: ${ROOT} { at } }`,
    `subscription { ${ROOT} { headSeq(as: 1) } }`,
    `subscription { ${ROOT} { toString } }`,
    `subscription { ${ROOT} { modules { name } } }`,
    `subscription { ${ROOT} { ...Missing } }`,
    `subscription { ${ROOT} { ... on Query { whoAmI } } }`,
    `subscription @mine { ${ROOT} { headSeq } }`,
    `subscription { ${ROOT} }`,
  ]

  test.each(valid)('%s', (text) => {
    expect(validate(schema, parse(text))).toEqual([])
    expect(compileNudgeSelection(parse(text))).toBeNull()
  })

  test.each(invalid)('invalid: %s', (text) => {
    expect(validate(schema, parse(text))).not.toEqual([])
    expect(compileNudgeSelection(parse(text))).toBeNull()
  })

  test('fragments that spread each other do not compile for ever', () => {
    const text = `subscription { ${ROOT} { ...A } } fragment A on SyncNudge { at ...B } fragment B on SyncNudge { ...A }`
    expect(compileNudgeSelection(parse(text))?.payloadOf(nudge())).toContain('"at"')
  })
})
