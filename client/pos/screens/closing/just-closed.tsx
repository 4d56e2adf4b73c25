import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useEntities } from '../../../react/index.ts'
import { seenAt } from '../../lib/closing.ts'
import { lastClosed } from '../../lib/drawer.ts'
import { PrintButton } from '../receipt/print-button.tsx'
import { ClosingSlip } from './closing-slip.tsx'

/** The slip of the last closing, where it was made on this till: until the next session is opened. */
export function JustClosed() {
  const { t } = useTranslation('pos')
  const last = lastClosed(useEntities('cashSession'))
  if (!last || !seenAt(last.id)) return null
  return (
    <Stack align="center" p="md">
      <PrintButton>{t('cash.slip.print')}</PrintButton>
      <ClosingSlip session={last} />
    </Stack>
  )
}
