import { Group, SegmentedControl, TextInput } from '@mantine/core'
import { IconReceiptOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { quantity, TimeZone } from '../../../ui/format.ts'
import { BranchPicker, useBranch } from '../../components/branch-picker.tsx'
import { useZoneOf } from '../../components/in-branch.tsx'
import { LoadedList } from '../../components/loaded-list.tsx'
import { Usd } from '../../components/money.tsx'
import { usePersonName } from '../../components/names.tsx'
import { type Column, RowTable } from '../../components/row-table.tsx'
import { Screen } from '../../components/screen.tsx'
import { Tag } from '../../components/tag.tsx'
import { Time } from '../../components/time.tsx'
import { parseWhole } from '../../lib/money.ts'
import { itemCount, linesOf, type Sale } from '../../lib/sale.ts'
import { useMay } from '../../live/console.ts'
import { useList } from '../../live/use-reading.ts'
import { salesQuery } from './documents.ts'
import { Report } from './report.tsx'
import { SaleDetails } from './sale-details.tsx'
import { Today } from './today.tsx'

export default function Sales() {
  const { t } = useTranslation('admin')
  const branchId = useBranch()
  const columns = useColumns()
  const [opened, setOpened] = useState<string | null>(null)
  const [shown, setShown] = useState<'receipts' | 'report'>('receipts')
  const [sought, setSought] = useState('')
  const mayReport = useMay('sale.report')
  const timeZone = useZoneOf(branchId)
  const receiptNumber = parseWhole(sought)
  const sales = useList(salesQuery, { branchId, receiptNumber }, (data) => data.sales, { modules: ['SALE'] })
  const openedSale = sales.data?.nodes.find(({ id }) => id === opened)
  return (
    <TimeZone value={timeZone}>
      <Screen title={t('sales.title')} actions={<BranchPicker />}>
        <Today branchId={branchId} timeZone={timeZone} />
        <Group mb="md" align="flex-end">
          {mayReport && (
            <SegmentedControl
              aria-label={t('sales.title')}
              data={(['receipts', 'report'] as const).map((value) => ({
                value,
                label: t(`sales.shown.${value}`),
              }))}
              value={shown}
              onChange={(value) => setShown(value as 'receipts' | 'report')}
              data-testid="sales-shown"
            />
          )}
          {shown === 'receipts' && (
            <TextInput
              type="search"
              inputMode="numeric"
              aria-label={t('sales.search')}
              placeholder={t('sales.search')}
              value={sought}
              onChange={(event) => setSought(event.currentTarget.value)}
              data-testid="receipt-search"
            />
          )}
        </Group>
        {shown === 'report' ? (
          <Report branchId={branchId} timeZone={timeZone} />
        ) : (
          <LoadedList
            of={sales}
            empty={
              <EmptyState
                icon={IconReceiptOff}
                title={
                  receiptNumber === null
                    ? t('sales.none')
                    : t('sales.notFound', { number: quantity(receiptNumber) })
                }
                text={t(receiptNumber === null ? 'sales.noneText' : 'sales.notFoundText')}
              />
            }
          >
            {(nodes) => (
              <RowTable
                label={t('sales.title')}
                rows={nodes}
                keyOf={({ id }) => id}
                marks={({ receiptNumber, status }) => ({
                  'data-testid': 'sale-row',
                  'data-receipt': receiptNumber,
                  'data-status': status,
                })}
                columns={columns}
                onOpen={({ id }) => setOpened(id)}
              />
            )}
          </LoadedList>
        )}
        {openedSale && <SaleDetails sale={openedSale} onClose={() => setOpened(null)} />}
      </Screen>
    </TimeZone>
  )
}

const isVoided = ({ status }: Sale) => status === 'VOIDED'

function useColumns(): Column<Sale>[] {
  const { t } = useTranslation('admin')
  const personName = usePersonName()
  return [
    {
      name: t('sales.receipt'),
      cell: ({ receiptNumber: number }) => t('sales.receiptOf', { number: quantity(number) }),
    },
    { name: t('sales.time'), cell: ({ finalizedAt }) => <Time of={finalizedAt} /> },
    {
      name: t('sales.items'),
      isNumber: true,
      from: 'md',
      cell: (sale) => quantity(itemCount(linesOf(sale))),
    },
    { name: t('sales.by'), from: 'md', cell: ({ actorId }) => personName(actorId) },
    {
      name: t('sales.kind'),
      from: 'lg',
      cell: ({ saleType }) => t(`sales.type.${saleType as 'DINE_IN'}`),
    },
    {
      name: t('sales.total'),
      isNumber: true,
      cell: (sale) => <Usd of={sale.totals.totalUsd} td={isVoided(sale) ? 'line-through' : undefined} />,
    },
    {
      name: t('devices.state'),
      isHidden: true,
      cell: (sale) => (
        <Group gap={4} wrap="nowrap">
          {isVoided(sale) && <Tag color="red">{t('sales.status.VOIDED')}</Tag>}
          {sale.pricedFromStaleCache && <Tag color="yellow">{t('sales.stale')}</Tag>}
        </Group>
      ),
    },
  ]
}
