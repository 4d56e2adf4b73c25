/**
 * Paying in cash: what was received, what is given back, and which amounts people are likely to hand over.
 */
import {
  type Currency,
  changeOf,
  type Money,
  type Rounding,
  type SaleFinalize,
  type Totals,
} from '../../contract.ts'
import { parseKhr, parseUsd } from '../../ui/format.ts'

/** Cents or riel. */
export type Received = { currency: Currency; received: number }

/** What stands in the two fields; at most one of them is filled. */
export type Typed = { usd: string; khr: string }
export const nothingTyped: Typed = { usd: '', khr: '' }

export const typedIn = (currency: Currency, text: string): Typed =>
  currency === 'USD' ? { usd: text, khr: '' } : { usd: '', khr: text }

/** Null where nothing, or no amount, was typed. */
export function receivedOf({ usd, khr }: Typed): Received | null {
  const currency = usd.trim() === '' ? 'KHR' : 'USD'
  const received = currency === 'USD' ? parseUsd(usd) : parseKhr(khr)
  return received === null ? null : { currency, received }
}

type Due = Pick<Totals, 'totalUsd' | 'totalKhr'>

export const dueIn = (currency: Currency, { totalUsd, totalKhr }: Due): number =>
  currency === 'USD' ? totalUsd : totalKhr

/** `change`: given back. `missing`: what the cash received falls short by, in its own currency. */
export type Settlement = { change: Money; missing?: undefined } | { change?: undefined; missing: number }

export function settle(received: Received, due: Due, policy: Rounding): Settlement {
  const change = changeOf(received, due, policy)
  return change ? { change } : { missing: dueIn(received.currency, due) - received.received }
}

export const tenderOf = (received: Received, change: Money): SaleFinalize['tender'] => ({
  method: 'CASH',
  ...received,
  change,
})

/** The notes in people's hands: cents and riel. */
const notes: Record<Currency, readonly number[]> = {
  USD: [100, 500, 1_000, 2_000, 5_000, 10_000],
  KHR: [1_000, 5_000, 10_000, 20_000, 50_000, 100_000],
}

/**
 * Amounts to offer, ascending: the exact one first, then for each note the least that covers the amount in such notes.
 * 550 cents: 550, 600, 1000, 2000, 5000, 10000.
 */
export function likelyAmounts(currency: Currency, due: number): readonly number[] {
  if (due === 0) return [0]
  const rounded = notes[currency].map((note) => Math.ceil(due / note) * note)
  return [...new Set([due, ...rounded])].sort((one, other) => one - other)
}
