import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  doubtOf,
  dueBeside,
  isBeyondRecording,
  likelyAmounts,
  receivedOf,
  settle,
  tapped,
  tenderOf,
} from '../../../client/pos/lib/tender.ts'
import { pressed } from '../../../client/pos/lib/typing.ts'
import { policy } from './menu-of-tests.ts'

const due = { totalUsd: 550, totalKhr: 22_600 }

const usd = (cents: number) => ({ usd: cents, khr: 0 })
const khr = (riel: number) => ({ usd: 0, khr: riel })

describe('what was received', () => {
  it('is of both currencies together', () => {
    expect(receivedOf({ usd: '5.50', khr: '' })).toEqual(usd(550))
    expect(receivedOf({ usd: '', khr: '20,000' })).toEqual(khr(20_000))
    expect(receivedOf({ usd: '5', khr: '5000' })).toEqual({ usd: 500, khr: 5000 })
  })
  it('is nothing where nothing, or no amount, was typed', () => {
    expect(receivedOf({ usd: '', khr: ' ' })).toBeNull()
    expect(receivedOf({ usd: '1.2.3', khr: '' })).toBeNull()
    expect(receivedOf({ usd: '5', khr: '1.5' })).toBeNull()
  })
  it('a likely amount is put beside the other currency, or in its place where it is enough', () => {
    expect(tapped({ usd: '2', khr: '' }, 'KHR', '14400', false)).toEqual({ usd: '2', khr: '14400' })
    expect(tapped({ usd: '2', khr: '' }, 'KHR', '30000', true)).toEqual({ usd: '', khr: '30000' })
    expect(tapped({ usd: '', khr: '5000' }, 'USD', '10', true)).toEqual({ usd: '10', khr: '' })
  })
  it('beside dollars riel are what these leave; alone, or where they are enough, all of it', () => {
    expect(dueBeside('KHR', null, due, policy)).toBe(22_600)
    expect(dueBeside('KHR', usd(200), due, policy)).toBe(14_400)
    expect(dueBeside('KHR', usd(550), due, policy)).toBe(22_600)
    expect(dueBeside('USD', khr(5000), due, policy)).toBe(550)
  })
})

describe('settling', () => {
  it('dollars: whole dollars back, the rest in riel', () =>
    expect(settle(usd(1000), due, policy)).toEqual({ change: { usd: 400, khr: 2_100 } }))
  it('riel: riel back', () => expect(settle(khr(30_000), due, policy)).toEqual({ change: khr(7_400) }))
  it('both: dollars first, then riel', () =>
    expect(settle({ usd: 500, khr: 5000 }, due, policy)).toEqual({ change: khr(2_900) }))
  it('the exact amount: nothing back', () =>
    expect(settle(usd(550), due, policy)).toEqual({ change: { usd: 0, khr: 0 } }))
  it('too little: says by how much', () => {
    expect(settle(usd(500), due, policy)).toEqual({ missing: usd(50) })
    expect(settle(khr(20_000), due, policy)).toEqual({ missing: khr(2_600) })
    expect(settle({ usd: 200, khr: 10_000 }, due, policy)).toEqual({ missing: khr(4_400) })
  })
  it('is what the sale says', () =>
    expect(tenderOf({ usd: 500, khr: 5000 }, khr(2_900))).toEqual({
      method: 'CASH',
      received: { usd: 500, khr: 5000 },
      change: khr(2_900),
    }))
})

describe('what nobody hands over is asked about', () => {
  const small = { totalUsd: 275, totalKhr: 11_300 }
  const doubt = (typed: { usd: string; khr: string }, of = small) => {
    const received = receivedOf(typed)!
    return doubtOf(typed, received, settle(received, of, policy).change!, of)
  }
  it('riel in the field of dollars: were they riel?', () =>
    expect(doubt({ usd: '20000', khr: '' })).toEqual({ why: 'much', asRiel: 20_000 }))
  it('what a scanner types', () =>
    expect(doubt({ usd: '1234567', khr: '' })).toEqual({ why: 'much', asRiel: null }))
  it('a comma that may be a point', () => {
    expect(doubt({ usd: '2,500', khr: '' }, { totalUsd: 245_000, totalKhr: 10_045_000 })).toMatchObject({
      why: 'comma',
    })
    expect(doubt({ usd: '2,500.00', khr: '' }, { totalUsd: 245_000, totalKhr: 10_045_000 })).toBeNull()
  })
  it.each([
    { usd: '100', khr: '' },
    { usd: '', khr: '100000' },
    { usd: '5', khr: '5000' },
  ])('the largest notes are no such thing: %o', (typed) => expect(doubt(typed)).toBeNull())
  it('nothing larger than a contract takes', () => {
    expect(isBeyondRecording(usd(1_000_000_000))).toBe(false)
    expect(isBeyondRecording(usd(1_000_000_001))).toBe(true)
    expect(isBeyondRecording(khr(5_000_000_000_001))).toBe(true)
  })
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
