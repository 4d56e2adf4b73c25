import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { isNothing } from '../../../ui/money.ts'
import { Both } from '../../components/both.tsx'
import type { Settlement } from '../../lib/tender.ts'
import classes from './pay.module.css'

/** What is given back, or still missing: large, as it is read across the counter. */
export function Settled({ settlement }: { settlement: Settlement | null }) {
  const { t } = useTranslation('pos')
  return (
    <div
      className={classes.settled}
      data-covered={settlement?.change ? true : undefined}
      data-testid="change"
      aria-live="polite"
    >
      {settlement === null ? (
        <Text className={classes.hint}>{t('pay.type')}</Text>
      ) : settlement.change ? (
        isNothing(settlement.change) ? (
          <span className={classes.settledAmount}>{t('pay.noChange')}</span>
        ) : (
          <>
            <Text fw={600}>{t('pay.change')}</Text>
            <Both of={settlement.change} className={classes.settledAmount} />
          </>
        )
      ) : (
        <>
          <Text fw={600}>{t('pay.missing')}</Text>
          <Both of={settlement.missing} className={classes.settledAmount} />
        </>
      )}
    </div>
  )
}
