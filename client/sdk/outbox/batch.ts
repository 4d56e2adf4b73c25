/**
 * The queue on its way to the gateway: a batch marked, sent, and settled by its verdicts.
 */
import { refusedOfKept } from '../cache/pages.ts'
import type { LocalState } from '../state/local-state.ts'
import type { PushOperation } from '../transport/transport.ts'
import type { QueuedOperation, QueueStatus, Verdict } from '../words.ts'
import { comesBy, sentChain } from './chain.ts'
import { awaitsWord, type Signer, signed } from './proof.ts'
import type { Upcasts } from './upcast.ts'

/** More is refused by the gateway. */
const maxDependencies = 500
/** What an operation is sent with beside its payload, about. */
const envelopeBytes = 600

/**
 * A store that is full takes no mark and no verdict, and still gives back: what was applied is taken out of it. Sent
 * without a mark, an operation that a crash meets is sent again, and answered as the first time; likewise a rejection
 * that could not be kept. So a full queue drains without a byte of room, and each batch makes some.
 */
const whenFull = { whenFull: 'remember' } as const

/** How much an operation adds to a request, about. */
export const bytesOf = ({ payload, dependsOn }: QueuedOperation): number =>
  envelopeBytes + JSON.stringify(payload).length + 39 * dependsOn.length

/** As many of the first as fit; one at least. */
function cut(operations: readonly QueuedOperation[], bytes: number): readonly QueuedOperation[] {
  let sum = 0
  const end = operations.findIndex((operation, index) => {
    sum += bytesOf(operation)
    return index > 0 && sum > bytes
  })
  return end === -1 ? operations : operations.slice(0, end)
}

/**
 * Marks the next operations of the tenant as under way, durably: from now on the server may know them. Those that were
 * never sent are brought up to date on the way. Empty: nothing waits.
 */
export async function markSending(
  state: LocalState,
  tenantId: string,
  most: { operations: number; bytes: number },
  { upcasts, signer }: { upcasts: Upcasts; signer: Signer | null },
): Promise<QueuedOperation[]> {
  const waiting = cut(state.outbox.waiting(tenantId, most.operations), most.bytes)
  if (waiting.length === 0) return []
  const taken = await state.commit(async (commit) => {
    const current = await commit.operations(waiting.map(({ clientOpId }) => clientOpId))
    const places = new Map(waiting.map(({ clientOpId, position }) => [clientOpId, position]))
    const batch = current
      // One that has just been put behind others comes with them, in the next batch.
      .filter(
        ({ clientOpId, status, position }) => status === 'PENDING' && position === places.get(clientOpId),
      )
      .map((operation) =>
        awaitsWord(operation, state.context, signer)
          ? unsent(
              operation,
              'ACTOR_PROOF_REQUIRED',
              'A file says that you did this: try it again if you did.',
            )
          : upToDate(operation, upcasts, signer),
      )
    for (const operation of batch) commit.putOperation(operation)
    return batch
  }, whenFull)
  const ready = taken.filter(({ status }) => status === 'SYNCING')
  // None that could be brought up to date: those behind them wait all the same.
  return ready.length > 0 || taken.length === 0
    ? ready
    : markSending(state, tenantId, most, { upcasts, signer })
}

/** It stays here: a person decides, see FAILED. */
function unsent(operation: QueuedOperation, code: string, message: string): QueuedOperation {
  const { clientOpId } = operation
  const verdict: Verdict = {
    ...{ clientOpId, status: 'REJECTED', duplicate: false, code, message },
    ...{ details: null, result: null, appliedSeq: null },
  }
  return { ...operation, status: 'FAILED', verdict, retry: false }
}

