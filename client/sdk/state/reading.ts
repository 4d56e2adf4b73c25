/**
 * What is read of the store into memory: all of it when a client opens, what differs when it looks again, what another tab
 * has named. Nothing here changes memory; what could not be read is set aside in the store.
 */

import type { BaseChange } from '../cache/view.ts'
import type { Outbox } from '../outbox/outbox.ts'
import {
  type EntityRecord,
  entityOfKey,
  isEntity,
  keys,
  newStream,
  readContext,
  readOperation,
  type StreamId,
  type StreamRecord,
} from '../store/layout.ts'
import type { Entry, Store, Transaction } from '../store/store.ts'
import type { QueuedOperation, Verdict } from '../words.ts'
import { newWritten, type Unkept, type Written } from './commit.ts'

/** To the other tabs: these records were written. */
export type StoredNotice = {
  about: 'stored'
  /** Which one it is of all writes to the store that are told; left out where the store has nothing of it. */
  write?: number | undefined
  operations: string[]
  /** What the server has said; its operation may be done with, and gone, before anybody reads it. */
  decided: Verdict[]
  /** What a full store did not take of the operations, and memory has: as it is there. null: it is gone. */
  unkept?: [clientOpId: string, operation: QueuedOperation | null][] | undefined
  stream: StreamId | null
  streamMoved: boolean
  entities: [kind: string, id: string][]
}

/** Operations that are read in one turn of the event loop. */
export const sliceSize = 500

export const isSameStream = (a: StreamId | null, b: StreamId | null) =>
  a?.tenantId === b?.tenantId && a?.branchId === b?.branchId

/** Of records as they are in the store. */
export const isEqual = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** In all that changes of an operation while it is in the queue. */
const isSameOperation = (a: QueuedOperation, b: QueuedOperation) =>
  a.position === b.position &&
  a.status === b.status &&
  a.attempted === b.attempted &&
  a.retry === b.retry &&
  a.seen === b.seen &&
  a.met === b.met &&
  a.claimed === b.claimed &&
  a.payloadHash === b.payloadHash &&
  isEqual(a.dependsOn, b.dependsOn) &&
  a.verdict?.status === b.verdict?.status &&
  a.verdict?.code === b.verdict?.code

const positionIn = async (tx: Transaction) => (await tx.get<number>('meta', keys.position)) ?? 0

/** How many writes to the store were told to other tabs. */
const writesIn = async (tx: Transaction) => (await tx.get<number>('meta', keys.writes)) ?? 0

export const contextIn = async (tx: Transaction) => readContext(await tx.get('meta', keys.context))

/**
 * The whole queue, its furthest place, and how many records could not be read. In slices, as each operation is read with
 * care: of 50,000 a person would wait for seconds, and see nothing move.
 */
export async function readQueue(
  store: Store,
  outbox: Outbox,
): Promise<{ position: number; writes: number; damaged: number }> {
  const { position, writes, entries } = await store.transact('read', async (tx) => ({
    position: await positionIn(tx),
    writes: await writesIn(tx),
    entries: await tx.list<unknown>('operations'),
  }))
  const broken: Entry<unknown>[] = []
  const renamed: { from: string; operation: QueuedOperation }[] = []
  for (const [i, entry] of entries.entries()) {
    if (i % sliceSize === sliceSize - 1) await new Promise((go) => setTimeout(go))
    const operation = readOperation(entry.value)
    if (!operation) broken.push(entry)
    else outbox.set(operation)
    // Kept under a key in capitals by an older version: the gateway's verdict would not find it.
    if (operation && operation.clientOpId !== entry.key) renamed.push({ from: entry.key, operation })
  }
  if (broken.length + renamed.length === 0) return { position, writes, damaged: 0 }
  await store.transact('write', async (tx) => {
    // Set aside as they were found: nothing that a person did is thrown away.
    for (const { key, value, damaged } of broken) {
      void tx.put('damaged', `operation ${key}`, { text: damaged ?? JSON.stringify(value) })
      void tx.delete('operations', key)
    }
    for (const { from, operation } of renamed) {
      void tx.delete('operations', from)
      void tx.put('operations', operation.clientOpId, operation)
    }
  })
  return { position, writes, damaged: broken.length }
}

