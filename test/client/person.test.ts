import { describe, expect, test } from 'vitest'
import {
  isLocked,
  type PersonRecord,
  personOf,
  readPerson,
  withWrongPin,
} from '../../client/sdk/people/person.ts'

const noon = new Date('2026-03-01T12:00:00.000Z')
const minutesLater = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)

/** Signed in an hour ago as a cashier of riverside, with a token for a day. */
const person = (accountId: string, changes: Partial<PersonRecord> = {}): PersonRecord => ({
  accountId,
  tenantId: 'demo',
  staffCode: accountId,
  name: accountId,
  role: 'CASHIER',
  branchIds: ['riverside'],
  lastSignedInAt: minutesLater(-60).toISOString(),
  open: { token: `token of ${accountId}`, expiresAt: minutesLater(24 * 60).toISOString(), actorKey: null },
  sealed: null,
  pinHash: null,
  failedAttempts: 0,
  lockedAt: null,
  ...changes,
})
const underPin = (minutes: number): PersonRecord['sealed'] => ({
  ...{ keyId: 'k', iterations: 1, salt: '00', iv: '00', data: '00' },
  expiresAt: minutesLater(minutes).toISOString(),
})

describe('whether a token of theirs is still good', () => {
  test.each([
    ['open', person('me'), true],
    ['sealed', person('me', { open: null, sealed: underPin(1) }), true],
    ['sealed, and run out', person('me', { open: null, sealed: underPin(-1) }), false],
    ['none', person('me', { open: null }), false],
  ])('%s', (_, record, hasToken) => {
    expect(personOf(record, record.open, noon)).toMatchObject({ accountId: 'me', hasToken })
  })

  test('nothing of what they have open or sealed is shown', () => {
    const shown = JSON.stringify(personOf(person('me', { sealed: underPin(1) }), null, noon))
    expect(shown).not.toMatch(/token of me|iterations|pinHash/)
  })
})

describe('locks', () => {
  const wrong = (times: number) => {
    let record = person('me')
    for (let each = 0; each < times; each += 1) record = withWrongPin(record, noon)
    return record
  }

  test('the fifth wrong PIN in a row locks for a minute, and the count begins anew', () => {
    expect(isLocked(wrong(4), noon)).toBe(false)
    expect(isLocked(wrong(5), noon)).toBe(true)
    expect(isLocked(wrong(5), new Date(noon.getTime() + 59_999))).toBe(true)
    expect(isLocked(wrong(5), minutesLater(1))).toBe(false)
    expect(wrong(5).failedAttempts).toBe(0)
  })

  test('a clock that is set back does not make the minute longer', () => {
    expect(isLocked(wrong(5), minutesLater(-60 * 24 * 365))).toBe(false)
  })
})

test('what is no person is not read as one', () => {
  expect(readPerson(person('me'))).toEqual(person('me'))
  for (const value of [
    undefined,
    null,
    'me',
    {},
    { ...person('me'), role: '' },
    { ...person('me'), open: 'x' },
    { ...person('me'), sealed: 'x' },
  ])
    expect(readPerson(value)).toBeUndefined()
})
