import { NumberInput, SimpleGrid, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Currency } from '../../../contract.ts'
import { khr, usd } from '../../../ui/format.ts'
import { type Counts, notes, totalOf } from '../../lib/drawer.ts'

const currencies: readonly Currency[] = ['USD', 'KHR']
const written: Record<Currency, (amount: number) => string> = {
  USD: (cents) => usd(cents).replace(/\.00$/, ''),
  KHR: khr,
}

/** How many of each note: adds them up. */
export function NoteCounter({ onCounted }: { onCounted: (currency: Currency, amount: number) => void }) {
  const { t } = useTranslation('pos')
  const [counts, setCounts] = useState<Record<Currency, Counts>>({ USD: {}, KHR: {} })
  function count(currency: Currency, note: number, pieces: number) {
    const after = { ...counts[currency], [note]: pieces }
    setCounts({ ...counts, [currency]: after })
    onCounted(currency, totalOf(currency, after))
  }
  return (
    <Stack gap="xs" role="group" aria-label={t('cash.count.title')}>
      <Text size="sm" c="dimmed">
        {t('cash.count.title')}
      </Text>
      <SimpleGrid cols={2}>
        {currencies.map((currency) => (
          <Stack key={currency} gap="xs">
            {notes[currency].map((note) => (
              <NumberInput
                key={note}
                aria-label={t('cash.count.of', { note: written[currency](note) })}
                leftSection={<Text size="sm">{written[currency](note)}</Text>}
                leftSectionWidth={88}
                hideControls
                min={0}
                max={100_000}
                allowDecimal={false}
                allowNegative={false}
                placeholder="0"
                value={counts[currency][note] ?? ''}
                onChange={(pieces) => count(currency, note, Number(pieces) || 0)}
              />
            ))}
          </Stack>
        ))}
      </SimpleGrid>
    </Stack>
  )
}
