import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { khr, usd } from '../../../ui/format.ts'
import { useCart } from '../../hooks/cart.tsx'
import { usePolicy } from '../../hooks/use-cafe.ts'
import { totalsOfCart } from '../../lib/price-cart.ts'
import classes from './sell.module.css'

export function CartTotals() {
  const { t } = useTranslation('pos')
  const { cart } = useCart()
  const policy = usePolicy()
  if (!policy) return null
  const { subtotalUsd, vatUsd, totalUsd, totalKhr } = totalsOfCart(cart, policy)
  return (
    <div>
      {policy.vatEnabled && (
        <div className={classes.addends}>
          <Row label={t('sell.cart.subtotal')} value={usd(subtotalUsd)} />
          <Row label={t('sell.cart.vat', { rate: policy.vatRatePercent })} value={usd(vatUsd)} />
        </div>
      )}
      <Group justify="space-between" align="baseline" wrap="nowrap" className={classes.sumUp}>
        <Text fw={650}>{t('sell.cart.total')}</Text>
        <div style={{ textAlign: 'right' }} aria-live="polite" aria-atomic>
          <div className={classes.total} data-testid="cart-total-usd">
            {usd(totalUsd)}
          </div>
          <Text c="dimmed" className={classes.amount} data-testid="cart-total-khr">
            {khr(totalKhr)}
          </Text>
        </div>
      </Group>
    </div>
  )
}

function Row({ label, value }: { label: string; value: string }) {
  return (
    <Group justify="space-between" c="dimmed">
      <Text size="sm">{label}</Text>
      <Text size="sm" className={classes.amount}>
        {value}
      </Text>
    </Group>
  )
}
