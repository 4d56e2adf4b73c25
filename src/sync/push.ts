/**
 * Push: replays a device's queue. The numbered steps are those of docs/protocol.md; 2 and 3 are examine.ts, 4 to 9
 * commit.ts. A direct mutation is a batch of one operation, without a device.
 */
import { setTimeout } from 'node:timers/promises'
import type { Database, Queryable, Transaction } from '../platform/database.ts'
import { isTransient, sqlState } from '../platform/database.ts'
import { commitChunk, lockStreams, type Streams } from './commit.ts'
import { deferral, rejection } from './decide.ts'
import { lockDevice, noteDevice } from './device.ts'
import { inspectAll, type KnownStream, lookAtAccess } from './examine.ts'
import type { Touched } from './feed.ts'
import {
  type Inspected,
  maxPayloadBytes,
  prepare,
  printedOnce,
  type SubmittedOperation,
  takesTurn,
} from './inspect.ts'
import type { Turn } from './keyed-lock.ts'
import { type Registry, reject } from './module.ts'
import type { Verdict } from './record.ts'
import type { AnyTable } from './table.ts'
import { costOfOperations } from './tenant-share.ts'
import type { Turns } from './turns.ts'
import type { EngineCode, Lane } from './words.ts'
import { restTimes } from './yielding.ts'

export type Push = {
  tenantId: string
  /** Null in the direct lane. */
  deviceId: string | null
  /** The token's account; already known to be an active member of the tenant. */
  accountId: string
  /** Who asks, as the company of others is kept by; left out: there is company. */
  caller?: string
  /** Asked under the locks, for which a batch may have waited: throws where the caller is let in no more. */
  stillAdmitted?: (tx: Queryable) => Promise<void>
  lane: Lane
  operations: readonly SubmittedOperation[]
  /** A stream as the device knows it: where it is another by now, nothing is decided. */
  stream?: KnownStream | null | undefined
}

export type PushEngine = {
  db: Database
  registry: Registry
  turns: Turns
  clock: () => Date
  /** Operations that are decided and written together at most. */
  chunkSize: number
  /** Bytes that the payloads of a batch may have together. */
  maxBatchBytes: number
  /** Told after each commit that changed something which streams moved (the tenant's own too), and which tables were written. */
  onCommit: (tenantId: string, touched: readonly Touched[], written: ReadonlySet<AnyTable>) => void
  /** Told of an operation that could not be decided because of a fault of ours; returns the incident's id. */
  onFault: (error: unknown, op: Inspected['op']) => string
  /** Told when a device's marks could not be kept, or nudging failed; no verdict depends on them. */
  onAfterthought: (error: unknown) => void
  /** Told why a batch, or what is left of one, was put off: what the database said. */
  onDeferred?: (push: Push, error: unknown) => void
  onDecided?: (push: Push, verdicts: readonly Verdict[], types: readonly string[]) => void
}

/** Of a batch behind others of its tenant. */
const mostWaitMs = 10_000
/** Operations that are decided and written together while another tenant is about, who has a turn before the next of them. */
const companyChunk = 25
/** Bytes of payloads that are decided and written together, so that it holds the event loop up for no longer. */
const maxChunkBytes = 250_000

/**
 * One verdict for each operation, in the order sent. Never throws for what a single operation is; a batch that is too
 * large as a whole is a BatchTooLargeError.
 */
export async function push(engine: PushEngine, push: Push): Promise<Verdict[]> {
  const { operations, tenantId } = push
  const { room, share } = engine.turns
  // Who would wait for longer gives up before the answer comes, and asks again for what is done meanwhile.
  const leave = share.waitMs(tenantId) > mostWaitMs ? null : room.enter(push)
  const verdicts = leave
    ? await decideInTurn(engine, push).finally(leave)
    : operations.map(({ clientOpId }) =>
        deferral(clientOpId.toLowerCase(), 'OVERLOADED', 'The server is busy; send it again later.'),
      )
  const types = operations.map(({ type }) => engine.registry.operations.get(type)?.type ?? 'unknown')
  engine.onDecided?.(push, verdicts, types)
  return verdicts
}

