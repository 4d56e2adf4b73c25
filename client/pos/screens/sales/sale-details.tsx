import { Button, Drawer, Group, Stack } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useHasCartColumn } from '../../hooks/use-layout.ts'
import type { Sale } from '../../lib/day.ts'
import { printReceipt } from '../receipt/print.ts'
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
    <Drawer
      opened={sale !== null}
      onClose={() => navigate('/sales', { replace: true })}
      position="bottom"
      size="90%"
      title={t('pay.receipt.title')}
    >
      {sale && <Details sale={sale} />}
    </Drawer>
  )
}

function Details({ sale }: { sale: Sale }) {
  const { t } = useTranslation('pos')
  return (
    <Stack className={classes.details} gap="sm" align="center">
      <ReceiptPaper sale={sale} />
      <Group grow w="100%">
        <Button
          variant="default"
          leftSection={<IconPrinter size={20} aria-hidden />}
          onClick={() => printReceipt()}
        >
          {t('pay.receipt.print')}
        </Button>
        <VoidSale key={sale.id} sale={sale} />
      </Group>
    </Stack>
  )
}
