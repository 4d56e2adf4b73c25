/**
 * Every query and mutation with arguments that are almost right: one of them, or something inside of it, is what
 * nobody would send. It is refused, or it is decided; it is never an incident.
 */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type { GraphQLSchema } from 'graphql'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { documentOf, schemaOf } from '../isolation/ask.ts'
import { fields, labelOf } from '../isolation/fields.ts'
import { expectNoInternals, post } from '../support/answers.ts'
import type { GraphqlError, Result } from '../support/gateway.ts'
import { gatherPeople, type People } from '../support/people.ts'
import * as hostile from './arbitraries.ts'
import { replaceInside } from './inside.ts'

let people: People
let schema: GraphQLSchema

beforeAll(async () => {
  people = await gatherPeople()
  schema = await schemaOf(people.nobody)
})
afterAll(() => people?.gateway.close())

const refusals = ['BAD_USER_INPUT', 'FORBIDDEN', 'UNAUTHENTICATED', 'TOO_MANY_ATTEMPTS']

const taken = fields.filter(
  ({ name }) => !name.startsWith('Subscription.') && name !== 'Query.operationTypes',
)

it.each(taken.map((field) => ({ field, label: labelOf(field) })))('$label', async ({ field }) => {
  const right = people.by.ADMIN
  const good = await field.args(people, right)
  const query = documentOf(schema, field, good)
  const way = fc.array(fc.nat(11), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(way, hostile.json, async (way, value) => {
      const variables = structuredClone(good)
      replaceInside(variables, way, value)
      if (typeof variables.idempotencyKey === 'string') variables.idempotencyKey = randomUUID()
      const { status, text, json } = await post(right, { query, variables })
      expect(status).toBeLessThan(500)
      expectNoInternals(text)
      for (const { extensions } of (json.errors ?? []) as GraphqlError[])
        expect(refusals).toContain(extensions.code)
      if (json.errors) return
      const [shown] = Object.values(json.data) as (Partial<Result> & { results?: Result[] })[]
      const verdicts = shown?.results ?? (shown?.status ? [shown] : [])
      for (const { code } of verdicts) expect(code).not.toBe('OPERATION_FAILED')
    }),
    { numRuns: 20 },
  )
  await field.undo?.(people)
})
