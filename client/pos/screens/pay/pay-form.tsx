import { Button, Group, Stack, Text } from '@mantine/core'
import { type SubmitEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Currency } from '../../../contract.ts'
import { KeyPad } from '../../components/key-pad.tsx'
import { MoneyInput } from '../../components/money-input.tsx'
import { Problem } from '../../components/problem.tsx'
import { useHasCartColumn, useIsTouch } from '../../hooks/use-layout.ts'
import { typedKhr, typedUsd } from '../../lib/counted.ts'
import { nothingTyped, receivedOf, settle, typedIn } from '../../lib/tender.ts'
import { QuickCash } from './quick-cash.tsx'
import { Settled } from './settled.tsx'
import { type SaleToFinish, useFinish } from './use-finish.ts'

const currencies = ['USD', 'KHR'] as const
const fields = {
  USD: { label: 'pay.receivedUsd', testId: 'received-usd', name: 'usd', written: typedUsd },
  KHR: { label: 'pay.receivedKhr', testId: 'received-khr', name: 'khr', written: typedKhr },
} as const

export function PayForm({ sale, notNow }: { sale: SaleToFinish; notNow: string | null }) {
  const { t } = useTranslation('pos')
  const hasPad = useHasCartColumn()
  const isTouch = useIsTouch()
  const [typed, setTyped] = useState(nothingTyped)
  const [active, setActive] = useState<Currency>('USD')
  const first = useRef<HTMLInputElement>(null)
  // After the heading: whoever has a keyboard types the amount at once.
  useEffect(() => first.current?.focus(), [])
  const { finish, isFinishing, blocked } = useFinish()
  const received = receivedOf(typed)
  const settlement = received && settle(received, sale.totals, sale.policy)
  const change = settlement?.change ?? null

  function type(currency: Currency, text: string) {
    setActive(currency)
    setTyped(typedIn(currency, text))
  }
  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (received && change && !notNow) void finish(sale, received, change)
  }

  return (
    <Stack component="form" gap="sm" onSubmit={submit}>
      <Group grow align="flex-start" gap="sm">
        {currencies.map((currency) => (
          <MoneyInput
            key={currency}
            ref={currency === 'USD' ? first : undefined}
            currency={currency}
            size="lg"
            label={t(fields[currency].label)}
            data-testid={fields[currency].testId}
            inputMode={isTouch && hasPad ? 'none' : currency === 'USD' ? 'decimal' : 'numeric'}
            value={typed[fields[currency].name]}
            onFocus={() => setActive(currency)}
            onChange={(text) => type(currency, text)}
          />
        ))}
      </Group>
      {currencies.map((currency) => (
        <QuickCash
          key={currency}
          currency={currency}
          totals={sale.totals}
          chosen={received?.currency === currency ? received.received : null}
          onChoose={(amount) => type(currency, fields[currency].written(amount))}
        />
      ))}
      {hasPad && (
        <KeyPad kind={active} value={typed[fields[active].name]} onChange={(text) => type(active, text)} />
      )}
      <Settled currency={received?.currency ?? active} settlement={settlement} />
      {notNow && <Text c="var(--mantine-color-error)">{notNow}</Text>}
      {blocked && <Problem of={blocked} />}
      <Button
        type="submit"
        size="xl"
        data-testid="finalize"
        loading={isFinishing}
        disabled={!change || notNow !== null}
      >
        {t('pay.finalize')}
      </Button>
    </Stack>
  )
}
