import { IconDeviceTablet } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { LoadedList } from '../../components/loaded-list.tsx'
import { RowTable } from '../../components/row-table.tsx'
import { Screen } from '../../components/screen.tsx'
import { Tag } from '../../components/tag.tsx'
import { byNeed, type Device, needsOf } from '../../lib/device-health.ts'
import { useList } from '../../live/use-reading.ts'
import { useRightNow } from '../../live/use-right-now.ts'
import { useDeviceColumns } from './device-columns.tsx'
import { DeviceDetails } from './device-details.tsx'
import { devicesQuery } from './documents.ts'
import { Enrolment } from './enrolment.tsx'

/** What devices say of themselves is in no stream. */
const askEveryMs = 5_000

export default function Devices() {
  const { t } = useTranslation('admin')
  const now = useRightNow(10_000)
  const columns = useDeviceColumns(now)
  const [opened, setOpened] = useState<string | null>(null)
  const devices = useList(devicesQuery, {}, (data) => data.devices, {
    modules: ['SALE', 'CASH_SESSION', 'MENU', 'POLICY', 'ATTENDANCE'],
    everyMs: askEveryMs,
  })
  const openedDevice = devices.data?.nodes.find(({ deviceId }) => deviceId === opened)
  return (
    <Screen
      title={t('devices.title')}
      actions={devices.data && <Summary of={devices.data.nodes} now={now} />}
    >
      <Enrolment />
      <LoadedList
        of={devices}
        empty={<EmptyState icon={IconDeviceTablet} title={t('devices.none')} text={t('devices.noneText')} />}
      >
        {(nodes) => (
          <RowTable
            label={t('devices.title')}
            rows={byNeed(nodes, now)}
            keyOf={({ deviceId }) => deviceId}
            marks={(device) => ({
              'data-testid': 'device-row',
              'data-device': device.deviceId,
              'data-concerns': needsOf(device, now)
                .map(({ kind }) => kind)
                .join(' '),
            })}
            columns={columns}
            onOpen={({ deviceId }) => setOpened(deviceId)}
          />
        )}
      </LoadedList>
      {openedDevice && <DeviceDetails device={openedDevice} now={now} onClose={() => setOpened(null)} />}
    </Screen>
  )
}

function Summary({ of: devices, now }: { of: readonly Device[]; now: number }) {
  const { t } = useTranslation('admin')
  const count = devices.filter((device) => needsOf(device, now).length > 0).length
  if (devices.length === 0) return null
  return (
    <Tag color={count > 0 ? 'yellow' : 'green'}>
      {count > 0
        ? t('devices.needLook', { count, total: devices.length })
        : t('devices.allWell', { count: devices.length })}
    </Tag>
  )
}
