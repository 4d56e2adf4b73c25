/**
 * Pulled pages into the store. A page, its cursor and what it confirms of the queue are one transaction: a page that
 * cannot be stored leaves everything where it was, and is asked for again.
 */
import type { StreamId } from './layout.ts'
import type { LocalState } from './local-state.ts'
import type { PulledChange, PullPage } from './transport/transport.ts'
import type { EntityKind, Json, QueuedOperation, Verdict } from './words.ts'

/**
 * The cursor no longer holds (EC-OS-07, EC-OS-08): the next pull begins anew. What is here stays in view until then. What
 * was applied but never pulled is sent again: a server that was restored may have forgotten it, and any other answers
 * with the stored verdict.
 */
export async function startAnew(state: LocalState, id: StreamId): Promise<void> {
  const { stream, outbox } = state
  const applied = outbox.of(id.tenantId, 'SYNCED').filter(({ branchId }) => branchId === id.branchId)
  await state.commit(async (commit) => {
    commit.putStream(id, { ...stream, cursor: null, generation: stream.generation + 1, pulledSeq: 0 })
    for (const operation of await commit.operations(applied.map(({ clientOpId }) => clientOpId)))
      commit.putOperation({ ...operation, status: 'PENDING' })
  })
}

/** Stores a page of the context's stream. */
export async function storePage(state: LocalState, id: StreamId, page: PullPage, at: Date): Promise<void> {
  const { stream, outbox } = state
  const isLast = !page.hasMore
  const pulledSeq = isLast ? page.headSeq : (page.changes.at(-1)?.seq ?? stream.pulledSeq)
  const { generation } = stream
  const completes = isLast && stream.complete !== generation

  const confirmed = outbox.of(id.tenantId, 'SYNCED').filter(({ branchId, verdict }) => {
    const appliedSeq = verdict?.appliedSeq ?? null
    return branchId === id.branchId && (appliedSeq === null ? isLast : appliedSeq <= pulledSeq)
  })
  const gone = new Set(confirmed.map(({ clientOpId }) => clientOpId))
  const seen = seenIn(state, page.changes).filter((clientOpId) => !gone.has(clientOpId))
  const dependants = new Set(
    confirmed.flatMap(({ clientOpId }) => outbox.dependantsOf(clientOpId).map((each) => each.clientOpId)),
  )
  const kept = ownWork(state, confirmed)
  const leftOver = completes ? notBroughtAgain(state, generation, page.changes) : []

  await state.commit(async (commit) => {
    for (const { kind, id: entityId } of leftOver) commit.removeEntity(id, kind, entityId)
    for (const { id: entityId, payload } of kept)
      commit.putEntity(id, 'attendance', entityId, { payload, seq: 0, generation, own: true })
    for (const { opKind, entityKind, entityId, payload, seq } of page.changes) {
      const kind = entityKind as EntityKind
      // A tombstone for something unknown is no error (EC-OS-09).
      if (opKind === 'TOMBSTONE') commit.removeEntity(id, kind, entityId)
      else commit.putEntity(id, kind, entityId, { payload, seq, generation })
    }
    commit.putStream(id, {
      cursor: page.nextCursor,
      generation,
      complete: isLast ? generation : stream.complete,
      pulledSeq,
      syncedAt: isLast ? at.toISOString() : stream.syncedAt,
    })
    for (const clientOpId of gone) commit.removeOperation(clientOpId)
    for (const operation of await commit.operations([...dependants].filter((each) => !gone.has(each))))
      commit.putOperation({ ...operation, dependsOn: operation.dependsOn.filter((each) => !gone.has(each)) })
    for (const operation of await commit.operations(seen)) commit.putOperation({ ...operation, seen: true })
  })
}

/** Operations of the queue whose change has come, although their answer may not have. */
function seenIn({ outbox }: LocalState, changes: readonly PulledChange[]): string[] {
  const ids = new Set(changes.flatMap(({ clientOpId }) => clientOpId ?? []))
  return [...ids].filter((clientOpId) => outbox.get(clientOpId)?.seen === false)
}

/** What an earlier generation left and this one did not bring again: it no longer exists. */
function notBroughtAgain({ view }: LocalState, generation: number, last: readonly PulledChange[]) {
  const brought = new Set(last.map(({ entityKind, entityId }) => `${entityKind} ${entityId}`))
  return [...(view?.baseRecords() ?? [])].filter(
    ({ kind, id, record }) => record.generation < generation && !record.own && !brought.has(`${kind} ${id}`),
  )
}

/**
 * The work of somebody whose records this device's token may not read: no pull brings it. What was recorded here is
 * known here all the same, so that the person can end what they began.
 */
function ownWork({ view }: LocalState, confirmed: readonly QueuedOperation[]) {
  if (!view) return []
  return confirmed
    .filter(({ type, seen }) => type.startsWith('attendance.') && !seen)
    .flatMap(({ payload }) => {
      const id = String((payload as { attendanceId?: Json }).attendanceId)
      const base = view.baseOf('attendance', id)
      const guess = view.entity('attendance', id)
      if (!guess || (base && !base.own)) return []
      const { id: _, pending: __, ...record } = guess
      return [{ id, payload: record as unknown as Json }]
    })
}

/** The work of that kind that this verdict denies: somebody has ended it elsewhere. Its id, or null. */
export function deniedOwnWork(
  { view }: LocalState,
  operation: QueuedOperation,
  verdict: Verdict,
): string | null {
  const { tenantId, branchId, payload } = operation
  if (verdict.code !== 'ATTENDANCE_NOT_ACTIVE' || view?.stream.tenantId !== tenantId) return null
  const id = String((payload as { attendanceId?: Json }).attendanceId)
  return view.branchId === branchId && view.baseOf('attendance', id)?.own ? id : null
}
