import { useTranslation } from 'react-i18next'
import { useEntities } from '../../../react/index.ts'
import { useFormats } from '../../../ui/format.ts'
import { useNameOf } from '../../hooks/use-context.ts'
import { lastClosed } from '../../lib/drawer.ts'
import classes from '../closing/slip.module.css'
import { ClosedDrawer } from './closed-drawer.tsx'

export function NoSession() {
  const { t } = useTranslation('pos')
  const { dayAndTime } = useFormats()
  const nameOf = useNameOf()
  const last = lastClosed(useEntities('cashSession'))
  return (
    <ClosedDrawer
      title={t('cash.closedTitle')}
      text={
        last?.closedAt &&
        t('cash.lastClosed', { time: dayAndTime(last.closedAt), name: nameOf(last.closedBy ?? '') })
      }
      size="lg"
      className={classes.afterwards}
    />
  )
}
