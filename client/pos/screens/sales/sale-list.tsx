import { Badge, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { usd, useFormats } from '../../../ui/format.ts'
import { PendingMark } from '../../components/pending-mark.tsx'
import { isWaiting, type Sale } from '../../lib/day.ts'
import classes from './sales.module.css'

export function SaleList({ sales, chosenId }: { sales: readonly Sale[]; chosenId: string | null }) {
  const { t } = useTranslation('pos')
  return (
    <ul className={classes.list} aria-label={t('sales.list')}>
      {sales.map((sale) => (
        <SaleRow key={sale.id} sale={sale} isChosen={sale.id === chosenId} />
      ))}
    </ul>
  )
}

function SaleRow({ sale, isChosen }: { sale: Sale; isChosen: boolean }) {
  const { t } = useTranslation('pos')
  const { time } = useFormats()
  const isVoided = sale.status === 'VOIDED'
  const what = sale.lines.map(({ quantity, name }) => `${quantity} × ${name}`).join(', ')
  return (
    <li>
      <Link
        href={isChosen ? '/sales' : `/sales/${sale.id}`}
        replace
        className={`${classes.sale} mantine-focus-auto`}
        style={{ color: 'inherit', textDecoration: 'none' }}
        aria-current={isChosen}
        data-testid="sale-row"
      >
        <Text c="dimmed">{time(sale.finalizedAt)}</Text>
        <div>
          <Text fw={600}>
            {isWaiting(sale) ? <PendingMark /> : `#${sale.receiptNumber}`}{' '}
            {isVoided && (
              <Badge color="red" variant="light">
                {t('sales.voided')}
              </Badge>
            )}
          </Text>
          <Text size="sm" c="dimmed" className={classes.what}>
            {what}
          </Text>
        </div>
        <Text fw={650} className={isVoided ? classes.voided : undefined}>
          {usd(sale.totals.totalUsd)}
        </Text>
      </Link>
    </li>
  )
}
