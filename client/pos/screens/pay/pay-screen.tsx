import { ActionIcon, Group } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Redirect, useLocation } from 'wouter'
import { useBlocked } from '../../../react/index.ts'
import { useReason } from '../../../ui/reasons.ts'
import { Heading, useScreenTitle } from '../../components/screen.tsx'
import { useCart } from '../../hooks/cart.tsx'
import { useOpenSession, usePolicy } from '../../hooks/use-cafe.ts'
import { isEmpty } from '../../lib/cart.ts'
import { totalsOfCart } from '../../lib/price-cart.ts'
import { MenuChanged } from '../sell/menu-changed.tsx'
import classes from './pay.module.css'
import { PayForm } from './pay-form.tsx'
import { PolicyChanged } from './policy-changed.tsx'
import { ToPay } from './to-pay.tsx'

/** What is to pay, what the customer gives, what they get back. */
export function PayScreen() {
  const { t } = useTranslation('pos')
  const reason = useReason()
  const [, navigate] = useLocation()
  const cart = useCart((carts) => carts.cart)
  const policy = usePolicy()
  const session = useOpenSession()
  const blocked = useBlocked('sale.finalize')
  useScreenTitle(t('pay.title'))
  // Also right after the sale: the receipt is on its way.
  if (isEmpty(cart) || !policy || !session) return <Redirect to="/" replace />
  const totals = totalsOfCart(cart, policy)
  return (
    <div className={classes.pay}>
      <Group gap="xs" wrap="nowrap">
        <ActionIcon
          variant="default"
          aria-label={t('pay.back')}
          onClick={() => navigate('/', { replace: true })}
        >
          <IconArrowLeft />
        </ActionIcon>
        <Heading>{t('pay.title')}</Heading>
      </Group>
      <MenuChanged />
      <PolicyChanged cart={cart} totals={totals} policy={policy} />
      <div className={classes.columns}>
        <ToPay cart={cart} totals={totals} policy={policy} />
        <PayForm
          sale={{ cart, totals, policy, cashSessionId: session.id }}
          notNow={blocked && reason(blocked)}
        />
      </div>
    </div>
  )
}
