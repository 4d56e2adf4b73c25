import { Button, Text } from '@mantine/core'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useCart } from '../../hooks/cart.tsx'
import { isEmpty } from '../../lib/cart.ts'

/** On to the payment; where that is not possible, it says why. */
export function PayButton({ blocked }: { blocked: string | null }) {
  const { t } = useTranslation('pos')
  const [, navigate] = useLocation()
  const { cart } = useCart()
  const why = useId()
  return (
    <>
      {blocked && (
        <Text id={why} size="sm" c="var(--mantine-color-error)" mb="xs">
          {blocked}
        </Text>
      )}
      <Button
        size="xl"
        fullWidth
        data-testid="pay"
        disabled={isEmpty(cart) || blocked !== null}
        aria-describedby={blocked ? why : undefined}
        onClick={() => navigate('/pay')}
      >
        {t('sell.pay')}
      </Button>
    </>
  )
}
