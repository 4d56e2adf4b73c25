/**
 * An administrator of one business hires the account of another's administrator, under a PIN of their own, and tries
 * everything there: in both directions.
 */
import { randomUUID } from 'node:crypto'
import type { GraphQLSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../support/gateway.ts'
import { gatherPeople, hire, type People } from '../support/people.ts'
import { ask, onDevice, schemaOf } from './ask.ts'
import { type Arguments, type Field, fields, labelOf } from './fields.ts'

let people: People
let schema: GraphQLSchema
let rival: Client
/** Rival's own `demo-admin`, and demo's own `rival-admin`. */
let evil: Client
let evilBack: Client

beforeAll(async () => {
  people = await gatherPeople()
  const { gateway } = people
  schema = await schemaOf(people.nobody)
  rival = await gateway.as('admin', { tenantId: 'rival' })
  const role = 'ADMIN' as const
  evil = await hire(gateway, rival, 'evil', { role, branchIds: ['rival-1'], accountId: 'demo-admin' })
  evilBack = await hire(gateway, people.by.ADMIN, 'evil', {
    role,
    branchIds: ['market'],
    accountId: 'rival-admin',
  })
})
afterAll(() => people?.gateway.close())

const guarded = fields.filter(({ may, name }) => may !== 'anyone' && !name.startsWith('Subscription.'))
const labelled = (some: readonly Field[]) => some.map((field) => ({ field, label: labelOf(field) }))
const operations = guarded.filter(({ selection }) => selection.includes('status code duplicate result'))

/** All that the database holds of a tenant. */
async function rowsOf(tenantId: string): Promise<string> {
  const { db } = people.gateway.app
  const tables = await db.everyTenant.rows<{ name: string }>(
    `select quote_ident(table_name) as name from information_schema.columns
     where table_schema = 'public' and column_name = 'tenant_id' order by 1`,
    [],
  )
  const texts = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await db.everyTenant.rows<{ hash: string }>(
        `select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as hash from ${name} t where tenant_id = $1`,
        [tenantId],
      )
      return `${name} ${row!.hash}`
    }),
  )
  return texts.join('\n')
}

const at = (tenantId: string, branchId: string, args: Arguments): Arguments => ({
  ...args,
  ...('tenantId' in args ? { tenantId } : {}),
  ...('branchId' in args ? { branchId } : {}),
  ...('idempotencyKey' in args ? { idempotencyKey: randomUUID() } : {}),
  ...('input' in args && !('idempotencyKey' in args)
    ? {
        input: {
          ...(args.input as object),
          tenantId,
          branchId: undefined,
          ...('branchId' in (args.input as object) ? { branchId } : {}),
        },
      }
    : {}),
})

it('they are administrators of their own', async () => {
  const me = 'query ($tenantId: ID!) { me(tenantId: $tenantId) { accountId role } }'
  expect(await evil.data(me, { tenantId: 'rival' })).toEqual({
    me: { accountId: 'demo-admin', role: 'ADMIN' },
  })
  expect(await evilBack.data(me, { tenantId: 'demo' })).toEqual({
    me: { accountId: 'rival-admin', role: 'ADMIN' },
  })
})

describe('where the account is somebody else’s', () => {
  it.each(labelled(guarded))('$label is FORBIDDEN: NO_MEMBERSHIP, and leaves no trace', async ({ field }) => {
    const there = onDevice(await field.args(people, people.by.ADMIN), evil)
    const before = [await rowsOf('demo'), await rowsOf('rival')]
    expect(await ask(evil, schema, field, there)).toBe('FORBIDDEN NO_MEMBERSHIP')
    const back = onDevice(at('rival', 'rival-1', there), evilBack)
    expect(await ask(evilBack, schema, field, back)).toBe('FORBIDDEN NO_MEMBERSHIP')
    expect([await rowsOf('demo'), await rowsOf('rival')]).toEqual(before)
  })
})

describe('in their own business, with the other’s ids in the payload', () => {
  it.each(labelled(operations))('$label changes nothing of the other’s', async ({ field }) => {
    const args = await field.args(people, people.by.ADMIN)
    const before = await rowsOf('demo')
    await ask(evil, schema, field, at('rival', 'rival-1', args))
    expect(await rowsOf('demo')).toBe(before)
    await field.undo?.(people)
  })
})

it('a signature of the one is none of the other, though they have the same name', async () => {
  const { services } = people.gateway.app
  const holder = { deviceId: 'till-1', accountId: 'demo-admin', memberGeneration: 0, deviceGeneration: 0 }
  const [here, there] = ['demo', 'rival'].map((tenantId) => services.actorKeys.keyOf({ ...holder, tenantId }))
  expect(here).not.toBe(there)
})
