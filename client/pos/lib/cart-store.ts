/**
 * What is in the cart, told to those who show it. A React context would not do: with each tap React would look through
 * all of the tree below it for who asks, and five hundred tiles are most of that tree.
 */
import type { Cart } from './cart.ts'

export type CartStore<Carts> = ReturnType<typeof createCartStore<Carts & { cart: Cart }>>

export function createCartStore<Carts extends { cart: Cart }>(first: Carts) {
  let carts = first
  let counts = countsIn(first.cart)
  const listeners = new Set<() => void>()
  const listenersOf = new Map<string, Set<() => void>>()
  return {
    get: (): Carts => carts,
    /** How many of the item are in the cart. */
    countOf: (itemId: string): number => counts.get(itemId) ?? 0,
    /** Told of every step. Returns how to stop. */
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    /** Told when there are more or fewer of that item: of five hundred tiles a tap draws one. Returns how to stop. */
    subscribeTo(itemId: string, listener: () => void): () => void {
      const ofItem = listenersOf.get(itemId) ?? new Set()
      listenersOf.set(itemId, ofItem.add(listener))
      return () => void ofItem.delete(listener)
    },
    /** From here on, this is how it is. */
    follow(next: Carts): void {
      const before = counts
      if (next.cart !== carts.cart) counts = countsIn(next.cart)
      carts = next
      for (const itemId of new Set([...before.keys(), ...counts.keys()]))
        if (before.get(itemId) !== counts.get(itemId))
          for (const listener of listenersOf.get(itemId) ?? []) listener()
      for (const listener of listeners) listener()
    },
  }
}

function countsIn({ lines }: Cart): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { menuItemId, quantity } of lines)
    counts.set(menuItemId, (counts.get(menuItemId) ?? 0) + quantity)
  return counts
}
