import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { useClock } from '../../components/use-clock.ts'
import type { Bucket } from '../../lib/news.ts'
import type { Branch } from '../../live/console.ts'

/** Told apart by hue and by their place in the legend. */
const colours = ['clay.6', 'blue.6', 'green.6', 'yellow.6', 'red.6', 'gray.6']

export default function MovingBars(props: { buckets: readonly Bucket[]; branches: readonly Branch[] }) {
  const { buckets, branches } = props
  const clock = useClock()
  return (
    <BarChart
      h={260}
      type="stacked"
      data={buckets.map(({ at, counts }) => ({ at: clock(at), ...counts }))}
      dataKey="at"
      series={branches.map(({ branchId, name }, index) => ({
        name: branchId,
        label: name,
        color: colours[index % colours.length]!,
      }))}
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
