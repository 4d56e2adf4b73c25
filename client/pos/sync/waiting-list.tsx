import { Badge, Group, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSyncStatus, useWaiting } from '../../react/index.ts'
import { waitingCount } from '../lib/queue.ts'
import { OperationTitle } from './operation-title.tsx'

/** A till that was offline for a week has thousands; nobody reads more than these. */
const shownAtMost = 30

export function WaitingList() {
  const { t } = useTranslation('pos')
  const count = useSyncStatus(waitingCount)
  const waiting = useWaiting()
  return (
    <section>
      <Title order={3} size="h5" mb="xs">
        {t('sync.waitingTitle', { count })}
      </Title>
      {count === 0 && <Text c="dimmed">{t('sync.nothingWaits')}</Text>}
      <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }}>
        {waiting.slice(0, shownAtMost).map((operation) => (
          <Group component="li" key={operation.clientOpId} justify="space-between" wrap="nowrap">
            <OperationTitle of={operation} />
            {operation.status === 'SYNCING' && <Badge variant="light">{t('sync.sending')}</Badge>}
          </Group>
        ))}
      </Stack>
      {waiting.length > shownAtMost && (
        <Text c="dimmed" mt="xs">
          {t('sync.moreWait', { count: waiting.length - shownAtMost })}
        </Text>
      )}
    </section>
  )
}
