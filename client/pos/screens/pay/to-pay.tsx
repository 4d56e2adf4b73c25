import { Card, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Totals } from '../../../contract.ts'
import { khr, usd } from '../../../ui/format.ts'
import { useHasCartColumn } from '../../hooks/use-layout.ts'
import type { Cart } from '../../lib/cart.ts'
import classes from './pay.module.css'

export function ToPay({ cart, totals }: { cart: Cart; totals: Totals }) {
  const { t } = useTranslation('pos')
  const hasRoom = useHasCartColumn()
  return (
    <Card withBorder padding={hasRoom ? 'lg' : 'sm'}>
      <Text c="dimmed">{t('pay.due')}</Text>
      <div className={classes.due}>
        <span className={classes.dueUsd} data-testid="cart-total-usd">
          {usd(totals.totalUsd)}
        </span>
        <span className={classes.dueKhr} data-testid="cart-total-khr">
          {khr(totals.totalKhr)}
        </span>
      </div>
      {hasRoom && (
        <ul className={classes.lines}>
          {cart.lines.map(({ id, name, quantity, unitUsd }) => (
            <li key={id}>
              <span>
                {quantity} × {name}
              </span>
              <span>{usd(unitUsd * quantity)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
