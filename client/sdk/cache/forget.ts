/**
 * The cache forgets what the gateway's feed forgets, by its own rule and its own clock: finished business leaves the
 * feed so many days after it was finished, without a tombstone. A till that did not do the same would keep, and load at
 * each start, everything that was ever sold here, and show what a fresh one does not.
 */

import type { LocalState } from '../state/local-state.ts'
import { type EntityRecord, keys, type StreamId, type StreamRecord, streamOfKey } from '../store/layout.ts'
import type { PullPage } from '../transport/transport.ts'
import type { EntityKind } from '../words.ts'

/** Of one transaction: short enough that a tap in between does not wait. */
const sliceSize = 500
const everyMs = 3_600_000
/** Beside the branch that is worked in; the ones pulled last. */
const maxOtherBranches = 4
const maxDiscarded = 1_000
/** Longer than from one backup to the next; with the payloads of a busy till some 2 MB. */
const confirmedMs = 3 * 86_400_000
const maxConfirmed = 2_000

/** Of records that were kept before the gateway said from when on they age: the times by which people know them. */
function agesFrom({ modules }: LocalState, { kind, id, record: { ages, payload } }: Kept): number {
  return (ages === undefined ? modules.finishedAt(kind, id, payload) : ages) ?? Number.POSITIVE_INFINITY
}
type Kept = { kind: EntityKind; id: string; record: EntityRecord }

/** Once an hour at most, after the last page of a catch-up. What cannot be forgotten now is forgotten another time. */
export async function forgetOld(
  state: LocalState,
  id: StreamId,
  { serverTime, finishedKeptDays }: Pick<PullPage, 'serverTime' | 'finishedKeptDays'>,
): Promise<void> {
  const cutoff = Date.parse(serverTime) - finishedKeptDays * 86_400_000
  // A gateway that does not tell keeps everything.
  if (Number.isNaN(cutoff) || performance.now() - state.forgotAt < everyMs) return
  state.forgotAt = performance.now()
  await forgetFinished(state, id, cutoff)
  await forgetBranches(state, id, cutoff)
  await forgetDated(state, 'discarded', '', { cutoff, most: maxDiscarded })
  const kept = { cutoff: Date.parse(serverTime) - confirmedMs, most: maxConfirmed }
  await forgetDated(state, 'meta', keys.confirmedOfAll, kept)
}

async function forgetFinished(state: LocalState, id: StreamId, cutoff: number): Promise<void> {
  const due = [...(state.view?.baseRecords() ?? [])].filter((each) => agesFrom(state, each) < cutoff)
  await inSlices(due, (slice) =>
    state.commit(async (commit) => {
      for (const { kind, id: entityId } of slice) commit.removeEntity(id, kind, entityId)
    }),
  )
}

/** A branch where nobody has worked for as long is loaded anew when somebody does. */
async function forgetBranches({ store }: LocalState, id: StreamId, cutoff: number): Promise<void> {
  const streams = await store.transact('read', (tx) => tx.list<StreamRecord>('meta', keys.streams))
  const others = streams
    .flatMap(({ key, value }) => (key === keys.stream(id) || !value ? [] : [{ key, at: timeOf(value) }]))
    .sort((a, b) => b.at - a.at)
  for (const { key } of others.filter(({ at }, i) => i >= maxOtherBranches || at < cutoff)) {
    const prefix = keys.entitiesOf(streamOfKey(key))
    const entities = await store.transact('read', (tx) => tx.list('entities', prefix))
    // The cursor first: a branch without one is loaded anew, whatever is left of it.
    await store.transact('write', (tx) => tx.delete('meta', key))
    await inSlices(entities, (slice) =>
      store.transact('write', async (tx) => {
        for (const entity of slice) void tx.delete('entities', entity.key)
      }),
    )
  }
}

const timeOf = ({ pulledAt, syncedAt }: StreamRecord) => Date.parse(pulledAt ?? syncedAt ?? '1970-01-01')

/** Of records with the time at which they came to be there: those that are too old, and the oldest of too many. */
async function forgetDated(
  { store }: LocalState,
  collection: 'discarded' | 'meta',
  prefix: string,
  { cutoff, most }: { cutoff: number; most: number },
): Promise<void> {
  const kept = await store.transact('read', (tx) => tx.list<{ at: string }>(collection, prefix))
  const due = kept
    .map(({ key, value }) => ({ key, at: Date.parse(value?.at ?? '1970-01-01') }))
    .sort((a, b) => b.at - a.at)
    .filter(({ at }, i) => i >= most || at < cutoff)
  await inSlices(due, (slice) =>
    store.transact('write', async (tx) => {
      for (const { key } of slice) void tx.delete(collection, key)
    }),
  )
}

async function inSlices<T>(all: readonly T[], work: (slice: readonly T[]) => Promise<void>): Promise<void> {
  for (let i = 0; i < all.length; i += sliceSize) await work(all.slice(i, i + sliceSize))
}
