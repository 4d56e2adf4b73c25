/** What is answered about the schema is made once; nothing else is remembered, and no more than so much. */
import { buildSchema, type ExecutionResult, execute, getIntrospectionQuery, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerBounds, SchemaAnswers } from '../../src/graphql/schema-answers.ts'
import { post } from '../support/answers.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

const schema = buildSchema('type Query { name: String }')

/** Asks, and tells whether it had to be executed, and what is sent: null where it is none of these questions. */
async function ask(answers: SchemaAnswers, text: string, operationName?: string, told?: ExecutionResult) {
  const document = parse(text)
  let made = false
  const result = await answers.answer({ document, operationName }, async () => {
    made = true
    return told ?? execute({ schema, document, operationName })
  })
  const { stringify } = (result ?? {}) as { stringify?: () => string }
  return { made, sent: result && (stringify?.() ?? JSON.stringify(result)) }
}

const { count, textLength, answerLength, length } = answerBounds
const question = (n: number) => `{ __type(name: "T${n}") { name } }`
const big = (size: number): ExecutionResult => ({
  data: { x: 'x'.repeat(size - '{"data":{"x":""}}'.length) },
})

describe('questions for the schema', () => {
  it('are answered in the same words, once made', async () => {
    const answers = new SchemaAnswers()
    const text = getIntrospectionQuery()
    const first = await ask(answers, text, 'IntrospectionQuery')
    expect(first.made).toBe(true)
    expect(JSON.parse(first.sent!)).toEqual(
      JSON.parse(JSON.stringify(await execute({ schema, document: parse(text) }))),
    )
    expect(await ask(answers, text, 'IntrospectionQuery')).toEqual({ made: false, sent: first.sent })
  })

  it.each([
    ['{ name }'],
    ['{ __typename name }'],
    ['query ($n: String!) { __type(name: $n) { name } }'],
    ['{ ...F } fragment F on Query { __typename }'],
    ['query A { __typename } query B { __typename }'],
    ['subscription { __typename }'],
  ])('are not: %s', async (text) => {
    expect(await ask(new SchemaAnswers(), text)).toEqual({ made: false, sent: null })
  })

  it('are remembered with the name of their operation, and what is wrong is not remembered', async () => {
    const answers = new SchemaAnswers()
    const text = 'query A { __typename }'
    await ask(answers, text, 'A')
    for (let i = 0; i < 2; i += 1) {
      const { made, sent } = await ask(answers, text, 'B')
      expect(made).toBe(true)
      expect(JSON.parse(sent!)).toHaveProperty('errors')
    }
  })

  it(`are remembered ${count} at most: the one used longest ago is forgotten`, async () => {
    const answers = new SchemaAnswers()
    for (let n = 0; n < count; n += 1) await ask(answers, question(n))
    expect(await ask(answers, question(0))).toMatchObject({ made: false })
    await ask(answers, question(count))
    expect(await ask(answers, question(0))).toMatchObject({ made: false })
    expect(await ask(answers, question(1))).toMatchObject({ made: true })
  })

  it('are remembered up to their bounds of length, alone and together', async () => {
    const answers = new SchemaAnswers()
    const padded = (size: number) => question(0).padEnd(size, ' ')
    await ask(answers, padded(textLength))
    expect(await ask(answers, padded(textLength))).toMatchObject({ made: false })
    expect(await ask(answers, padded(textLength + 1))).toEqual({ made: false, sent: null })

    await ask(answers, question(1), undefined, big(answerLength))
    await ask(answers, question(2), undefined, big(answerLength + 1))
    expect(await ask(answers, question(1))).toMatchObject({ made: false })
    expect(await ask(answers, question(2))).toMatchObject({ made: true })

    const most = Math.floor(length / answerLength)
    for (let n = 10; n < 10 + most; n += 1) await ask(answers, question(n), undefined, big(answerLength))
    expect(await ask(answers, question(9 + most))).toMatchObject({ made: false })
    expect(await ask(answers, question(10))).toMatchObject({ made: true })
  })
})

it('what is there is found by a body, with what it costs; nothing is found by another', async () => {
  const answers = new SchemaAnswers()
  const query = '{ __schema { queryType { name } } }'
  expect(answers.ready({ query })).toBeUndefined()
  await ask(answers, query)
  const ready = answers.ready({ query, operationName: null })
  expect(ready).toMatchObject({ cost: 10, text: '{"data":{"__schema":{"queryType":{"name":"Query"}}}}' })
  expect(String(ready?.bytes)).toBe(ready?.text)
  for (const body of [null, [], 'x', {}, { query: 1 }, { query: `${query} ` }, { query, operationName: 'A' }])
    expect(answers.ready(body)).toBeUndefined()
})

describe('a gateway', () => {
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway()
  })
  afterAll(() => gateway?.close())

  it('answers the same to everybody who asks for the schema, and the name of an operation still counts', async () => {
    const query = getIntrospectionQuery()
    const answers = [
      await post(gateway.withToken(null), { query }),
      await post(gateway.withToken(null), { query }),
      await post(await gateway.as('barista-1'), { query, operationName: 'IntrospectionQuery' }),
    ]
    expect(answers[0]!.json.data.__schema.types.length).toBeGreaterThan(50)
    for (const { status, json } of answers)
      expect({ status, json }).toEqual({ status: 200, json: answers[0]!.json })
    const types = '{ operationTypes { type payloadSchema } }'
    const [made, ready] = [
      await post(gateway.withToken(null), { query: types }),
      await post(gateway.withToken(null), { query: types }),
    ]
    expect(made.json.data.operationTypes.length).toBeGreaterThan(10)
    expect(ready.text).toBe(made.text)
    const unknown = await post(gateway.withToken(null), { query, operationName: 'Another' })
    expect(unknown.json.errors).toHaveLength(1)
  })
})
