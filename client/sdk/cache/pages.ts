/**
 * Pulled pages into the store. A page, its cursor and what it confirms of the queue are one transaction: a page that
 * cannot be stored leaves everything where it was, and is asked for again.
 */

import { type Pulling, scopeOf, scopesTouchedBy } from '../cafe/scopes.ts'
import type { LocalState } from '../state/local-state.ts'
import { roundOf, type StreamId, type StreamRecord, shownOf } from '../store/layout.ts'
import type { PulledChange, PullPage } from '../transport/transport.ts'
import type { EntityKind, Json, ModuleScope, QueuedOperation, Verdict } from '../words.ts'
import type { BaseChange } from './view.ts'

/**
 * The cursor no longer holds (EC-OS-07, EC-OS-08): the next pull begins anew. What is here stays in view until then. What
 * was applied but never pulled is sent again: a server that was restored may have forgotten it, and any other answers
 * with the stored verdict.
 */
export async function resetStream(state: LocalState, id: StreamId): Promise<void> {
  const { stream, outbox } = state
  const again = [...outbox.all()].filter(
    ({ tenantId, branchId, status, met }) =>
      tenantId === id.tenantId && branchId === id.branchId && (status === 'SYNCED' || met),
  )
  await state.commit(async (commit) => {
    const generation = stream.generation + 1
    commit.putStream(id, { ...stream, cursor: null, generation, pulledSeq: 0, loading: {} })
    for (const operation of await commit.operations(again.map(({ clientOpId }) => clientOpId))) {
      const status = operation.status === 'SYNCED' ? 'PENDING' : operation.status
      commit.putOperation({ ...operation, status, met: undefined })
    }
  })
}

/** Nobody of this device may read these scopes any more: what is here of them goes, and the rest is pulled anew. */
export async function dropScopes(
  state: LocalState,
  id: StreamId,
  scopes: readonly ModuleScope[],
): Promise<void> {
  const records = [...(state.view?.baseRecords() ?? [])].filter(({ kind }) => scopes.includes(scopeOf[kind]))
  if (records.length === 0) return
  await resetStream(state, id)
  const whole = state.stream.whole?.filter((scope) => !scopes.includes(scope))
  await state.commit(async (commit) => {
    for (const { kind, id: entityId } of records) commit.removeEntity(id, kind, entityId)
    commit.putStream(id, { ...state.stream, ...(whole ? { whole } : {}) })
  })
}

/**
 * Stores a page of the context's stream, which was asked for with what `asked` says. False: it is no page of the stream
 * as it is kept by now (another tab has stored one), and was dropped.
 */
export async function storePage(
  state: LocalState,
  id: StreamId,
  asked: StreamRecord,
  page: PullPage,
  { pulling, at }: { pulling: Pulling; at: Date },
): Promise<boolean> {
  const isLast = !page.hasMore
  const begins = asked.cursor !== null && page.added.length > 0
  // Records of another generation tell what was brought since these scopes were begun.
  const generation = asked.generation + (begins ? 1 : 0)
  const loading = {
    ...(asked.loading ?? loadingOfOlder(asked, pulling)),
    ...Object.fromEntries(page.added.map((scope) => [scope, generation])),
  }
  const finished = isLast ? pulling.scopes.filter((scope) => loading[scope] !== undefined) : []
  const pulledSeq = isLast ? page.headSeq : (page.changes.at(-1)?.seq ?? asked.pulledSeq)
  const confirmed = isLast ? confirmedAt(state, id, pulledSeq, pulling) : []
  const gone = new Set(confirmed.map(({ clientOpId }) => clientOpId))
  const met = metIn(state, page.changes, isLast).filter((clientOpId) => !gone.has(clientOpId))
  const kept = ownWork(state, confirmed)
  const removed = [
    ...notBroughtAgain(state, finished, loading, page.changes, pulling),
    ...(isLast ? (state.view?.gone() ?? []) : []),
  ]
  const entries = entriesOf(state, id, page, { ...asked, generation })

  return state.commit(async (commit) => {
    const stream = await commit.stream(id)
    if (stream.cursor !== asked.cursor || stream.generation !== asked.generation) return false
    for (const { kind, id: entityId } of removed) commit.removeEntity(id, kind, entityId)
    for (const { id: entityId, payload } of kept)
      commit.putEntity(id, 'attendance', entityId, { payload, seq: 0, generation, own: true })
    for (const { kind, id: entityId, record } of entries) {
      // A tombstone for something unknown is no error (EC-OS-09).
      if (record) commit.putEntity(id, kind, entityId, record)
      else commit.removeEntity(id, kind, entityId)
    }
    commit.putStream(id, {
      cursor: page.nextCursor,
      generation,
      complete: isLast ? generation : stream.complete,
      pulledSeq,
      syncedAt: isLast ? at.toISOString() : stream.syncedAt,
      pulledAt: at.toISOString(),
      loading: without(loading, finished),
      whole: [...new Set([...wholeBefore(asked, pulling), ...(isLast ? pulling.scopes : [])])],
      round: roundOf(stream) + (isLast ? 1 : 0),
    })
    for (const clientOpId of gone) commit.removeOperation(clientOpId)
    for (const operation of await commit.operations(met))
      commit.putOperation({ ...operation, ...(isLast ? { seen: true, met: undefined } : { met: true }) })
    return true
  })
}

const without = (loading: NonNullable<StreamRecord['loading']>, finished: readonly ModuleScope[]) =>
  Object.fromEntries(Object.entries(loading).filter(([scope]) => !finished.includes(scope as ModuleScope)))

