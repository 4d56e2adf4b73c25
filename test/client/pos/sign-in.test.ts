import { describe, expect, it } from 'vitest'
import { wasCleared } from '../../../client/pos/lib/kept.ts'
import {
  branchFor,
  hasMoved,
  initials,
  knownPerson,
  missingIn,
  readableId,
} from '../../../client/pos/lib/sign-in.ts'
import type { Person } from '../../../client/sdk/index.ts'

const person = (tenantId: string, staffCode: string): Person => ({
  accountId: `${tenantId}-${staffCode}`,
  tenantId,
  staffCode,
  name: staffCode,
  role: 'CASHIER',
  branchIds: ['riverside'],
  lastSignedInAt: '2026-03-02T01:00:00.000Z',
  hasToken: true,
})

describe('signing in', () => {
  it('knows who has signed in here, by café and staff code', () => {
    const people = [person('rival', 'cashier-1'), person('demo', 'cashier-1')]
    expect(knownPerson(people, { tenantId: 'demo', staffCode: ' Cashier-1 ' })?.tenantId).toBe('demo')
    expect(knownPerson(people, { tenantId: 'demo', staffCode: 'cashier-2' })).toBeUndefined()
    expect(knownPerson(people, { tenantId: 'other', staffCode: 'cashier-1' })).toBeUndefined()
  })

  it.each([
    [{ tenantId: ' ', staffCode: 'a', pin: '1234' }, 'tenant'],
    [{ tenantId: 'demo', staffCode: '', pin: '1234' }, 'staff'],
    [{ tenantId: 'demo', staffCode: 'a', pin: '123' }, 'pin'],
    [{ tenantId: 'demo', staffCode: 'a', pin: '12a4' }, 'pin'],
    [{ tenantId: 'demo', staffCode: 'a', pin: '1234' }, null],
  ])('in %j the %s is missing', (credentials, missing) => expect(missingIn(credentials)).toBe(missing))

  it('asks for the branch only where there is a choice that was not made before', () => {
    expect(branchFor(['riverside'], null)).toBe('riverside')
    expect(branchFor(['riverside', 'market'], 'market')).toBe('market')
    expect(branchFor(['riverside', 'market'], 'closed-down')).toBeNull()
    expect(branchFor(['riverside', 'market'], null)).toBeNull()
    expect(branchFor([], 'market')).toBeNull()
  })
})

it('whoever works in other branches by now has moved; of somebody who is not known here, nobody can tell', () => {
  const at = (branchId: string) => ({ tenantId: 'demo', branchId, actorId: 'demo-cashier-1' })
  expect(hasMoved(person('demo', 'cashier-1'), at('riverside'))).toBe(false)
  expect(hasMoved(person('demo', 'cashier-1'), at('market'))).toBe(true)
  expect(hasMoved({ ...person('demo', 'cashier-1'), branchIds: [] }, at('riverside'))).toBe(true)
  expect(hasMoved(undefined, at('riverside'))).toBe(false)
})

it('initials, and ids that can be read', () => {
  expect(initials('Sophea Chan')).toBe('SC')
  expect(initials('bopha')).toBe('B')
  expect(readableId('old-market')).toBe('Old market')
})

it('a browser that was another device before has lost its data', () => {
  expect(wasCleared(null, 'till-1')).toBe(false)
  expect(wasCleared('till-1', 'till-1')).toBe(false)
  expect(wasCleared('till-1', 'till-2')).toBe(true)
})
