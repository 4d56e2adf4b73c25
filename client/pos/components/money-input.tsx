import { TextInput, type TextInputProps } from '@mantine/core'
import type { Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { Currency } from '../../contract.ts'
import { parseIn } from '../../ui/money.ts'
import classes from './money-input.module.css'

const signs: Record<Currency, string> = { USD: '$', KHR: '៛' }

/** Dollars (`5` or `5.00`) or riel, as text; says so where it is no amount. */
export function MoneyInput(
  props: Omit<TextInputProps, 'onChange' | 'value'> & {
    currency: Currency
    value: string
    onChange: (value: string) => void
    ref?: Ref<HTMLInputElement>
  },
) {
  const { currency, value, onChange, error, ...rest } = props
  const { t } = useTranslation('pos')
  const isAmount = value.trim() === '' || parseIn(currency, value) !== null
  return (
    <TextInput
      inputMode={currency === 'USD' ? 'decimal' : 'numeric'}
      autoComplete="off"
      enterKeyHint="done"
      leftSection={<span aria-hidden>{signs[currency]}</span>}
      placeholder="0"
      classNames={{
        root: classes.root,
        label: classes.name,
        wrapper: classes.field,
        input: classes.input,
        section: classes.sign,
      }}
      {...rest}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onFocus={(event) => {
        event.currentTarget.select()
        rest.onFocus?.(event)
      }}
      error={isAmount ? error : t('pay.notAmount')}
    />
  )
}
