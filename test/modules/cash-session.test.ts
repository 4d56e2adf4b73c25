import { describe, expect, it } from 'vitest'
import { isOpenForLong } from '../../src/modules/cash-session/contract.ts'
import { cashMovements, cashSessions } from '../../src/modules/cash-session/tables.ts'
import { aMinuteBefore, given } from '../support/decider.ts'
import { ids, session } from '../support/rows.ts'

const float = { usd: 5000, khr: 200_000 }
const closed = session({ status: 'CLOSED', countedUsd: 5000, countedKhr: 200_000, closedBy: 'sophea' })
const forceClosed = session({ status: 'FORCE_CLOSED', closedBy: 'dara' })

const movement = (fields: object = {}) => ({
  movementId: ids.movement,
  cashSessionId: ids.session,
  kind: 'PAID_IN',
  currency: 'USD',
  amount: 500,
  reason: 'small change',
  ...fields,
})

describe('cashSession.open', () => {
  const open = { cashSessionId: ids.session, openingFloat: float }

  it('opens with the float, which is what the drawer should hold', () => {
    const after = given().when('cashSession.open', open).thenAccepted({ cashSessionId: ids.session })
    expect(after.one(cashSessions)).toMatchObject({
      branchId: 'riverside',
      status: 'OPEN',
      openedBy: 'sophea',
      openedAt: aMinuteBefore,
      openingUsd: 5000,
      openingKhr: 200_000,
      expectedUsd: 5000,
      expectedKhr: 200_000,
      countedUsd: null,
      closedAt: null,
    })
    expect(after.audit).toEqual(['CASH_SESSION_OPENED'])
  })

  it('at most one open session in a branch', () => {
    given(session())
      .when('cashSession.open', { ...open, cashSessionId: ids.otherSession })
      .thenRejected('CASH_SESSION_ALREADY_OPEN', { cashSessionId: ids.session })
  })

  it('another branch has its own', () => {
    given(session({ branchId: 'market' }))
      .when('cashSession.open', { ...open, cashSessionId: ids.otherSession })
      .thenAccepted()
  })

  it.each([
    ['closed', closed],
    ['force-closed', forceClosed],
  ])('after the last one was %s', (_, last) => {
    given(last)
      .when('cashSession.open', { ...open, cashSessionId: ids.otherSession })
      .thenAccepted()
  })

  it('an id opens once, in whatever branch', () => {
    given(closed).when('cashSession.open', open).thenRejected('PAYLOAD_INVALID')
    given(session({ branchId: 'market' }))
      .when('cashSession.open', open)
      .thenRejected('PAYLOAD_INVALID')
  })

  it('amounts are whole and not negative', () => {
    for (const openingFloat of [{ usd: -1, khr: 0 }, { usd: 0.5, khr: 0 }, { usd: 0 }, { usd: '1', khr: 0 }])
      expect(() => given().when('cashSession.open', { ...open, openingFloat })).toThrow()
  })
})

describe('cashSession.movement', () => {
  it.each([
    ['PAID_IN', 'USD', 500, { usd: 500, khr: 0 }],
    ['PAID_IN', 'KHR', 4000, { usd: 0, khr: 4000 }],
    ['PAID_OUT', 'USD', 500, { usd: -500, khr: 0 }],
    ['PAID_OUT', 'KHR', 4000, { usd: 0, khr: -4000 }],
    ['ADJUSTMENT', 'USD', 3, { usd: 3, khr: 0 }],
    ['ADJUSTMENT', 'KHR', -900, { usd: 0, khr: -900 }],
  ])('%s of %s %i moves the drawer and is kept', (kind, currency, amount, gained) => {
    const after = given(session())
      .when('cashSession.movement', movement({ kind, currency, amount }))
      .thenAccepted({ movementId: ids.movement, cashSessionId: ids.session })
    expect(after.one(cashMovements)).toMatchObject({
      kind,
      ...gained,
      reason: 'small change',
      actorId: 'sophea',
    })
    expect(after.one(cashSessions)).toMatchObject({
      expectedUsd: 5000 + gained.usd,
      expectedKhr: 200_000 + gained.khr,
    })
    expect(after.audit).toEqual(['CASH_MOVEMENT_RECORDED'])
  })

  it('anyone with the permission may use the open session, not only who opened it', () => {
    given(session({ openedBy: 'dara' }))
      .when('cashSession.movement', movement())
      .thenAccepted()
  })

  it.each([
    ['closed', closed],
    ['force-closed', forceClosed],
  ])('a %s session takes nothing more', (_, last) => {
    given(last).when('cashSession.movement', movement()).thenRejected('CASH_SESSION_NOT_OPEN')
  })

  it('the session must be the branch’s own', () => {
    given().when('cashSession.movement', movement()).thenRejected('CASH_SESSION_NOT_OPEN')
    given(session({ branchId: 'market' }))
      .when('cashSession.movement', movement())
      .thenRejected('CASH_SESSION_NOT_OPEN')
  })

  it('sent again under another key, even to another session, it is still one movement', () => {
    const first = given(session()).when('cashSession.movement', movement()).thenAccepted()
    const recorded = cashMovements.row(first.one(cashMovements))
    const again = given(closed, session({ id: ids.otherSession }), recorded)
      .when('cashSession.movement', movement({ cashSessionId: ids.otherSession }), { clientOpId: ids.op })
      .thenAccepted({ movementId: ids.movement, cashSessionId: ids.session })
    expect(again).toMatchObject({ duplicate: true, written: 0, audit: [] })
  })

  it.each([{ amount: 501 }, { currency: 'KHR' }, { kind: 'PAID_OUT' }, { reason: 'something else' }])(
    'its id cannot be used for another movement: %o',
    (other) => {
      const first = given(session()).when('cashSession.movement', movement()).thenAccepted()
      given(session(), cashMovements.row(first.one(cashMovements)))
        .when('cashSession.movement', movement(other), { clientOpId: ids.op })
        .thenRejected('PAYLOAD_INVALID')
    },
  )

  it('amounts are positive; only an adjustment may be negative; none is nothing', () => {
    for (const fields of [
      { amount: 0 },
      { amount: -1 },
      { amount: 1.5 },
      { kind: 'PAID_OUT', amount: -1 },
      { kind: 'ADJUSTMENT', amount: 0 },
      { kind: 'THEFT' },
      { currency: 'EUR' },
      { reason: '   ' },
    ])
      expect(() => given().when('cashSession.movement', movement(fields)), JSON.stringify(fields)).toThrow()
  })
})

