import { TextInput, type TextInputProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Currency, parseMoney } from '../lib/money.ts'

const signs: Record<Currency, string> = { USD: '$', KHR: '៛' }

/** Dollars or riel, as text; says so where it is no amount. */
export function MoneyField(
  props: Omit<TextInputProps, 'onChange' | 'value'> & {
    currency: Currency
    value: string
    onChange: (value: string) => void
  },
) {
  const { currency, value, onChange, error, ...rest } = props
  const { t } = useTranslation('admin')
  const isAmount = value.trim() === '' || parseMoney(currency, value) !== null
  return (
    <TextInput
      inputMode={currency === 'USD' ? 'decimal' : 'numeric'}
      autoComplete="off"
      leftSection={<span aria-hidden>{signs[currency]}</span>}
      {...rest}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={isAmount ? error : t(currency === 'USD' ? 'shell.notAmount' : 'shell.notRiel')}
    />
  )
}
