import { Alert, Button, Group, Text } from '@mantine/core'
import { IconCloudOff, IconRefresh } from '@tabler/icons-react'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { useClock } from '../components/use-clock.ts'
import { livenessOf } from '../lib/connection.ts'
import { useBackend } from '../live/console.ts'

/** What is wrong with the connection, what that means for what is on screen, and what to do: as a rule, nothing. */
export function ConnectionBanner() {
  const { t } = useTranslation('admin')
  const clock = useClock()
  const { live } = useBackend()
  const connection = useSyncExternalStore(live.subscribe, live.connection)
  const liveness = livenessOf(connection)
  if (liveness === 'live' || liveness === 'connecting') return null
  const isOffline = liveness === 'offline'
  return (
    <Alert
      color={isOffline ? 'red' : 'yellow'}
      icon={isOffline ? <IconCloudOff /> : <IconRefresh />}
      role="alert"
      mb="lg"
      title={
        isOffline ? t('shell.banner.offline', { time: clock(connection.since) }) : t('shell.banner.polling')
      }
      data-testid="connection-banner"
    >
      <Group justify="space-between" gap="sm">
        <Text>{t(isOffline ? 'shell.banner.offlineHint' : 'shell.banner.pollingHint')}</Text>
        <Button variant="default" onClick={live.wake}>
          {t('shell.banner.tryNow')}
        </Button>
      </Group>
    </Alert>
  )
}
