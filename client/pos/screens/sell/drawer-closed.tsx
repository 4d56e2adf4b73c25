import { Alert, Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCashRegister } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useBlocked, useEntities } from '../../../react/index.ts'
import { useFormats } from '../../../ui/format.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Problem } from '../../components/problem.tsx'
import { Heading } from '../../components/screen.tsx'
import { useCart } from '../../hooks/cart.tsx'
import { useNameOf } from '../../hooks/use-context.ts'
import { isEmpty } from '../../lib/cart.ts'
import { lastClosed } from '../../lib/drawer.ts'
import { OpenSessionDialog } from '../cash/open-session-dialog.tsx'
import { JustClosed } from '../closing/just-closed.tsx'
import classes from '../closing/slip.module.css'

/** Nothing is sold without a cash session: the one thing to do is to open it. */
export function DrawerClosed() {
  const { t } = useTranslation('pos')
  const blocked = useBlocked('cashSession.open')
  const { cart } = useCart()
  const { dayAndTime } = useFormats()
  const nameOf = useNameOf()
  const last = lastClosed(useEntities('cashSession'))
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      <Heading isHidden>{t('sell.title')}</Heading>
      <div className={classes.beside}>
        <div>
          <EmptyState icon={IconCashRegister} title={t('sell.closed.title')} text={t('sell.closed.text')}>
            {last?.closedAt && !isEmpty(cart) && (
              <Alert color="yellow" data-testid="closed-elsewhere" role="alert">
                {t('sell.closed.meanwhile', {
                  time: dayAndTime(last.closedAt),
                  name: nameOf(last.closedBy ?? ''),
                })}
              </Alert>
            )}
            {blocked && <Problem of={blocked} />}
            <Button size="xl" data-testid="open-session" disabled={blocked !== null} onClick={dialog.open}>
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
