import { Group, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ago } from '../../../ui/ago.ts'
import { quantity } from '../../../ui/format.ts'
import { firstOf } from '../../../ui/i18n.ts'
import { useBranchName } from '../../components/names.tsx'
import { OpenRow } from '../../components/open-row.tsx'
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

export function DeviceRow({ device, now, onOpen }: { device: Device; now: number; onOpen: () => void }) {
  const { t, i18n } = useTranslation('admin')
  const clockState = useClockState()
  const branchName = useBranchName()
  const { deviceId, name, report, lastSeenAt, shutOutAt } = device
  const concerns = needsOf(device, now)
  const behind = behindOf(device)
  const since = waitingSince(report)
  const shown = name ?? shortId(deviceId)
  const unknown = <Text c="dimmed">–</Text>
  return (
    <Table.Tr
      onClick={onOpen}
      style={{ cursor: 'pointer' }}
      data-testid="device-row"
      data-device={deviceId}
      data-concerns={concerns.map(({ kind }) => kind).join(' ')}
    >
      <Table.Td>
        <OpenRow onOpen={onOpen} label={shown}>
          <Text
            span
            inherit
            display="inline-block"
            maw="16rem"
            truncate
            title={name ?? shownId(deviceId)}
            style={{ verticalAlign: 'bottom' }}
          >
            {shown}
          </Text>
        </OpenRow>
        {report?.branchId && (
          <Text size="sm" c="dimmed">
            {branchName(report.branchId)}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Ago of={lastSeenAt} />
      </Table.Td>
      <Table.Td>{behind === 0 ? t('devices.upToDate') : t('devices.changes', { count: behind })}</Table.Td>
      <Table.Td>
        {report ? (
          <>
            {quantity(report.waiting)}
            {since !== null && (
              <Text size="sm" c="dimmed">
                {t('devices.waitingSince', { ago: ago(since, now, firstOf([i18n.language])) })}
              </Text>
            )}
          </>
        ) : (
          unknown
        )}
      </Table.Td>
      <Table.Td ta="right">{report ? quantity(report.failed) : unknown}</Table.Td>
      <Table.Td visibleFrom="lg">
        {report?.storage ? (
          <>
            {t(report.storage === 'PERSISTENT' ? 'devices.persistent' : 'devices.bestEffort')}
            <Text size="sm" c="dimmed">
              {t('devices.used', { percent: Math.round(usedShare(report) * 100) })}
            </Text>
          </>
        ) : (
          unknown
        )}
      </Table.Td>
      <Table.Td visibleFrom="lg">{report ? clockState(report.clockSkewMs) : unknown}</Table.Td>
      <Table.Td>
        <Group gap={4} miw="7rem" maw="16rem">
          {shutOutAt && <Tag color="red">{t('devices.access.tag')}</Tag>}
          {concerns.length === 0 && !shutOutAt && <Tag color="green">{t('devices.well')}</Tag>}
          {concerns.map(({ kind, severity }) => (
            <Tag key={kind} color={concernColour[severity]}>
              {t(`devices.concernShort.${kind}`)}
            </Tag>
          ))}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
