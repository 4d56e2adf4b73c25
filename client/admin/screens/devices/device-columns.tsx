import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ago } from '../../../ui/ago.ts'
import { quantity } from '../../../ui/format.ts'
import { firstOf } from '../../../ui/i18n.ts'
import { useBranchName } from '../../components/names.tsx'
import type { Column } from '../../components/row-table.tsx'
import { Tag } from '../../components/tag.tsx'
import { Ago } from '../../components/time.tsx'
import {
  behindOf,
  type Concern,
  type Device,
  needsOf,
  usedShare,
  waitingSince,
} from '../../lib/device-health.ts'
import { shortId, shownId } from '../../lib/shown-id.ts'
import { useClockState } from './use-clock-state.ts'

export const concernColour: Record<Concern['severity'], string> = { bad: 'red', warn: 'yellow', note: 'gray' }

export function useDeviceColumns(now: number): Column<Device>[] {
  const { t, i18n } = useTranslation('admin')
  const clockState = useClockState()
  const branchName = useBranchName()
  const unknown = <Text c="dimmed">–</Text>
  const since = ({ report }: Device) => {
    const at = waitingSince(report)
    return at !== null && t('devices.waitingSince', { ago: ago(at, now, firstOf([i18n.language])) })
  }
  return [
    {
      name: t('devices.device'),
      cell: Name,
      below: ({ report }) => report?.branchId && branchName(report.branchId),
    },
    { name: t('devices.seen'), cell: ({ lastSeenAt }) => <Ago of={lastSeenAt} /> },
    {
      name: t('devices.behind'),
      cell: (device) => {
        const count = behindOf(device)
        return count === 0 ? t('devices.upToDate') : t('devices.changes', { count })
      },
    },
    {
      name: t('devices.waiting'),
      cell: ({ report }) => (report ? quantity(report.waiting) : unknown),
      below: since,
    },
    {
      name: t('devices.failed'),
      isNumber: true,
      cell: ({ report }) => (report ? quantity(report.failed) : unknown),
    },
    {
      name: t('devices.storage'),
      from: 'lg',
      cell: ({ report }) =>
        report?.storage
          ? t(report.storage === 'PERSISTENT' ? 'devices.persistent' : 'devices.bestEffort')
          : unknown,
      below: ({ report }) =>
        report?.storage && t('devices.used', { percent: Math.round(usedShare(report) * 100) }),
    },
    {
      name: t('devices.clock'),
      from: 'lg',
      cell: ({ report }) => (report ? clockState(report.clockSkewMs) : unknown),
    },
    { name: t('devices.state'), cell: (device) => <State of={device} now={now} /> },
  ]
}

function Name({ deviceId, name }: Device) {
  return (
    <Text
      span
      inherit
      display="inline-block"
      maw="16rem"
      truncate
      title={name ?? shownId(deviceId)}
      style={{ verticalAlign: 'bottom' }}
    >
      {name ?? shortId(deviceId)}
    </Text>
  )
}

function State({ of: device, now }: { of: Device; now: number }) {
  const { t } = useTranslation('admin')
  const concerns = needsOf(device, now)
  return (
    <Group gap={4} miw="7rem" maw="16rem">
      {device.shutOutAt && <Tag color="red">{t('devices.access.tag')}</Tag>}
      {concerns.length === 0 && !device.shutOutAt && <Tag color="green">{t('devices.well')}</Tag>}
      {concerns.map(({ kind, severity }) => (
        <Tag key={kind} color={concernColour[severity]}>
          {t(`devices.concernShort.${kind}`)}
        </Tag>
      ))}
    </Group>
  )
}
