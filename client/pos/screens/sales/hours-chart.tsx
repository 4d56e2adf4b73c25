import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { quantity, usd } from '../../../ui/format.ts'
import type { Hour } from '../../lib/day.ts'

/** More amounts than that do not go beside each other: an axis says them. */
const mostLabelled = 5
/** An hour without a sale has no bar, and needs no amount. */
const labelOf = (dollars: number) => (dollars === 0 ? '' : usd(dollars * 100))

/** Dollars sold by hour: bars to look at, and the same as a table for those who listen. */
export default function HoursChart({ hours }: { hours: readonly Hour[] }) {
  const { t } = useTranslation('pos')
  const isLabelled = hours.length <= mostLabelled
  const data = hours.map(({ hour, totalUsd }) => ({ hour: nameOf(hour), dollars: totalUsd / 100 }))
  return (
    <>
      <div aria-hidden inert style={{ height: '100%' }}>
        <BarChart
          h="100%"
          data={data}
          dataKey="hour"
          series={[{ name: 'dollars', label: t('sales.amount'), color: 'clay.7' }]}
          withYAxis={!isLabelled}
          yAxisProps={{ width: 52 }}
          withTooltip={false}
          withBarValueLabel={isLabelled}
          valueFormatter={(dollars) => (isLabelled ? labelOf(dollars) : `$${quantity(dollars)}`)}
          gridAxis="none"
          maxBarWidth={48}
          barProps={{ isAnimationActive: false }}
        />
      </div>
      <VisuallyHidden>
        <table>
          <caption>{t('sales.byHour')}</caption>
          <thead>
            <tr>
              <th>{t('sales.hour')}</th>
              <th>{t('sales.amount')}</th>
            </tr>
          </thead>
          <tbody>
            {hours.map(({ hour, totalUsd }) => (
              <tr key={hour}>
                <th scope="row">{nameOf(hour)}</th>
                <td>{usd(totalUsd)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </>
  )
}

const nameOf = (hour: number) => `${String(hour).padStart(2, '0')}:00`
