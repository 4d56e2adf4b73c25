import { Alert, Group, Progress, Switch, Text, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconPackage, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isLow } from '../../../contract.ts'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { quantity } from '../../../ui/format.ts'
import { BranchPicker, useBranch } from '../../components/branch-picker.tsx'
import { LoadedList } from '../../components/loaded-list.tsx'
import { RowTable } from '../../components/row-table.tsx'
import { Screen } from '../../components/screen.tsx'
import { Tag } from '../../components/tag.tsx'
import { levelsOf, type StockItem, shown } from '../../lib/stock.ts'
import { useWhole } from '../../live/use-reading.ts'
import { AddStockItem } from './add-stock-item.tsx'
import { stockQuery } from './documents.ts'
import { StockActions } from './stock-actions.tsx'

export default function Stock() {
  const { t } = useTranslation('admin')
  const branchId = useBranch()
  const stock = useWhole(stockQuery, { branchId }, (data) => data.stock, { modules: ['INVENTORY', 'SALE'] })
  return (
    <Screen
      title={t('stock.title')}
      actions={
        <>
          <BranchPicker />
          <AddStockItem branchId={branchId} />
        </>
      }
    >
      <LoadedList
        of={stock}
        empty={<EmptyState icon={IconPackage} title={t('stock.none')} text={t('stock.noneText')} />}
      >
        {(nodes) => <Levels items={nodes} branchId={branchId} />}
      </LoadedList>
    </Screen>
  )
}

function Levels({ items, branchId }: { items: readonly StockItem[]; branchId: string }) {
  const { t } = useTranslation('admin')
  const [search, setSearch] = useState('')
  const [onlyLow, setOnlyLow] = useState(false)
  const levels = levelsOf(items)
  const listed = shown(items, { search, onlyLow })
  const isBelowZero = items.some(({ belowZero }) => belowZero)
  const low = items.filter(isLow)
  return (
    <>
      {isBelowZero && (
        <Alert color="yellow" icon={<IconAlertTriangle />} mb="md" title={t('stock.belowZero')}>
          {t('stock.belowZeroText')}
        </Alert>
      )}
      {low.length > 0 && (
        <Alert
          color="yellow"
          icon={<IconAlertTriangle />}
          mb="md"
          title={t('stock.threshold.warning', { count: low.length })}
          data-testid="low-stock"
        >
          {low.map(({ name }) => name).join(', ')}
        </Alert>
      )}
      <Group mb="md" gap="lg">
        <TextInput
          aria-label={t('stock.search')}
          placeholder={t('stock.search')}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          type="search"
        />
        <Switch
          label={t('stock.onlyLow')}
          checked={onlyLow}
          onChange={(event) => setOnlyLow(event.currentTarget.checked)}
          size="md"
        />
        <Text c="dimmed" size="sm">
          {t('stock.levelHint')}
        </Text>
      </Group>
      {listed.length === 0 ? (
        <Text c="dimmed">{t('stock.nothing')}</Text>
      ) : (
        <RowTable
          label={t('stock.title')}
          rows={listed}
          keyOf={({ id }) => id}
          marks={({ id }) => ({ 'data-testid': 'stock-row', 'data-id': id })}
          columns={[
            { name: t('stock.item'), look: { fw: 550 }, cell: ({ name }) => name },
            {
              name: t('stock.level'),
              look: { w: '40%', miw: '8rem' },
              cell: (item) => <Level item={item} level={levels.get(item.id) ?? 0} />,
            },
            {
              name: t('stock.onHand'),
              isNumber: true,
              look: { style: { whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' } },
              cell: ({ belowZero, onHand, unit }) => (
                <>
                  <Text
                    inherit
                    span
                    c={belowZero ? 'var(--mantine-color-error)' : undefined}
                    data-testid="on-hand"
                  >
                    {quantity(onHand)}
                  </Text>{' '}
                  {unit}
                </>
              ),
            },
            {
              name: t('stock.adjust'),
              isHidden: true,
              cell: (item) => <StockActions item={item} branchId={branchId} />,
            },
          ]}
        />
      )}
    </>
  )
}

function Level({ item, level }: { item: StockItem; level: number }) {
  const { t } = useTranslation('admin')
  if (item.belowZero) return <Tag color="red">{t('stock.belowZero')}</Tag>
  if (!isLow(item)) return <Progress value={level * 100} size="lg" aria-hidden />
  return (
    <Tag color="yellow" data-testid="low">
      {t('stock.threshold.low', { quantity: quantity(item.lowAt ?? 0), unit: item.unit })}
    </Tag>
  )
}
