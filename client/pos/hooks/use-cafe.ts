/**
 * What the café is just now: its menu, prices, cash session, and what is not allowed.
 */
import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react'
import { useEntities, useEntity, useSyncClient } from '../../react/index.ts'
import type { OnlineType } from '../../sdk/index.ts'
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

export type Blocked = { code: string; message: string }

/** Why an operation would not be taken now, or null: for buttons. */
export function useBlocked(type: OnlineType): Blocked | null {
  const client = useSyncClient()
  const last = useRef<Blocked | null>(null)
  const subscribe = useCallback((listener: () => void) => client.subscribe(listener), [client])
  return useSyncExternalStore(subscribe, () => {
    const now = client.blocked(type)
    if (now?.code !== last.current?.code || now?.message !== last.current?.message) last.current = now
    return last.current
  })
}
