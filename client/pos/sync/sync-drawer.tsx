import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSyncStatus } from '../../react/index.ts'
import { Panel } from '../components/dialog.tsx'
import { Connection } from './connection.tsx'
import { FailedList } from './failed-list.tsx'
import { SettledList } from './settled-list.tsx'
import { WaitingList } from './waiting-list.tsx'

/** Behind the status: what waits, what was not accepted, and what to do. */
export function SyncDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('pos')
  return (
    <Panel opened={opened} onClose={onClose} from="right" title={t('sync.title')}>
      <Content onClose={onClose} />
    </Panel>
  )
}

function Content({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('pos')
  const storage = useSyncStatus((status) => status.storage)
  return (
    <Stack gap="lg">
      <Connection onLeave={onClose} />
      <FailedList onLeave={onClose} />
      <WaitingList />
      <SettledList />
      <Text size="sm" c="dimmed">
        {t(`sync.storage.${storage}`)}
      </Text>
    </Stack>
  )
}
