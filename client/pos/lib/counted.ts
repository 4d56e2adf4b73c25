/**
 * Amounts of both currencies as they are typed into two fields.
 */
import type { Money } from '../../contract.ts'
import { parseKhr, parseUsd } from '../../ui/format.ts'

export type TypedMoney = { usd: string; khr: string }
export const untyped: TypedMoney = { usd: '', khr: '' }

export const isUntyped = ({ usd, khr }: TypedMoney): boolean => usd.trim() === '' && khr.trim() === ''

/** Nothing typed is nothing there; null where one of the two is no amount. */
export function moneyOf({ usd, khr }: TypedMoney): Money | null {
  const cents = usd.trim() === '' ? 0 : parseUsd(usd)
  const riel = khr.trim() === '' ? 0 : parseKhr(khr)
  return cents === null || riel === null ? null : { usd: cents, khr: riel }
}

/** What was counted: of each currency, as an empty field is not zero. null where one of the two says nothing. */
export const countedOf = (typed: TypedMoney): Money | null =>
  typed.usd.trim() === '' || typed.khr.trim() === '' ? null : moneyOf(typed)

/** An amount as it would be typed: 550 cents are `5.50`, 500 are `5`. */
export const typedUsd = (cents: number): string =>
  cents % 100 === 0 ? String(cents / 100) : (cents / 100).toFixed(2)
export const typedKhr = (riel: number): string => String(riel)