/** A branch as it is kept. A cache with a hole is no cache: it is pulled anew then, in view of the rest. */
export async function readBranch(
  tx: Transaction,
  id: StreamId,
): Promise<{ stream: StreamRecord; records: BaseChange[]; damaged: number }> {
  const stream = (await tx.get<StreamRecord>('meta', keys.stream(id))) ?? newStream
  const entries = await tx.list<EntityRecord>('entities', keys.entitiesOf(id))
  const good = entries.filter(isEntity)
  const records = good.map(({ key, value }) => {
    const { kind, id } = entityOfKey(key)
    return { kind, id, record: value }
  })
  const damaged = entries.length - good.length
  if (damaged === 0) return { stream, records, damaged }
  for (const entry of entries) if (!isEntity(entry)) void tx.delete('entities', entry.key)
  const anew = { ...stream, cursor: null, generation: stream.generation + 1 }
  void tx.put('meta', keys.stream(id), anew)
  return { stream: anew, records, damaged }
}

/** What differs from memory, where another tab may have written without a word. */
export async function readDifferences(tx: Transaction, outbox: Outbox, unkept: Unkept) {
  const context = await contextIn(tx)
  const operations = await operationsThatDiffer(tx, outbox, unkept)
  const at = { position: await positionIn(tx), write: await writesIn(tx) }
  const written: Written = { ...newWritten(), operations, ...at }
  const stream = context && (await tx.get<StreamRecord>('meta', keys.stream(context)))
  return { context, stream: stream ?? newStream, written }
}

async function operationsThatDiffer(
  tx: Transaction,
  outbox: Outbox,
  unkept: Unkept,
): Promise<Written['operations']> {
  const entries = await tx.list<QueuedOperation>('operations')
  const kept = new Set(entries.map(({ key }) => key))
  const gone = [...outbox.all()].filter(({ clientOpId }) => !kept.has(clientOpId) && !unkept.has(clientOpId))
  const others = entries.flatMap(({ value }) => {
    // Read with care only where it is another one: a queue of thousands is compared at each new tab.
    const known = outbox.get((value as QueuedOperation | undefined)?.clientOpId ?? '')
    if (known && value && isSameOperation(known, value)) return []
    const operation = readOperation(value)
    const isOurs = operation && unkept.has(operation.clientOpId)
    return operation && !isOurs && !isEqual(operation, outbox.get(operation.clientOpId)) ? [operation] : []
  })
  return new Map<string, QueuedOperation | null>([
    ...gone.map(({ clientOpId }) => [clientOpId, null] as const),
    ...others.map((operation) => [operation.clientOpId, operation] as const),
  ])
}

/** What these notices name, of the branch that is in view, as it is at one moment. */
export async function readNamed(
  tx: Transaction,
  notices: readonly StoredNotice[],
  { unkept, inView }: { unkept: Unkept; inView: StreamId | null },
): Promise<Written> {
  const here = notices.filter(({ stream }) => stream && isSameStream(stream, inView))
  const written: Written = { ...newWritten(), write: await writesIn(tx) }
  const operations = notices.flatMap(({ operations }) => operations)
  const found = await Promise.all(operations.map((id) => tx.get<QueuedOperation>('operations', id)))
  operations.forEach((id, i) => {
    const known = unkept.get(id)
    written.operations.set(id, known === undefined ? (found[i] ?? null) : known)
  })
  if (inView && here.length > 0) {
    written.stream = inView
    if (here.some(({ streamMoved }) => streamMoved))
      written.record = (await tx.get<StreamRecord>('meta', keys.stream(inView))) ?? null
    const named = here.flatMap(({ entities }) => entities)
    const records = await Promise.all(
      named.map(([kind, id]) => tx.get<EntityRecord>('entities', keys.entity(inView, kind, id))),
    )
    written.entities = named.map(([kind, id], i) => ({ kind, id, record: records[i] ?? null }))
  }
  return written
}
