import { Alert, Button, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { inSight } from '../../components/in-sight.ts'
import { type Carts, useCart, useCartSteps } from '../../hooks/cart.tsx'
import { useNameOf } from '../../hooks/use-context.ts'
import { countOf } from '../../lib/cart.ts'

/** Somebody took over in the middle of a sale: whose is the cart? */
export function LeftCart() {
  const left = useCart((carts) => carts.left)
  return left && <Question left={left} />
}

function Question({ left }: { left: NonNullable<Carts['left']> }) {
  const { t } = useTranslation('pos')
  const { settleLeft } = useCartSteps()
  const nameOf = useNameOf()
  const name = nameOf(left.actorId)
  return (
    <Alert ref={inSight} color="yellow" mx="md" mb="xs" role="status" data-testid="left-cart">
      {t('sell.left.text', { name, count: countOf(left.cart) })}
      <Group gap="xs" mt="xs">
        <Button variant="default" data-testid="take-over" onClick={() => settleLeft('take')}>
          {t('sell.left.take')}
        </Button>
        <Button variant="default" onClick={() => settleLeft('park')}>
          {t('sell.left.park')}
        </Button>
        <Button variant="default" onClick={() => settleLeft('leave')}>
          {t('sell.left.leave', { name })}
        </Button>
      </Group>
    </Alert>
  )
}
