import { useEffect, useState } from 'react'
import { useSyncClient, useSyncStatus } from '../../react/index.ts'
import { useContextOfTill } from '../hooks/use-context.ts'
import { type Queued, waitingCount, waitingIn } from '../lib/queue.ts'

/** What waits to be sent, oldest first. Read anew when the counts change. */
export function useWaiting(): readonly Queued[] {
  const client = useSyncClient()
  const { tenantId } = useContextOfTill()
  const counts = useSyncStatus((status) => `${waitingCount(status)} ${status.syncing}`)
  const [waiting, setWaiting] = useState<readonly Queued[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the counts say when to look again
  useEffect(() => {
    let isShown = true
    void client.exportQueue().then((text) => {
      if (isShown) setWaiting(waitingIn(text, tenantId))
    })
    return () => {
      isShown = false
    }
  }, [client, tenantId, counts])
  return waiting
}