/** Older versions loaded all or nothing, and did not say what. */
const loadingOfOlder = ({ complete, generation }: StreamRecord, { scopes }: Pulling) =>
  complete === generation ? {} : Object.fromEntries(scopes.map((scope) => [scope, generation]))
const wholeBefore = ({ complete, whole }: StreamRecord, { wanted }: Pulling): readonly ModuleScope[] =>
  whole ?? (complete === null ? [] : wanted)

/**
 * What was applied, and is in what was pulled once everything up to here is. What somebody has done whose scopes are not
 * pulled now (a barista is at work) is kept until they are: nobody would see it otherwise.
 */
const confirmedAt = ({ outbox }: LocalState, id: StreamId, pulledSeq: number, { scopes, wanted }: Pulling) =>
  outbox
    .of(id.tenantId, 'SYNCED')
    .filter(
      ({ branchId, verdict, type }) =>
        branchId === id.branchId &&
        (verdict?.appliedSeq ?? pulledSeq) <= pulledSeq &&
        scopesTouchedBy(type).every((scope) => scopes.includes(scope) || !wanted.includes(scope)),
    )

/** Operations of the queue whose change has come, although their answer may not have; at the end also in earlier pages. */
function metIn({ outbox, view }: LocalState, changes: readonly PulledChange[], isLast: boolean): string[] {
  const here = changes.flatMap(({ clientOpId }) => clientOpId ?? [])
  const earlier =
    isLast && view
      ? [...outbox.unconfirmed(view.stream)].filter(({ met }) => met).map((each) => each.clientOpId)
      : []
  return [...new Set([...earlier, ...here])].filter((clientOpId) => {
    const operation = outbox.get(clientOpId)
    return operation?.seen === false && (isLast || !operation.met)
  })
}

/** A sale is in the drawer and out of the stock. */
const business: ReadonlySet<string> = new Set<EntityKind>([
  'cashSession',
  'cashMovement',
  'sale',
  'stockItem',
  'attendance',
])

const hasGroups = (payload: Json | undefined) =>
  ((payload as { modifierGroupIds?: readonly string[] } | null)?.modifierGroupIds ?? []).length > 0

/**
 * Whether it is of no use without others: business is, and an item with its groups, which together are the revision that
 * sales name. Beside a group that has come, the item as it was would cost what no revision ever did.
 */
const hangsTogether = (kind: EntityKind, payloads: readonly (Json | undefined)[]) =>
  business.has(kind) || kind === 'modifierGroup' || (kind === 'menuItem' && payloads.some(hasGroups))

/**
 * The page's changes as records. The feed keeps the latest change of each entity alone, so that of what an operation
 * did one part may come pages before the other. So what hangs together stays as it was until the round is over, when all
 * of it is there: page by page, what was recorded here would be missing in part, or count twice. Where there is nothing
 * yet that could stay, it is shown as it comes, unless operations wait for theirs.
 */
function entriesOf(
  { outbox, view }: LocalState,
  id: StreamId,
  { hasMore, changes }: PullPage,
  asked: StreamRecord,
): BaseChange[] {
  const { generation } = asked
  const round = roundOf(asked)
  const holds = hasMore && (asked.complete !== null || !outbox.unconfirmed(id).next().done)
  return changes.map(({ opKind, entityKind, entityId, payload, seq, agesFrom }) => {
    const ages = agesFrom ? Date.parse(agesFrom) : null
    const kind = entityKind as EntityKind
    const before = view?.baseOf(kind, entityId)
    const isPart = hangsTogether(kind, [payload, before?.payload])
    const isHeld = hasMore && (before?.held?.round === round || (holds && isPart))
    const held = isHeld ? { held: { round, payload: before ? shownOf(before, round) : null } } : {}
    if (opKind === 'UPSERT')
      return { kind, id: entityId, record: { payload, seq, generation, ages, ...held } }
    return { kind, id: entityId, record: before && isHeld ? { ...before, ...held, gone: true } : null }
  })
}

/**
 * What was here of the scopes that have been loaded from their beginning and did not come again: it no longer exists. Of
 * what has an owner only whoever is at work can tell of their own.
 */
function notBroughtAgain(
  { view }: LocalState,
  finished: readonly ModuleScope[],
  loading: NonNullable<StreamRecord['loading']>,
  last: readonly PulledChange[],
  { onlyOwn }: Pulling,
) {
  if (finished.length === 0) return []
  const brought = new Set(last.map(({ entityKind, entityId }) => `${entityKind} ${entityId}`))
  return [...(view?.baseRecords() ?? [])].filter(({ kind, id, record }) => {
    const scope = scopeOf[kind]
    if (!finished.includes(scope) || record.own || brought.has(`${kind} ${id}`)) return false
    const owner = (record.payload as { actorId?: Json } | null)?.actorId
    if (scope === 'ATTENDANCE' && onlyOwn !== null && owner !== onlyOwn) return false
    return record.generation < loading[scope]!
  })
}

const attendanceOf = (payload: Json) =>
  String((payload as { attendanceId?: Json }).attendanceId).toLowerCase()

/**
 * The work of somebody whose records this device's token may not read: no pull brings it. What was recorded here is
 * known here all the same, so that the person can end what they began.
 */
function ownWork({ view }: LocalState, confirmed: readonly QueuedOperation[]) {
  if (!view) return []
  return confirmed
    .filter(({ type, seen }) => type.startsWith('attendance.') && !seen)
    .flatMap(({ payload }) => {
      const id = attendanceOf(payload)
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
  const id = attendanceOf(payload)
  return view.branchId === branchId && view.baseOf('attendance', id)?.own ? id : null
}
