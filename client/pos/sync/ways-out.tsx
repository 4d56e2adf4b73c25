import { Button, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useAction, useSyncClient } from '../../react/index.ts'
import type { FailedOperation, WayOut } from '../../sdk/index.ts'
import { useApprove } from '../approval/approvals.tsx'
import { Problem } from '../components/problem.tsx'
import { useOpenSession } from '../hooks/use-cafe.ts'
import { useMay, useNameOf } from '../hooks/use-context.ts'
import { adviceFor, wayOfAdvice } from '../lib/advice.ts'
import { DiscardForm } from './discard-form.tsx'

/**
 * Again, to the open session, or given up: whichever there are. The one that is advised is the button that stands out;
 * what cannot be done now says why.
 */
export function WaysOut({ operation, onLeave }: { operation: FailedOperation; onLeave: () => void }) {
  const { t } = useTranslation('pos')
  const client = useSyncClient()
  const [, navigate] = useLocation()
  const session = useOpenSession()
  const mayDiscard = useMay('operations.discard')
  const [isDiscarding, discarding] = useDisclosure(false)
  const approve = useApprove()
  const { run, isBusy, problem } = useAction()
  const go = (out: () => Promise<unknown>) => void run(out)
  const { clientOpId, code, waysOut, actorId } = operation
  const nameOf = useNameOf()
  const has = (way: WayOut) => waysOut.includes(way)
  const advice = adviceFor(code)
  const advised = wayOfAdvice[advice]
  // Where something else is the matter, a session that is not open is no news; and whoever has to sign in need not move it.
  const mayMove = has('reassign') && (advised === 'reassign' || (session !== null && advice !== 'signIn'))

  const looks = (way: WayOut) =>
    ({ 'data-testid': way, px: 'sm', variant: way === advised ? 'filled' : 'default' }) as const

  async function discard(reason: string) {
    const granted = await approve('operations.discard')
    if (granted) go(() => client.discard(clientOpId, reason, granted))
  }
  function askSomebody() {
    onLeave()
    navigate('/people')
  }

  return (
    <Stack gap="xs">
      <Group gap="xs" grow preventGrowOverflow={false}>
        {advice === 'signIn' && (
          <Button px="sm" data-testid="ask-person" onClick={askSomebody}>
            {t('sync.askPerson', { name: nameOf(actorId) })}
          </Button>
        )}
        {mayMove && (
          <Button
            {...looks('reassign')}
            loading={isBusy}
            disabled={!session}
            onClick={() => session && go(() => client.reassign(clientOpId, { cashSessionId: session.id }))}
          >
            {t('sync.reassign')}
          </Button>
        )}
        {has('retry') && (
          <Button {...looks('retry')} loading={isBusy} onClick={() => go(() => client.retry(clientOpId))}>
            {t('sync.retry')}
          </Button>
        )}
        {has('discard') && (
          <Button {...looks('discard')} aria-expanded={isDiscarding} onClick={discarding.toggle}>
            {t('sync.discard')}
          </Button>
        )}
      </Group>
      {mayMove && !session && (
        <Text size="sm" c="dimmed">
          {t('sync.noSession')}
        </Text>
      )}
      {has('discard') && !mayDiscard && (
        <Text size="sm" c="dimmed">
          {t('sync.discardManagers')}
        </Text>
      )}
      {isDiscarding && <DiscardForm isBusy={isBusy} onDiscard={(reason) => void discard(reason)} />}
      {problem && <Problem of={problem} />}
    </Stack>
  )
}
