import { TextInput, type TextInputProps } from '@mantine/core'
import type { Currency } from '../lib/money.ts'

const signs: Record<Currency, string> = { USD: '$', KHR: '៛' }

/** Dollars or riel, as text. */
export function MoneyField({ currency, ...props }: TextInputProps & { currency: Currency }) {
  return (
    <TextInput
      inputMode={currency === 'USD' ? 'decimal' : 'numeric'}
      autoComplete="off"
      leftSection={<span aria-hidden>{signs[currency]}</span>}
      {...props}
    />
  )
}
