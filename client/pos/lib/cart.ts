/**
 * The cart: what the customer is about to pay for. Steps are pure; prices come from the menu (`price-cart.ts`).
 */
import type { SaleFinalize } from '../../contract.ts'
import type { Item } from './menu.ts'
import { isSameSelection, type Selection } from './selection.ts'

export type SaleType = SaleFinalize['saleType']
export const saleTypes: readonly SaleType[] = ['DINE_IN', 'TAKEAWAY', 'DELIVERY']

export type CartLine = {
  id: string
  menuItemId: string
  /** As it was called when it was last seen on the menu. */
  name: string
  quantity: number
  optionIds: Selection
  /** Cents for one, as shown last: when the menu says something else, people are told. */
  unitUsd: number
}

/** `saleId` is made with the cart, not with the payment: whatever happens in between, it is one sale. */
export type Cart = { saleId: string; saleType: SaleType; lines: readonly CartLine[] }

export const maxQuantity = 999
export const maxLines = 200

export const emptyCart = (saleId: string, saleType: SaleType = 'DINE_IN'): Cart => ({
  saleId,
  saleType,
  lines: [],
})

export const isEmpty = ({ lines }: Cart): boolean => lines.length === 0

/** How many things are in it. */
export const countOf = ({ lines }: Cart): number => lines.reduce((sum, { quantity }) => sum + quantity, 0)

export type Addition = {
  item: Pick<Item, 'id' | 'name'>
  optionIds: Selection
  unitUsd: number
  lineId: string
}

/** One more: of the line with the same item and choices where there is one, else on a new line. Says which line. */
export function addToCart(
  cart: Cart,
  { item, optionIds, unitUsd, lineId }: Addition,
): [Cart, lineId: string] {
  const same = cart.lines.find(
    (line) => line.menuItemId === item.id && isSameSelection(line.optionIds, optionIds),
  )
  if (same) return [setQuantity(cart, same.id, same.quantity + 1), same.id]
  if (cart.lines.length >= maxLines) return [cart, cart.lines.at(-1)!.id]
  const line = { id: lineId, menuItemId: item.id, name: item.name, quantity: 1, optionIds, unitUsd }
  return [{ ...cart, lines: [...cart.lines, line] }, lineId]
}

/** 0 takes the line out; more than can be sold at once is cut. */
export function setQuantity(cart: Cart, lineId: string, quantity: number): Cart {
  if (quantity <= 0) return { ...cart, lines: cart.lines.filter(({ id }) => id !== lineId) }
  return changeLine(cart, lineId, { quantity: Math.min(quantity, maxQuantity) })
}

/** One of a line on a line of its own, so that it can have other choices. The cart as it is where there is only one. */
export function splitLine(cart: Cart, lineId: string, newLineId: string): Cart {
  const line = cart.lines.find(({ id }) => id === lineId)
  if (!line || line.quantity < 2 || cart.lines.length >= maxLines) return cart
  return {
    ...cart,
    lines: cart.lines.flatMap((each) =>
      each === line
        ? [
            { ...line, quantity: line.quantity - 1 },
            { ...line, id: newLineId, quantity: 1 },
          ]
        : [each],
    ),
  }
}

/** Other choices for a line. It stays a line of its own, also where another is the same now: it is being worked on. */
export const setOptions = (cart: Cart, lineId: string, optionIds: Selection, unitUsd: number): Cart =>
  changeLine(cart, lineId, { optionIds, unitUsd })

const changeLine = (cart: Cart, lineId: string, change: Partial<CartLine>): Cart => ({
  ...cart,
  lines: cart.lines.map((line) => (line.id === lineId ? { ...line, ...change } : line)),
})
