import { expect, it } from 'vitest'
import { isOfKind, leftOf, type Told, unexplainedOf } from '../../../client/admin/lib/closing.ts'

const told = (of: Partial<Told> = {}): Told => ({
  content: {
    difference: { usd: 2200, khr: 0 },
    outside: { devices: [], refused: { count: 0 } },
  } as unknown as Told['content'],
  supplements: [],
  late: [],
  ...of,
})
const late = (outcome: string | null, count: number, usd: number) => ({
  outcome,
  count,
  cash: { usd, khr: 0 },
})
const supplement = (usd: number) => ({ usd, khr: 0, entries: [] })

it('a difference is explained by what came since, in whichever books it is, and not by what was given up', () => {
  expect(unexplainedOf(told())).toEqual({ usd: 2200, khr: 0 })
  const of = told({ late: [late(null, 5, 1375), late('BOOKED', 2, 550), late('GIVEN_UP', 1, 275)] })
  expect(unexplainedOf(of)).toEqual({ usd: 275, khr: 0 })
  expect(leftOf(of)).toEqual({ usd: 2200, khr: 0 })
  const booked = told({ late: [late('SUPPLEMENTED', 8, 2200)], supplements: [supplement(2200)] })
  expect([unexplainedOf(booked), leftOf(booked)]).toEqual([
    { usd: 0, khr: 0 },
    { usd: 0, khr: 0 },
  ])
})

it('what is in no books yet stays among those with a difference, though it is explained', () => {
  const waits = told({ late: [late(null, 8, 2200)] })
  expect(isOfKind(waits, 'different')).toBe(true)
  expect(isOfKind(waits, 'outside')).toBe(true)
  expect(isOfKind(told(), 'outside')).toBe(false)
})
