import { describe, expect, it } from 'vitest'
import { isClockWrong, placedAt } from '../../src/sync/clock.ts'

const said = new Date('2026-03-01T08:00:00.000Z')
const hour = 3_600_000

describe('a time that a device said, by what it knew of its clock', () => {
  it.each([
    ['nothing was known', null, '2026-03-01T08:00:00.000Z'],
    ['two minutes are no error', 120_000, '2026-03-01T08:00:00.000Z'],
    ['more is', 120_001, '2026-03-01T07:57:59.999Z'],
    ['26 hours fast', 26 * hour, '2026-02-28T06:00:00.000Z'],
    ['26 hours slow', -26 * hour, '2026-03-02T10:00:00.000Z'],
    ['six years slow', -6 * 365 * 24 * hour, '2032-02-28T08:00:00.000Z'],
    ['more than any clock is off', Number.MAX_SAFE_INTEGER, '2026-03-01T08:00:00.000Z'],
    ['the same, behind', -Number.MAX_SAFE_INTEGER, '2026-03-01T08:00:00.000Z'],
  ])('%s', (_, skew, placed) => expect(placedAt(said, skew).toISOString()).toBe(placed))

  it('never out of the years that a database holds', () => {
    const early = new Date('0001-01-02T00:00:00.000Z')
    expect(placedAt(early, 48 * hour)).toBe(early)
  })

  it('is wrong from two minutes on', () => {
    expect([120_000, -120_000, 0].some(isClockWrong)).toBe(false)
    expect([120_001, -120_001].every(isClockWrong)).toBe(true)
  })
})
