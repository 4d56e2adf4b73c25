/**
 * Putting money into the drawer, taking some out, setting it right: from a form to an operation.
 */
import type { CashSessionMovement, Currency, Money, Permission } from '../../contract.ts'
import { parseIn } from '../../ui/money.ts'

export type MovementKind = CashSessionMovement['kind']

/** Setting the drawer right takes more than putting in and taking out. */
export const permissionFor = (kind: MovementKind): Permission =>
  kind === 'ADJUSTMENT' ? 'cashSession.adjust' : 'cashSession.operate'

export type MovementForm = {
  kind: MovementKind
  currency: Currency
  /** As typed: dollars or riel, never negative. */
  amount: string
  /** Of an adjustment: the drawer has less than it should. */
  isLess: boolean
  reason: string
}

/** Cents or riel, signed as the operation wants it; null where it is no amount, or nothing. */
export function signedAmountOf({ kind, currency, amount, isLess }: MovementForm): number | null {
  const parsed = parseIn(currency, amount)
  if (!parsed) return null
  return kind === 'ADJUSTMENT' && isLess ? -parsed : parsed
}

/** What it takes out of the drawer. */
export function leavingBy(form: MovementForm): Money {
  const amount = signedAmountOf(form) ?? 0
  const out = form.kind === 'PAID_OUT' ? amount : Math.max(0, 0 - amount)
  return form.currency === 'USD' ? { usd: out, khr: 0 } : { usd: 0, khr: out }
}

/** What is still missing, or null. */
export function missingInMovement(form: MovementForm): 'amount' | 'reason' | null {
  if (signedAmountOf(form) === null) return 'amount'
  return form.reason.trim() === '' ? 'reason' : null
}

/** Of a form with nothing missing. */
export const movementOf = (
  form: MovementForm,
  ids: { movementId: string; cashSessionId: string },
): CashSessionMovement => ({
  ...ids,
  kind: form.kind,
  currency: form.currency,
  amount: signedAmountOf(form)!,
  reason: form.reason.trim(),
})
