import { Badge } from '@mantine/core'
import { IconHourglassHigh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

/** The server has not confirmed it yet. */
export function PendingMark() {
  const { t } = useTranslation('pos')
  return (
    <Badge color="yellow" variant="light" leftSection={<IconHourglassHigh size={12} aria-hidden />}>
      {t('sync.waiting')}
    </Badge>
  )
}
