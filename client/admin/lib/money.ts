/** Amounts as people type them. */
import type { Currency } from '../../contract.ts'
import { parseIn } from '../../ui/money.ts'

export type { Currency }

/** Cents or riel; null where it is no amount. A sign may stand in front, for changes. */
export function parseMoney(currency: Currency, text: string): number | null {
  const [, minus, rest = ''] = /^\s*([-−]?)(.*)$/.exec(text) ?? []
  const amount = parseIn(currency, rest)
  return amount === null || !minus ? amount : 0 - amount
}

/** Cents as one would type them: 250 is `2.50`. */
export const typedUsd = (cents: number): string => (cents / 100).toFixed(2)

/** What is typed as a whole number, with a sign perhaps; null where it is none. */
export function parseWhole(text: string): number | null {
  const amount = parseMoney('KHR', text)
  return amount !== null && Number.isSafeInteger(amount) ? amount : null
}
