/** Modules that do not fit together do not start; a module that says what is not among its words is found out. */

import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { cafe, type GatewayModule, keyedHashes, registryOf } from '../../src/modules/index.ts'
import { payloadHashOf } from '../../src/sync/inspect.ts'
import { accept, type Decision, defineModule, defineOperation, reject } from '../../src/sync/module.ts'
import { col, defineTable } from '../../src/sync/table.ts'
import { now } from '../support/decider.ts'
import { MemoryGateway } from '../support/memory-gateway.ts'
import { assigned, branch, ids, member, tenant } from '../support/rows.ts'

const together = (...more: GatewayModule[]) =>
  registryOf([...cafe, ...more], { isProven: () => false, keyedHash: keyedHashes(Buffer.from('k')) })

const cards = (change: object = {}) =>
  defineTable({
    name: 'loyalty_card',
    key: ['branchId', 'id'],
    write: 'upsert',
    columns: { branchId: col.text, id: col.uuid, guestId: col.text },
    change: {
      ...{ module: 'LOYALTY', kind: 'loyaltyCard', scope: 'branch' },
      id: (row) => row.id,
      payload: ({ guestId }) => ({ guestId }),
      ...change,
    },
  })

const loyalty = (decide: () => Decision = () => accept({ writes: [], result: {} })) => ({
  name: 'loyalty',
  scopes: { LOYALTY: { read: 'loyalty.read' } },
  permissions: { 'loyalty.read': 'STAFF', 'loyalty.stamp': 'CASHIER' },
  codes: { LOYALTY_CARD_FULL: 'The card is full.' },
  audits: ['STAMPED'],
  tables: [cards()],
  operations: [
    defineOperation({
      ...{ type: 'loyalty.stamp', description: 'A stamp.', offline: true, scope: 'branch' },
      ...{ permission: 'loyalty.stamp', payload: z.object({}), reads: [] },
      decide,
    }),
  ],
})

describe('a registry', () => {
  it('takes a module that no engine has heard of', () => {
    const registry = together(defineModule(loyalty()))
    expect(registry.scopes.get('LOYALTY')).toEqual({ read: 'loyalty.read' })
    expect(registry.codes.get('LOYALTY_CARD_FULL')).toBe('The card is full.')
    const mayStamp = ['STAFF', 'CASHIER', 'ADMIN'].map((role) => registry.gate.may(role, 'loyalty.stamp'))
    expect(mayStamp).toEqual([false, true, true])
  })

  it.each<[string, Partial<GatewayModule>, RegExp]>([
    [
      'an operation of another',
      { operations: cafe.flatMap(({ operations }) => operations) },
      /operation .* twice/,
    ],
    ['a code of the engine', { codes: { BUSY: 'Later.' } }, /code BUSY is defined twice/],
    ['a scope of another', { scopes: { SALE: { read: 'sale.read' } } }, /scope SALE is defined twice/],
    [
      'a permission of another',
      { permissions: { 'sale.void': 'STAFF' } },
      /permission sale.void is defined twice/,
    ],
    ['a scope with no name for GraphQL', { scopes: { "x'": { read: 'loyalty.read' } } }, /capitals/],
    ['an entity of another', { tables: [cards({ kind: 'sale' })] }, /two tables feed the entity kind sale/],
    ['an entity in no scope', { tables: [cards({ module: 'NOWHERE' })] }, /NOWHERE, which no module has/],
    ['owners in a scope that all see', { tables: [cards({ owner: () => 'sophea' })] }, /nobody may read all/],
    ['a module of the same name', { name: 'sale' }, /module sale is defined twice/],
    [
      'a table of another',
      { tables: [cards(), { ...cards(), change: undefined }] },
      /table loyalty_card is defined twice/,
    ],
    [
      'a key of no column',
      { tables: [{ ...cards(), key: ['branchId', 'cardId'] }] },
      /key of the table loyalty_card has cardId/,
    ],
    [
      'a permission for a role that there is none of',
      { permissions: { 'loyalty.read': 'STAFF', 'loyalty.stamp': 'BARISTA' } },
      /loyalty.stamp is for BARISTA, which is no role/,
    ],
    [
      'an operation without a permission',
      { operations: loyalty().operations.map((each) => ({ ...each, permission: '' })) },
      /loyalty.stamp names no permission/,
    ],
    ['a scope that nobody may read', { scopes: { LOYALTY: { read: 'loyalty.see' } } }, /loyalty.see/],
    ['an operation that nobody may do', { permissions: { 'loyalty.read': 'STAFF' } }, /loyalty.stamp/],
    [
      'secrets that wait in a queue',
      { operations: loyalty().operations.map((each) => ({ ...each, secrets: ['cardPin'] })) },
      /loyalty.stamp holds secrets, and cannot be queued/,
    ],
  ])('refuses %s', (_, changed, why) => {
    expect(() => together({ ...loyalty(), ...changed })).toThrow(why)
  })

  it('refuses more scopes than a pull can have branches', () => {
    const scopes = Object.fromEntries(
      Array.from({ length: 57 }, (_, i) => [`S${i}`, { read: 'loyalty.read' }]),
    )
    expect(() => together({ ...loyalty(), tables: [], scopes })).toThrow(/more than 64 scopes/)
    delete scopes.S56
    expect(together({ ...loyalty(), tables: [], scopes }).scopes.size).toBe(64)
  })
})

describe('what a decider says', () => {
  const people = [tenant(), branch(), member('sophea', 'CASHIER'), ...assigned('sophea')]
  const decided = async (decision: Decision) => {
    const gateway = new MemoryGateway(people, together(defineModule(loyalty(() => decision))))
    const op = { type: 'loyalty.stamp', branchId: 'riverside', payload: {} }
    const sent = { ...op, clientOpId: ids.op, payloadHash: payloadHashOf(op), occurredAt: now }
    return (await gateway.push([sent], { accountId: 'sophea' }))[0]
  }

  it('is among the words of its module', async () => {
    expect(await decided(reject('LOYALTY_CARD_FULL', 'The card is full.'))).toMatchObject({
      status: 'REJECTED',
      code: 'LOYALTY_CARD_FULL',
    })
    const audit = [{ name: 'STAMPED' }]
    expect(await decided(accept({ writes: [], audit, result: {} }))).toMatchObject({ status: 'APPLIED' })
  })

  it('is a fault otherwise, which no client gets to see as a code', async () => {
    await expect(decided(reject('CARD_FULL', 'Full.'))).rejects.toThrow(/CARD_FULL, which no module/)
    const audit = [{ name: 'STAMPT' }]
    await expect(decided(accept({ writes: [], audit, result: {} }))).rejects.toThrow(
      /STAMPT, which no module/,
    )
  })
})
