/** What a query may hold, at each bound and past it; tools' introspection is within all of them. */
import { getIntrospectionQuery, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { checkBounds, costOfDocument, queryBounds } from '../../src/graphql/query-bounds.ts'
import { parseQuery } from '../../src/graphql/query-text.ts'

const times = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ')

const shapes: Record<keyof typeof queryBounds, (count: number) => string> = {
  levels: (count) => `${'{ a '.repeat(count)}${'}'.repeat(count)}`,
  fields: (count) => `{ ${times(count, (i) => `f${i}`)} }`,
  aliases: (count) => `{ ${times(count, (i) => `a${i}: f`)} }`,
  alike: (count) => `{ ${times(Math.floor(Math.sqrt(count)), () => 'a')} ${count % 2 === 0 ? '' : 'a'} }`,
  fragments: (count) => `{ a } ${times(count, (i) => `fragment F${i} on Query { a${i} }`)}`,
  spreads: (count) => `{ ${times(count, () => '...F')} } fragment F on Query { a }`,
  inlineFragments: (count) => `{ ${times(count, (i) => `... on Query { a${i} }`)} }`,
  operations: (count) => times(count, (i) => `query q${i} { a${i} }`),
  variables: (count) => `query (${times(count, (i) => `$v${i}: Int`)}) { a }`,
  directives: (count) => `{ a ${times(count, () => '@d')} }`,
  introspections: (count) => `{ ${times(count, (i) => `a${i}: __type(name: "A") { name }`)} }`,
}

describe('a query', () => {
  it.each(Object.entries(queryBounds))('is held to %s: %i', (bound, most) => {
    const shape = shapes[bound as keyof typeof queryBounds]
    expect(() => checkBounds(parse(shape(most)))).not.toThrow()
    expect(() => checkBounds(parse(shape(most + 1)))).toThrow(/at once: at most \d+ \w+/)
  })

  it('has its levels, fragments in place among them, counted before they are gone down', () => {
    expect(() => parseQuery(shapes.levels(200))).toThrow('at once')
    expect(() => parseQuery(shapes.levels(3_000))).toThrow(/at once|too deeply/)
    const inline = `${'{ ... { a '.repeat(30)}${'} }'.repeat(30)}`
    expect(() => parseQuery(inline)).toThrow('at once')
  })

  it('for the schema takes no aliases inside, also by fragments', () => {
    expect(() => parseQuery('{ __schema { a: types { name } } }')).toThrow('no aliases')
    expect(() => parseQuery('{ __schema { ...F } } fragment F on __Schema { a: types { name } }')).toThrow(
      'no aliases',
    )
    expect(() => parseQuery('{ __schema { ... { types { a: name } } } }')).toThrow('no aliases')
  })

  it('for the schema as tools ask it is taken', () => {
    const everything = {
      inputValueDeprecation: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
    }
    for (const options of [{}, everything])
      expect(() => parseQuery(getIntrospectionQuery(options))).not.toThrow()
  })
})

it.each([
  ['{ a }', 0],
  ['{ a b c }', 2],
  ['{ a ...F ...F ... { c } } fragment F on Query { b ...G } fragment G on Query { d ...F }', 3],
  ['{ __typename }', 0],
  ['{ __schema { types { name } } }', 10],
  ['query x { a } query y { a b }', 2],
])('%s costs %i more than a request', (query, cost) => {
  expect(costOfDocument(parse(query))).toBe(cost)
})
