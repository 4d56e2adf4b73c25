import { Button, Stack } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useEntities } from '../../../react/index.ts'
import { seenAt } from '../../lib/closing.ts'
import { lastClosed } from '../../lib/drawer.ts'
import { printReceipt } from '../receipt/print.ts'
import { ClosingSlip } from './closing-slip.tsx'

/** The slip of the last closing, where it was made on this till: until the next session is opened. */
export function JustClosed() {
  const { t } = useTranslation('pos')
  const last = lastClosed(useEntities('cashSession'))
  if (!last || !seenAt(last.id)) return null
  return (
    <Stack align="center" p="md">
      <Button
        variant="default"
        size="lg"
        leftSection={<IconPrinter aria-hidden />}
        onClick={() => printReceipt()}
      >
        {t('cash.slip.print')}
      </Button>
      <ClosingSlip session={last} />
    </Stack>
  )
}
