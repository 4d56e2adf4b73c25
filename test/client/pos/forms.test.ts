import { describe, expect, it } from 'vitest'
import { megabytes } from '../../../client/pos/lib/bytes.ts'
import { countedOf, isUntyped, moneyOf, typedKhr, typedUsd } from '../../../client/pos/lib/counted.ts'
import {
  type MovementForm,
  missingInMovement,
  movementOf,
  signedAmountOf,
} from '../../../client/pos/lib/movement.ts'
import { cashSessionMovement } from '../../../src/modules/cash-session/contract.ts'

describe('amounts of both currencies', () => {
  it.each([
    [
      { usd: '50', khr: '200,000' },
      { usd: 5_000, khr: 200_000 },
    ],
    [
      { usd: '', khr: '200000' },
      { usd: 0, khr: 200_000 },
    ],
    [
      { usd: ' ', khr: '' },
      { usd: 0, khr: 0 },
    ],
    [{ usd: '5.5.5', khr: '' }, null],
    [{ usd: '5', khr: '1.5' }, null],
  ])('%j are %j', (typed, money) => expect(moneyOf(typed)).toEqual(money))

  it('nothing typed is not the same as zero typed', () => {
    expect(isUntyped({ usd: '', khr: ' ' })).toBe(true)
    expect(isUntyped({ usd: '0', khr: '' })).toBe(false)
  })

  it('a field that was left empty is no count of nothing', () => {
    expect(countedOf({ usd: '5', khr: '' })).toBeNull()
    expect(countedOf({ usd: ' ', khr: '0' })).toBeNull()
    expect(countedOf({ usd: '5', khr: '0' })).toEqual({ usd: 500, khr: 0 })
  })

  it('what was counted is typed as people would', () => {
    expect([typedUsd(500), typedUsd(550), typedUsd(5), typedKhr(12_300)]).toEqual([
      '5',
      '5.50',
      '0.05',
      '12300',
    ])
    for (const cents of [0, 1, 99, 100, 12_345])
      expect(moneyOf({ usd: typedUsd(cents), khr: '' })).toEqual({ usd: cents, khr: 0 })
  })
})

describe('a movement', () => {
  const form: MovementForm = {
    kind: 'PAID_OUT',
    currency: 'USD',
    amount: '2.50',
    isLess: true,
    reason: ' Milk ',
  }

  it('is what the contract takes', () => {
    const ids = {
      movementId: 'b5b9c8a2-6e0a-4a29-8d7e-5b1f5d2c0001',
      cashSessionId: 'b5b9c8a2-6e0a-4a29-8d7e-5b1f5d2c0002',
    }
    expect(cashSessionMovement.parse(movementOf(form, ids))).toEqual({
      ...ids,
      kind: 'PAID_OUT',
      currency: 'USD',
      amount: 250,
      reason: 'Milk',
    })
  })

  it('is signed only where it is an adjustment', () => {
    expect(signedAmountOf(form)).toBe(250)
    expect(signedAmountOf({ ...form, kind: 'ADJUSTMENT' })).toBe(-250)
    expect(
      signedAmountOf({ ...form, kind: 'ADJUSTMENT', isLess: false, currency: 'KHR', amount: '5000' }),
    ).toBe(5_000)
  })

  it('needs an amount that is not zero, and a reason', () => {
    expect(missingInMovement(form)).toBeNull()
    for (const amount of ['', '0', 'x']) expect(missingInMovement({ ...form, amount })).toBe('amount')
    expect(missingInMovement({ ...form, reason: '  ' })).toBe('reason')
  })
})

it.each([
  [380_000, '0.4 MB'],
  [12_400_000, '12 MB'],
  [3_210_000_000, '3.2 GB'],
])('%i bytes are %s', (bytes, text) => expect(megabytes(bytes)).toBe(text))
