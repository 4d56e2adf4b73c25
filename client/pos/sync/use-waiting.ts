import { useMemo } from 'react'
import { useSyncClient, useSyncStatus } from '../../react/index.ts'
import type { QueuedOperation } from '../../sdk/index.ts'
import { useContextOfTill } from '../hooks/use-context.ts'
import { waitingCount } from '../lib/queue.ts'

/** What waits to be sent, oldest first. Read anew when the counts change, and for another café. */
export function useWaiting(): readonly QueuedOperation[] {
  const client = useSyncClient()
  const { tenantId } = useContextOfTill()
  const counts = useSyncStatus((status) => `${waitingCount(status)} ${status.syncing}`)
  // biome-ignore lint/correctness/useExhaustiveDependencies: café and counts say when to look again
  return useMemo(() => client.waiting(), [client, tenantId, counts])
}
