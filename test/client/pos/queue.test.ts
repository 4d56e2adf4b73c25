import { describe, expect, it } from 'vitest'
import { adviceFor, adviceKinds } from '../../../client/pos/lib/advice.ts'
import { amountOf, waitingCount, waitingIn } from '../../../client/pos/lib/queue.ts'
import { pos } from '../../../client/pos/locales/index.ts'
import { operationCodes } from '../../../src/sync/words.ts'

describe('the queue', () => {
  const operation = (clientOpId: string, status: string, tenantId = 'demo') => ({
    clientOpId,
    status,
    tenantId,
    branchId: 'riverside',
    actorId: 'sophea',
    type: 'sale.finalize',
    payload: {},
    occurredAt: '2026-03-02T01:00:00.000Z',
    position: 1,
  })

  it('waits until the server has answered', () => {
    const context = { tenantId: 'demo', branchId: 'riverside', actorId: 'sophea' }
    expect(waitingCount({ pending: 2, syncing: 3, waitingForTenant: 7, context })).toBe(5)
  })

  it('waits for whoever signs in, where nobody is', () =>
    expect(waitingCount({ pending: 0, syncing: 0, waitingForTenant: 7, context: null })).toBe(7))

  it('is read from an export: what waits of this tenant, in its order', () => {
    const text = JSON.stringify({
      operations: [
        operation('1', 'SYNCED'),
        operation('2', 'SYNCING'),
        operation('3', 'PENDING'),
        operation('4', 'FAILED'),
        operation('5', 'PENDING', 'rival'),
      ],
    })
    expect(waitingIn(text, 'demo').map(({ clientOpId }) => clientOpId)).toEqual(['2', '3'])
  })

  it('knows the amount of a sale and of a movement', () => {
    const sale = { type: 'sale.finalize', payload: { totals: { totalUsd: 550 } } }
    expect(amountOf(sale)).toEqual({ currency: 'USD', amount: 550 })
    const movement = { type: 'cashSession.movement', payload: { currency: 'KHR', amount: 5000 } }
    expect(amountOf(movement)).toEqual({ currency: 'KHR', amount: 5000 })
    expect(amountOf({ type: 'attendance.startWork', payload: {} })).toBeNull()
    expect(amountOf({ type: 'sale.finalize', payload: null })).toBeNull()
  })
})

describe('advice', () => {
  it('there is one for every code, in both languages', () => {
    for (const code of operationCodes) expect(adviceKinds).toContain(adviceFor(code))
    for (const kind of adviceKinds) {
      expect(pos.en.sync.advice[kind]).toBeTruthy()
      expect(pos.km.sync.advice[kind]).toBeTruthy()
    }
  })

  it('every way that the advice names is used', () =>
    expect(new Set(operationCodes.map(adviceFor))).toEqual(new Set(adviceKinds)))

  it('of a code that is new: tell somebody', () => expect(adviceFor('NEW_CODE')).toBe('support'))
})
