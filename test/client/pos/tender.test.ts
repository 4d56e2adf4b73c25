import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { likelyAmounts, receivedOf, settle, tenderOf, typedIn } from '../../../client/pos/lib/tender.ts'
import { pressed } from '../../../client/pos/lib/typing.ts'
import { policy } from './menu-of-tests.ts'

const due = { totalUsd: 550, totalKhr: 22_600 }

describe('what was received', () => {
  it('is in the one currency that was typed', () => {
    expect(typedIn('USD', '5')).toEqual({ usd: '5', khr: '' })
    expect(typedIn('KHR', '5000')).toEqual({ usd: '', khr: '5000' })
    expect(receivedOf({ usd: '5.50', khr: '' })).toEqual({ currency: 'USD', received: 550 })
    expect(receivedOf({ usd: '', khr: '20,000' })).toEqual({ currency: 'KHR', received: 20_000 })
  })
  it('is nothing where nothing, or no amount, was typed', () => {
    expect(receivedOf({ usd: '', khr: '' })).toBeNull()
    expect(receivedOf({ usd: '1.2.3', khr: '' })).toBeNull()
  })
})

describe('settling', () => {
  it('dollars: whole dollars back, the rest in riel', () =>
    expect(settle({ currency: 'USD', received: 1000 }, due, policy)).toEqual({
      change: { usd: 400, khr: 2_100 },
    }))
  it('riel: riel back', () =>
    expect(settle({ currency: 'KHR', received: 30_000 }, due, policy)).toEqual({
      change: { usd: 0, khr: 7_400 },
    }))
  it('the exact amount: nothing back', () =>
    expect(settle({ currency: 'USD', received: 550 }, due, policy)).toEqual({ change: { usd: 0, khr: 0 } }))
  it('too little: says by how much', () => {
    expect(settle({ currency: 'USD', received: 500 }, due, policy)).toEqual({ missing: 50 })
    expect(settle({ currency: 'KHR', received: 20_000 }, due, policy)).toEqual({ missing: 2_600 })
  })
  it('is what the sale says', () =>
    expect(tenderOf({ currency: 'USD', received: 1000 }, { usd: 400, khr: 2_100 })).toEqual({
      method: 'CASH',
      currency: 'USD',
      received: 1000,
      change: { usd: 400, khr: 2_100 },
    }))
})

describe('amounts to offer', () => {
  it('dollars', () => expect(likelyAmounts('USD', 550)).toEqual([550, 600, 1000, 2000, 5000, 10_000]))
  it('riel', () =>
    expect(likelyAmounts('KHR', 22_600)).toEqual([22_600, 23_000, 25_000, 30_000, 40_000, 50_000, 100_000]))
  it('an amount that is a note is offered once', () =>
    expect(likelyAmounts('USD', 1000)).toEqual([1000, 2000, 5000, 10_000]))
  it('nothing to pay', () => expect(likelyAmounts('USD', 0)).toEqual([0]))
  it('each covers the amount', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('USD', 'KHR'),
        fc.integer({ min: 1, max: 10_000_000 }),
        (currency, amount) => {
          const amounts = likelyAmounts(currency as 'USD' | 'KHR', amount)
          expect(amounts[0]).toBe(amount)
          expect(amounts).toEqual([...new Set(amounts)].sort((a, b) => a - b))
        },
      ),
    ))
})

describe('the pad', () => {
  const type = (kind: 'PIN' | 'USD' | 'KHR', ...keys: Parameters<typeof pressed>[1][]) =>
    keys.reduce((text, key) => pressed(text, key, kind), '')

  it.each([
    ['USD', ['5', '.', '5', '0', '9'], '5.50'],
    ['USD', ['0', '5'], '5'],
    ['USD', ['.', '5', '.'], '0.5'],
    ['USD', ['0', '00', '.', '0', '5'], '0.05'],
    ['KHR', ['2', '0', '000', '.'], '20000'],
    ['KHR', ['000'], '0'],
    ['PIN', ['0', '0', '1', '2'], '0012'],
    ['PIN', ['1', '2', 'back', '3'], '13'],
    ['PIN', ['1', '2', 'clear', '9'], '9'],
  ] as const)('%s %j is "%s"', (kind, keys, text) => expect(type(kind, ...keys)).toBe(text))

  it('takes no more digits than a PIN may have', () =>
    expect(type('PIN', ...Array.from({ length: 20 }, () => '7' as const))).toHaveLength(12))
})
