import { Alert, Progress, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconHandStop, IconReceipt } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoute } from 'wouter'
import { useEntities, useSyncStatus } from '../../../react/index.ts'
import { useNow } from '../../../ui/use-now.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Screen } from '../../components/screen.tsx'
import { useMay } from '../../hooks/use-context.ts'
import { filtered, type SaleFilter, saleFilters, salesOfDay } from '../../lib/day.ts'
import { DaySummary } from './day-summary.tsx'
import { SaleDetails } from './sale-details.tsx'
import { SaleList } from './sale-list.tsx'
import classes from './sales.module.css'

/** What was sold today: in sum, by hour, and receipt by receipt. */
export default function SalesScreen() {
  const { t } = useTranslation('pos')
  const mayRead = useMay('sale.read')
  if (!mayRead) return <EmptyState isScreen icon={IconHandStop} title={t('sales.notForYou')} />
  return <Sales />
}

function Sales() {
  const { t } = useTranslation('pos')
  const all = useEntities('sale')
  const today = new Date(useNow(30_000)).toDateString()
  const isWhole = useSyncStatus(({ hydrated }) => hydrated)
  const [filter, setFilter] = useState<SaleFilter>('all')
  const [, params] = useRoute('/sales/:saleId?')
  const sales = useMemo(() => salesOfDay(all, new Date(today)), [all, today])
  const shown = filtered(sales, filter)
  const chosen = all.find(({ id }) => id === params?.saleId)
  if (sales.length === 0 && !chosen)
    return (
      <Screen title={t('sales.title')}>
        <StillLoading />
        {isWhole && (
          <EmptyState icon={IconReceipt} title={t('sales.empty.title')} text={t('sales.empty.text')} />
        )}
      </Screen>
    )
  return (
    <Screen title={t('sales.title')}>
      <StillLoading />
      <DaySummary sales={sales} />
      <div className={classes.columns} data-chosen={chosen ? true : undefined}>
        <Stack gap="sm">
          <SegmentedControl
            aria-label={t('sales.filter.label')}
            data={saleFilters.map((value) => ({ value, label: t(`sales.filter.${value}`) }))}
            value={filter}
            onChange={(value) => setFilter(value as SaleFilter)}
          />
          {shown.length === 0 && <Text c="dimmed">{t('sales.emptyFilter')}</Text>}
          <SaleList sales={shown} chosenId={chosen?.id ?? null} />
        </Stack>
        <SaleDetails sale={chosen ?? null} />
      </div>
    </Screen>
  )
}

/** On a new tablet and a slow line, what was sold before comes after what selling needs. */
function StillLoading() {
  const { t } = useTranslation('pos')
  const isWhole = useSyncStatus(({ hydrated }) => hydrated)
  const progress = useSyncStatus(({ progress }) => progress)
  if (isWhole) return null
  const percent = progress?.total ? Math.floor((100 * progress.loaded) / progress.total) : 0
  return (
    <Alert color="blue" mb="md" role="status" data-testid="history-loading">
      <Text size="sm">{t('sales.loading', { percent })}</Text>
      <Progress value={percent} mt="xs" aria-hidden />
    </Alert>
  )
}
