import { Alert, Button, Group } from '@mantine/core'
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useReason } from '../../ui/reasons.ts'
import type { UseIntent } from '../live/use-intent.ts'

/** What became of an intent, where it is not done: why not, or that nobody knows and that it may be sent again. */
export function IntentNotice<Input>({ of: intent }: { of: UseIntent<Input> }) {
  const { t } = useTranslation('admin')
  const reason = useReason()
  const { state } = intent
  if (state.is === 'refused')
    return (
      <Alert color="red" icon={<IconAlertTriangle />} role="alert" data-testid="intent-refused">
        {reason(state.problem)}
      </Alert>
    )
  if (state.is !== 'lost') return null
  return (
    <Alert color="yellow" icon={<IconRefresh />} role="alert" data-testid="intent-lost">
      {t(state.putOff ? 'shell.intent.putOff' : 'shell.intent.lost')}
      <Group gap="xs" mt="sm">
        <Button onClick={intent.again} data-testid="send-again">
          {t('shell.intent.again')}
        </Button>
        <Button variant="default" onClick={intent.dismiss}>
          {t('shell.intent.leave')}
        </Button>
      </Group>
    </Alert>
  )
}
