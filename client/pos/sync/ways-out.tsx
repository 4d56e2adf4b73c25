import { Button, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useSyncClient } from '../../react/index.ts'
import type { FailedOperation } from '../../sdk/index.ts'
import { Problem } from '../components/problem.tsx'
import { useOpenSession } from '../hooks/use-cafe.ts'
import { useMay } from '../hooks/use-context.ts'
import { DiscardForm } from './discard-form.tsx'
import { useWayOut } from './use-way-out.ts'

/** Again, to the open session, or given up: whichever there are. What cannot be done now says why. */
export function WaysOut({ operation, onLeave }: { operation: FailedOperation; onLeave: () => void }) {
  const { t } = useTranslation('pos')
  const client = useSyncClient()
  const [, navigate] = useLocation()
  const session = useOpenSession()
  const mayDiscard = useMay('operations.discard')
  const [isDiscarding, discarding] = useDisclosure(false)
  const { go, isBusy, problem } = useWayOut()
  const { clientOpId, waysOut } = operation
  const has = (way: FailedOperation['waysOut'][number]) => waysOut.includes(way)

  function askManager() {
    onLeave()
    navigate('/people')
  }

  return (
    <Stack gap="xs">
      {has('reassign') && (
        <Button
          data-testid="reassign"
          px="sm"
          loading={isBusy}
          disabled={!session}
          onClick={() => session && go(() => client.reassign(clientOpId, { cashSessionId: session.id }))}
        >
          {t('sync.reassign')}
        </Button>
      )}
      <Group gap="xs" grow>
        {has('retry') && (
          <Button
            data-testid="retry"
            px="sm"
            variant="default"
            loading={isBusy}
            onClick={() => go(() => client.retry(clientOpId))}
          >
            {t('sync.retry')}
          </Button>
        )}
        {has('discard') && (
          <Button
            data-testid="discard"
            px="sm"
            variant="default"
            disabled={!mayDiscard}
            aria-expanded={isDiscarding}
            onClick={discarding.toggle}
          >
            {t('sync.discard')}
          </Button>
        )}
      </Group>
      {has('reassign') && !session && (
        <Text size="sm" c="dimmed">
          {t('sync.noSession')}
        </Text>
      )}
      {has('discard') && !mayDiscard && (
        <Group gap="xs" justify="space-between">
          <Text size="sm" c="dimmed">
            {t('sync.discardManagers')}
          </Text>
          <Button variant="subtle" px="sm" onClick={askManager}>
            {t('sync.askManager')}
          </Button>
        </Group>
      )}
      {isDiscarding && mayDiscard && (
        <DiscardForm isBusy={isBusy} onDiscard={(reason) => go(() => client.discard(clientOpId, reason))} />
      )}
      {problem && <Problem of={problem} />}
    </Stack>
  )
}
