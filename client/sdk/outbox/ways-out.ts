/**
 * The ways out of FAILED. Each is a plan made from the queue in memory, then written in one transaction that looks
 * again whether the operations are still as the plan found them (another tab may have been faster).
 */
import type { Thing } from '../../../src/sync/till.ts'
import { OperationBlocked } from '../errors.ts'
import type { Modules } from '../modules/modules.ts'
import type { Commit } from '../state/commit.ts'
import type { LocalState } from '../state/local-state.ts'
import { asQueued } from '../store/layout.ts'
import type { Json, QueuedOperation, WayOut } from '../words.ts'
import { hasCome, linked } from './chain.ts'
import type { By } from './enqueue.ts'
import { payloadHashOf } from './hash.ts'
import type { Outbox } from './outbox.ts'
import { confirmed, type Signer, signed } from './proof.ts'

const fellWithAnother = new Set(['DEPENDENCY_FAILED', 'DEPENDENCY_MISSING'])

/** What an operation has to do with a thing in whose place another may stand. */
type Move = { thing: Thing & { moves: NonNullable<Thing['moves']> }; id: string; makes: boolean }

const moveOf = (modules: Modules, operation: QueuedOperation): Move | undefined =>
  modules
    .thingsOf(operation)
    .map(({ role, ...of }) => ({ ...of, makes: role === 'makes' }))
    .find((each): each is Move => each.thing.moves !== undefined)

/** What the gateway has not kept is brought before anything stands in its place: its number would be missing for good. */
export const waysOutOf = (modules: Modules, operation: QueuedOperation): WayOut[] =>
  moveOf(modules, operation) && hasCome(operation) ? ['retry', 'reassign', 'discard'] : ['retry', 'discard']

const notFailed = (clientOpId: string) =>
  new OperationBlocked('NOT_FAILED', 'This operation has not failed (any more).', { clientOpId })

/** One of the tenant that is signed in: nobody decides about the work of another. */
function failed({ outbox, context }: LocalState, clientOpId: string): QueuedOperation {
  const operation = outbox.get(clientOpId)
  if (operation?.status === 'FAILED' && operation.tenantId === context?.tenantId) return operation
  throw notFailed(clientOpId)
}

/** Whether it has to come after what it builds on when that is sent again: it fell with it, or was not sent yet. */
const follows = ({ status, verdict }: QueuedOperation) =>
  status === 'PENDING' || (status === 'FAILED' && fellWithAnother.has(verdict?.code ?? ''))

/** Those that follow one of these, and those that follow them, in the order of the queue. */
function followersOf(outbox: Outbox, roots: readonly QueuedOperation[]): QueuedOperation[] {
  const followers = new Map<string, QueuedOperation>()
  const waiting = [...roots]
  for (let next = waiting.pop(); next; next = waiting.pop())
    for (const dependant of outbox.dependantsOf(next.clientOpId)) {
      if (!follows(dependant) || followers.has(dependant.clientOpId)) continue
      followers.set(dependant.clientOpId, dependant)
      waiting.push(dependant)
    }
  return [...followers.values()].sort((a, b) => a.position - b.position)
}

/** Puts operations at the end of the queue; those that failed are to be decided anew. `as`: what each is from then on. */
async function requeue(
  commit: Commit,
  operations: readonly QueuedOperation[],
  signer: Signer | null = null,
  as = (operation: QueuedOperation) => operation,
): Promise<void> {
  const current = await commit.operations(operations.map(({ clientOpId }) => clientOpId))
  const still = current.filter(({ status }) => status === 'FAILED' || status === 'PENDING')
  const positions = await commit.takePositions(still.length)
  still.forEach((operation, i) => {
    const retry = operation.retry || operation.status === 'FAILED'
    const again: QueuedOperation = { ...as(operation), status: 'PENDING', retry, position: positions[i]! }
    // A proof of before is kept where its actor is not here to give a new one.
    commit.putOperation(signer?.actorId === again.actorId && !again.claimed ? signed(again, signer) : again)
  })
}

