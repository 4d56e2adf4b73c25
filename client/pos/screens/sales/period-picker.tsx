import { ActionIcon, Button, Group } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { dayAfter, type LocalDay, startOfDay } from '../../../contract.ts'
import { useFormats } from '../../../ui/format.ts'
import { useTimeZone } from '../../hooks/use-context.ts'

/** The session that is open, or a day of the branch. `onSession`: null where none is open. */
export function PeriodPicker(props: {
  day: LocalDay
  today: LocalDay
  isOfSession: boolean
  onSession: (() => void) | null
  onDay: (day: LocalDay) => void
}) {
  const { day, today, isOfSession, onSession, onDay } = props
  const { t } = useTranslation('pos')
  const { day: written } = useFormats()
  const timeZone = useTimeZone()
  return (
    <Group gap="xs" data-testid="sales-period" data-period={isOfSession ? 'session' : day}>
      {onSession && (
        <Button
          variant={isOfSession ? 'light' : 'default'}
          aria-pressed={isOfSession}
          data-testid="this-session"
          onClick={onSession}
        >
          {t('sales.thisSession')}
        </Button>
      )}
      <ActionIcon
        variant="default"
        size={44}
        aria-label={t('sales.dayBefore')}
        data-testid="day-before"
        onClick={() => onDay(dayAfter(day, -1))}
      >
        <IconChevronLeft aria-hidden />
      </ActionIcon>
      <Button
        variant={isOfSession ? 'default' : 'light'}
        aria-pressed={!isOfSession}
        data-testid="day"
        onClick={() => onDay(day)}
      >
        {day === today ? t('sales.today') : written(startOfDay(day, timeZone))}
      </Button>
      <ActionIcon
        variant="default"
        size={44}
        aria-label={t('sales.dayAfter')}
        disabled={day >= today}
        onClick={() => onDay(dayAfter(day))}
      >
        <IconChevronRight aria-hidden />
      </ActionIcon>
    </Group>
  )
}
