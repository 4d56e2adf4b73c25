import { Alert, Progress, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconReceipt } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoute } from 'wouter'
import { dayOf, type LocalDay } from '../../../contract.ts'
import { useEntities, useSyncStatus } from '../../../react/index.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Screen } from '../../components/screen.tsx'
import { useOpenSession } from '../../hooks/use-cafe.ts'
import { useRightNow, useTimeZone } from '../../hooks/use-context.ts'
import { filtered, type SaleFilter, saleFilters, salesOf } from '../../lib/day.ts'
import { DaySummary } from './day-summary.tsx'
import { PeriodPicker } from './period-picker.tsx'
import { SaleDetails } from './sale-details.tsx'
import { SaleList } from './sale-list.tsx'
import classes from './sales.module.css'

/** What was sold in this session, or on a day: in sum, by hour, and receipt by receipt. */
export default function SalesScreen() {
  const { t } = useTranslation('pos')
  const all = useEntities('sale')
  const timeZone = useTimeZone()
  const today = dayOf(useRightNow(30_000), timeZone)
  const session = useOpenSession()
  // Until somebody chooses: what is sold now, also after midnight.
  const [chosenDay, setChosenDay] = useState<LocalDay | null>(null)
  const isOfSession = chosenDay === null && session !== null
  const day = chosenDay ?? today
  const sessionId = isOfSession ? session.id : null
  const isWhole = useSyncStatus(({ hydrated }) => hydrated)
  const [filter, setFilter] = useState<SaleFilter>('all')
  const [, params] = useRoute('/sales/:saleId?')
  const sales = useMemo(
    () => salesOf(all, sessionId === null ? { day } : { cashSessionId: sessionId }, timeZone),
    [all, day, sessionId, timeZone],
  )
  const shown = filtered(sales, filter)
  const chosen = all.find(({ id }) => id === params?.saleId)
  const period = (
    <PeriodPicker
      day={day}
      today={today}
      isOfSession={isOfSession}
      onSession={session ? () => setChosenDay(null) : null}
      onDay={setChosenDay}
    />
  )
  if (sales.length === 0 && !chosen)
    return (
      <Screen title={t('sales.title')} actions={period}>
        <StillLoading />
        {isWhole && (
          <EmptyState icon={IconReceipt} title={t('sales.empty.title')} text={t('sales.empty.text')} />
        )}
      </Screen>
    )
  return (
    <Screen title={t('sales.title')} actions={period}>
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
