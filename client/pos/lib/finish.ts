/**
 * The cart as a sale.
 */
import type { Money, SaleFinalize, Totals } from '../../contract.ts'
import type { Cart } from './cart.ts'
import type { Menu } from './menu.ts'
import { type Policy, saleLines } from './price-cart.ts'
import { tenderOf } from './tender.ts'

/** All by one menu and one policy: what is on screen is what is sold. */
export type SaleToFinish = { cart: Cart; totals: Totals; policy: Policy; cashSessionId: string }

export const saleOf = (
  { cart, totals, policy, cashSessionId }: SaleToFinish,
  menu: Menu,
  received: Money,
  change: Money,
): SaleFinalize => ({
  saleId: cart.saleId,
  cashSessionId,
  saleType: cart.saleType,
  policyRevision: policy.revision,
  lines: saleLines(cart, menu),
  totals,
  tender: tenderOf(received, change),
})
