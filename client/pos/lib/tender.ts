/**
 * Paying in cash: what was received, in dollars and riel together, what is given back, which amounts people are likely to
 * hand over, and which of them nobody hands over.
 */
import {
  type Currency,
  cents,
  type Money,
  mixedChangeOf,
  type Rounding,
  riel,
  rielDue,
  type SaleFinalize,
  type Totals,
} from '../../contract.ts'
import { isDoubtfulUsd } from '../../ui/format.ts'
import { isUntyped, moneyOf, type TypedMoney, untyped } from './counted.ts'

/** What was received; null where nothing, or no amount, was typed. */
export const receivedOf = (typed: TypedMoney): Money | null => (isUntyped(typed) ? null : moneyOf(typed))

type Due = Pick<Totals, 'totalUsd' | 'totalKhr'>

/** What is due in a currency beside what was received in the other. */
export function dueBeside(currency: Currency, received: Money | null, due: Due, policy: Rounding): number {
  if (currency === 'USD' || !received || received.usd === 0 || received.usd >= due.totalUsd)
    return currency === 'USD' ? due.totalUsd : due.totalKhr
  return rielDue(received.usd, due.totalUsd, policy)
}

/** A tap on a likely amount (`written`): beside what stands in the other currency, or in its place where it is enough. */
export function tapped(
  typed: TypedMoney,
  currency: Currency,
  written: string,
  isEnough: boolean,
): TypedMoney {
  const other = isEnough ? untyped : typed
  return currency === 'USD' ? { usd: written, khr: other.khr } : { usd: other.usd, khr: written }
}

/** `change`: given back. `missing`: what the cash received falls short by: in riel once some were given. */
export type Settlement = { change: Money; missing?: undefined } | { change?: undefined; missing: Money }

export function settle(received: Money, { totalUsd }: Due, policy: Rounding): Settlement {
  const change = mixedChangeOf(received, totalUsd, policy)
  if (change) return { change }
  return received.khr > 0
    ? { missing: { usd: 0, khr: rielDue(received.usd, totalUsd, policy) - received.khr } }
    : { missing: { usd: totalUsd - received.usd, khr: 0 } }
}

export const tenderOf = (received: Money, change: Money): SaleFinalize['tender'] => ({
  method: 'CASH',
  received,
  change,
})

/** More than can be recorded at all. */
export const isBeyondRecording = (received: Money): boolean =>
  !cents.safeParse(received.usd).success || !riel.safeParse(received.khr).success

/** Nobody hands over a note that comes back as it is: the largest ones. */
const largestNote: Money = { usd: 10_000, khr: 200_000 }

/**
 * Why somebody should look again before the sale is finished: far more than is due, or dollars with a comma that may have
 * been a point. `asRiel`: the dollars typed would be likely as riel. Null: nothing is strange.
 */
export type Doubt = { why: 'much' | 'comma'; asRiel: number | null }

export function doubtOf(typed: TypedMoney, received: Money, change: Money, due: Due): Doubt | null {
  const isMuch = change.usd >= largestNote.usd || change.khr >= largestNote.khr
  if (!isMuch) return isDoubtfulUsd(typed.usd) ? { why: 'comma', asRiel: null } : null
  const units = received.usd / 100
  const couldBeRiel =
    received.khr === 0 &&
    Number.isInteger(units) &&
    units >= due.totalKhr &&
    units - due.totalKhr < largestNote.khr
  return { why: 'much', asRiel: couldBeRiel ? units : null }
}

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
