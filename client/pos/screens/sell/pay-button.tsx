import { Button, Text } from '@mantine/core'
import { memo, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

/** On to the payment; where that is not possible, it says why. */
export const PayButton = memo(function PayButton(props: { isEmpty: boolean; blocked: string | null }) {
  const { isEmpty, blocked } = props
  const { t } = useTranslation('pos')
  const [, navigate] = useLocation()
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
        disabled={isEmpty || blocked !== null}
        aria-describedby={blocked ? why : undefined}
        onClick={() => navigate('/pay')}
      >
        {t('sell.pay')}
      </Button>
    </>
  )
})