async function decideInTurn(engine: PushEngine, push: Push): Promise<Verdict[]> {
  const { tenantId, accountId, operations } = push
  const { examining, locks, connections } = engine.turns
  const inShare = <T>(costMs: number, work: () => Promise<T>) =>
    engine.turns.share.run(tenantId, push.caller ?? accountId, costMs, work)
  try {
    const examined = await locks.run([{ name: turnName(tenantId, 'examined', accountId) }], () =>
      inShare(0, () => examining.run(tenantId, () => examine(engine, push))),
    )
    if (!examined) return operations.map(({ clientOpId }) => resetFirst(clientOpId.toLowerCase()))
    const ready = await Promise.all(examined.map(prepare))
    const restsFor = engine.turns.fruitless.times(turnName(tenantId, accountId), !ready.some(takesTurn))
    return await locks.run(turnsOf(push, ready), () => {
      const costMs = costOfOperations(operations.length, bytesOf(ready))
      const decided = () =>
        inShare(costMs, () => connections.run(tenantId, () => replay(engine, push, ready)))
      return restsFor > 0 && inCompany(engine, push) ? restingAfter(restsFor * costMs, decided) : decided()
    })
  } catch (error) {
    if (!isTransient(error)) throw error
    engine.onDeferred?.(push, error)
    return operations.map(({ clientOpId }) => deferral(clientOpId.toLowerCase(), ...reasonOf(error)))
  }
}

/** What was looked at, and what is kept. */
const bytesOf = (inspected: readonly Inspected[]): number =>
  inspected.reduce((sum, { payloadText }) => sum + (payloadText?.length ?? maxPayloadBytes), 0)

const inCompany = ({ turns }: PushEngine, { caller }: Push): boolean =>
  caller === undefined || turns.company.isAbout(caller)

/** Recording what changes nothing keeps the database from others as long as a sale would: it rests as all work does. */
async function restingAfter<T>(costMs: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    await setTimeout(restTimes * costMs)
  }
}

const resetFirst = (clientOpId: string) =>
  deferral(clientOpId, 'STREAM_RESET', 'The stream is another than this device knows: pull first.')

/** Steps 2 and 3; null: the stream is another than the device knows. */
async function examine(engine: PushEngine, push: Push): Promise<Inspected[] | null> {
  const { db, registry, clock, maxBatchBytes } = engine
  const { operations, stream, ...by } = push
  const inspector = { ...by, registry, at: printedOnce(clock()) }
  const inspected = await inspectAll(
    operations,
    inspector,
    maxBatchBytes,
    () => inCompany(engine, push),
    () => engine.turns.share.letPass(push.tenantId),
  )
  return lookAtAccess(db, registry, { tenantId: push.tenantId, stream }, inspected)
}

/**
 * Writers of one branch take turns anyway, under its stream's lock, and so do those who write to the whole tenant: they
 * wait here, so that they hold no connections that others could use. The wait across gateways is
 * PostgreSQL's. What changes nothing waits for its sender's alike, and for nobody else.
 */
function turnsOf({ tenantId, accountId, deviceId }: Push, inspected: readonly Inspected[]): Turn[] {
  const waiting = inspected.filter(takesTurn)
  if (waiting.length === 0) return [{ name: turnName(tenantId, 'refused', accountId) }]
  const nameOf = (...parts: string[]) => turnName(tenantId, ...parts)
  const device = deviceId === null ? [] : [{ name: nameOf('device', deviceId) }]
  const tenant = waiting.some(({ definition }) => definition?.scope === 'tenant')
    ? [{ name: nameOf('tenant') }]
    : []
  const branchIds = [...new Set(waiting.map(({ op }) => op.branchId))].filter((id) => id !== '')
  return [...device, ...tenant, ...branchIds.map((id) => ({ name: nameOf('branch', id) }))]
}

const turnName = (...parts: string[]) => parts.join('\u0000')

/**
 * 4. to 9. A batch is one transaction: committed as a whole, under the locks of its device and its branches. Where
 * PostgreSQL refuses it, and not for a passing reason, it is done anew in parts of which each can fail alone.
 */
