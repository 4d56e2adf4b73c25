/**
 * Carts that wait on this tablet while others are served: each with a name, and whose it is. Steps are pure; `kept.ts`
 * keeps them.
 */
import type { Context } from '../../sdk/index.ts'
import { type Cart, isEmpty } from './cart.ts'

export type ParkedCart = {
  cart: Cart
  /** What people call it: a table, a customer; may be empty. */
  name: string
  actorId: string
  /** ISO 8601, this device's clock. */
  parkedAt: string
}

/** More than any counter has waiting. */
export const maxParked = 50

/** Put aside; the cart as it is where it is empty, or where there is no more room. */
export function park(
  parked: readonly ParkedCart[],
  cart: Cart,
  of: { name: string; actorId: Context['actorId']; at: Date },
): readonly ParkedCart[] {
  if (isEmpty(cart) || parked.length >= maxParked) return parked
  const { name, actorId, at } = of
  const others = parked.filter((each) => each.cart.saleId !== cart.saleId)
  return [...others, { cart, name: name.trim(), actorId, parkedAt: at.toISOString() }]
}

export const without = (parked: readonly ParkedCart[], saleId: string): readonly ParkedCart[] =>
  parked.filter(({ cart }) => cart.saleId !== saleId)
