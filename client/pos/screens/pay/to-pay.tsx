import { Card, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Totals } from '../../../contract.ts'
import { khr, usd } from '../../../ui/format.ts'
import { useCartSteps } from '../../hooks/cart.tsx'
import { useHasCartColumn } from '../../hooks/use-layout.ts'
import type { Cart, CartLine } from '../../lib/cart.ts'
import type { Policy } from '../../lib/price-cart.ts'
import { chosenOptions } from '../../lib/selection.ts'
import classes from './pay.module.css'

/** What is to pay, and how it adds up. */
export function ToPay({ cart, totals, policy }: { cart: Cart; totals: Totals; policy: Policy }) {
  const { t } = useTranslation('pos')
  const hasRoom = useHasCartColumn()
  return (
    <Card withBorder padding={hasRoom ? 'lg' : 'sm'} className={classes.toPay}>
      <Text c="dimmed">{t('pay.due')}</Text>
      <div className={classes.due}>
        <span className={classes.dueUsd} data-testid="cart-total-usd">
          {usd(totals.totalUsd)}
        </span>
        <span className={classes.dueKhr} data-testid="cart-total-khr">
          {khr(totals.totalKhr)}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: where it scrolls, the keyboard must reach it */}
      <section className={classes.list} aria-label={t('pay.list')} tabIndex={0} data-testid="pay-list">
        <ul className={classes.lines}>
          {cart.lines.map((line) => (
            <Line key={line.id} line={line} />
          ))}
        </ul>
      </section>
      {policy.vatEnabled && (
        <ul className={classes.lines}>
          <li className={classes.sum}>
            <span>{t('sell.cart.subtotal')}</span>
            <span>{usd(totals.subtotalUsd)}</span>
          </li>
          <li data-testid="pay-vat">
            <span>{t('sell.cart.vat', { rate: policy.vatRatePercent })}</span>
            <span>{usd(totals.vatUsd)}</span>
          </li>
        </ul>
      )}
    </Card>
  )
}

function Line({ line: { name, menuItemId, optionIds, quantity, unitUsd } }: { line: CartLine }) {
  const { menu } = useCartSteps()
  const item = menu.item(menuItemId)
  const choices = item ? chosenOptions(menu.groupsOf(item), optionIds) : []
  return (
    <li>
      <span>
        {quantity} × {name}
        {choices.length > 0 && (
          <Text span display="block" size="sm" c="dimmed">
            {choices.map((choice) => choice.name).join(', ')}
          </Text>
        )}
      </span>
      <span>{usd(unitUsd * quantity)}</span>
    </li>
  )
}
