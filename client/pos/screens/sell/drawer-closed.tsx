import { Alert } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useEntities } from '../../../react/index.ts'
import { useFormats } from '../../../ui/format.ts'
import { Heading } from '../../components/screen.tsx'
import { useCart } from '../../hooks/cart.tsx'
import { useNameOf } from '../../hooks/use-context.ts'
import { isEmpty } from '../../lib/cart.ts'
import { lastClosed } from '../../lib/drawer.ts'
import { ClosedDrawer } from '../cash/closed-drawer.tsx'
import classes from '../closing/slip.module.css'

/** Nothing is sold without a cash session. */
export function DrawerClosed() {
  const { t } = useTranslation('pos')
  const cart = useCart((carts) => carts.cart)
  const { dayAndTime } = useFormats()
  const nameOf = useNameOf()
  const last = lastClosed(useEntities('cashSession'))
  return (
    <>
      <Heading isHidden>{t('sell.title')}</Heading>
      <ClosedDrawer
        title={t('sell.closed.title')}
        text={t('sell.closed.text')}
        size="xl"
        className={classes.beside}
      >
        {last?.closedAt && !isEmpty(cart) && (
          <Alert color="yellow" data-testid="closed-elsewhere" role="alert">
            {t('sell.closed.meanwhile', {
              time: dayAndTime(last.closedAt),
              name: nameOf(last.closedBy ?? ''),
            })}
          </Alert>
        )}
      </ClosedDrawer>
    </>
  )
}
