/**
 * Pulled pages into the store. A page, its cursor and what it confirms of the queue are one transaction: a page that
 * cannot be stored leaves everything where it was, and is asked for again.
 */

import type { Pulling } from '../modules/pulling.ts'
import type { Commit } from '../state/commit.ts'
import type { LocalState } from '../state/local-state.ts'
import { roundOf, type StreamId, type StreamRecord, shownOf } from '../store/layout.ts'
import type { PulledChange, PullPage, PullReset } from '../transport/transport.ts'
import type { EntityKind, Json, ModuleScope, QueuedOperation, Verdict } from '../words.ts'
import type { BaseChange } from './view.ts'

/** The server is another than it was: its streams were made anew, or it knows less than it did. */
const beginsAnew: ReadonlySet<PullReset['reset']> = new Set(['STREAM_RESET', 'CURSOR_AHEAD'])

/**
 * Whether the answer is the page after what is here. A stream that became another while there was no cursor to tell it by
 * (between a reset and the first page) is known by its epoch; where nothing was ever pulled, nobody knows of which it was
 * that said that something is applied.
 */
export function isNextPage(
  { outbox }: LocalState,
  { tenantId, branchId }: StreamId,
  { cursor, epoch }: StreamRecord,
  answer: PullPage | PullReset,
): answer is PullPage {
  if ('reset' in answer) return false
  if (cursor !== null) return true
  if (epoch !== undefined) return epoch === answer.epoch
  return !outbox.of(tenantId, 'SYNCED').some((each) => each.branchId === branchId)
}

/**
 * The cursor no longer holds (EC-OS-07, EC-OS-08), or the stream is another: the next pull begins anew. What is here stays
 * in view until then. What was applied but never pulled is sent again, and where the server began anew what was confirmed
 * lately as well, also in other branches where something waits: one that was restored from a backup has forgotten it, and any other answers with the
 * stored verdict. What was confirmed is seen in what is here, until that has been brought anew (`seenAfter`).
 */
export async function resetStream(
  state: LocalState,
  id: StreamId,
  answer?: PullPage | PullReset,
): Promise<void> {
  const { stream, outbox } = state
  const isAnew =
    answer !== undefined && ('reset' in answer ? beginsAnew.has(answer.reset) : stream.epoch !== undefined)
  const epoch = (answer && ('reset' in answer ? answer.newEpoch : answer.epoch)) ?? stream.epoch
  const isHere = ({ branchId }: StreamId) => branchId === id.branchId
  const waiting = isAnew ? outbox.of(id.tenantId, 'PENDING').map(({ branchId }) => branchId) : []
  const branches = new Set([id.branchId, ...waiting])
  const again = [...outbox.all()].filter(
    (each) =>
      each.tenantId === id.tenantId &&
      branches.has(each.branchId) &&
      (each.status === 'SYNCED' || (isHere(each) && each.met)),
  )
  await state.commit(async (commit) => {
    const generation = stream.generation + 1
    commit.putStream(id, { ...stream, cursor: null, epoch, generation, pulledSeq: 0, loading: {} })
    for (const operation of await commit.operations(again.map(({ clientOpId }) => clientOpId))) {
      const status = operation.status === 'SYNCED' ? 'PENDING' : operation.status
      commit.putOperation({ ...operation, status, ...(isHere(operation) ? { met: undefined } : {}) })
    }
    if (!isAnew) return
    for (const branchId of branches)
      for (const operation of await commit.takeConfirmed({ ...id, branchId })) {
        if (await commit.operation(operation.clientOpId)) continue
        commit.putOperation({ ...operation, status: 'PENDING', verdict: null, seen: true, met: undefined })
      }
  })
}

