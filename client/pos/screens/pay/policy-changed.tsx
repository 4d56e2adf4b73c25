import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Totals } from '../../../contract.ts'
import { khr, usd } from '../../../ui/format.ts'
import { Changed } from '../../components/changed.tsx'
import type { Cart } from '../../lib/cart.ts'
import type { Policy } from '../../lib/price-cart.ts'

type Shown = { cart: Cart; totals: Totals; revision: number }

/** VAT or the rate has changed while somebody pays: the total must not move without a word. */
export function PolicyChanged({ cart, totals, policy }: { cart: Cart; totals: Totals; policy: Policy }) {
  const { t } = useTranslation('pos')
  const [seen, setSeen] = useState<Shown>({ cart, totals, revision: policy.revision })
  const now = { cart, totals, revision: policy.revision }
  // What the menu has changed in the cart is told by the menu's own notice.
  if (seen.cart !== cart && seen.revision === policy.revision) setSeen(now)
  const isSame = seen.totals.totalUsd === totals.totalUsd && seen.totals.totalKhr === totals.totalKhr
  if (seen.revision === policy.revision || isSame) return null
  const both = ({ totalUsd, totalKhr }: Totals) => `${usd(totalUsd)} (${khr(totalKhr)})`
  return (
    <Changed title={t('pay.policy.title')} data-testid="policy-changed" onSeen={() => setSeen(now)}>
      {t('pay.policy.text', { from: both(seen.totals), to: both(totals) })}
    </Changed>
  )
}
