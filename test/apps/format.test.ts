import { describe, expect, it } from 'vitest'
import { formats, formatsIn, khr, parseKhr, parseUsd, quantity, usd } from '../../client/ui/format.ts'

describe('amounts', () => {
  it.each([
    [0, '$0.00'],
    [5, '$0.05'],
    [150, '$1.50'],
    [123_456_789, '$1,234,567.89'],
    [-250, '-$2.50'],
  ])('%i cents are %s', (cents, text) => expect(usd(cents)).toBe(text))

  it.each([
    [0, '0\u00a0៛'],
    [6200, '6,200\u00a0៛'],
    [-100, '-100\u00a0៛'],
  ])('%i riel are %s', (riel, text) => expect(khr(riel)).toBe(text))

  it('quantities', () => expect(quantity(12_345)).toBe('12,345'))

  it.each([
    ['1.5', 150],
    ['1.50', 150],
    ['2', 200],
    ['2.', 200],
    ['$1,000.05', 100_005],
    [' 1 000 ', 100_000],
    ['១.៥០', 150],
    ['.5', 50],
    ['1,5', 150],
    ['5,50', 550],
    ['2,500', 250_000],
    [' US$ 5.50\u00a0', 550],
    ['5.50 USD', 550],
    ['0', 0],
  ])('"%s" are as many cents: %i', (text, cents) => expect(parseUsd(text)).toBe(cents))

  it.each(['', '.', '1.555', '-1', '1e3', 'one', '1.2.3', '៛5', '1234567890'])(
    '"%s" is no amount of dollars',
    (text) => expect(parseUsd(text)).toBeNull(),
  )

  it.each([
    ['6200', 6200],
    ['6,200 ៛', 6200],
    ['៦២០០', 6200],
    ['1,234,567', 1_234_567],
  ])('"%s" are as many riel: %i', (text, riel) => expect(parseKhr(text)).toBe(riel))

  it.each(['', '6200.5', '6,20', '-1', '$5'])('"%s" is no amount of riel', (text) =>
    expect(parseKhr(text)).toBeNull(),
  )

  it('what is written can be read', () => {
    for (const amount of [0, 1, 99, 100, 12_345, 1_000_000]) {
      expect(parseUsd(usd(amount))).toBe(amount)
      expect(parseKhr(khr(amount))).toBe(amount)
    }
  })
})

describe('times', () => {
  const moment = new Date(2026, 2, 2, 8, 5)

  it('in a branch’s own zone', () => {
    expect(formatsIn('en', 'Asia/Phnom_Penh').dayAndTime('2026-03-01T17:05:00.000Z')).toBe('2 Mar, 00:05')
    expect(formatsIn('km', 'Europe/Paris').time('2026-03-01T17:05:00.000Z')).toBe('18:05')
  })

  it('in English', () => {
    expect(formats.en.time(moment)).toBe('08:05')
    expect(formats.en.day(moment)).toBe('2 Mar 2026')
    expect(formats.en.dayAndTime(moment)).toBe('2 Mar, 08:05')
  })

  it('in Khmer', () => {
    expect(formats.km.time(moment)).toBe('08:05')
    expect(formats.km.day(moment)).toContain('មីនា')
  })

  it('as texts of ISO 8601 too, and midnight is 00', () => {
    expect(formats.en.time(moment.toISOString())).toBe('08:05')
    expect(formats.en.time(new Date(2026, 2, 2))).toBe('00:00')
  })
})