describe('cashSession.close', () => {
  it('stores counted, expected and the difference, in each currency', () => {
    const after = given(session({ expectedUsd: 6200, expectedKhr: 150_000 }))
      .when('cashSession.close', {
        cashSessionId: ids.session,
        counted: { usd: 6150, khr: 150_500 },
        note: 'hm',
      })
      .thenAccepted({
        cashSessionId: ids.session,
        expected: { usd: 6200, khr: 150_000 },
        counted: { usd: 6150, khr: 150_500 },
        difference: { usd: -50, khr: 500 },
      })
    expect(after.one(cashSessions)).toMatchObject({
      status: 'CLOSED',
      countedUsd: 6150,
      countedKhr: 150_500,
      closedBy: 'sophea',
      closedAt: aMinuteBefore,
      note: 'hm',
    })
    expect(after.audit).toEqual(['CASH_SESSION_CLOSED'])
  })

  it.each([
    ['closed', closed],
    ['force-closed', forceClosed],
  ])('a %s session is not closed again', (_, last) => {
    given(last)
      .when('cashSession.close', { cashSessionId: ids.session, counted: float })
      .thenRejected('CASH_SESSION_NOT_OPEN', { cashSessionId: ids.session })
  })

  it('the session must be the branch’s own', () => {
    given(session({ branchId: 'market' }))
      .when('cashSession.close', { cashSessionId: ids.session, counted: float })
      .thenRejected('CASH_SESSION_NOT_OPEN')
  })
})

describe('cashSession.forceClose', () => {
  const forced = { cashSessionId: ids.session, reason: 'the till is broken' }

  it('closes without a count where nobody can count', () => {
    const after = given(session())
      .when('cashSession.forceClose', forced)
      .thenAccepted({ cashSessionId: ids.session, expected: float, counted: null, difference: null })
    expect(after.one(cashSessions)).toMatchObject({
      status: 'FORCE_CLOSED',
      countedUsd: null,
      countedKhr: null,
      note: 'the till is broken',
    })
    expect(after.audit).toEqual(['CASH_SESSION_FORCE_CLOSED'])
  })

  it('keeps a count where there is one', () => {
    const after = given(session())
      .when('cashSession.forceClose', { ...forced, counted: { usd: 4900, khr: 200_000 } })
      .thenAccepted()
    expect(after.result).toMatchObject({ difference: { usd: -100, khr: 0 } })
  })

  it('takes only an open session', () => {
    given(closed).when('cashSession.forceClose', forced).thenRejected('CASH_SESSION_NOT_OPEN')
    given().when('cashSession.forceClose', forced).thenRejected('CASH_SESSION_NOT_OPEN')
  })
})

it('a session that is open for longer than any day at work is one that nobody closed', () => {
  const openedAt = '2026-03-02T01:00:00.000Z'
  const after = (hours: number) => isOpenForLong({ openedAt }, Date.parse(openedAt) + hours * 3_600_000)
  expect([after(0), after(15.9), after(16), after(72)]).toEqual([false, false, true, true])
})
