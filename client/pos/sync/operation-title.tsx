import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Json } from '../../sdk/index.ts'
import { khr, usd, useFormats } from '../../ui/format.ts'
import { useNameOf } from '../hooks/use-context.ts'
import { amountOf } from '../lib/queue.ts'
import { en } from '../locales/en.ts'

type Named = keyof typeof en.sync.type

/** A type of operation in people's words; of one that is new here, that it is something else. */
export function useTypeName(): (type: string) => string {
  const { t } = useTranslation('pos')
  return (type) => t('sync.type', { returnObjects: true })[type in en.sync.type ? (type as Named) : 'other']
}

/** What an operation is about, in people's words: `Sale $5.50`, by whom and when. */
export function OperationTitle({
  of,
}: {
  of: { type: string; payload: Json; actorId: string; occurredAt: string }
}) {
  const { t } = useTranslation('pos')
  const { dayAndTime } = useFormats()
  const nameOf = useNameOf()
  const typeName = useTypeName()
  const about = amountOf(of)
  return (
    <div>
      <Text fw={600} style={{ fontVariantNumeric: 'tabular-nums' }}>
        {typeName(of.type)} {about && (about.currency === 'USD' ? usd(about.amount) : khr(about.amount))}
      </Text>
      <Text size="sm" c="dimmed">
        {t('sync.by', { name: nameOf(of.actorId), time: dayAndTime(of.occurredAt) })}
      </Text>
    </div>
  )
}
