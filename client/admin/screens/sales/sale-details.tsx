import { Alert, Stack, Text } from '@mantine/core'
import { IconClock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { khr, quantity, usd } from '../../../ui/format.ts'
import { DetailsDrawer } from '../../components/details-drawer.tsx'
import { Facts } from '../../components/facts.tsx'
import { inBoth } from '../../components/money.tsx'
import { usePersonName } from '../../components/names.tsx'
import { Tag } from '../../components/tag.tsx'
import { Time } from '../../components/time.tsx'
import { cashOfSale, type Sale } from '../../lib/sale.ts'
import { SoldLines } from './sold-lines.tsx'
import { VoidSale } from './void-sale.tsx'

/** A sale as its customer paid it. */
export function SaleDetails({ sale, onClose }: { sale: Sale; onClose: () => void }) {
  const { t } = useTranslation('admin')
  const personName = usePersonName()
  const { totals } = sale
  const { received, change } = cashOfSale(sale)
  const number = quantity(sale.receiptNumber)
  const isVoided = sale.status === 'VOIDED'
  return (
    <DetailsDrawer title={t('sales.receiptOf', { number })} onClose={onClose}>
      <Stack gap="lg">
        {isVoided && (
          <Alert color="red" title={t('sales.status.VOIDED')}>
            {sale.voidReason}
            <Text size="sm">
              {personName(sale.voidedBy)}
              {sale.voidedAt && ', '}
              {sale.voidedAt && <Time of={sale.voidedAt} span />}
            </Text>
          </Alert>
        )}
        {sale.pricedFromStaleCache && (
          <Alert color="yellow" icon={<IconClock />} title={t('sales.stale')}>
            {t('sales.staleText')}
          </Alert>
        )}
        <SoldLines of={sale} />
        <Facts
          of={[
            [t('sales.subtotal'), usd(totals.subtotalUsd)],
            [t('sales.vat'), usd(totals.vatUsd)],
            [t('sales.total'), <b key="total">{usd(totals.totalUsd)}</b>],
            [t('sales.totalKhr'), khr(totals.totalKhr)],
            [t('sales.received'), inBoth(received)],
            [t('sales.change'), inBoth(change)],
          ]}
        />
        <Facts
          of={[
            [t('sales.kind'), t(`sales.type.${sale.saleType as 'DINE_IN'}`)],
            [t('sales.by'), personName(sale.actorId)],
            [t('sales.time'), <Time key="time" of={sale.finalizedAt} />],
            [t('sales.recorded'), <Time key="recorded" of={sale.recordedAt} />],
            [
              t('sales.policy'),
              <Tag key="policy" color="gray">
                {t('sales.revision', { revision: sale.policyRevision })}
              </Tag>,
            ],
          ]}
        />
        {!isVoided && <VoidSale sale={sale} />}
      </Stack>
    </DetailsDrawer>
  )
}
