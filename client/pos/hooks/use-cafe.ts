/**
 * What the café is just now: its menu, prices, and cash session.
 */
import { useMemo } from 'react'
import { useEntities, useEntity } from '../../react/index.ts'
import { type CashSession, openSessionOf } from '../lib/drawer.ts'
import { type Menu, menuOf } from '../lib/menu.ts'
import type { Policy } from '../lib/price-cart.ts'
import { useContextOfTill } from './use-context.ts'

export function useMenu(): Menu {
  const categories = useEntities('menuCategory')
  const items = useEntities('menuItem')
  const groups = useEntities('modifierGroup')
  return useMemo(() => menuOf(categories, items, groups), [categories, items, groups])
}

export function usePolicy(): Policy | undefined {
  return useEntity('policy', useContextOfTill().branchId)
}

export function useOpenSession(): CashSession | null {
  return openSessionOf(useEntities('cashSession', { where: { status: 'OPEN' } }))
}