/** Nobody of this device may read these scopes any more: what is here of them goes, and the rest is pulled anew. */
export async function dropScopes(
  state: LocalState,
  id: StreamId,
  scopes: readonly ModuleScope[],
): Promise<void> {
  const records = [...(state.view?.baseRecords() ?? [])].filter(({ kind }) =>
    scopes.includes(state.modules.scopeOf(kind) ?? ''),
  )
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
  const behind = behindAfter(asked, page, pulling)
  const pulledSeq = isLast ? page.headSeq : (page.changes.at(-1)?.seq ?? asked.pulledSeq)
  const confirmed = isLast ? confirmedAt(state, id, pulledSeq, pulling) : []
  const gone = new Set(confirmed.map(({ clientOpId }) => clientOpId))
  const touches = ({ type }: QueuedOperation, scopes: readonly ModuleScope[]) =>
    state.modules.scopesTouchedBy(type).some((scope) => scopes.includes(scope))
  const seen = seenAfter(state, id, page, {
    isAllHere: (operation) => isLast && !touches(operation, behind),
    isComingAnew: (operation) => touches(operation, Object.keys(loading)),
  })
  const kept = keptOwn(state, confirmed, pulling, page)
  // In this order: what was held back goes as well where it did not come again.
  const entries: BaseChange[] = [
    ...(isLast ? releasedBy(state, behind) : []),
    ...notBroughtAgain(state, finished, loading, page).map((each) => ({ ...each, record: null })),
    ...kept.map(({ payload, ...of }) => ({
      ...of,
      record: { payload, seq: 0, generation, own: true as const },
    })),
    ...entriesOf(state, id, page, { ...asked, generation, behind }),
  ]

  return state.commit(async (commit) => {
    const stream = await commit.stream(id)
    if (stream.cursor !== asked.cursor || stream.generation !== asked.generation) return false
    for (const { kind, id: entityId, record } of entries) {
      // A tombstone for something unknown is no error (EC-OS-09).
      if (record) commit.putEntity(id, kind, entityId, record)
      else commit.removeEntity(id, kind, entityId)
    }
    commit.putStream(id, {
      cursor: page.nextCursor,
      epoch: page.epoch,
      generation,
      complete: isLast ? generation : stream.complete,
      pulledSeq,
      syncedAt: isLast ? at.toISOString() : stream.syncedAt,
      pulledAt: at.toISOString(),
      loading: without(loading, finished),
      whole: [...new Set([...wholeBefore(asked, pulling), ...(isLast ? pulling.scopes : [])])],
      behind,
      round: roundOf(stream) + (behind.length === 0 ? 1 : 0),
    })
    for (const operation of confirmed) commit.confirm(id, operation, at.toISOString())
    await setAside(commit, settledIn(state, page.changes), at)
    for (const operation of await commit.operations([...seen.keys()].filter((key) => !gone.has(key))))
      commit.putOperation({ ...operation, ...seen.get(operation.clientOpId) })
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
 * pulled now (a barista is at work) is kept until they are, as a colleague would not see it otherwise; not where there is
 * nobody any more who may see it.
 */
const confirmedAt = (
  { outbox, modules }: LocalState,
  id: StreamId,
  pulledSeq: number,
  { scopes, readable }: Pulling,
) =>
  outbox
    .of(id.tenantId, 'SYNCED')
    .filter(
      ({ branchId, verdict, type }) =>
        branchId === id.branchId &&
        (verdict?.appliedSeq ?? pulledSeq) <= pulledSeq &&
        modules.scopesTouchedBy(type).every((scope) => scopes.includes(scope) || !readable.includes(scope)),
    )

/** Operations that were refused here, and that somebody has dealt with elsewhere: a person need not any more. */
const settledIn = ({ outbox, modules }: LocalState, changes: readonly PulledChange[]): string[] =>
  changes
    .filter(({ entityKind, opKind }) => opKind === 'UPSERT' && modules.settles(entityKind))
    .map(({ entityId }) => entityId)
    .filter((id) => outbox.get(id)?.status === 'FAILED')

/**
 * What is not all here after this page. Whoever came in the middle of a catch-up (a barista) may pull other scopes to
 * their head: those that were under way are still.
 */
function behindAfter({ behind = [] }: StreamRecord, { hasMore }: PullPage, { scopes, readable }: Pulling) {
  const others = behind.filter((scope) => readable.includes(scope) && !scopes.includes(scope))
  return hasMore ? [...others, ...scopes] : others
}

async function setAside(commit: Commit, clientOpIds: readonly string[], at: Date): Promise<void> {
  for (const operation of await commit.operations(clientOpIds)) {
    // Another tab may have sent it again.
    if (operation.status !== 'FAILED') continue
    commit.discard({
      operation,
      reason: 'dealt with elsewhere',
      by: null,
      replacedBy: null,
      at: at.toISOString(),
    })
  }
}

/**
 * Operations of the queue whose change has come, although their answer may not have: they are seen once all is here, that
 * of earlier pages too. What is all brought anew no longer has what did not come with it, as where a server has forgotten it.
 */
function seenAfter(
  { outbox }: LocalState,
  { tenantId, branchId }: StreamId,
  { changes, hasMore }: PullPage,
  of: { [name in 'isAllHere' | 'isComingAnew']: (operation: QueuedOperation) => boolean },
): ReadonlyMap<string, Pick<QueuedOperation, 'seen' | 'met'>> {
  const come = new Set(changes.flatMap(({ clientOpId }) => clientOpId ?? []))
  const asked = hasMore ? [...come].flatMap((key) => outbox.get(key) ?? []) : outbox.all()
  const after = new Map<string, Pick<QueuedOperation, 'seen' | 'met'>>()
  for (const operation of asked) {
    const { clientOpId, status, met, seen } = operation
    const isHere = operation.tenantId === tenantId && operation.branchId === branchId
    if (!isHere || status === 'FAILED' || (seen && !of.isComingAnew(operation))) continue
    const isMet = met === true || come.has(clientOpId)
    const now = of.isAllHere(operation)
      ? { seen: isMet, met: undefined }
      : { seen, met: isMet ? (true as const) : undefined }
    if (now.seen !== seen || now.met !== met) after.set(clientOpId, now)
  }
  return after
}

/**
 * The page's changes as records. The feed keeps the latest change of each entity alone, so that of what an operation
 * did one part may come pages before the other. So what hangs together stays as it was until the round is over, when all
 * of it is there: page by page, what was recorded here would be missing in part, or count twice. Where there is nothing
 * yet that could stay, it is shown as it comes, unless operations wait for theirs.
 */
function entriesOf(
  { outbox, view, modules }: LocalState,
  id: StreamId,
  { changes }: PullPage,
  asked: StreamRecord,
): BaseChange[] {
  const { generation, behind = [] } = asked
  const round = roundOf(asked)
  const holds = asked.complete !== null || !outbox.unconfirmed(id).next().done
  return changes.map(({ opKind, entityKind, entityId, payload, seq, agesFrom }) => {
    const ages = agesFrom ? Date.parse(agesFrom) : null
    const kind = entityKind
    const before = view?.baseOf(kind, entityId)
    const isPart = modules.hangsTogether(kind, [payload, before?.payload])
    const isBehind = behind.includes(modules.scopeOf(kind) ?? '')
    const isHeld = isBehind && (before?.held?.round === round || (holds && isPart))
    const held = isHeld ? { held: { round, payload: before ? shownOf(before, round) : null } } : {}
    if (opKind === 'UPSERT')
      return { kind, id: entityId, record: { payload, seq, generation, ages, ...held } }
    return { kind, id: entityId, record: before && isHeld ? { ...before, ...held, gone: true } : null }
  })
}

/** What was held back, and is not any more: all of its scope is here. (Where that is all, the round moves on.) */
const releasedBy = ({ view, modules }: LocalState, behind: readonly ModuleScope[]): BaseChange[] =>
  (view?.held() ?? [])
    .filter(({ kind, record }) => {
      const isHere = !behind.includes(modules.scopeOf(kind) ?? '')
      return isHere && (record.gone === true || behind.length > 0)
    })
    .map(({ record: { held: _, ...record }, ...named }) => ({
      ...named,
      record: record.gone ? null : record,
    }))

/** Whether a page tells of it, in a scope that it was asked for: of some scopes it tells what is its account's own alone. */
const isTold = (
  modules: LocalState['modules'],
  { personal, accountId }: PullPage,
  { kind, id, payload }: { kind: EntityKind; id: string; payload: Json },
): boolean =>
  !personal.includes(modules.scopeOf(kind) ?? '') || modules.ownerOf(kind, id, payload) === accountId

/**
 * What was here of the scopes that have been loaded from their beginning and did not come again: it no longer exists. Of
 * what has an owner, whoever's token asked (a colleague's, where another is at work) may tell of their own alone.
 */
function notBroughtAgain(
  { view, modules }: LocalState,
  finished: readonly ModuleScope[],
  loading: NonNullable<StreamRecord['loading']>,
  page: PullPage,
) {
  if (finished.length === 0) return []
  const brought = new Set(page.changes.map(({ entityKind, entityId }) => `${entityKind} ${entityId}`))
  return [...(view?.baseRecords() ?? [])].filter(({ kind, id, record }) => {
    const scope = modules.scopeOf(kind)
    if (!scope || !finished.includes(scope) || brought.has(`${kind} ${id}`)) return false
    return isTold(modules, page, { kind, id, payload: record.payload }) && record.generation < loading[scope]!
  })
}

/**
 * What a device's token may not read, as on a tablet that several people share: no pull brings it. What was recorded here
 * is known here all the same, so that the person can go on with what they began.
 */
function keptOwn(
  { modules, view }: LocalState,
  confirmed: readonly QueuedOperation[],
  { scopes }: Pulling,
  page: PullPage,
) {
  if (!view) return []
  return confirmed
    .filter(({ seen }) => !seen)
    .flatMap((operation) => modules.thingsOf(operation))
    .flatMap(({ thing: { kind, keptUntil }, id }) => {
      const base = view.baseOf(kind, id)
      const guess = keptUntil && view.entity(kind, id)
      if (!guess || (base && !base.own)) return []
      const { id: _, pending: __, ...record } = guess
      const kept = { kind, id, payload: record as unknown as Json }
      // What this page would have told, and did not, has gone by again meanwhile.
      const isGone = scopes.includes(modules.scopeOf(kind) ?? '') && isTold(modules, page, kept)
      return isGone ? [] : [kept]
    })
}

/** What is kept in that way and is not so any more by this verdict: it has gone on elsewhere. */
export function refusedOfKept({ modules, view }: LocalState, operation: QueuedOperation, { code }: Verdict) {
  if (!code || view?.stream.tenantId !== operation.tenantId || view.branchId !== operation.branchId) return []
  return modules
    .thingsOf(operation)
    .flatMap(({ thing: { kind, keptUntil }, id }) =>
      keptUntil?.includes(code) && view.baseOf(kind, id)?.own ? [{ kind, id }] : [],
    )
}
