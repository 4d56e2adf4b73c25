/**
 * What the cart costs, by the menu and the policy that are known now: the server's own arithmetic.
 */
import { type SaleFinalize, type Totals, totalsOf, unitPrice } from '../../contract.ts'
import type { Entity } from '../../sdk/index.ts'
import type { Cart, CartLine } from './cart.ts'
import type { Item, Menu } from './menu.ts'
import { chosenOptions, fitted, isSameSelection, type Selection } from './selection.ts'

export type Policy = Entity<'policy'>

/** Cents for one, with its choices; never less than nothing. */
export function unitPriceOf(menu: Menu, item: Item, selection: Selection): number {
  const prices = chosenOptions(menu.groupsOf(item), selection).map(({ priceUsd }) => priceUsd)
  return unitPrice(item.priceUsd, prices)
}

/** What customer and cashier have to know when the menu has changed under the cart. */
export type Notice =
  | { what: 'price'; name: string; from: number; to: number }
  | { what: 'choices'; name: string }
  | { what: 'gone'; name: string }

/**
 * The cart by the menu of now: lines of items that are no longer sold go, choices that no longer fit are replaced, and
 * prices are the new ones. The same object, and no notices, where nothing has changed.
 */
export function repriced(cart: Cart, menu: Menu): { cart: Cart; notices: readonly Notice[] } {
  const notices: Notice[] = []
  let changed = false
  const lines = cart.lines.flatMap((line): CartLine[] => {
    const after = repricedLine(line, menu, notices)
    if (after !== line) changed = true
    return after ? [after] : []
  })
  return changed ? { cart: { ...cart, lines }, notices } : { cart, notices }
}

function repricedLine(line: CartLine, menu: Menu, notices: Notice[]): CartLine | null {
  const item = menu.item(line.menuItemId)
  if (!item) {
    notices.push({ what: 'gone', name: line.name })
    return null
  }
  const { name } = item
  const optionIds = fitted(menu.groupsOf(item), line.optionIds)
  const otherChoices = !isSameSelection(optionIds, line.optionIds)
  const unitUsd = unitPriceOf(menu, item, optionIds)
  if (otherChoices) notices.push({ what: 'choices', name })
  else if (unitUsd !== line.unitUsd) notices.push({ what: 'price', name, from: line.unitUsd, to: unitUsd })
  if (!otherChoices && unitUsd === line.unitUsd && name === line.name) return line
  return { ...line, name, unitUsd, optionIds: otherChoices ? optionIds : line.optionIds }
}

export const totalsOfCart = ({ lines }: Cart, policy: Policy): Totals => totalsOf(lines, policy)

/** The lines as the sale names them: by the revisions that they were priced with. The cart is `repriced` by this menu. */
export const saleLines = ({ lines }: Cart, menu: Menu): SaleFinalize['lines'] =>
  lines.map(({ menuItemId, quantity, optionIds }) => ({
    menuItemId,
    menuItemRevision: menu.item(menuItemId)!.revision,
    quantity,
    modifierOptionIds: [...optionIds],
  }))
