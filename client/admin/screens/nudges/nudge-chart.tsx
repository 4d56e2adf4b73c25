import { Group, Overlay, Paper, Skeleton, Text, Title } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../../ui/use-now.ts'
import { bucketsOf } from '../../lib/news.ts'
import { useBackend, useConsole } from '../../live/console.ts'

/** The charts are as large as all the rest: they come when this is shown. */
const MovingBars = lazy(() => import('./moving-bars.tsx'))

const bucketMs = 2_000

/**
 * How many nudges came in the last minute, by branch: a till that is busy shows. It moves by one bar at a time, whatever
 * comes: drawing bars takes longer than a row of the list beside it, which is not to wait for that.
 */
export function NudgeChart() {
  const { t } = useTranslation('admin')
  const { live } = useBackend()
  const { branches } = useConsole()
  const now = useNow(bucketMs)
  const buckets = bucketsOf(
    live.news(),
    branches.map(({ branchId }) => branchId),
    now,
    bucketMs,
  )
  const total = buckets.reduce((sum, { counts }) => sum + Object.values(counts).reduce((a, b) => a + b, 0), 0)
  return (
    <Paper withBorder p="lg" radius="lg" component="section" aria-labelledby="nudge-chart-title">
      <Group justify="space-between" mb="md">
        <Title order={2} size="h4" id="nudge-chart-title">
          {t('overview.nudges.title')}
        </Title>
        <Text c="dimmed" data-testid="nudge-total">
          {t('overview.nudges.summary', { count: total })}
        </Text>
      </Group>
      <div
        role="img"
        style={{ position: 'relative' }}
        aria-label={t('overview.nudges.summary', { count: total })}
      >
        <Suspense fallback={<Skeleton height={260} />}>
          <MovingBars buckets={buckets} branches={branches} />
        </Suspense>
        {total === 0 && (
          <Overlay center backgroundOpacity={0} zIndex={1}>
            <Text c="dimmed">{t('overview.nudges.quiet')}</Text>
          </Overlay>
        )}
      </div>
    </Paper>
  )
}
