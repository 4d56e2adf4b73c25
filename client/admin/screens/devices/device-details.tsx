import { Alert, Stack, Table, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { quantity } from '../../../ui/format.ts'
import { DetailsDrawer } from '../../components/details-drawer.tsx'
import { Facts } from '../../components/facts.tsx'
import { useBranchName, usePersonName } from '../../components/names.tsx'
import { Section } from '../../components/section.tsx'
import { Ago, Time } from '../../components/time.tsx'
import { bytes, concernsOf, type Device } from '../../lib/device-health.ts'
import { shownId } from '../../lib/shown-id.ts'
import { Chains, useRanges } from './chains.tsx'
import { DeviceAccess } from './device-access.tsx'
import { concernColour } from './device-columns.tsx'
import { RenameDevice } from './rename-device.tsx'
import { useClockState } from './use-clock-state.ts'

export function DeviceDetails(props: { device: Device; now: number; onClose: () => void }) {
  const { device, now, onClose } = props
  const { t } = useTranslation('admin')
  const { deviceId, report, firstSeenAt, lastSeenAt, lastPushAt, gaps, checkpoints } = device
  const concerns = concernsOf(device, now)
  return (
    <DetailsDrawer title={device.name ?? shownId(deviceId)} onClose={onClose}>
      <Stack gap="lg">
        {concerns.length > 0 && (
          <Stack gap="xs" component="section" aria-label={t('devices.details.look')}>
            {concerns.map(({ kind, severity }) => (
              <Alert key={kind} color={concernColour[severity]} icon={<IconAlertTriangle />}>
                {t(`devices.concern.${kind}`)}
              </Alert>
            ))}
          </Stack>
        )}
        <RenameDevice device={device} />
        <Facts
          of={[
            device.name ? [t('devices.details.id'), shownId(deviceId)] : null,
            [t('devices.seen'), <Ago key="seen" of={lastSeenAt} />],
            [
              t('devices.details.lastPush'),
              lastPushAt ? <Ago key="push" of={lastPushAt} /> : t('devices.details.never'),
            ],
            [t('devices.details.firstSeen'), <Time key="first" of={firstSeenAt} />],
          ]}
        />
        {report ? <Report of={report} /> : <Text c="dimmed">{t('devices.noReport')}</Text>}
        {gaps.length > 0 && <Gaps of={gaps} />}
        <Chains of={device} />
        {checkpoints.length > 0 && <Pulled of={checkpoints} />}
        <DeviceAccess device={device} />
      </Stack>
    </DetailsDrawer>
  )
}

function Report({ of: report }: { of: NonNullable<Device['report']> }) {
  const { t } = useTranslation('admin')
  const personName = usePersonName()
  const branchName = useBranchName()
  const clockState = useClockState()
  const { usageBytes, quotaBytes } = report
  return (
    <Facts
      of={[
        [t('devices.details.reportedAt'), <Ago key="at" of={report.receivedAt} />],
        [t('devices.details.reportedBy'), personName(report.accountId)],
        report.branchId == null ? null : [t('devices.details.worksIn'), branchName(report.branchId)],
        [t('devices.waiting'), quantity(report.waiting)],
        report.oldestWaitingAt
          ? [t('devices.details.oldest'), <Time key="oldest" of={report.oldestWaitingAt} />]
          : null,
        [t('devices.failed'), quantity(report.failed)],
        [
          t('devices.storage'),
          report.storage
            ? t(report.storage === 'PERSISTENT' ? 'devices.persistent' : 'devices.bestEffort')
            : t('shell.unknown'),
        ],
        [
          t('devices.details.space'),
          usageBytes == null || quotaBytes == null
            ? t('shell.unknown')
            : t('devices.details.spaceOf', { used: bytes(usageBytes), quota: bytes(quotaBytes) }),
        ],
        [t('devices.clock'), clockState(report.clockSkewMs)],
        [t('devices.details.version'), report.appVersion ?? t('shell.unknown')],
      ]}
    />
  )
}

function Gaps({ of: gaps }: { of: Device['gaps'] }) {
  const { t } = useTranslation('admin')
  const ranges = useRanges()
  return (
    <Section title={t('devices.details.gaps')}>
      <Text c="dimmed" size="sm" mb="xs">
        {t('devices.details.gapsText')}
      </Text>
      <Text fw={550} data-testid="device-gaps">
        {ranges(gaps)}
      </Text>
    </Section>
  )
}

function Pulled({ of: checkpoints }: { of: Device['checkpoints'] }) {
  const { t } = useTranslation('admin')
  const branchName = useBranchName()
  const personName = usePersonName()
  return (
    <Section title={t('devices.details.pulled')}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('shell.branch')}</Table.Th>
            <Table.Th>{t('devices.details.pulledAt')}</Table.Th>
            <Table.Th ta="right" visibleFrom="sm">
              {t('devices.details.position')}
            </Table.Th>
            <Table.Th ta="right">{t('devices.behind')}</Table.Th>
            <Table.Th>{t('devices.details.by')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {checkpoints.map(({ branchId, accountId, pulledAt, pulledSeq, behind }) => (
            <Table.Tr key={branchId}>
              <Table.Td>{branchName(branchId)}</Table.Td>
              <Table.Td>
                <Ago of={pulledAt} />
              </Table.Td>
              <Table.Td ta="right" visibleFrom="sm">
                {quantity(pulledSeq)}
              </Table.Td>
              <Table.Td ta="right">{quantity(behind)}</Table.Td>
              <Table.Td>{personName(accountId)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  )
}
