import { describe, expect, it } from 'vitest'
import { adviceFor, adviceKinds, obstacleFor, wayOfAdvice } from '../../../client/pos/lib/advice.ts'
import { amountOf, waitingCount } from '../../../client/pos/lib/queue.ts'
import { pos } from '../../../client/pos/locales/index.ts'
import { operationCodes } from '../../../src/modules/words.ts'

describe('the queue', () => {
  it('waits until the server has answered', () => {
    const context = { tenantId: 'demo', branchId: 'riverside', actorId: 'sophea' }
    expect(waitingCount({ pending: 2, syncing: 3, waitingForTenant: 7, context })).toBe(5)
  })

  it('waits for whoever signs in, where nobody is', () =>
    expect(waitingCount({ pending: 0, syncing: 0, waitingForTenant: 7, context: null })).toBe(7))

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

  it.each([
    ['BRANCH_FROZEN', 'retry'],
    ['CASH_SESSION_NOT_OPEN', 'reassign'],
    ['MENU_ITEM_UNKNOWN', 'discard'],
    ['DEPENDENCY_FAILED', null],
    ['PAYLOAD_INVALID', null],
  ])('%s: the button that stands out is %s', (code, way) => expect(wayOfAdvice[adviceFor(code)]).toBe(way))

  it.each([
    ['NOT_THE_SERVER', 'portal'],
    ['STORAGE_FULL', 'full'],
    ['PROXY_ERROR', 'server'],
    ['WRONG_ADDRESS', 'support'],
    ['BUSY', null],
  ])('what stands in the way: of %s, %s', (code, obstacle) => {
    expect(obstacleFor(code)).toBe(obstacle)
    if (obstacle) expect(pos.km.sync.obstacle).toHaveProperty(obstacle)
  })

  it('of a code that is new: tell somebody', () => expect(adviceFor('NEW_CODE')).toBe('support'))
})