/** Takes the edge to operations that have gone out of whatever depends on them. */
async function dropEdges(commit: Commit, dependants: readonly QueuedOperation[], gone: ReadonlySet<string>) {
  for (const operation of await commit.operations(dependants.map(({ clientOpId }) => clientOpId)))
    commit.putOperation({ ...operation, dependsOn: operation.dependsOn.filter((id) => !gone.has(id)) })
}

/** Tries it again as it is; those that fell with it follow. Its actor says with it that they did it. */
export async function retry(state: LocalState, clientOpId: string, signer: Signer | null): Promise<void> {
  const operation = failed(state, clientOpId)
  const followers = followersOf(state.outbox, [operation])
  const as = (each: QueuedOperation) =>
    each.clientOpId === clientOpId ? confirmed(each, state.context) : each
  await state.record((commit) => requeue(commit, [operation, ...followers], signer, as))
}

/**
 * What speaks of who brought an operation, not of the operation: the gateway has kept nothing. When somebody signs in who
 * may bring it, it is brought again by itself, with those that fell with it: by anybody else, or by its actor alone.
 */
const speaksOfWhoBrought: Record<string, 'anybody' | 'actor'> = {
  NO_BRANCH_ACCESS: 'anybody',
  ACTOR_PROOF_REQUIRED: 'anybody',
  ACTOR_NOT_ALLOWED: 'actor',
}

export async function requeueRefused(state: LocalState, signer: Signer | null): Promise<void> {
  const { outbox, context } = state
  if (!context) return
  const refused = outbox.of(context.tenantId, 'FAILED').filter(({ verdict, actorId }) => {
    const by = speaksOfWhoBrought[verdict?.code ?? '']
    return by === 'anybody' || (by === 'actor' && actorId === context.actorId)
  })
  if (refused.length === 0) return
  const all = [...refused, ...followersOf(outbox, refused)].sort((a, b) => a.position - b.position)
  // Where there is no room, they wait until there is some and somebody comes.
  await state
    .record((commit) => requeue(commit, all, signer))
    .catch((error: unknown) => {
      if (!(error instanceof OperationBlocked)) throw error
    })
}

/** Gives it up, and queues the word of it. What depends on it stays FAILED, but no longer because of it. */
export async function discard(
  state: LocalState,
  clientOpId: string,
  of: { reason: string; by: By; newId: () => string; at: Date },
): Promise<void> {
  const operation = failed(state, clientOpId)
  const { view, modules } = state
  const reason = of.reason?.trim()
  const by = of.by.context?.actorId
  const role = by && view?.entity(modules.people.kind, by)?.role
  if (!by || !role || !modules.may(role, 'operations.discard'))
    throw new OperationBlocked('ACTION_NOT_PERMITTED', 'Only a manager may give up an operation.')
  if (!reason) throw new OperationBlocked('PAYLOAD_INVALID', 'Giving up an operation needs a reason.')
  const dependants = state.outbox.dependantsOf(operation.clientOpId)
  await state.record(async (commit) => {
    const current = await commit.operation(clientOpId)
    if (current?.status !== 'FAILED') throw notFailed(clientOpId)
    const at = of.at.toISOString()
    commit.discard({ operation: current, reason, by, replacedBy: null, at })
    const { approvedFor } = of.by
    const told = wordOf(modules, current, reason, { clientOpId: of.newId(), by, approvedFor, at })
    if (told) {
      const [made] = await linked(commit, state.deviceId, [told])
      commit.putOperation(signed(made!, of.by.signer))
    }
    await dropEdges(commit, dependants, new Set([clientOpId]))
  })
}

/** What the gateway is told of one that is given up, where one of the modules says it. */
function wordOf(
  { discards }: Modules,
  operation: QueuedOperation,
  reason: string,
  of: { clientOpId: string; by: string; approvedFor: string | undefined; at: string },
) {
  if (!discards) return null
  const { type } = discards
  const { tenantId, branchId } = operation
  const payload = discards.payload(operation, reason) as Json
  return {
    ...{ clientOpId: of.clientOpId, type, tenantId, branchId, actorId: of.by, occurredAt: of.at, payload },
    payloadVersion: 1,
    payloadHash: payloadHashOf({ type, branchId, payload }),
    dependsOn: [],
    ...asQueued,
  }
}

