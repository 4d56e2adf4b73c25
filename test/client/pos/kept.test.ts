import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { emptyCart } from '../../../client/pos/lib/cart.ts'
import {
  keepBranchName,
  keepCart,
  keepTenant,
  keptBranchNames,
  keptCart,
  keptTenant,
} from '../../../client/pos/lib/kept.ts'

const context = { tenantId: 'demo', branchId: 'riverside', actorId: 'sophea' }
const line = { id: '1', menuItemId: 'latte', name: 'Latte', quantity: 2, optionIds: ['size-1'], unitUsd: 260 }
const cart = { ...emptyCart('b5b9c8a2-6e0a-4a29-8d7e-5b1f5d2c0001', 'TAKEAWAY'), lines: [line] }

/** What browsers keep, as Node has none: texts by key. */
const texts = new Map<string, string>()
beforeEach(() => {
  texts.clear()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, text: string) => texts.set(key, text),
    removeItem: (key: string) => texts.delete(key),
  })
})
afterEach(() => vi.unstubAllGlobals())

describe('the cart', () => {
  it('is found again by whoever filled it, and by nobody else', () => {
    keepCart(context, cart)
    expect(keptCart(context)).toEqual(cart)
    expect(keptCart({ ...context, actorId: 'vannak' })).toBeNull()
    expect(keptCart({ ...context, branchId: 'market' })).toBeNull()
  })

  it('leaves nothing behind when it is empty', () => {
    keepCart(context, cart)
    keepCart(context, emptyCart(cart.saleId))
    expect(texts.size).toBe(0)
  })

  it('that is no cart any more is forgotten, not tripped over', () => {
    keepCart(context, cart)
    const [key] = texts.keys()
    for (const text of [
      '{',
      '{"lines":[]}',
      JSON.stringify({ ...cart, lines: [{ ...line, quantity: 0 }] }),
    ]) {
      texts.set(key!, text)
      expect(keptCart(context)).toBeNull()
    }
  })
})

it('café and branch names are remembered', () => {
  keepTenant('demo')
  keepBranchName('demo', 'riverside', 'Riverside')
  keepBranchName('demo', 'market', 'Old Market')
  expect(keptTenant()).toBe('demo')
  expect(keptBranchNames('demo')).toEqual({ riverside: 'Riverside', market: 'Old Market' })
  expect(keptBranchNames('rival')).toEqual({})
})

it('a browser that keeps nothing is no obstacle', () => {
  vi.stubGlobal('localStorage', {
    getItem: () => {
      throw new Error('denied')
    },
    setItem: () => {
      throw new Error('denied')
    },
  })
  expect(() => keepTenant('demo')).not.toThrow()
  expect(keptTenant()).toBeNull()
})
