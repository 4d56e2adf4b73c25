/** Sums of both currencies, and amounts as they are typed. */
import type { Currency, Money } from '../../src/modules/primitives.ts'
import { parseKhr, parseUsd } from './format.ts'

export const plus = (one: Money, other: Money): Money => ({
  usd: one.usd + other.usd,
  khr: one.khr + other.khr,
})
export const minus = (one: Money, other: Money): Money => ({
  usd: one.usd - other.usd,
  khr: one.khr - other.khr,
})
export const isNothing = ({ usd, khr }: Money): boolean => usd === 0 && khr === 0

/** Cents or riel; null where it is no amount. */
export const parseIn = (currency: Currency, text: string): number | null =>
  currency === 'USD' ? parseUsd(text) : parseKhr(text)
