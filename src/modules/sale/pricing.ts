/**
 * Price arithmetic, the same on the till and on the server: integers only, cents and riel.
 * Pure; the client imports this file. Source: the café's rules, "Policy and price arithmetic".
 */
import type { PolicyValues } from '../policy/contract.ts'
import type { Currency, Money } from '../primitives.ts'

export type LinePrice = { unitUsd: number; quantity: number }
export type Totals = { subtotalUsd: number; vatUsd: number; totalUsd: number; totalKhr: number }
export type Rounding = Pick<
  PolicyValues,
  'fxRateKhrPerUsd' | 'khrRoundingEnabled' | 'khrRoundingMode' | 'khrRoundingGranularity'
>

/** `numerator / denominator`, both exact, to an integer; half goes up (towards positive infinity). */
function divide(numerator: bigint, denominator: bigint, mode: 'NEAREST' | 'UP' | 'DOWN'): bigint {
  const shifted =
    mode === 'NEAREST'
      ? 2n * numerator + denominator
      : mode === 'UP'
        ? numerator + denominator - 1n
        : numerator
  const by = mode === 'NEAREST' ? 2n * denominator : denominator
  const quotient = shifted / by
  return shifted % by < 0n ? quotient - 1n : quotient
}

/** Price of one unit: the item's and its selected modifiers', in cents. Choices take off what there is, and no more. */
export const unitPrice = (priceUsd: number, modifierPrices: readonly number[]): number =>
  Math.max(
    0,
    modifierPrices.reduce((sum, price) => sum + price, priceUsd),
  )

/** Cents in riel at the policy's rate, rounded from the exact amount to its granularity by its mode. */
export function toRiel(cents: number, policy: Rounding): number {
  const exact = BigInt(cents) * BigInt(policy.fxRateKhrPerUsd)
  if (!policy.khrRoundingEnabled) return Number(divide(exact, 100n, 'NEAREST'))
  const granularity = BigInt(policy.khrRoundingGranularity)
  return Number(divide(exact, 100n * granularity, policy.khrRoundingMode) * granularity)
}

/** What the customer owes. VAT is half up to the cent, nothing where it is off. */
export function totalsOf(lines: readonly LinePrice[], policy: PolicyValues): Totals {
  const subtotalUsd = lines.reduce((sum, { unitUsd, quantity }) => sum + unitUsd * quantity, 0)
  const vatUsd = policy.vatEnabled
    ? Number(divide(BigInt(subtotalUsd) * BigInt(policy.vatRatePercent), 100n, 'NEAREST'))
    : 0
  const totalUsd = subtotalUsd + vatUsd
  return { subtotalUsd, vatUsd, totalUsd, totalKhr: toRiel(totalUsd, policy) }
}

/** What is given back is rounded the other way than what is asked for: with UP the shop does not pay, either. */
const otherWay = { UP: 'DOWN', DOWN: 'UP', NEAREST: 'NEAREST' } as const
const rielBack = (cents: number, policy: Rounding): number =>
  toRiel(cents, { ...policy, khrRoundingMode: otherWay[policy.khrRoundingMode] })

/** Riel that are due beside the dollars received, which count first. Source: the café's rules, "Mixed cash". */
export const rielDue = (receivedUsd: number, totalUsd: number, policy: Rounding): number =>
  receivedUsd < totalUsd ? toRiel(totalUsd - receivedUsd, policy) : 0

/**
 * The change of dollars and riel taken together, or null where they do not cover the total. Whole dollars go back in
 * dollars (as cents), their cents in riel; riel that were not needed go back as they came.
 */
export function mixedChangeOf(received: Money, totalUsd: number, policy: Rounding): Money | null {
  const back = received.usd - totalUsd
  if (back < 0) {
    const khr = received.khr - rielDue(received.usd, totalUsd, policy)
    return khr < 0 ? null : { usd: 0, khr }
  }
  const cents = back % 100
  return { usd: back - cents, khr: received.khr + rielBack(cents, policy) }
}

/**
 * The change of a tender of the first form, which is in one currency, or null where it does not cover the total. Paid in
 * riel: riel. Paid in dollars: the whole dollars of it in dollars (as cents), the rest in riel, rounded as the total is.
 */
export function changeOf(
  tender: { currency: Currency; received: number },
  totals: Pick<Totals, 'totalUsd' | 'totalKhr'>,
  policy: Rounding,
): Money | null {
  const left = tender.received - (tender.currency === 'USD' ? totals.totalUsd : totals.totalKhr)
  if (left < 0) return null
  if (tender.currency === 'KHR') return { usd: 0, khr: left }
  const cents = left % 100
  return { usd: left - cents, khr: toRiel(cents, policy) }
}
