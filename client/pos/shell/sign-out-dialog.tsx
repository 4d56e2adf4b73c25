import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSyncClient, useSyncStatus } from '../../react/index.ts'
import { Dialog } from '../components/dialog.tsx'
import { useCart } from '../hooks/cart.tsx'
import { useContextOfTill } from '../hooks/use-context.ts'
import { isEmpty } from '../lib/cart.ts'
import { unansweredCount } from '../lib/queue.ts'

/** Signing out leaves what waits where it is, and says so. */
export function SignOutDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('pos')
  return (
    <Dialog opened={opened} onClose={onClose} title={t('shell.signOut.title')}>
      <Content onStay={onClose} />
    </Dialog>
  )
}

/** A component of its own: what is in the cart draws it while it is open, and only then. */
function Content({ onStay }: { onStay: () => void }) {
  const { t } = useTranslation(['pos', 'ui'])
  const client = useSyncClient()
  const { tenantId, actorId } = useContextOfTill()
  const waiting = useSyncStatus(unansweredCount)
  const cart = useCart((carts) => carts.cart)

  async function signOut() {
    await client.people.signOut(actorId, tenantId)
    await client.switchContext(null)
  }

  return (
    <Stack>
      {waiting > 0 && (
        <Alert color="yellow" title={t('shell.signOut.waiting', { count: waiting })}>
          {t('shell.signOut.stays')}
        </Alert>
      )}
      {!isEmpty(cart) && (
        <Alert color="yellow" data-testid="cart-stays">
          {t('shell.signOut.cart')}
        </Alert>
      )}
      <Text>{t('shell.signOut.plain')}</Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onStay} data-autofocus>
          {t('shell.signOut.stay')}
        </Button>
        <Button color="red" onClick={() => void signOut()}>
          {t('ui:action.signOut')}
        </Button>
      </Group>
    </Stack>
  )
}
