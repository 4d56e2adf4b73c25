import { describe, expect, it } from 'vitest'
import {
  type CashMovement,
  type CashSession,
  drawerOf,
  isNothing,
  minus,
  openSessionOf,
  totalOf,
} from '../../../client/pos/lib/drawer.ts'

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
