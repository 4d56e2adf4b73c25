import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAction, useSyncClient, useSyncStatus } from '../../react/index.ts'
import { Problem } from '../components/problem.tsx'
import { useOpenSession } from '../hooks/use-cafe.ts'

/** All that can go to the session that is open now, with one tap; what cannot stays where it is. */
export function SendAll() {
  const { t } = useTranslation('pos')
  const client = useSyncClient()
  const session = useOpenSession()
  const failed = useSyncStatus((status) => status.failed)
  const { run, isBusy, problem } = useAction()
  const [left, setLeft] = useState(0)
  const movable = failed.filter(
    ({ code, waysOut }) => code === 'CASH_SESSION_NOT_OPEN' && waysOut.includes('reassign'),
  )
  if (movable.length < 2) return null

  async function sendAll(cashSessionId: string) {
    let refused = 0
    for (const { clientOpId } of movable)
      await client.reassign(clientOpId, { cashSessionId }).catch(() => {
        refused += 1
      })
    setLeft(refused)
  }

  return (
    <>
      <Button
        fullWidth
        mb="md"
        data-testid="send-all"
        loading={isBusy}
        disabled={!session}
        onClick={() => session && void run(() => sendAll(session.id))}
      >
        {t('sync.sendAll', { count: movable.length })}
      </Button>
      {!session && (
        <Text size="sm" c="dimmed" mb="md">
          {t('sync.noSession')}
        </Text>
      )}
      {left > 0 && <Text size="sm">{t('sync.sendAllLeft', { count: left })}</Text>}
      {problem && <Problem of={problem} />}
    </>
  )
}