/**
 * Sends it to another thing of the kind that it used or ended (`to`: the field that names it): a new operation under a new
 * key with the same content, so that the gateway knows what was done by its own id, were it booked after all. Of a refused
 * making, everything that built on what it made is sent. Resolves to the new operation's key (of a making: its own).
 */
export async function reassign(
  state: LocalState,
  clientOpId: string,
  to: Readonly<Record<string, string>>,
  of: { newId: () => string; at: Date; signer: Signer | null },
): Promise<string> {
  const { outbox, view, modules } = state
  const operation = failed(state, clientOpId)
  const cannot = (message: string, code = 'CANNOT_REASSIGN') =>
    new OperationBlocked(code, message, { clientOpId })
  const move = moveOf(modules, operation)
  const target = move && to[move.thing.field]
  if (!move || target === undefined) throw cannot('There is nothing else that this could be sent to.')
  if (!hasCome(operation)) throw cannot('The server has not heard of it: it has to be sent first.')
  const { kind, field, moves } = move.thing
  if (!view || view.branchId !== operation.branchId || view.stream.tenantId !== operation.tenantId)
    throw cannot('It belongs to another branch: switch to that first.')
  const found = view.entity(kind, target)
  if (!found || !moves.takes(found)) throw cannot(moves.refusal.message, moves.refusal.code)

  const built = (each: QueuedOperation) => {
    const other = moveOf(modules, each)
    return other?.thing === move.thing && other.id === move.id && !other.makes
  }
  const moving = move.makes
    ? outbox
        .dependantsOf(clientOpId)
        .filter((each) => each.status === 'FAILED' && hasCome(each) && built(each))
    : [operation]
  const moved = new Map(moving.map((each) => [each.clientOpId, of.newId()]))
  const replacements = moving.map((each): QueuedOperation => {
    const payload = { ...(each.payload as { [name: string]: Json }), [field]: target }
    const { type, branchId, tenantId } = each
    const before = each.dependsOn.flatMap((id) => moved.get(id) ?? [])
    return {
      ...(each === operation ? confirmed(each, state.context) : each),
      clientOpId: moved.get(each.clientOpId)!,
      payload,
      payloadHash: payloadHashOf({ type, branchId, payload }),
      dependsOn: [...new Set([...outbox.dependencies.of({ type, tenantId, payload }), ...before])],
      ...asQueued,
    }
  })
  // The first of them alone is looked at: the others see what it leaves, which is not there yet.
  const { decision } = replacements[0] ? view.foresee(replacements[0]) : { decision: null }
  if (decision && !decision.accepted)
    throw new OperationBlocked(decision.code, decision.message, decision.details ?? null)

  const gone = move.makes ? [operation, ...moving] : moving
  const goneIds = new Set(gone.map((each) => each.clientOpId))
  const left = [...new Set(gone.flatMap((each) => outbox.dependantsOf(each.clientOpId)))].filter(
    (each) => !goneIds.has(each.clientOpId),
  )
  const followers = followersOf(outbox, gone).filter((each) => !goneIds.has(each.clientOpId))
  await state.record(async (commit) => {
    const current = await commit.operations([...goneIds])
    if (current.length < gone.length || current.some(({ status }) => status !== 'FAILED'))
      throw cannot('Somebody else has just taken care of it.', 'NOT_FAILED')
    for (const each of await linked(commit, state.deviceId, replacements))
      commit.putOperation(signed(each, of.signer))
    for (const each of gone)
      commit.discard({
        operation: each,
        reason: `sent to the ${moves.name} ${target}`,
        by: null,
        replacedBy: moved.get(each.clientOpId) ?? null,
        at: of.at.toISOString(),
      })
    await dropEdges(commit, left, goneIds)
    await requeue(commit, followers)
  })
  return moved.get(clientOpId) ?? clientOpId
}
