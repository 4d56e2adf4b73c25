import { Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSyncStatus } from '../../react/index.ts'
import { FailedItem } from './failed-item.tsx'
import { SendAll } from './send-all.tsx'

export function FailedList({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation('pos')
  const failed = useSyncStatus((status) => status.failed)
  return (
    <section>
      <Title order={3} size="h5" mb="xs">
        {t('sync.failedTitle', { count: failed.length })}
      </Title>
      {failed.length === 0 && <Text c="dimmed">{t('sync.nothingFailed')}</Text>}
      <SendAll />
      <Stack component="ul" gap="md" p={0} m={0} style={{ listStyle: 'none' }}>
        {failed.map((operation) => (
          <FailedItem key={operation.clientOpId} operation={operation} onLeave={onLeave} />
        ))}
      </Stack>
    </section>
  )
}
