import { describe, expect, it } from 'vitest'
import { createBurstWatch } from '../../../client/pos/lib/bursts.ts'

/** Types the text and Enter, a key each so many milliseconds; whether Enter was a scanner's. */
function typed(text: string, everyMs: number, field: unknown = 'amount'): boolean {
  const isEndOfScan = createBurstWatch()
  const keys = [...text, 'Enter'].map((key, i) => ({ key, timeStamp: 1_000 + i * everyMs, field }))
  return keys.map(isEndOfScan).at(-1)!
}

describe('a scanner’s Enter is told from a person’s', () => {
  it.each([
    ['a barcode', '8846001234567', 8, true],
    ['a short one', '123456', 20, true],
    ['a person who types fast', '20000', 60, false],
    ['a short amount, however fast', '20000', 2, false],
    ['a long number at a person’s pace', '1234567890', 60, false],
    ['Enter alone', '', 1, false],
  ])('%s', (_, text, everyMs, isScan) => expect(typed(text, everyMs)).toBe(isScan))

  it('where no field has the focus, a slow one is told too, and Enter pressed by a person is theirs', () => {
    expect(typed('8846001234567', 100, null)).toBe(true)
    expect(typed('8846001234567', 400, null)).toBe(false)
    expect(typed('', 1, null)).toBe(false)
  })

  it('digits before a pause do not count', () => {
    const isEndOfScan = createBurstWatch()
    for (const [i, key] of [...'123456'].entries()) isEndOfScan({ key, timeStamp: i * 10, field: 'amount' })
    expect(isEndOfScan({ key: 'Enter', timeStamp: 400, field: 'amount' })).toBe(false)
  })

  it.each([
    ['a code, Tab, a PIN', 'cashier-1', 'code', '1234', 'PIN'],
    ['the key that goes to the search, and what is sought', '/', null, 'latte', 'search'],
  ])('what was typed elsewhere before does not count: %s', (_, before, elsewhere, text, field) => {
    const isEndOfScan = createBurstWatch()
    const typedBefore = [...before].map((key) => ({ key, field: elsewhere }))
    const keys = [...typedBefore, ...[...text, 'Enter'].map((key) => ({ key, field }))]
    expect(keys.map((key, i) => isEndOfScan({ ...key, timeStamp: i * 5 })).at(-1)).toBe(false)
  })
})
