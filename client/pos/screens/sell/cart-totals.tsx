import { memo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { khr, usd } from '../../../ui/format.ts'
import { useCart } from '../../hooks/cart.tsx'
import { usePolicy } from '../../hooks/use-cafe.ts'
import { totalsOfCart } from '../../lib/price-cart.ts'
import classes from './cart.module.css'

/** Plain elements: it is drawn with every tap. */
export function CartTotals() {
  const cart = useCart((carts) => carts.cart)
  const policy = usePolicy()
  if (!policy) return null
  const { subtotalUsd, vatUsd, totalUsd, totalKhr } = totalsOfCart(cart, policy)
  return (
    <div>
      {policy.vatEnabled && (
        <div className={classes.addends}>
          <Row label={<Words of="subtotal" />} value={usd(subtotalUsd)} />
          <Row label={<Vat rate={policy.vatRatePercent} />} value={usd(vatUsd)} />
        </div>
      )}
      <div className={classes.sumUp}>
        <span>
          <Words of="total" />
        </span>
        <div aria-live="polite" aria-atomic>
          <div className={classes.total} data-testid="cart-total-usd">
            {usd(totalUsd)}
          </div>
          <div className={classes.totalKhr} data-testid="cart-total-khr">
            {khr(totalKhr)}
          </div>
        </div>
      </div>
    </div>
  )
}

/* Words stay from one tap to the next, and are not looked up with each. */

const Words = memo(function Words({ of }: { of: 'subtotal' | 'total' }) {
  const { t } = useTranslation('pos')
  return t(`sell.cart.${of}`)
})

const Vat = memo(function Vat({ rate }: { rate: number }) {
  const { t } = useTranslation('pos')
  return t('sell.cart.vat', { rate })
})

function Row({ label, value }: { label: ReactNode; value: string }) {
  return (
    <div className={classes.addend}>
      <span>{label}</span>
      <span className={classes.amount}>{value}</span>
    </div>
  )
}
