import { Group, SegmentedControl, Table, TextInput } from '@mantine/core'
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
import { OpenRow } from '../../components/open-row.tsx'
import { RowTable } from '../../components/row-table.tsx'
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
  const [opened, setOpened] = useState<string | null>(null)
  const [shown, setShown] = useState<'receipts' | 'report'>('receipts')
  const [sought, setSought] = useState('')
  const mayReport = useMay('sale.report')
  const timeZone = useZoneOf(branchId)
  const receiptNumber = parseWhole(sought)
  const sales = useList(salesQuery, { branchId, receiptNumber }, (data) => data.sales, {
    modules: ['SALE'],
    branchId,
  })
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
                columns={[
                  { name: t('sales.receipt') },
                  { name: t('sales.time') },
                  { name: t('sales.items'), isNumber: true, from: 'md' },
                  { name: t('sales.by'), from: 'md' },
                  { name: t('sales.kind'), from: 'lg' },
                  { name: t('sales.total'), isNumber: true },
                  { name: t('devices.state'), isHidden: true },
                ]}
              >
                {nodes.map((sale) => (
                  <SaleRow key={sale.id} sale={sale} onOpen={() => setOpened(sale.id)} />
                ))}
              </RowTable>
            )}
          </LoadedList>
        )}
        {openedSale && <SaleDetails sale={openedSale} onClose={() => setOpened(null)} />}
      </Screen>
    </TimeZone>
  )
}

function SaleRow({ sale, onOpen }: { sale: Sale; onOpen: () => void }) {
  const { t } = useTranslation('admin')
  const personName = usePersonName()
  const isVoided = sale.status === 'VOIDED'
  return (
    <Table.Tr
      onClick={onOpen}
      style={{ cursor: 'pointer' }}
      data-testid="sale-row"
      data-receipt={sale.receiptNumber}
      data-status={sale.status}
    >
      <Table.Td>
        <OpenRow onOpen={onOpen}>{t('sales.receiptOf', { number: quantity(sale.receiptNumber) })}</OpenRow>
      </Table.Td>
      <Table.Td>
        <Time of={sale.finalizedAt} />
      </Table.Td>
      <Table.Td ta="right" visibleFrom="md">
        {quantity(itemCount(linesOf(sale)))}
      </Table.Td>
      <Table.Td visibleFrom="md">{personName(sale.actorId)}</Table.Td>
      <Table.Td visibleFrom="lg">{t(`sales.type.${sale.saleType as 'DINE_IN'}`)}</Table.Td>
      <Table.Td ta="right">
        <Usd of={sale.totals.totalUsd} td={isVoided ? 'line-through' : undefined} />
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          {isVoided && <Tag color="red">{t('sales.status.VOIDED')}</Tag>}
          {sale.pricedFromStaleCache && <Tag color="yellow">{t('sales.stale')}</Tag>}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
