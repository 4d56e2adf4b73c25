/**
 * Push: replays a device's queue. The numbered steps are those of docs/protocol.md; 2 and 3 are examine.ts, 4 to 9
 * commit.ts. A direct mutation is a batch of one operation, without a device.
 */
import { setTimeout } from 'node:timers/promises'
import type { Connection, Database } from '../platform/database.ts'
import { isTransient, sqlState } from '../platform/database.ts'
import { commitChunk } from './commit.ts'
import { deferral, rejection } from './decide.ts'
import { lockDevice, noteDevice, unlockDevice } from './device.ts'
import { inspectAll, lookAtAccess } from './examine.ts'
import type { Touched } from './feed.ts'
import { type Inspected, prepare, printedOnce, type SubmittedOperation, takesTurn } from './inspect.ts'
import type { Turn } from './keyed-lock.ts'
import { type Registry, reject } from './module.ts'
import type { Verdict } from './record.ts'
import type { AnyTable } from './table.ts'
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
  lane: Lane
  operations: readonly SubmittedOperation[]
}

export type PushEngine = {
  db: Database
  registry: Registry
  turns: Turns
  clock: () => Date
  /** Operations in one transaction at most. */
  chunkSize: number
  /** Bytes that the payloads of a batch may have together. */
  maxBatchBytes: number
  /** Told after each commit that changed something which streams moved, and which tables were written. */
  onCommit: (tenantId: string, touched: readonly Touched[], written: ReadonlySet<AnyTable>) => void
  /** Told of an operation that could not be decided because of a fault of ours; returns the incident's id. */
  onFault: (error: unknown, op: Inspected['op']) => string
  /** Told when a device's marks could not be kept; no verdict depends on them. */
  onDeviceNotNoted: (error: unknown) => void
  /** Told why a batch, or what is left of one, was put off: what the database said. */
  onDeferred?: (push: Push, error: unknown) => void
  onDecided?: (push: Push, verdicts: readonly Verdict[], types: readonly string[]) => void
}

/** Bytes of payloads in one transaction at most, so that deciding and writing it holds nobody up for long. */
const maxChunkBytes = 1_000_000
/** However long the database took, which others may be the reason of. */
const maxRestMs = 500

/**
 * One verdict for each operation, in the order sent. Never throws for what a single operation is; a batch that is too
 * large as a whole is a BatchTooLargeError.
 */
export async function push(engine: PushEngine, push: Push): Promise<Verdict[]> {
  const { operations } = push
  const leave = engine.turns.room.enter(push)
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
  try {
    const examined = await locks.run([{ name: turnName(tenantId, 'examined', accountId) }], () =>
      examining.run(tenantId, () => examine(engine, push)),
    )
    const ready = await Promise.all(examined.map(prepare))
    const isForNothing = !ready.some(takesTurn)
    return await locks.run(turnsOf(push, ready), () => {
      const decided = () => connections.run(tenantId, () => replay(engine, push, ready))
      return isForNothing && inCompany(engine, push) ? restingAfter(decided) : decided()
    })
  } catch (error) {
    if (!isTransient(error)) throw error
    engine.onDeferred?.(push, error)
    return operations.map(({ clientOpId }) => deferral(clientOpId.toLowerCase(), ...reasonOf(error)))
  }
}

const inCompany = ({ turns }: PushEngine, { caller }: Push): boolean =>
  caller === undefined || turns.company.isAbout(caller)

/** Recording what changes nothing keeps the database from others as long as a sale would: it rests as all work does. */
async function restingAfter<T>(work: () => Promise<T>): Promise<T> {
  const began = performance.now()
  try {
    return await work()
  } finally {
    await setTimeout(Math.min(maxRestMs, restTimes * (performance.now() - began)))
  }
}

/** Steps 2 and 3. */
async function examine(engine: PushEngine, push: Push): Promise<Inspected[]> {
  const { db, registry, clock, maxBatchBytes } = engine
  const { operations, ...by } = push
  const inspector = { ...by, registry, at: printedOnce(clock()) }
  const inspected = await inspectAll(operations, inspector, maxBatchBytes, () => inCompany(engine, push))
  return lookAtAccess(db, registry, push.tenantId, inspected)
}

/**
 * Writers of one branch take turns anyway, under its stream's lock, and so does who writes to the whole tenant with all
 * of its branches: they wait here, so that they hold no connections that others could use. The wait across gateways is
 * PostgreSQL's. What changes nothing waits for its sender's alike, and for nobody else.
 */
