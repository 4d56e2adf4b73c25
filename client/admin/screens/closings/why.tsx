import { Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Outside } from '../../../contract.ts'
import { useFormats } from '../../../ui/format.ts'
import { movedText } from '../../components/money.tsx'
import { useDeviceName } from '../../components/names.tsx'
import { lateOf, laterOf, sumOf, type Told } from '../../lib/closing.ts'

/** Why a drawer differed, as far as it is known, in a few lines: what came since, with its sum, and what was not here then. */
export function Why({ of, align }: { of: Told; align?: 'flex-end' }) {
  const { t } = useTranslation('admin')
  const tillText = useTillText()
  const [waits, elsewhere, givenUp] = [
    lateOf(of, 'waits'),
    lateOf(of, 'BOOKED'),
    lateOf(of, 'GIVEN_UP'),
  ] as const
  const later = laterOf(of)
  const lines = [
    later.count > 0 && t('closings.why.supplements', { count: later.count, sum: movedText(later) }),
    elsewhere.count > 0 && t('closings.why.elsewhere', { count: elsewhere.count, sum: movedText(elsewhere) }),
    givenUp.count > 0 && t('closings.why.givenUp', { count: givenUp.count, sum: movedText(givenUp) }),
    ...of.content.outside.devices
      .filter(({ deviceId }) => !of.late.some((late) => late.deviceId === deviceId))
      .map(tillText),
  ].filter((line) => line !== false)
  return (
    <Stack gap={2} align={align} data-testid="closing-why">
      {waits.count > 0 && (
        <Text size="sm" fw={650} c="var(--mantine-color-error)">
          <IconAlertTriangle size={16} aria-hidden style={{ verticalAlign: 'text-bottom' }} />{' '}
          {t('closings.why.waits', { count: waits.count, sum: movedText(waits) })}
        </Text>
      )}
      {lines.map((line) => (
        <Text key={line} size="sm">
          {line}
        </Text>
      ))}
    </Stack>
  )
}

/** What was known of a till when it was closed. */
export function useTillText(): (of: Outside['devices'][number]) => string {
  const { t } = useTranslation('admin')
  const { dayAndTime } = useFormats()
  const deviceName = useDeviceName()
  return ({ deviceId, numbers, held, heardAt }) => {
    const about = { device: deviceName(deviceId), time: dayAndTime(heardAt) }
    if (numbers === null) return t('closings.silent', about)
    return t(held ? 'closings.held' : 'closings.lost', { ...about, count: numbers })
  }
}

/** What of one till has come since, and what became of it. */
export function useSinceText(): (of: Told, deviceId: string | null) => string {
  const { t } = useTranslation('admin')
  return ({ late }, deviceId) => {
    const own = late.filter((each) => (each.deviceId ?? null) === deviceId)
    if (own.length === 0) return t('closings.since.nothing')
    const sum = sumOf(own)
    const left = sumOf(own.filter(({ outcome }) => outcome == null)).count
    const came = t('closings.since.came', { count: sum.count, sum: movedText(sum) })
    return `${came} ${left > 0 ? t('closings.since.waits', { count: left }) : t('closings.since.done')}`
  }
}
