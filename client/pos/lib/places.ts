/**
 * Where in the till somebody has something to do: by their role, so that no tab leads to a refusal.
 */
import type { Permission, Role } from '../../contract.ts'
import { mayAlone } from './approval.ts'

export type Place = 'sell' | 'work' | 'cash' | 'sales' | 'stock'

const needs: Record<Exclude<Place, 'work'>, Permission> = {
  sell: 'sale.finalize',
  cash: 'cashSession.read',
  sales: 'sale.read',
  stock: 'inventory.read',
}

/** The first is home. Whoever sells nothing has their work there. */
export function placesFor(role: Role | null): readonly Place[] {
  const places = (['sell', 'cash', 'sales', 'stock'] as const).filter((place) => mayAlone(role, needs[place]))
  return places[0] === 'sell' ? places : ['work', ...places]
}
