import { describe, expect, it } from 'vitest'
import {
  type CashMovement,
  type CashSession,
  drawerOf,
  isMoreThanThere,
  openSessionOf,
  refundOf,
  totalOf,
} from '../../../client/pos/lib/drawer.ts'
import { leavingBy, type MovementForm } from '../../../client/pos/lib/movement.ts'
import { isNothing, minus } from '../../../client/ui/money.ts'
import type { Currency, Money } from '../../../src/modules/primitives.ts'

const session = (id: string, more: Partial<CashSession> = {}): CashSession => ({
  id,
  pending: false,
  status: 'OPEN',
  openedBy: 'sophea',
  openedAt: '2026-03-02T01:00:00.000Z',
  openingFloat: { usd: 5_000, khr: 200_000 },
  expected: { usd: 6_550, khr: 230_000 },
  ...more,
})
const movement = (
  kind: CashMovement['kind'],
  usd: number,
  khr: number,
  cashSessionId = 's1',
): CashMovement => ({
  id: `${kind}-${usd}-${khr}`,
  pending: false,
  cashSessionId,
  kind,
  usd,
  khr,
  reason: 'because',
  actorId: 'sophea',
  occurredAt: '2026-03-02T02:00:00.000Z',
})

describe('the drawer', () => {
  const drawer = drawerOf(session('s1'), [
    movement('PAID_IN', 1_000, 0),
    movement('PAID_IN', 0, 10_000),
    movement('PAID_OUT', -300, 0),
    movement('ADJUSTMENT', -50, -5_000),
    movement('PAID_IN', 99_999, 99_999, 'another session'),
  ])

  it('has what was put in and taken out of this session alone', () => {
    expect(drawer.paidIn).toEqual({ usd: 1_000, khr: 10_000 })
    expect(drawer.paidOut).toEqual({ usd: -300, khr: 0 })
    expect(drawer.adjustments).toEqual({ usd: -50, khr: -5_000 })
  })

  it('has the cash of sales as what remains of the expected', () =>
    expect(drawer.sales).toEqual({ usd: 900, khr: 25_000 }))

  it('has a difference when counted', () => {
    expect(minus({ usd: 6_500, khr: 230_000 }, drawer.expected)).toEqual({ usd: -50, khr: 0 })
    expect(isNothing(minus(drawer.expected, drawer.expected))).toBe(true)
  })
})

it('the open session is the one that is open', () => {
  expect(openSessionOf([session('old', { status: 'CLOSED' }), session('s1')])?.id).toBe('s1')
  expect(openSessionOf([session('old', { status: 'FORCE_CLOSED' })])).toBeNull()
})

it('notes add up', () => {
  expect(totalOf('USD', { 10000: 1, 500: 3, 100: 2 })).toBe(11_700)
  expect(totalOf('KHR', { 50000: 2, 100: 7 })).toBe(100_700)
  expect(totalOf('KHR', {})).toBe(0)
})

describe('what leaves the drawer', () => {
  const tender = (received: Money, change: Money) => ({ method: 'CASH' as const, received, change })
  it.each([
    [tender({ usd: 2000, khr: 0 }, { usd: 1300, khr: 2100 }), { usd: 700, khr: 0 }, { usd: 0, khr: 2100 }],
    [tender({ usd: 0, khr: 50_000 }, { usd: 0, khr: 0 }), { usd: 0, khr: 50_000 }, { usd: 0, khr: 0 }],
    [tender({ usd: 0, khr: 0 }, { usd: 0, khr: 0 }), { usd: 0, khr: 0 }, { usd: 0, khr: 0 }],
  ])('a void of %j gives back %j and takes %j', (of, give, take) =>
    expect(refundOf(of)).toEqual({ give, take }),
  )

  const form = (kind: MovementForm['kind'], currency: Currency, amount: string, isLess = true) =>
    leavingBy({ kind, currency, amount, isLess, reason: '' })
  it.each([
    [form('PAID_OUT', 'USD', '24000'), true],
    [form('PAID_OUT', 'USD', '100'), false],
    [form('PAID_OUT', 'USD', '100.01'), true],
    [form('PAID_OUT', 'KHR', '24000'), true],
    [form('PAID_IN', 'USD', '24000'), false],
    [form('ADJUSTMENT', 'USD', '101'), true],
    [form('ADJUSTMENT', 'USD', '101', false), false],
  ])('%j out of $100 and no riel is asked about: %s', (leaving, isAsked) =>
    expect(isMoreThanThere(leaving, { expected: { usd: 10_000, khr: 0 } })).toBe(isAsked),
  )
})
