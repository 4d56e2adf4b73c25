/**
 * Every query, mutation and subscription, tried by everybody who must be turned away from it and, with the same
 * arguments, by somebody who must not: a denial proves something only where the rest was right.
 */
import { randomUUID } from 'node:crypto'
import type { GraphQLSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Role, roles } from '../../src/modules/access/roles.ts'
import type { Client } from '../support/gateway.ts'
import { gatherPeople, type People } from '../support/people.ts'
import { ask, namesDevice, onDevice, rootFields, schemaOf } from './ask.ts'
import { type Field, fields, labelOf } from './fields.ts'

let people: People
let schema: GraphQLSchema

beforeAll(async () => {
  people = await gatherPeople()
  schema = await schemaOf(people.nobody)
})
afterAll(() => people?.gateway.close())

const isSubscription = ({ name }: Field) => name.startsWith('Subscription.')
const open = fields.filter(({ may }) => may === 'anyone')
const guarded = fields.filter(({ may }) => may !== 'anyone')
const aboutBranch = guarded.filter(({ about }) => about === 'branch')
const tooHigh = guarded.flatMap((field) =>
  roles.filter((role) => !field.may.includes(role)).map((role) => ({ field, role, label: labelOf(field) })),
)
const labelled = (some: readonly Field[]) => some.map((field) => ({ field, label: labelOf(field) }))

/**
 * What the field gives to the caller, after which it must work, with the same arguments, for one who may (each of
 * them on their own device). With the
 * same key, too: a denial leaves nothing behind, but for one by role, which is kept as the verdict on that key.
 */
async function denied(field: Field, caller: Client): Promise<string> {
  const right = people.by.ADMIN
  const args = await field.args(people, right)
  const outcome = await ask(caller, schema, field, onDevice(args, caller))
  if (outcome === 'REJECTED ACTION_NOT_PERMITTED') {
    expect(await ask(right, schema, field, args)).toBe(outcome)
    args.idempotencyKey = randomUUID()
  }
  if (!isSubscription(field)) expect(await ask(right, schema, field, args)).toBe(field.gets)
  await field.undo?.(people)
  return outcome
}

it('the table has every root field of the schema, and no other', () => {
  expect([...new Set(fields.map(({ name }) => name))].sort()).toEqual(rootFields(schema).sort())
})

describe('a member whose role may', () => {
  const cases = guarded
    .filter((field) => !isSubscription(field))
    .flatMap((field) =>
      roles
        .filter((role) => field.may.includes(role))
        .map((role) => ({ field, role, label: labelOf(field) })),
    )
  it.each(cases)('$label works for $role', async ({ field, role }) => {
    const caller = people.by[role as Role]
    const args = await field.args(people, caller)
    const outcome = await ask(caller, schema, field, args)
    await field.undo?.(people)
    expect(outcome).toBe(field.gets)
  })
})

describe('without a token', () => {
  it.each(labelled(open))('$label is open to all', async ({ field }) => {
    expect(await ask(people.nobody, schema, field, await field.args(people, people.nobody))).toBe(field.gets)
  })
  it.each(labelled(guarded))('$label is UNAUTHENTICATED', async ({ field }) => {
    const expected = isSubscription(field) ? 'closed 4403' : 'UNAUTHENTICATED'
    expect(await denied(field, people.nobody)).toBe(expected)
  })
})

describe('with a token that ran out', () => {
  it.each(labelled(open))('$label is open to all', async ({ field }) => {
    expect(await ask(people.expired, schema, field, await field.args(people, people.expired))).toBe(
      field.gets,
    )
  })
  it.each(labelled(guarded))('$label is UNAUTHENTICATED', async ({ field }) => {
    const expected = isSubscription(field) ? 'closed 4403' : 'UNAUTHENTICATED'
    expect(await denied(field, people.expired)).toBe(expected)
  })
})

describe('with a token of another tenant', () => {
  it.each(labelled(guarded))('$label is FORBIDDEN: NO_MEMBERSHIP', async ({ field }) => {
    expect(await denied(field, people.rival)).toBe('FORBIDDEN NO_MEMBERSHIP')
  })
})

describe('with a token of another device', () => {
  const ofDevice = [
    'Query.syncPull',
    'Mutation.syncPushBatch',
    'Mutation.deviceReport',
    'Mutation.actorKey',
    'Mutation.enrolDevice',
  ]
  it.each(labelled(guarded))('$label is DEVICE_NOT_YOURS where it comes from a device', async ({ field }) => {
    const right = people.by.ADMIN
    const args = await field.args(people, right)
    expect(namesDevice(args)).toBe(ofDevice.includes(field.name))
    if (!namesDevice(args)) return
    const other = await people.gateway.as('admin', { deviceId: 'another' })
    expect(await ask(other, schema, field, args)).toBe('FORBIDDEN DEVICE_NOT_YOURS')
    expect(await ask(right, schema, field, args)).toBe(field.gets)
  })
})

describe('with a token of a device that was shut out', () => {
  it.each(labelled(guarded))('$label is FORBIDDEN: DEVICE_SHUT_OUT', async ({ field }) => {
    expect(await denied(field, people.shutOut)).toBe('FORBIDDEN DEVICE_SHUT_OUT')
  })
})

describe('with a token of before a new PIN', () => {
  it.each(labelled(guarded))('$label is UNAUTHENTICATED', async ({ field }) => {
    expect(await denied(field, people.outdated)).toBe('UNAUTHENTICATED')
  })
})

describe('a member who was revoked', () => {
  it.each(labelled(guarded))('$label is FORBIDDEN: MEMBERSHIP_NOT_ACTIVE', async ({ field }) => {
    expect(await denied(field, people.revoked)).toBe('FORBIDDEN MEMBERSHIP_NOT_ACTIVE')
  })
})

describe('a member who is not assigned to the branch', () => {
  it.each(labelled(aboutBranch))('$label is denied: NO_BRANCH_ACCESS', async ({ field }) => {
    expect(await denied(field, people.elsewhere)).toBe(`${field.denial} NO_BRANCH_ACCESS`)
  })
  it.each(labelled(guarded.filter(({ about, name }) => about === 'tenant' && !name.startsWith('Sub'))))(
    '$label needs no branch',
    async ({ field }) => {
      const args = await field.args(people, people.elsewhere)
      expect(await ask(people.elsewhere, schema, field, args)).toBe(field.gets)
    },
  )
})

describe('a member whose role may not', () => {
  it.each(tooHigh)('$label is denied to $role: ACTION_NOT_PERMITTED', async ({ field, role }) => {
    expect(await denied(field, people.by[role as Role])).toBe(`${field.denial} ACTION_NOT_PERMITTED`)
  })
})
