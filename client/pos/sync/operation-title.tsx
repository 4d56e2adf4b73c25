import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Json } from '../../sdk/index.ts'
import { khr, usd, useFormats } from '../../ui/format.ts'
import { useNameOf } from '../hooks/use-context.ts'
import { amountOf } from '../lib/queue.ts'
import { en } from '../locales/en.ts'

type Named = keyof typeof en.sync.type

/** What an operation is about, in people's words: `Sale $5.50`, by whom and when. */
export function OperationTitle({
  of,
}: {
  of: { type: string; payload: Json; actorId: string; occurredAt: string }
}) {
  const { t } = useTranslation('pos')
  const { dayAndTime } = useFormats()
  const nameOf = useNameOf()
  const name: Named = of.type in en.sync.type ? (of.type as Named) : 'other'
  const about = amountOf(of)
  return (
    <div>
      <Text fw={600} style={{ fontVariantNumeric: 'tabular-nums' }}>
        {t('sync.type', { returnObjects: true })[name]}{' '}
        {about && (about.currency === 'USD' ? usd(about.amount) : khr(about.amount))}
      </Text>
      <Text size="sm" c="dimmed">
        {t('sync.by', { name: nameOf(of.actorId), time: dayAndTime(of.occurredAt) })}
      </Text>
    </div>
  )
}
