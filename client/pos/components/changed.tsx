import { Alert, type AlertProps, Button } from '@mantine/core'
import { IconTags } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { inSight } from './in-sight.ts'

/** What is being sold costs something else now: the customer should hear it before they pay. */
export function Changed({ onSeen, children, ...rest }: AlertProps & { onSeen: () => void }) {
  const { t } = useTranslation('pos')
  return (
    <Alert ref={inSight} color="yellow" icon={<IconTags />} mb="xs" role="alert" {...rest}>
      {children}
      <div>
        <Button mt="xs" variant="default" onClick={onSeen}>
          {t('sell.changed.ok')}
        </Button>
      </div>
    </Alert>
  )
}
