import { Button, Collapse } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCoins } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { MoneyInput } from '../../components/money-input.tsx'
import { type TypedMoney, typedKhr, typedUsd } from '../../lib/counted.ts'
import classes from './cash.module.css'
import { NoteCounter } from './note-counter.tsx'

/** What is in the drawer, in both currencies; typed, or counted note by note. */
export function MoneyFields(props: {
  labels: { usd: string; khr: string }
  testIds: { usd: string; khr: string }
  value: TypedMoney
  onChange: (value: TypedMoney) => void
}) {
  const { labels, testIds, value, onChange } = props
  const { t } = useTranslation('pos')
  const [isCounting, counting] = useDisclosure(false)
  return (
    <>
      <div className={classes.fields}>
        <MoneyInput
          data-autofocus
          currency="USD"
          size="lg"
          label={labels.usd}
          data-testid={testIds.usd}
          value={value.usd}
          onChange={(usd) => onChange({ ...value, usd })}
        />
        <MoneyInput
          currency="KHR"
          size="lg"
          label={labels.khr}
          data-testid={testIds.khr}
          value={value.khr}
          onChange={(khr) => onChange({ ...value, khr })}
        />
      </div>
      <Button
        variant="subtle"
        leftSection={<IconCoins size={20} aria-hidden />}
        aria-expanded={isCounting}
        onClick={counting.toggle}
      >
        {t(isCounting ? 'cash.count.hide' : 'cash.count.show')}
      </Button>
      <Collapse expanded={isCounting}>
        <NoteCounter
          onCounted={(currency, amount) =>
            onChange(
              currency === 'USD' ? { ...value, usd: typedUsd(amount) } : { ...value, khr: typedKhr(amount) },
            )
          }
        />
      </Collapse>
    </>
  )
}
