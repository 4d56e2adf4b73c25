/**
 * How many of each item are in the cart, told to those who show that item alone: of five hundred tiles a tap draws one.
 */
import type { Cart } from './cart.ts'

export type Counts = ReturnType<typeof createCounts>

export function createCounts(cart: Cart) {
  let counts = countsIn(cart)
  const listeners = new Map<string, Set<() => void>>()
  return {
    of: (itemId: string): number => counts.get(itemId) ?? 0,
    /** Returns how to stop. */
    subscribe(itemId: string, listener: () => void): () => void {
      const ofItem = listeners.get(itemId) ?? new Set()
      listeners.set(itemId, ofItem.add(listener))
      return () => void ofItem.delete(listener)
    },
    /** From here on, what is in this cart. */
    follow(next: Cart): void {
      const before = counts
      counts = countsIn(next)
      for (const itemId of new Set([...before.keys(), ...counts.keys()]))
        if (before.get(itemId) !== counts.get(itemId))
          for (const listener of listeners.get(itemId) ?? []) listener()
    },
  }
}

function countsIn({ lines }: Cart): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { menuItemId, quantity } of lines)
    counts.set(menuItemId, (counts.get(menuItemId) ?? 0) + quantity)
  return counts
}
