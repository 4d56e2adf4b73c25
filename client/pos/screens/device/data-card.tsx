import { Button, Card, Table, Text, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSyncClient, useSyncStatus } from '../../../react/index.ts'
import { useFormats } from '../../../ui/format.ts'
import { useInstall } from '../../install.ts'
import { megabytes } from '../../lib/bytes.ts'
import { appVersion } from '../../open-client.ts'
import { useEstimate, useIsReadyOffline } from './use-storage.ts'

/** What is kept here, and how safely. */
export function DataCard() {
  const { t } = useTranslation('pos')
  const { deviceId } = useSyncClient()
  const { storage, lastSyncedAt, leader } = useSyncStatus()
  const { dayAndTime } = useFormats()
  const estimate = useEstimate()
  const install = useInstall()
  const isReady = useIsReadyOffline()
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="sm">
        {t('device.data')}
      </Title>
      <Table>
        <Table.Tbody>
          <Row label={t('device.storage')}>
            {t(storage === 'persistent' ? 'device.persistent' : 'device.bestEffort')}
          </Row>
          {estimate && (
            <Row label={t('device.used')}>
              {t('device.usedOf', { used: megabytes(estimate.usage), quota: megabytes(estimate.quota) })}
            </Row>
          )}
          <Row label={t('device.lastSynced')}>
            {lastSyncedAt ? dayAndTime(lastSyncedAt) : t('device.never')}
          </Row>
          <Row label={t('device.leader')}>{t(leader ? 'device.yes' : 'device.no')}</Row>
          <Row label={t('device.id')}>
            <Text span size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
              {deviceId}
            </Text>
          </Row>
          <Row label={t('device.about')}>{t('device.version', { version: appVersion })}</Row>
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed" mt="sm">
        {t(`sync.storage.${storage}`)} {t(isReady ? 'device.offlineReady' : 'device.offlineNotReady')}
      </Text>
      {install && (
        <Button
          variant="default"
          mt="sm"
          leftSection={<IconDownload size={20} aria-hidden />}
          onClick={install}
        >
          {t('device.install')}
        </Button>
      )}
    </Card>
  )
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        {label}
      </Table.Th>
      <Table.Td ta="right" fw={600}>
        {children}
      </Table.Td>
    </Table.Tr>
  )
}
