import { Badge, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconShoppingBag } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { khr, usd } from '../../../ui/format.ts'
import { useCart } from '../../hooks/cart.tsx'
import { usePolicy } from '../../hooks/use-cafe.ts'
import { countOf, isEmpty } from '../../lib/cart.ts'
import { totalsOfCart } from '../../lib/price-cart.ts'
import classes from './cart.module.css'
import { LeftCart } from './left-cart.tsx'
import { MenuChanged } from './menu-changed.tsx'
import { PayButton } from './pay-button.tsx'

/** The cart in one line, where there is no room for more: a tap on it shows all. */
export function CartBar({ blocked, onShow }: { blocked: string | null; onShow: () => void }) {
  const { t } = useTranslation('pos')
  const cart = useCart((carts) => carts.cart)
  const policy = usePolicy()
  const totals = policy && totalsOfCart(cart, policy)
  return (
    <>
      <MenuChanged />
      <LeftCart />
      <div className={classes.bar}>
        <UnstyledButton className={classes.barCart} onClick={onShow}>
          <VisuallyHidden>{t('sell.cart.show')}</VisuallyHidden>
          <IconShoppingBag aria-hidden />
          <Badge circle size="lg" aria-hidden>
            {countOf(cart)}
          </Badge>
          <span>
            <Text
              span
              display="block"
              fw={700}
              fz="lg"
              className={classes.amount}
              data-testid="cart-total-usd"
            >
              {usd(totals?.totalUsd ?? 0)}
            </Text>
            <Text span display="block" size="xs" c="dimmed" className={classes.amount}>
              {khr(totals?.totalKhr ?? 0)}
            </Text>
          </span>
        </UnstyledButton>
        <div style={{ flex: 1 }}>
          <PayButton isEmpty={isEmpty(cart)} blocked={blocked} />
        </div>
      </div>
    </>
  )
}
