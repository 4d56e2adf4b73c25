import { Card, Text } from '@mantine/core'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { quantity, usd } from '../../../ui/format.ts'
import { lazyScreen } from '../../../ui/lazy-screen.ts'
import { useTimeZone } from '../../hooks/use-context.ts'
import { byHour, type Sale, summaryOf } from '../../lib/day.ts'
import classes from './sales.module.css'

const HoursChart = lazyScreen(() => import('./hours-chart.tsx'))

export function DaySummary({ sales }: { sales: readonly Sale[] }) {
  const { t } = useTranslation('pos')
  const timeZone = useTimeZone()
  const { count, totalUsd, averageUsd } = summaryOf(sales)
  return (
    <Card withBorder className={classes.figures}>
      <Figure label={t('sales.count')} value={quantity(count)} />
      <Figure label={t('sales.total')} value={usd(totalUsd)} />
      <Figure label={t('sales.average')} value={usd(averageUsd)} />
      <div className={classes.chart}>
        <Suspense>
          <HoursChart hours={byHour(sales, timeZone)} />
        </Suspense>
      </div>
    </Card>
  )
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <div className={classes.figure} data-testid="day-figure">
        {value}
      </div>
    </div>
  )
}
