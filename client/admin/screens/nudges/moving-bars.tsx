import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { useTranslation } from 'react-i18next'
import { useClock } from '../../components/use-clock.ts'
import { type Bucket, busiestOf } from '../../lib/news.ts'
import type { Branch } from '../../live/console.ts'

/** Told apart by hue and by their place in the legend: more branches than hues share the last one. */
const colours = ['clay.6', 'blue.6', 'green.6', 'yellow.6', 'red.6', 'gray.6']

export default function MovingBars(props: { buckets: readonly Bucket[]; branches: readonly Branch[] }) {
  const { buckets, branches } = props
  const { t } = useTranslation('admin')
  const clock = useClock()
  const shown = busiestOf(
    buckets,
    branches.map(({ branchId }) => branchId),
    colours.length,
  )
  const nameOf = (id: string) =>
    branches.find(({ branchId }) => branchId === id)?.name ?? t('overview.nudges.others')
  return (
    <BarChart
      h={260}
      type="stacked"
      data={shown.buckets.map(({ at, counts }) => ({ at: clock(at), ...counts }))}
      dataKey="at"
      series={shown.names.map((name, index) => ({ name, label: nameOf(name), color: colours[index]! }))}
      withLegend
      legendProps={{ verticalAlign: 'bottom' }}
      gridAxis="x"
      tickLine="none"
      xAxisProps={{ minTickGap: 60 }}
      yAxisProps={{ allowDecimals: false, width: 32, domain: [0, (most: number) => Math.max(4, most)] }}
      barChartProps={{ accessibilityLayer: false }}
      barProps={{ isAnimationActive: false }}
    />
  )
}
