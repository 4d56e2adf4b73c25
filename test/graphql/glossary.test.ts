/** The schema as an integrator meets it in GraphiQL: all of it says what it is, and money in what. */
import { buildSchema, type GraphQLSchema, isInputObjectType, isObjectType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { printedSchema } from '../../src/graphql/printed-schema.ts'
import { registry } from '../../src/modules/index.ts'

const schema = buildSchema(printedSchema())

/** Everything that can be described, by where it stands, with what it says. */
function* described(of: GraphQLSchema): Generator<[at: string, description: string | null | undefined]> {
  for (const type of Object.values(of.getTypeMap())) {
    if (type.name.startsWith('__')) continue
    yield [type.name, type.description]
    if (!isObjectType(type) && !isInputObjectType(type)) continue
    for (const field of Object.values(type.getFields())) {
      const at = `${type.name}.${field.name}`
      yield [at, field.description]
      for (const arg of 'args' in field ? field.args : []) yield [`${at}.${arg.name}`, arg.description]
    }
  }
}
const all = [...described(schema)]

describe('the schema', () => {
  it('says of each type, field and argument what it is', () => {
    expect(all.length).toBeGreaterThan(800)
    expect(all.filter(([, description]) => !description).map(([at]) => at)).toEqual([])
  })

  it('says of each amount what it is counted in', () => {
    const amounts = all.filter(([at]) => /\.(usd|khr|\w+Usd|total\w*Khr)$/.test(at))
    expect(amounts.length).toBeGreaterThan(20)
    expect(amounts.filter(([, description]) => !/cents|riel|VAT/.test(description ?? ''))).toEqual([])
  })

  it('keeps what a contract says of a field whose forms have different types', () => {
    expect(all).toContainEqual(['TenderInput.received', expect.stringContaining('{ usd, khr }')])
  })

  it.each(registry.modules.map(({ name, glossary = {} }) => [name, Object.keys(glossary)] as const))(
    'has all names that the glossary of %s speaks of',
    (_, names) => {
      const there = new Set(all.flatMap(([at]) => [at, at.slice(at.lastIndexOf('.') + 1)]))
      expect(names.filter((name) => !there.has(name))).toEqual([])
    },
  )
})