function turnsOf({ tenantId, accountId, deviceId }: Push, inspected: readonly Inspected[]): Turn[] {
  const waiting = inspected.filter(takesTurn)
  if (waiting.length === 0) return [{ name: turnName(tenantId, 'refused', accountId) }]
  const nameOf = (...parts: string[]) => turnName(tenantId, ...parts)
  const device = deviceId === null ? [] : [{ name: nameOf('device', deviceId) }]
  if (waiting.some(({ definition }) => definition?.scope === 'tenant'))
    return [...device, { name: nameOf('tenant') }]
  const branchIds = [...new Set(waiting.map(({ op }) => op.branchId))]
  const branches = branchIds.map((id) => ({ name: nameOf('branch', id) }))
  return [...device, { name: nameOf('tenant'), shared: true }, ...branches]
}

const turnName = (...parts: string[]) => parts.join('\u0000')

/** Runs the chunks on one connection, under the device's lock: two batches of one device never interleave. */
function replay(engine: PushEngine, push: Push, inspected: readonly Inspected[]): Promise<Verdict[]> {
  const { tenantId, deviceId } = push
  return engine.db.withConnection(async (connection) => {
    if (!deviceId) return decideChunks(engine, tenantId, connection, inspected)
    const inTurn = inspected.some(takesTurn)
    if (inTurn) await lockDevice(connection, tenantId, deviceId)
    const verdicts = await decideChunks(engine, tenantId, connection, inspected)
    const noted = noteDevice(connection, tenantId, deviceId, engine.clock(), inspected, verdicts)
    // What is known of the device is for people to look at: failing to note it changes no verdict.
    await Promise.all([
      noted.catch(engine.onDeviceNotNoted),
      ...(inTurn ? [unlockDevice(connection, tenantId, deviceId)] : []),
    ])
    return verdicts
  })
}

async function decideChunks(
  engine: PushEngine,
  tenantId: string,
  connection: Connection,
  inspected: readonly Inspected[],
): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const chunk of chunksOf(inspected, engine.chunkSize)) {
    if (verdicts.at(-1)?.status === 'DEFERRED')
      verdicts.push(...chunk.map(({ op }) => afterDeferral(op.clientOpId)))
    else verdicts.push(...(await decideChunk(engine, tenantId, connection, chunk)))
  }
  return verdicts
}

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

/** Commits a chunk; whatever goes wrong, there is a verdict for each of its operations. */
async function decideChunk(
  engine: PushEngine,
  tenantId: string,
  connection: Connection,
  chunk: readonly Inspected[],
  again = false,
): Promise<Verdict[]> {
  try {
    const { verdicts, touched, written } = await commitChunk(connection, engine.registry, tenantId, chunk)
    // 10. Nudge the branches touched.
    if (written.size > 0) engine.onCommit(tenantId, touched, written)
    return [...verdicts]
  } catch (error) {
    const [first, ...others] = chunk
    if (!first) throw error
    if (isTransient(error))
      return [
        deferral(first.op.clientOpId, ...reasonOf(error)),
        ...others.map(({ op }) => afterDeferral(op.clientOpId)),
      ]
    if (others.length > 0) return oneByOne(engine, tenantId, connection, chunk)
    // A key or a row that another writer made in the meantime: decided again, it meets what that one left.
    if (!again && sqlState(error) === uniqueViolation)
      return decideChunk(engine, tenantId, connection, chunk, true)
    return [await refuse(engine, tenantId, connection, first, error)]
  }
}

/** The set was refused: each operation in a transaction of its own, so that the culprit alone is. */
async function oneByOne(
  engine: PushEngine,
  tenantId: string,
  connection: Connection,
  chunk: readonly Inspected[],
): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const inspected of chunk) {
    if (verdicts.at(-1)?.status === 'DEFERRED') verdicts.push(afterDeferral(inspected.op.clientOpId))
    else verdicts.push(...(await decideChunk(engine, tenantId, connection, [inspected])))
  }
  return verdicts
}

/**
 * An operation that cannot be decided because of a fault of ours is rejected, not deferred: deferred, it
 * would hold up its device's queue for good. A person can ask to try it again once the fault is mended.
 */
async function refuse(
  engine: PushEngine,
  tenantId: string,
  connection: Connection,
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
    const { verdicts } = await commitChunk(connection, engine.registry, tenantId, [{ ...inspected, fault }])
    if (verdicts[0]) return verdicts[0]
  } catch (second) {
    if (isTransient(second)) return deferral(inspected.op.clientOpId, ...reasonOf(second))
  }
  return rejection(inspected.op.clientOpId, fault)
}

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