async function replay(engine: PushEngine, push: Push, inspected: readonly Inspected[]): Promise<Verdict[]> {
  const { tenantId } = push
  let batch: Batch
  try {
    batch = await inTransaction(engine, push, inspected, false)
      // What passes puts the batch off: to try at once what was not had in time would only take the time again.
      .catch((error) =>
        isTransient(error) ? Promise.reject(error) : inTransaction(engine, push, inspected, true),
      )
  } catch (error) {
    if (!isTransient(error)) throw error
    engine.onDeferred?.(push, error)
    return deferred(inspected, error)
  }
  // 10. Nudge the branches touched. What is committed stays decided, whatever becomes of that.
  try {
    if (batch.written.size > 0) engine.onCommit(tenantId, [...batch.touched.values()], batch.written)
  } catch (error) {
    engine.onAfterthought(error)
  }
  return batch.verdicts
}

/** Whatever the reason, it is none to put the batch off. */
const anew = (cause: unknown) => {
  throw new Error('the device could not be noted', { cause })
}

/** What has become of a batch so far. */
type Batch = {
  readonly push: Push
  readonly tx: Transaction
  readonly verdicts: Verdict[]
  readonly touched: Map<string, Touched>
  readonly written: Set<AnyTable>
  /** Moved along from chunk to chunk; what failed has moved a copy. */
  streams: Promise<Streams> | Streams
}

function inTransaction(
  engine: PushEngine,
  push: Push,
  inspected: readonly Inspected[],
  inParts: boolean,
): Promise<Batch> {
  const { tenantId, deviceId } = push
  return engine.db.tenant(tenantId).transaction(async (tx) => {
    const inTurn = deviceId !== null && inspected.some(takesTurn)
    const device = inTurn ? lockDevice(tx, tenantId, deviceId) : null
    const streams = lockStreams(tx, tenantId, inspected)
    const batch: Batch = { push, tx, verdicts: [], touched: new Map(), written: new Set(), streams }
    const admitted = inspected.some(takesTurn) ? push.stillAdmitted?.(tx) : undefined
    const locked = Promise.all([device, streams, admitted])
    // Waited for with what is asked next; where parts may fail, what is not theirs comes before them.
    if (inParts) await locked
    await Promise.all([locked, decideChunks(engine, batch, inspected, inParts)])
    if (deviceId === null) return batch
    // What is known of the device is for people to look at: failing to note it changes no verdict, and undoes itself only.
    const note = () => noteDevice(tx, tenantId, deviceId, engine.clock(), inspected, batch.verdicts)
    await (inParts ? tx.part(note).catch(engine.onAfterthought) : note().catch(anew))
    return batch
  })
}

async function decideChunks(
  engine: PushEngine,
  batch: Batch,
  inspected: readonly Inspected[],
  inParts: boolean,
): Promise<void> {
  const { verdicts, push } = batch
  const { share } = engine.turns
  const size = share.isInCompany(push.tenantId) ? Math.min(companyChunk, engine.chunkSize) : engine.chunkSize
  for (const chunk of chunksOf(inspected, size)) {
    await share.letPass(push.tenantId)
    if (verdicts.at(-1)?.status === 'DEFERRED')
      verdicts.push(...chunk.map(({ op }) => afterDeferral(op.clientOpId)))
    else if (inParts) verdicts.push(...(await decidePart(engine, batch, chunk)))
    else verdicts.push(...(await commit(engine, batch, chunk)))
  }
}

/** Decides and writes a chunk; what it touched is the batch's. */
async function commit(
  engine: PushEngine,
  batch: Batch,
  chunk: readonly Inspected[],
): Promise<readonly Verdict[]> {
  const streams = copied(batch.streams)
  const { tenantId } = batch.push
  const { verdicts, touched, written } = await commitChunk(
    batch.tx,
    engine.registry,
    tenantId,
    chunk,
    streams,
  )
  batch.streams = await streams
  for (const each of touched) {
    const modules = new Set([...(batch.touched.get(each.branchId)?.modules ?? []), ...each.modules])
    batch.touched.set(each.branchId, { ...each, modules })
  }
  for (const table of written) batch.written.add(table)
  return verdicts
}

