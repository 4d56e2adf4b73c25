/** Modules of a till, put together: what does not fit makes no client, and what they say is asked in one place. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { cafeTill, createSyncClient, memoryStore, type TillModules } from '../../client/sdk/index.ts'
import { createModules } from '../../client/sdk/modules/modules.ts'
import { Dependencies } from '../../client/sdk/outbox/dependencies.ts'
import { stamp } from '../../examples/loyalty/operations.ts'
import { loyaltyTill } from '../../examples/loyalty/till.ts'
import { local } from '../../src/sync/till.ts'

const mine = [...cafeTill, loyaltyTill]

describe('what does not fit', () => {
  it.each<[string, TillModules, RegExp]>([
    ['a module twice', [...mine, loyaltyTill], /two modules have the scope LOYALTY/],
    ['an operation of two', [...mine, { name: 'x', operations: [local(stamp)] }], /operation loyalty\.stamp/],
    ['a kind of two', [...mine, { name: 'x', entities: loyaltyTill.entities }], /entity kind loyaltyCard/],
    ['a permission of two', [...mine, { name: 'x', permissions: { 'sale.void': 'STAFF' } }], /sale\.void/],
    ['nobody who works here', [loyaltyTill], /who works here/],
  ])('%s', async (_, modules, why) => {
    const client = createSyncClient({ url: 'http://127.0.0.1:1/graphql', store: memoryStore(), modules })
    await expect(client).rejects.toThrow(TypeError)
    await expect(client).rejects.toThrow(why)
  })
})

describe('what they say', () => {
  const modules = createModules(mine)

  it('a stamp builds on its sale, which builds on its session, whoever wrote the module', () => {
    const dependencies = new Dependencies(modules)
    const [saleId, cashSessionId] = [randomUUID(), randomUUID()]
    const of = (type: string, payload: object) => ({ type, tenantId: 'demo', payload: payload as never })
    dependencies.add({ clientOpId: 'open', ...of('cashSession.open', { cashSessionId }) })
    const sold = of('sale.finalize', { saleId, cashSessionId })
    expect(dependencies.of(sold)).toEqual(['open'])
    dependencies.add({ clientOpId: 'sold', ...sold })
    expect(dependencies.of(of('loyalty.stamp', { saleId: saleId.toUpperCase() }))).toEqual(['sold'])
    expect(dependencies.of(of('loyalty.stamp', { saleId: randomUUID() }))).toEqual([])
    expect(dependencies.of(of('cashSession.close', { cashSessionId }))).toEqual(['open', 'sold'])
    dependencies.remove({ clientOpId: 'sold', ...sold })
    expect(dependencies.of(of('loyalty.stamp', { saleId }))).toEqual([])
  })

  it('ids are keys where the table says so; scopes and rights are those of the words', () => {
    expect(['sale', 'cashSession', 'menuItem', 'loyaltyCard'].map(modules.isKeyed)).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(modules.scopeOf('loyaltyCard')).toBe('LOYALTY')
    expect(modules.scopeOf('no such')).toBeUndefined()
    expect(['STAFF', 'nobody'].map((role) => modules.mayRead(role, 'LOYALTY'))).toEqual([true, false])
    expect(modules.scopesTouchedBy('loyalty.stamp')).toEqual(['LOYALTY'])
  })

  it('steps of a payload, from its first version on', () => {
    const up = (payload: object) => ({ ...payload, more: true })
    const steps = [1, 2].map((n) => ({ name: `step ${n}`, up }))
    const { upcasts } = createModules([
      ...cafeTill,
      { ...loyaltyTill, operations: [local(stamp, { upcasts: steps })] },
    ])
    expect(upcasts).toEqual([
      { type: 'loyalty.stamp', from: 1, name: 'step 1', up },
      { type: 'loyalty.stamp', from: 2, name: 'step 2', up },
    ])
  })
})
