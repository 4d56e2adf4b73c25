import { useTranslation } from 'react-i18next'
import type { Currency } from '../../../contract.ts'
import { khr, usd } from '../../../ui/format.ts'
import { PlainButton } from '../../components/plain-button.tsx'
import { likelyAmounts } from '../../lib/tender.ts'
import classes from './pay.module.css'

/** What customers mostly hand over: the exact amount, or the next notes. `due`: beside the other currency. */
export function QuickCash(props: {
  currency: Currency
  due: number
  chosen: number | null
  onChoose: (amount: number) => void
}) {
  const { currency, due, chosen, onChoose } = props
  const { t } = useTranslation('pos')
  const write = currency === 'USD' ? usd : khr
  return (
    <fieldset
      className={classes.quick}
      data-currency={currency}
      aria-label={t(currency === 'USD' ? 'pay.quickUsd' : 'pay.quickKhr')}
    >
      {likelyAmounts(currency, due).map((amount) => (
        <PlainButton
          key={amount}
          look={amount === chosen ? 'filled' : amount === due ? 'light' : 'default'}
          aria-pressed={amount === chosen}
          aria-label={amount === due ? `${t('pay.exact')}: ${write(amount)}` : undefined}
          data-testid={`quick-${currency.toLowerCase()}`}
          data-amount={amount}
          onClick={() => onChoose(amount)}
        >
          {write(amount).replace(/\.00$/, '')}
        </PlainButton>
      ))}
    </fieldset>
  )
}
