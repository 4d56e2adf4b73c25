import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCashRegister } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useBlocked, useEntities } from '../../../react/index.ts'
import { useFormats } from '../../../ui/format.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Problem } from '../../components/problem.tsx'
import { useNameOf } from '../../hooks/use-context.ts'
import { lastClosed } from '../../lib/drawer.ts'
import { JustClosed } from '../closing/just-closed.tsx'
import classes from '../closing/slip.module.css'
import { OpenSessionDialog } from './open-session-dialog.tsx'

export function NoSession() {
  const { t } = useTranslation('pos')
  const { dayAndTime } = useFormats()
  const nameOf = useNameOf()
  const blocked = useBlocked('cashSession.open')
  const last = lastClosed(useEntities('cashSession'))
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      <div className={classes.afterwards}>
        <div>
          <EmptyState
            icon={IconCashRegister}
            title={t('cash.closedTitle')}
            text={
              last?.closedAt &&
              t('cash.lastClosed', { time: dayAndTime(last.closedAt), name: nameOf(last.closedBy ?? '') })
            }
          >
            {blocked && <Problem of={blocked} />}
            <Button size="lg" data-testid="open-session" disabled={blocked !== null} onClick={dialog.open}>
              {t('sell.closed.open')}
            </Button>
          </EmptyState>
        </div>
        <JustClosed />
      </div>
      <OpenSessionDialog opened={isOpen} onClose={dialog.close} />
    </>
  )
}
