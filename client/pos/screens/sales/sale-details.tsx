import { Group, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Panel } from '../../components/dialog.tsx'
import { useHasCartColumn } from '../../hooks/use-layout.ts'
import type { Sale } from '../../lib/day.ts'
import { PrintButton } from '../receipt/print-button.tsx'
import { ReceiptPaper } from '../receipt/receipt-paper.tsx'
import classes from './sales.module.css'
import { VoidSale } from './void-sale.tsx'

/** The chosen receipt: beside the list, or over it where there is no room. */
export function SaleDetails({ sale }: { sale: Sale | null }) {
  const { t } = useTranslation('pos')
  const [, navigate] = useLocation()
  const hasRoom = useHasCartColumn()
  if (hasRoom) return sale && <Details sale={sale} />
  return (
    <Panel
      opened={sale !== null}
      onClose={() => navigate('/sales', { replace: true })}
      from="bottom"
      title={t('pay.receipt.title')}
    >
      {sale && <Details sale={sale} />}
    </Panel>
  )
}

function Details({ sale }: { sale: Sale }) {
  const { t } = useTranslation('pos')
  return (
    <Stack className={classes.details} gap="sm" align="center">
      <ReceiptPaper sale={sale} isCopy />
      <Group grow w="100%" align="flex-start">
        <PrintButton size="md">{t('pay.receipt.print')}</PrintButton>
        <VoidSale key={sale.id} sale={sale} />
      </Group>
    </Stack>
  )
}
