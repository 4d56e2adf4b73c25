import { Alert, Button, Group, Stack, Text, ThemeIcon } from '@mantine/core'
import { IconCloudCheck, IconCloudOff, IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useAction, useSyncClient, useSyncStatus } from '../../react/index.ts'
import { useFormats } from '../../ui/format.ts'
import { Problem } from '../components/problem.tsx'

const words = {
  online: { name: 'ui:connectivity.online', meaning: 'sync.online' },
  slow: { name: 'ui:connectivity.slow', meaning: 'sync.slow' },
  offline: { name: 'ui:connectivity.offline', meaning: 'sync.offline' },
} as const

export function Connection({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation(['pos', 'ui'])
  const client = useSyncClient()
  const [, navigate] = useLocation()
  const { connectivity, phase, lastSyncedAt, problem, auth } = useSyncStatus()
  const { dayAndTime } = useFormats()
  const { run, isBusy, problem: failure } = useAction()
  const isOnline = connectivity !== 'offline'

  function signInAgain() {
    onLeave()
    navigate('/people')
  }

  return (
    <Stack gap="sm">
      <Group wrap="nowrap" align="flex-start">
        <ThemeIcon
          size={44}
          radius="xl"
          variant="light"
          color={connectivity === 'online' ? 'green' : 'yellow'}
          aria-hidden
        >
          {isOnline ? <IconCloudCheck /> : <IconCloudOff />}
        </ThemeIcon>
        <div>
          <Text fw={650}>{t(words[connectivity].name)}</Text>
          <Text size="sm">{t(words[connectivity].meaning)}</Text>
          <Text size="sm" c="dimmed">
            {isOnline && `${t(`sync.phase.${phase}`)} · `}
            {lastSyncedAt ? t('sync.lastSynced', { time: dayAndTime(lastSyncedAt) }) : t('sync.never')}
          </Text>
        </div>
      </Group>
      {auth === 'lapsed' && problem?.code !== 'DEVICE_SHUT_OUT' ? (
        <Alert color="yellow" title={t('shell.banner.lapsed')}>
          <Button onClick={signInAgain}>{t('shell.banner.signInAgain')}</Button>
        </Alert>
      ) : (
        problem && <Problem of={problem} />
      )}
      {failure && failure.code !== problem?.code && <Problem of={failure} />}
      <Button
        variant="default"
        leftSection={<IconRefresh size={20} aria-hidden />}
        loading={isBusy}
        data-testid="sync-now"
        onClick={() => void run(() => client.sync())}
      >
        {t('sync.now')}
      </Button>
    </Stack>
  )
}
