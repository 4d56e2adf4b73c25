import { describe, expect, test } from 'vitest'
import {
  bestToken,
  isLocked,
  type PersonRecord,
  readPerson,
  type TokenWanted,
  withWrongPin,
} from '../../client/sdk/person.ts'

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
  token: { value: `token of ${accountId}`, expiresAt: minutesLater(24 * 60).toISOString() },
  pinHash: null,
  failedAttempts: 0,
  lockedAt: null,
  ...changes,
})
const staff = { role: 'STAFF' } as const
const signedInAt = (minutes: number) => ({ lastSignedInAt: minutesLater(minutes).toISOString() })
const expired = (accountId: string) => ({
  token: { value: `token of ${accountId}`, expiresAt: minutesLater(-1).toISOString() },
})

describe('whose token serves', () => {
  const best = (people: PersonRecord[], wanted: Partial<TokenWanted> = {}) =>
    bestToken(people, { tenantId: 'demo', actorId: 'me', refused: new Set(), ...wanted }, noon)?.accountId

  test.each<[string, PersonRecord[], string | undefined]>([
    [
      "the person's own, where the role reads every scope",
      [person('other', signedInAt(-1)), person('me')],
      'me',
    ],
    ["a cashier's, where the person's own reads less", [person('me', staff), person('other')], 'other'],
    [
      'that of the cashier who signed in last, where there are several',
      [
        person('me', staff),
        person('early', signedInAt(-50)),
        person('late', signedInAt(-10)),
        person('first', signedInAt(-90)),
      ],
      'late',
    ],
    [
      "the person's own, where nobody's reads every scope",
      [person('other', { ...staff, ...signedInAt(-1) }), person('me', staff)],
      'me',
    ],
    ['any, where the person has none', [person('me', { token: null }), person('other', staff)], 'other'],
    [
      "a valid one before the person's own that has run out",
      [person('me', expired('me')), person('other')],
      'other',
    ],
    [
      'one that has run out by this clock, where there is no other: the clock may be wrong',
      [person('me', expired('me'))],
      'me',
    ],
    ['none of another tenant', [person('me', { tenantId: 'rival' })], undefined],
    ['none, where there is none', [person('me', { token: null })], undefined],
  ])('%s', (_, people, expected) => {
    expect(best(people)).toBe(expected)
    expect(best(people.toReversed())).toBe(expected)
  })

  test('never one that was refused', () => {
    const people = [person('me'), person('other')]
    expect(best(people, { refused: new Set(['token of me']) })).toBe('other')
    expect(best(people, { refused: new Set(['token of me', 'token of other']) })).toBeUndefined()
  })

  test('nobody at the till: that of whoever reads every scope and signed in last', () => {
    const people = [
      person('early'),
      person('staff', { ...staff, ...signedInAt(-1) }),
      person('late', signedInAt(-5)),
    ]
    expect(best(people, { actorId: null })).toBe('late')
  })

  test('whoever is assigned to the branch comes before who is not', () => {
    const people = [person('elsewhere', { branchIds: ['market'], ...signedInAt(-1) }), person('here')]
    expect(best(people, { actorId: null })).toBe('elsewhere')
    expect(best(people, { actorId: null, branchId: 'riverside' })).toBe('here')
    expect(best(people, { actorId: null, branchId: 'nowhere' })).toBe('elsewhere')
  })

  test('managers and administrators serve as cashiers do', () => {
    for (const role of ['MANAGER', 'ADMIN'] as const)
      expect(best([person('me', staff), person('other', { role })])).toBe('other')
  })

  test('it says the role, by which the scopes are chosen', () => {
    const found = bestToken(
      [person('me', staff)],
      { tenantId: 'demo', actorId: 'me', refused: new Set() },
      noon,
    )
    expect(found).toEqual({ token: 'token of me', accountId: 'me', role: 'STAFF' })
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
    { ...person('me'), role: 'OWNER' },
    { ...person('me'), token: 'x' },
  ])
    expect(readPerson(value)).toBeUndefined()
})
