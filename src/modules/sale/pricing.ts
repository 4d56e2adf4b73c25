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

/** Price of one unit: the item's and its selected modifiers', in cents. */
export const unitPrice = (priceUsd: number, modifierPrices: readonly number[]): number =>
  modifierPrices.reduce((sum, price) => sum + price, priceUsd)

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

/**
 * The change, or null where what was received does not cover the total. Paid in riel: riel. Paid in dollars:
 * the whole dollars of it in dollars (as cents), the rest in riel.
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
