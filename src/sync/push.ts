/**
 * Push: replays a device's queue. The numbered steps are those of docs/protocol.md; 3 to 8 are commit.ts.
 * A direct mutation is a batch of one operation, without a device.
 */
import type { Connection, Database } from '../platform/database.ts'
import { isTransient, sqlState } from '../platform/database.ts'
import { commitChunk } from './commit.ts'
import { deferral, rejection } from './decide.ts'
import { lockDevice, noteDevice, unlockDevice } from './device.ts'
import type { Touched } from './feed.ts'
import { type Inspected, inspect, printedOnce, type SubmittedOperation } from './inspect.ts'
import type { KeyedLock } from './keyed-lock.ts'
import { type Registry, reject } from './module.ts'
import type { Verdict } from './record.ts'
import type { Lane, OperationCode } from './words.ts'

export type Push = {
  tenantId: string
  /** Null in the direct lane. */
  deviceId: string | null
  /** The token's account; already known to be an active member of the tenant. */
  accountId: string
  lane: Lane
  operations: readonly SubmittedOperation[]
}

export type PushEngine = {
  db: Database
  registry: Registry
  locks: KeyedLock
  clock: () => Date
  /** Operations in one transaction at most. */
  chunkSize: number
  /** Told after each commit which streams moved. */
  onCommit: (tenantId: string, touched: readonly Touched[]) => void
  /** Told of an operation that could not be decided because of a fault of ours; returns the incident's id. */
  onFault: (error: unknown, op: Inspected['op']) => string
  /** Told when a device's marks could not be kept; no verdict depends on them. */
  onDeviceNotNoted: (error: unknown) => void
  onDecided?: (push: Push, verdicts: readonly Verdict[], types: readonly string[]) => void
}

/** Batches that may wait for their turn in this process; one more is put off. */
const maxWaiting = 500

/** One verdict for each operation, in the order sent. Never throws for what a single operation is. */
export async function push(engine: PushEngine, push: Push): Promise<Verdict[]> {
  const { tenantId, deviceId, lane, accountId } = push

  // 2. Each operation alone.
  const by = {
    registry: engine.registry,
    tenantId,
    deviceId,
    accountId,
    lane,
    at: printedOnce(engine.clock()),
  }
  const inspected: Inspected[] = []
  for (const operation of push.operations) inspected.push(await inspect(operation, by))

  if (engine.locks.size >= maxWaiting)
    return inspected.map(({ op }) =>
      deferral(op.clientOpId, 'OVERLOADED', 'The server is busy; send it again later.'),
    )

  // Writers of one branch take turns anyway, under its stream's lock: they wait here, so that they do not
  // hold connections that other branches could use. The wait across gateways is PostgreSQL's.
  const branchIds = [...new Set(inspected.map(({ op }) => op.branchId))].sort()
  const keys = [
    ...(deviceId ? [`device\u0000${deviceId}`] : []),
    ...branchIds.map((id) => `branch\u0000${id}`),
  ]
  const verdicts = await engine.locks
    .run(
      keys.map((key) => `${tenantId}\u0000${key}`),
      () => replay(engine, push, inspected),
    )
    .catch((error: unknown) => {
      if (!isTransient(error)) throw error
      return inspected.map(({ op }) => deferral(op.clientOpId, ...reasonOf(error)))
    })
  engine.onDecided?.(
    push,
    verdicts,
    inspected.map(({ definition }) => definition?.type ?? 'unknown'),
  )
  return verdicts
}

/** Runs the chunks on one connection, under the device's lock: two batches of one device never interleave. */
function replay(engine: PushEngine, push: Push, inspected: readonly Inspected[]): Promise<Verdict[]> {
  const { tenantId, deviceId } = push
  return engine.db.withConnection(async (connection) => {
    if (!deviceId) return decideChunks(engine, tenantId, connection, inspected)
    await lockDevice(connection, tenantId, deviceId)
    const verdicts = await decideChunks(engine, tenantId, connection, inspected)
    const noted = noteDevice(connection, tenantId, deviceId, engine.clock(), inspected, verdicts)
    // What is known of the device is for people to look at: failing to note it changes no verdict.
    await Promise.all([noted.catch(engine.onDeviceNotNoted), unlockDevice(connection, tenantId, deviceId)])
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
  for (let from = 0; from < inspected.length; from += engine.chunkSize) {
    const chunk = inspected.slice(from, from + engine.chunkSize)
    if (verdicts.at(-1)?.status === 'DEFERRED')
      verdicts.push(...chunk.map(({ op }) => afterDeferral(op.clientOpId)))
    else verdicts.push(...(await decideChunk(engine, tenantId, connection, chunk)))
  }
  return verdicts
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
    const { verdicts, touched } = await commitChunk(connection, engine.registry, tenantId, chunk)
    // 9. Nudge the branches touched.
    if (touched.length > 0) engine.onCommit(tenantId, touched)
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

function reasonOf(error: unknown): [OperationCode, string] {
  const state = sqlState(error)
  return state === '55P03' || state === '57014' || state?.startsWith('40')
    ? ['BUSY', 'The branch is busy; the operation will be sent again.']
    : ['UNAVAILABLE', 'The server cannot reach its database; the operation will be sent again.']
}
