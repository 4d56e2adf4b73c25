import { Button, Group, Stack, Text } from '@mantine/core'
import { type SubmitEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Currency, Money } from '../../../contract.ts'
import { khr, usd } from '../../../ui/format.ts'
import { inSight } from '../../components/in-sight.ts'
import { KeyPad } from '../../components/key-pad.tsx'
import { MoneyInput } from '../../components/money-input.tsx'
import { Problem } from '../../components/problem.tsx'
import { useHasCartColumn, useHasRoomForKeys, useIsTouch } from '../../hooks/use-layout.ts'
import { type TypedMoney, typedKhr, typedUsd, untyped } from '../../lib/counted.ts'
import {
  type Doubt,
  doubtOf,
  dueBeside,
  isBeyondRecording,
  receivedOf,
  settle,
  tapped,
} from '../../lib/tender.ts'
import { LookAgain } from './look-again.tsx'
import classes from './pay.module.css'
import { QuickCash } from './quick-cash.tsx'
import { Settled } from './settled.tsx'
import { type SaleToFinish, useFinish } from './use-finish.ts'

const currencies = ['USD', 'KHR'] as const
const fields = {
  USD: { label: 'pay.receivedUsd', testId: 'received-usd', name: 'usd', written: typedUsd },
  KHR: { label: 'pay.receivedKhr', testId: 'received-khr', name: 'khr', written: typedKhr },
} as const
/** As `money` in the contract; written out for people. */
const ceiling = { usd: usd(1_000_000_000), khr: khr(5_000_000_000_000) }

/** What the customer gives, in dollars, riel or both. */
export function PayForm({ sale, notNow }: { sale: SaleToFinish; notNow: string | null }) {
  const { t } = useTranslation('pos')
  const [hasColumn, hasRoom] = [useHasCartColumn(), useHasRoomForKeys('much')]
  const hasPad = hasColumn && hasRoom
  const [typed, setTyped] = useState(untyped)
  const [active, setActive] = useState<Currency>('USD')
  const [doubt, setDoubt] = useState<Doubt | null>(null)
  const { finish, isFinishing, blocked } = useFinish()
  const received = receivedOf(typed)
  const isTooMuch = received !== null && isBeyondRecording(received)
  const settlement = received && !isTooMuch ? settle(received, sale.totals, sale.policy) : null
  const change = settlement?.change ?? null

  function type(currency: Currency, text: string) {
    setActive(currency)
    setTyped((before) => ({ ...before, [fields[currency].name]: text }))
  }
  function choose(currency: Currency, amount: number) {
    setActive(currency)
    const isEnough = amount >= (currency === 'USD' ? sale.totals.totalUsd : sale.totals.totalKhr)
    setTyped(tapped(typed, currency, fields[currency].written(amount), isEnough))
  }
  const finishWith = (given: Money, back: Money) => {
    setDoubt(null)
    void finish(sale, given, back)
  }
  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (!received || !change || notNow) return
    const strange = doubtOf(typed, received, change, sale.totals)
    if (strange) setDoubt(strange)
    else finishWith(received, change)
  }

  return (
    <Stack component="form" gap="sm" className={classes.form} onSubmit={submit}>
      <Received typed={typed} hasPad={hasPad} onFocus={setActive} onType={type} />
      {isTooMuch && (
        <Text ref={inSight} c="var(--mantine-color-error)" role="alert">
          {t('pay.ceiling', ceiling)}
        </Text>
      )}
      {currencies.map((currency) => (
        <QuickCash
          key={currency}
          currency={currency}
          due={dueBeside(currency, received, sale.totals, sale.policy)}
          chosen={received?.[fields[currency].name] || null}
          onChoose={(amount) => choose(currency, amount)}
        />
      ))}
      {hasPad && (
        <KeyPad kind={active} value={typed[fields[active].name]} onChange={(text) => type(active, text)} />
      )}
      <div className={classes.finish}>
        <Settled settlement={settlement} />
        {notNow && <Text c="var(--mantine-color-error)">{notNow}</Text>}
        {blocked && <Problem of={blocked} />}
        <Button
          type="submit"
          size="xl"
          fullWidth
          data-testid="finalize"
          loading={isFinishing}
          disabled={!change || notNow !== null}
        >
          {t('pay.finalize')}
        </Button>
      </div>
      {doubt && received && change && (
        <LookAgain
          doubt={doubt}
          received={received}
          change={change}
          onCorrect={() => setDoubt(null)}
          onRiel={(amount) => {
            setDoubt(null)
            setTyped({ usd: '', khr: typedKhr(amount) })
            setActive('KHR')
          }}
          onConfirm={() => finishWith(received, change)}
        />
      )}
    </Stack>
  )
}

/** One field for each currency. */
function Received(props: {
  typed: TypedMoney
  hasPad: boolean
  onFocus: (currency: Currency) => void
  onType: (currency: Currency, text: string) => void
}) {
  const { typed, hasPad, onFocus, onType } = props
  const { t } = useTranslation('pos')
  const isTouch = useIsTouch()
  const first = useRef<HTMLInputElement>(null)
  // After the heading: whoever has a keyboard types the amount at once.
  useEffect(() => first.current?.focus(), [])
  return (
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
          onFocus={() => onFocus(currency)}
          onChange={(text) => onType(currency, text)}
        />
      ))}
    </Group>
  )
}
