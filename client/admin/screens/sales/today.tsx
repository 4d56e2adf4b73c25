import { Group, Paper, Skeleton, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { dayOf, startOfDay } from '../../../contract.ts'
import { quantity, usd } from '../../../ui/format.ts'
import { Loaded } from '../../components/loaded.tsx'
import { averageOf } from '../../lib/sale.ts'
import { useReading } from '../../live/use-reading.ts'
import { useRightNow } from '../../live/use-right-now.ts'
import { takingsQuery } from './documents.ts'

/** What the branch has taken since its midnight. */
export function Today({ branchId, timeZone }: { branchId: string; timeZone: string }) {
  const { t } = useTranslation('admin')
  const since = startOfDay(dayOf(new Date(useRightNow(60_000)), timeZone), timeZone).toISOString()
  const takings = useReading(takingsQuery, { branchId, since }, { modules: ['SALE'] })
  return (
    <Paper withBorder radius="lg" p="md" px="lg" mb="lg" component="section" aria-label={t('sales.today')}>
      <Loaded of={takings} skeleton={<Skeleton height={52} />}>
        {({ takings: { sales, totalUsd, voided } }) => (
          <Group gap="xl" data-testid="today">
            <Figure name={t('sales.today')} value={usd(totalUsd)} />
            <Figure name={t('sales.count')} value={quantity(sales)} />
            <Figure name={t('sales.average')} value={usd(averageOf({ sales, totalUsd }))} />
            <Figure name={t('sales.voided')} value={quantity(voided)} />
          </Group>
        )}
      </Loaded>
    </Paper>
  )
}

const Figure = ({ name, value }: { name: string; value: string }) => (
  <div>
    <Text c="dimmed" size="sm">
      {name}
    </Text>
    <Text fw={650} size="xl" style={{ fontVariantNumeric: 'tabular-nums' }}>
      {value}
    </Text>
  </div>
)
