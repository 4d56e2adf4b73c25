/** Rejected operations, sales and people: what is said about them, and what is sent. */
import { describe, expect, it } from 'vitest'
import { adviceFor, betweenOf } from '../../../client/admin/lib/rejected.ts'
import { averageOf, itemCount } from '../../../client/admin/lib/sale.ts'
import { type Person, personDraft, personFrom, pinDigitsOf } from '../../../client/admin/lib/staff.ts'
import { admin } from '../../../client/admin/locales/index.ts'
import type { Role } from '../../../client/contract.ts'

describe('between the device’s time and the server’s', () => {
  const between = (seconds: number) =>
    betweenOf({
      occurredAt: '2027-05-04T10:00:00Z',
      decidedAt: new Date(Date.parse('2027-05-04T10:00:00Z') + seconds * 1000).toISOString(),
    })
  it.each([
    [0, { is: 'atOnce' }],
    [4, { is: 'atOnce' }],
    [-4, { is: 'atOnce' }],
    [5, { is: 'waited', ms: 5000 }],
    [7200, { is: 'waited', ms: 7_200_000 }],
    [-60, { is: 'ahead', ms: 60_000 }],
  ])('%i s', (seconds, expected) => expect(between(seconds)).toEqual(expected))
})

it('advice: that for the code, or else the general one', () => {
  const { advice } = admin.en.rejected
  expect(adviceFor('BRANCH_FROZEN', advice)).toBe('BRANCH_FROZEN')
  expect(adviceFor('NEW_CODE', advice)).toBe('other')
  expect(adviceFor(null, advice)).toBe('other')
  const codes = Object.keys(admin.en.words.code)
  expect(Object.keys(advice).filter((code) => code !== 'other' && !codes.includes(code))).toEqual([])
})

it('sales: how many things, and what one comes to', () => {
  expect(itemCount([{ quantity: 2 }, { quantity: 3 }])).toBe(5)
  expect(averageOf({ sales: 3, totalUsd: 1000 })).toBe(333)
  expect(averageOf({ sales: 0, totalUsd: 0 })).toBe(0)
})

describe('a person', () => {
  const known: Person = {
    accountId: 'demo-cashier-1',
    staffCode: 'cashier-1',
    name: 'Sophea',
    role: 'CASHIER',
    status: 'ACTIVE',
    branchIds: ['riverside'],
  }
  const of = { accountId: 'demo-cashier-1', isNew: false, managerPinDigits: 6 }

  it('that was only looked at is saved as they were, and keeps the PIN', () => {
    expect(personFrom(personDraft(known), of)).toEqual({ values: known, wrong: null })
  })
  it('can be given another PIN, and lose access', () => {
    const { values: person } = personFrom({ ...personDraft(known), pin: '4711', isRevoked: true }, of)
    expect(person).toMatchObject({ pin: '4711', status: 'REVOKED' })
    expect(personDraft({ ...known, status: 'REVOKED' }).isRevoked).toBe(true)
  })
  it('who is new needs everything', () => {
    const { wrong } = personFrom(personDraft(null), { ...of, accountId: 'new', isNew: true })
    expect([...wrong!].sort()).toEqual(['name', 'pin', 'staffCode'])
    const draft = { ...personDraft(null), name: 'Dara', staffCode: 'dara', pin: '1234' }
    expect(personFrom(draft, { ...of, accountId: 'new', isNew: true }).values).toEqual({
      accountId: 'new',
      name: 'Dara',
      staffCode: 'dara',
      role: 'CASHIER',
      branchIds: [],
      status: 'ACTIVE',
      pin: '1234',
    })
  })
  it('has a PIN of 4 to 12 digits', () => {
    const isWrong = (pin: string) => personFrom({ ...personDraft(known), pin }, of).wrong?.has('pin') ?? false
    expect(['', '1234', '123456789012', '123', '1234567890123', '12a4'].map(isWrong)).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
    ])
  })
  it('in charge has a PIN of as many digits as the business wants', () => {
    const isWrong = (role: Role, pin: string) =>
      personFrom({ ...personDraft(known), role, pin }, of).wrong?.has('pin') ?? false
    expect((['MANAGER', 'ADMIN'] as const).map((role) => pinDigitsOf(role, of).least)).toEqual([6, 6])
    expect(pinDigitsOf('CASHIER', of).least).toBe(4)
    expect(isWrong('MANAGER', '12345')).toBe(true)
    expect(isWrong('ADMIN', '123456')).toBe(false)
    // Who was in charge of nothing has one that the gateway may find too short.
    expect(isWrong('MANAGER', '')).toBe(false)
  })
})
