/**
 * The status that an app shows, put together from the queue, the stream and the leader's word on the network.
 */

import { waysOutOf } from '../outbox/ways-out.ts'
import type { Pulse } from '../pulse.ts'
import type { Activity } from '../run/runs.ts'
import { isHydrated } from '../store/layout.ts'
import type { FailedOperation, ModuleScope, QueuedOperation, Status } from '../words.ts'
import type { LocalState } from './local-state.ts'

/** What the leader knows and the other tabs show as well. */
export type Shared = Activity & Pick<Status, 'connectivity' | 'nudges' | 'clockSkewMs'>

export function statusOf(
  state: LocalState,
  shared: Shared,
  own: { leader: boolean; storage: Status['storage']; shutOut: boolean; scopes: readonly ModuleScope[] },
): Status {
  const { context, outbox, stream, damaged, modules } = state
  const tenantId = context?.tenantId ?? null
  const pending = tenantId === null ? 0 : outbox.count(tenantId, 'PENDING')
  const syncing = tenantId === null ? 0 : outbox.count(tenantId, 'SYNCING')
  const waiting = pending + syncing
  const sent = tenantId === null ? 0 : outbox.answered(tenantId)
  const signedOut = context === null || shared.auth !== 'ok'
  return {
    connectivity: shared.connectivity,
    phase: signedOut ? 'signedOut' : shared.phase,
    pending,
    syncing,
    sending: waiting === 0 ? null : { sent, total: sent + waiting },
    failed: tenantId === null ? [] : outbox.of(tenantId, 'FAILED').map((each) => failedOf(state, each)),
    waitingForTenant: outbox.countOfOthers(tenantId),
    lastSyncedAt: stream.syncedAt === null ? null : new Date(stream.syncedAt),
    ready: isHydrated(stream, modules.neededFirst(own.scopes)),
    hydrated: isHydrated(stream, own.scopes),
    progress: shared.progress,
    nudges: shared.nudges,
    clockSkewMs: shared.clockSkewMs,
    leader: own.leader,
    storage: own.storage,
    context,
    auth: context === null ? 'signedOut' : shared.auth,
    storeFault: faultOf(state),
    problem: own.shutOut
      ? shutOutProblem
      : (shared.problem ?? (damaged > 0 ? damagedProblem(damaged) : null)),
  }
}

const shutOutProblem = {
  code: 'DEVICE_SHUT_OUT',
  message: 'This device has been shut out of the business; what is recorded here is kept.',
}

function faultOf({ store: { fault } }: LocalState): Status['storeFault'] {
  return fault && { code: fault.fault, message: fault.message }
}

const damagedProblem = (count: number) => ({
  code: 'RECORD_DAMAGED',
  message: `${count} ${count === 1 ? 'record' : 'records'} on this device could not be read; they were set aside.`,
})

function failedOf({ outbox, modules }: LocalState, operation: QueuedOperation): FailedOperation {
  const { clientOpId, type, payload, branchId, actorId, occurredAt, verdict } = operation
  return {
    clientOpId,
    type,
    code: verdict?.code ?? 'OPERATION_FAILED',
    message: verdict?.message ?? 'The server did not accept this operation.',
    details: verdict?.details ?? null,
    payload,
    branchId,
    actorId,
    occurredAt,
    dependants: outbox.dependantsOf(clientOpId).map((each) => each.clientOpId),
    waysOut: waysOutOf(modules, operation),
  }
}

/** Who wants to hear of the status. */
export interface StatusBoard {
  /** The same object until something in it changes. */
  now(): Status
  /** Returns how to stop. */
  subscribe(listener: (status: Status) => void): () => void
}

/** Put together anew after a beat of the pulse, if anybody asks. */
export function createStatusBoard(of: { read: () => Status; pulse: Pulse }): StatusBoard {
  const listeners = new Set<(status: Status) => void>()
  let last: { status: Status; text: string; at: number } | null = null

  function now(): Status {
    const { count } = of.pulse
    if (last?.at === count) return last.status
    const read = of.read()
    const text = JSON.stringify(read)
    last = { status: last?.text === text ? last.status : read, text, at: count }
    return last.status
  }

  of.pulse.on(() => {
    for (const listener of [...listeners]) listener(now())
  })
  return {
    now,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