/** As it is sent from now on. A step that fails costs the operation that it fails for: a person decides, see FAILED. */
function upToDate(operation: QueuedOperation, upcasts: Upcasts, signer: Signer | null): QueuedOperation {
  try {
    const current = upcasts.apply(operation)
    const isOther = current.payloadHash !== operation.payloadHash
    return { ...(isOther ? signed(current, signer) : current), status: 'SYNCING', attempted: true }
  } catch (error) {
    const why = String((error as Error)?.message ?? error)
    return unsent(operation, 'UPCAST_FAILED', `This version of the app cannot bring it up to date: ${why}`)
  }
}

/** What came of a batch is not known: it waits again. Also what a crash has left under way. */
export async function markWaiting(state: LocalState, clientOpIds: readonly string[]): Promise<void> {
  if (clientOpIds.length === 0) return
  await state.commit(async (commit) => {
    for (const operation of await commit.operations(clientOpIds))
      if (operation.status === 'SYNCING') commit.putOperation({ ...operation, status: 'PENDING' })
  }, whenFull)
}

const statusAfter: Record<Verdict['status'], QueueStatus> = {
  APPLIED: 'SYNCED',
  REJECTED: 'FAILED',
  DEFERRED: 'PENDING',
}

/** Stores the verdicts. Resolves to the first that decided nothing, if there is one. */
export async function keepVerdicts(state: LocalState, verdicts: readonly Verdict[]): Promise<Verdict | null> {
  await state.commit(async (commit) => {
    const operations = await commit.operations(verdicts.map(({ clientOpId }) => clientOpId))
    const byId = new Map(verdicts.map((verdict) => [verdict.clientOpId, verdict]))
    const kept = new Map<string, QueuedOperation>()
    for (const operation of operations) {
      const verdict = byId.get(operation.clientOpId)!
      const status = statusAfter[verdict.status]
      // A rejection that stands is no longer to be tried again; a deferral leaves the person's wish as it was.
      const retry = status === 'PENDING' && operation.retry
      const answered: QueuedOperation = {
        ...operation,
        status,
        verdict,
        retry,
        came: comesBy(verdict, operation, (id) => kept.get(id) ?? state.outbox.get(id)),
        ...(status === 'FAILED' ? { seen: false, met: undefined } : {}),
      }
      kept.set(answered.clientOpId, answered)
      commit.putOperation(answered)
      for (const { kind, id } of refusedOfKept(state, operation, verdict))
        commit.removeEntity(operation, kind, id)
    }
  }, whenFull)
  const applied = verdicts.filter(({ status }) => status === 'APPLIED')
  const unkept = state.unkeptOf(applied.map(({ clientOpId }) => clientOpId))
  if (unkept.length > 0) await state.release(unkept)
  return verdicts.find(({ status }) => status === 'DEFERRED') ?? null
}

/** As it is sent. What is applied already need not be named; what failed or is missing comes first. */
export function asSent(operation: QueuedOperation, { outbox }: LocalState): PushOperation {
  const { clientOpId, type, branchId, payload, payloadHash, occurredAt, actorId, actorProof } = operation
  const { deviceSeq, retry, clockSkewMs, approvedFor } = operation
  // What has left the queue was applied, as far as is known here.
  const ranks: Partial<Record<QueueStatus | 'GONE', number>> = { FAILED: 0, PENDING: 0, SYNCING: 1, GONE: 2 }
  const rankOf = (id: string) => ranks[outbox.get(id)?.status ?? 'GONE']
  const dependsOn = [0, 1, 2]
    .flatMap((rank) => operation.dependsOn.filter((id) => rankOf(id) === rank))
    .slice(0, maxDependencies)
  return {
    clientOpId,
    type,
    branchId,
    payload,
    payloadHash,
    dependsOn,
    occurredAt,
    actorId,
    ...(approvedFor === undefined ? {} : { approvedFor }),
    ...(actorProof === undefined ? {} : { actorProof }),
    ...(clockSkewMs === undefined ? {} : { clockSkewMs }),
    deviceSeq,
    ...(operation.chain === undefined ? {} : { chain: sentChain(operation)! }),
    retry,
  }
}
