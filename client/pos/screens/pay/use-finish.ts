import { useRef } from 'react'
import { useLocation } from 'wouter'
import type { Money } from '../../../contract.ts'
import { usePerform, useSyncClient } from '../../../react/index.ts'
import { useCartSteps } from '../../hooks/cart.tsx'
import { type SaleToFinish, saleOf } from '../../lib/finish.ts'
import { keepReference } from '../../lib/references.ts'

export type { SaleToFinish } from '../../lib/finish.ts'

/** Queues the sale, then shows its receipt and begins a new cart. A second tap meanwhile does nothing. */
export function useFinish() {
  const { menu, startAnew } = useCartSteps()
  const [, navigate] = useLocation()
  const { perform, isPerforming, blocked } = usePerform()
  const client = useSyncClient()
  const isUnderWay = useRef(false)

  async function finish(sale: SaleToFinish, received: Money, change: Money): Promise<void> {
    if (isUnderWay.current) return
    isUnderWay.current = true
    try {
      const done = await perform('sale.finalize', saleOf(sale, menu, received, change))
      if (!done) return
      const reference = client.referenceOf(done)
      if (reference) keepReference(sale.cart.saleId, reference)
      navigate(`/receipt/${sale.cart.saleId}`, { replace: true })
      startAnew()
    } finally {
      isUnderWay.current = false
    }
  }
  return { finish, isFinishing: isPerforming, blocked }
}