const copied = async (streams: Batch['streams']): Promise<Streams> =>
  new Map([...(await streams)].map(([branchId, stream]) => [branchId, { ...stream }]))

function* chunksOf(inspected: readonly Inspected[], size: number): Generator<Inspected[]> {
  let chunk: Inspected[] = []
  let bytes = 0
  for (const each of inspected) {
    const more = each.payloadText?.length ?? 0
    if (chunk.length > 0 && (chunk.length === size || bytes + more > maxChunkBytes)) {
      yield chunk
      chunk = []
      bytes = 0
    }
    chunk.push(each)
    bytes += more
  }
  if (chunk.length > 0) yield chunk
}

/** A chunk that may fail alone; whatever goes wrong, there is a verdict for each of its operations. */
async function decidePart(
  engine: PushEngine,
  batch: Batch,
  chunk: readonly Inspected[],
  again = false,
): Promise<readonly Verdict[]> {
  try {
    return await batch.tx.part(() => commit(engine, batch, chunk))
  } catch (error) {
    const [first, ...others] = chunk
    if (!first) throw error
    if (isTransient(error)) {
      engine.onDeferred?.(batch.push, error)
      return deferred(chunk, error)
    }
    if (others.length > 0) return oneByOne(engine, batch, chunk)
    // A key or a row that another writer made in the meantime: decided again, it meets what that one left.
    if (!again && sqlState(error) === uniqueViolation) return decidePart(engine, batch, chunk, true)
    return [await refuse(engine, batch, first, error)]
  }
}

/** The set was refused: each operation is a part of its own, so that the culprit alone is. */
async function oneByOne(engine: PushEngine, batch: Batch, chunk: readonly Inspected[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const inspected of chunk) {
    if (verdicts.at(-1)?.status === 'DEFERRED') verdicts.push(afterDeferral(inspected.op.clientOpId))
    else verdicts.push(...(await decidePart(engine, batch, [inspected])))
  }
  return verdicts
}

/**
 * An operation that cannot be decided because of a fault of ours is rejected, not deferred: deferred, it
 * would hold up its device's queue for good. A person can ask to try it again once the fault is mended.
 */
async function refuse(
  engine: PushEngine,
  batch: Batch,
  inspected: Inspected,
  error: unknown,
): Promise<Verdict> {
  const incident = engine.onFault(error, inspected.op)
  const fault = reject(
    'OPERATION_FAILED',
    `The server could not process this operation (incident ${incident}).`,
    { incident },
  )
  try {
    const [verdict] = await batch.tx.part(() => commit(engine, batch, [{ ...inspected, fault }]))
    if (verdict) return verdict
  } catch (second) {
    if (isTransient(second)) return deferral(inspected.op.clientOpId, ...reasonOf(second))
  }
  return rejection(inspected.op.clientOpId, fault)
}

const deferred = (chunk: readonly Inspected[], error: unknown): Verdict[] =>
  chunk.map(({ op }, i) =>
    i === 0 ? deferral(op.clientOpId, ...reasonOf(error)) : afterDeferral(op.clientOpId),
  )

/** What an operation that is put off is told. */
export const deferrals: readonly EngineCode[] = [
  'OVERLOADED',
  'BUSY',
  'UNAVAILABLE',
  'EARLIER_OPERATION_DEFERRED',
  'STREAM_RESET',
]

const uniqueViolation = '23505'

const afterDeferral = (clientOpId: string) =>
  deferral(
    clientOpId,
    'EARLIER_OPERATION_DEFERRED',
    'An operation before this one has to be sent again first.',
  )

function reasonOf(error: unknown): [EngineCode, string] {
  const state = sqlState(error)
  return state === '55P03' || state === '57014' || state?.startsWith('40')
    ? ['BUSY', 'The branch is busy; the operation will be sent again.']
    : ['UNAVAILABLE', 'The server cannot reach its database; the operation will be sent again.']
}
