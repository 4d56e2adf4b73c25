import { Alert, Card, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { FailedOperation } from '../../sdk/index.ts'
import { useReason } from '../../ui/reasons.ts'
import { useNameOf } from '../hooks/use-context.ts'
import { adviceFor } from '../lib/advice.ts'
import { FailedContent } from './failed-content.tsx'
import { OperationTitle } from './operation-title.tsx'
import { WaysOut } from './ways-out.tsx'

/** What was not accepted: what it was, why not, what to do about it, and the buttons for that. */
export function FailedItem({ operation, onLeave }: { operation: FailedOperation; onLeave: () => void }) {
  const { t } = useTranslation('pos')
  const reason = useReason()
  const { code, message, dependants, actorId } = operation
  const name = useNameOf()(actorId)
  const why = reason(operation)
  return (
    <Card component="li" withBorder padding="sm" data-testid="failed-item" data-code={code}>
      <Stack gap="xs">
        <OperationTitle of={operation} />
        <FailedContent of={operation} />
        <Alert color="red" icon={<IconAlertTriangle />} title={why} py="xs">
          {t(`sync.advice.${adviceFor(code)}`, { name })}
        </Alert>
        {dependants.length > 0 && <Text size="sm">{t('sync.dependants', { count: dependants.length })}</Text>}
        <WaysOut operation={operation} onLeave={onLeave} />
        <Text size="xs" c="dimmed">
          {why !== message && <>{t('sync.serverSays', { message })} </>}
          {t('sync.code', { code })}
        </Text>
      </Stack>
    </Card>
  )
}
