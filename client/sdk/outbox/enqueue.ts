/**
 * One operation into the queue: checked against what is known, kept durably, shown. The steps of `docs/client.md`.
 */

import { isClockWrong } from '../../../src/sync/clock.ts'
import type { Rejected } from '../../../src/sync/module.ts'
import type { PerformOptions } from '../api.ts'
import type { View } from '../cache/view.ts'
import { OperationBlocked } from '../errors.ts'
import type { LocalState } from '../state/local-state.ts'
import { asQueued } from '../store/layout.ts'
import type { Context, QueuedOperation } from '../words.ts'
import { linked } from './chain.ts'
import { checkedPayload, keyOf, timeOf } from './given.ts'
import { payloadHashOf } from './hash.ts'
import { type Signer, signed } from './proof.ts'
import type { Upcasts } from './upcast.ts'

export type Enqueue = {
  state: LocalState
  upcasts: Upcasts
  now: () => Date
  newId: () => string
  /** What this device's clock is ahead of the server's; null: not known. */
  clockSkewMs: () => number | null
}

/**
 * Who does it, where (null: nobody is signed in), why nothing is theirs to do there, and how they prove it; for whom, where
 * they only approve it. Of the moment in which it was asked for.
 */
export type By = {
  context: Context | null
  away: OperationBlocked | null
  signer: Signer | null
  approvedFor?: string | undefined
}

/** Tabs that are faster each time: after so many times this one goes on with what it knows. */
const maxDecisions = 20

export async function enqueue(
  of: Enqueue,
  by: By,
  type: string,
  given: unknown,
  options: PerformOptions,
): Promise<string> {
  const { context, approvedFor } = by
  if (!context || !of.state.view) throw new OperationBlocked('SIGNED_OUT', 'Sign in first.')
  // What has its key already may have been applied by another road.
  if (by.away && options.clientOpId === undefined) throw by.away
  const { tenantId, branchId, actorId } = context
  const payload = checkedPayload(of.state.modules, type, given)
  const clientOpId = keyOf(options.clientOpId ?? of.newId())
  const occurredAt = timeOf(options.occurredAt ?? of.now())
  // A time that the app gives is not this clock's.
  const skew = options.occurredAt === undefined ? of.clockSkewMs() : null
  const wrongBy = skew !== null && isClockWrong(skew) ? { clockSkewMs: skew } : {}
  const asked = approvedFor === undefined ? {} : { approvedFor }
  const intent = { clientOpId, type, tenantId, branchId, actorId, ...asked, payload, occurredAt, ...wrongBy }
  for (let decisions = 1; ; decisions += 1) {
    const isQueued = await decideAndQueue(of, by.signer, intent, {
      hasKey: options.clientOpId !== undefined,
      isLastTry: decisions === maxDecisions,
    })
    if (isQueued) return clientOpId
    // Another tab was faster: a sale that was decided on an open session may find it closed.
    await of.state.reread()
  }
}

type Intent = Pick<
  QueuedOperation,
  | 'clientOpId'
  | 'type'
  | 'tenantId'
  | 'branchId'
  | 'actorId'
  | 'approvedFor'
  | 'payload'
  | 'occurredAt'
  | 'clockSkewMs'
>

/** False: the queue is not what it was decided on. Throws OperationBlocked. */
async function decideAndQueue(
  { state, upcasts }: Enqueue,
  signer: Signer | null,
  intent: Intent,
  { hasKey, isLastTry }: { hasKey: boolean; isLastTry: boolean },
): Promise<boolean> {
  await state.view?.settled()
  const { view, outbox, position: decidedAt } = state
  const { clientOpId, type, tenantId, branchId, payload } = intent
  if (view?.branchId !== branchId || view.stream.tenantId !== tenantId)
    throw new OperationBlocked(
      'SIGNED_OUT',
      'Somebody else has come to another branch: nothing was recorded.',
    )

  // 1. Check: may it be queued at all, is it well formed, and what would the server say?
  const hash = () => payloadHashOf({ type, branchId, payload })
  const known = outbox.get(clientOpId)
  if (known) return isSameOrBlocked(known, hash())
  // An intent that has its key already may have been applied by another road: only the server can say.
  if (!hasKey) {
    const blocked = cacheFault(state, type) ?? refusalOf(state, intent) ?? rejectionOf(view, intent)
    if (blocked) throw blocked
  }

  // 2. Queue, in one write; 3. show: `commit` moves the view along.
  const dependsOn = outbox.dependencies.of(intent)
  return state.record(async (commit) => {
    const earlier = await commit.operation(clientOpId)
    if (earlier) return isSameOrBlocked(earlier, hash())
    if ((await commit.lastPosition()) > decidedAt && !isLastTry) return false
    const operation = {
      ...intent,
      payloadVersion: upcasts.current(type),
      payloadHash: hash(),
      dependsOn,
      ...asQueued,
    }
    const [made] = await linked(commit, state.deviceId, [operation])
    commit.putOperation(signed(made!, signer))
    return true
  })
}

/** True: it is queued already. */
function isSameOrBlocked(known: QueuedOperation, payloadHash: string): true {
  if (known.payloadHash === payloadHash) return true
  throw new OperationBlocked(
    'CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD',
    'This operation id was already used for something else; nothing was changed.',
    { clientOpId: known.clientOpId },
  )
}

/** Why what is known does not suffice for this type (FR-5), or null. */
export function cacheFault({ modules, view }: LocalState, type: string): OperationBlocked | null {
  const needs = modules.operation(type)?.needs
  const missing = (needs?.tables ?? [])
    .map(({ change }) => change!.kind as string)
    .filter((kind) => view?.query(kind).length === 0)
  return !needs || missing.length === 0
    ? null
    : new OperationBlocked('CACHE_MISSING', needs.message, { missing })
}

/** What its module does not let be recorded any more, or null. */
function refusalOf({ modules, view }: LocalState, { type, payload }: Intent): OperationBlocked | null {
  const refused = modules.operation(type)?.check?.(view!.picture(), payload)
  return refused ? blockedBy(refused) : null
}

function rejectionOf(view: View, intent: Parameters<View['foresee']>[0]): OperationBlocked | null {
  const { decision } = view.foresee(intent)
  return decision.accepted ? null : blockedBy(decision)
}

const blockedBy = ({ code, message, details }: Rejected) =>
  new OperationBlocked(code, message, details ?? null)
