import { useMemo } from 'react'
import { useSyncClient, useSyncStatus } from '../../react/index.ts'
import type { QueuedOperation } from '../../sdk/index.ts'
import { waitingCount } from '../lib/queue.ts'

/** What waits to be sent, oldest first. Read anew when the counts change. */
export function useWaiting(): readonly QueuedOperation[] {
  const client = useSyncClient()
  const counts = useSyncStatus((status) => `${waitingCount(status)} ${status.syncing}`)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the counts say when to look again
  return useMemo(() => client.waiting(), [client, counts])
}
