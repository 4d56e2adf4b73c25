/**
 * Tills that are clients of the SDK: each puts all of its operations into its queue, then synchronises. The queue is
 * what is tried: thousands of operations wait in it before the first is sent.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { OfflineType } from '../client/sdk/index.ts'
import {
  createSyncClient,
  memoryStore,
  Offline,
  OperationBlocked,
  type SyncClient,
  SyncFailed,
  sqliteStore,
} from '../client/sdk/index.ts'
import { NotNow, type Persistence, persist } from './persistence.ts'
import { ReplayError } from './replay-error.ts'
import type { OpenTill, TillOperation, Verdict } from './transport.ts'

export type SdkTills = {
  url: string
  staffCode: string
  pin: string
  /** Where the queues are kept; null: in memory. */
  queueFolder: string | null
  /** What was rejected before is decided anew. */
  retry: boolean
  persistence: Persistence
}

export function sdkTills(of: SdkTills): OpenTill {
  if (of.queueFolder !== null) mkdirSync(of.queueFolder, { recursive: true })
  return async (tenantId, deviceId) => {
    const client = await createSyncClient({
      url: of.url,
      store:
        of.queueFolder === null ? memoryStore() : sqliteStore(join(of.queueFolder, `${deviceId}.sqlite`)),
      deviceId,
      context: null,
    })
    let signedInAt: string | null = null
    return {
      async push(operations) {
        const branchId = operations[0]?.branchId
        if (branchId === undefined) return []
        // Once: a PIN is slow to try, by design. A token that lapses meanwhile is seen to where the queue is sent.
        if (signedInAt !== branchId) await signIn(client, of, tenantId, branchId)
        signedInAt = branchId
        return replay(client, of, operations, tenantId)
      },
      close: () => client.close(),
    }
  }
}

async function signIn(client: SyncClient, of: SdkTills, tenantId: string, branchId: string): Promise<void> {
  const { staffCode, pin } = of
  const person = await asking(of, () => client.people.signIn({ tenantId, staffCode, pin }))
  await client.switchContext({ tenantId, branchId, actorId: person.accountId })
}

/** Queues everything, synchronises, and resolves to the verdicts in the order of the operations. */
async function replay(
  client: SyncClient,
  of: SdkTills,
  operations: readonly TillOperation[],
  tenantId: string,
): Promise<Verdict[]> {
  const decided = new Map<string, Verdict>()
  const stop = client.onVerdict((verdict) => decided.set(verdict.clientOpId, verdict))
  const blocked = new Map<TillOperation, Verdict>()
  const queued = new Set<string>()
  const repeated = new Set<TillOperation>()
  for (const operation of operations) {
    const { clientOpId, type, payload, occurredAt } = operation
    try {
      await client.perform<OfflineType>(type, payload as never, { clientOpId, occurredAt })
      if (queued.has(clientOpId)) repeated.add(operation)
      queued.add(clientOpId)
    } catch (error) {
      if (!(error instanceof OperationBlocked)) throw error
      const { code, message } = error
      blocked.set(operation, { clientOpId, status: 'REJECTED', duplicate: false, code, message })
    }
  }

  await asking(of, () => synchronised(client, of, tenantId))
  if (of.retry) {
    // One that fell with another has followed it back into the queue.
    for (const { clientOpId } of client.status().failed)
      if (client.status().failed.some((each) => each.clientOpId === clientOpId))
        await client.retry(clientOpId)
    await asking(of, () => synchronised(client, of, tenantId))
  }
  stop()
  return operations.map((operation) => {
    const verdict = blocked.get(operation) ?? decided.get(operation.clientOpId)
    if (!verdict) throw new ReplayError(`the client has no verdict on ${operation.clientOpId}`)
    return repeated.has(operation) ? { ...verdict, duplicate: true } : verdict
  })
}

async function synchronised(client: SyncClient, of: SdkTills, tenantId: string): Promise<void> {
  if (client.status().auth === 'lapsed')
    await client.people.signIn({ tenantId, staffCode: of.staffCode, pin: of.pin })
  await client.sync()
}

/** What is worth another try is tried again; the rest ends the replay in one line. */
const asking = <T>({ persistence }: SdkTills, attempt: () => Promise<T>): Promise<T> =>
  persist(persistence, async () => {
    try {
      return await attempt()
    } catch (error) {
      if (error instanceof Offline || (error instanceof SyncFailed && isTemporary(error)))
        throw new NotNow(`${error.message} (${error.code})`)
      if (error instanceof SyncFailed)
        throw new ReplayError(`the gateway refused: ${error.message} (${error.code})`)
      throw error
    }
  })

const isTemporary = ({ code }: SyncFailed) =>
  ['UNAUTHENTICATED', 'RATE_LIMITED', 'BUSY', 'OVERLOADED', 'UNAVAILABLE', 'INTERNAL'].includes(code)
