import { Button, Center, Progress, Stack, Text } from '@mantine/core'
import { IconCloudDown } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSyncClient, useSyncStatus } from '../../react/index.ts'
import { quantity } from '../../ui/format.ts'
import { EmptyState } from '../components/empty-state.tsx'
import { Problem } from '../components/problem.tsx'
import { Heading } from '../components/screen.tsx'

/** What selling needs comes first, once: shows how far it is, or why it cannot come. */
export function NeedsData({ children }: { children: ReactNode }) {
  const isReady = useSyncStatus(({ ready }) => ready)
  return isReady ? children : <Hydrating />
}

function Hydrating() {
  const { t } = useTranslation('pos')
  const client = useSyncClient()
  const { connectivity, progress, problem } = useSyncStatus()
  const tryNow = (
    <Button onClick={() => void client.sync().catch(() => {})}>{t('shell.hydrating.tryNow')}</Button>
  )
  if (problem)
    return (
      <Center h="100%" p="md">
        <Problem of={problem}>{tryNow}</Problem>
      </Center>
    )
  if (connectivity === 'offline')
    return (
      <EmptyState
        isScreen
        icon={IconCloudDown}
        title={t('shell.hydrating.offlineTitle')}
        text={t('shell.hydrating.offline')}
      >
        {tryNow}
      </EmptyState>
    )
  const loaded = progress?.loaded ?? 0
  return (
    <Center h="100%" p="md">
      <Stack w="min(28rem, 100%)" ta="center" role="status">
        <Heading>{t('shell.hydrating.title')}</Heading>
        <Text c="dimmed">{t('shell.hydrating.first')}</Text>
        <Progress size="xl" value={100} animated aria-label={t('shell.hydrating.title')} />
        {connectivity === 'slow' && <Text>{t('shell.hydrating.slow')}</Text>}
        {loaded > 0 && (
          <Text size="sm" c="dimmed">
            {t('shell.hydrating.loaded', { loaded: quantity(loaded) })}
          </Text>
        )}
      </Stack>
    </Center>
  )
}
