/**
 * What the gateway does, without GraphQL: the engine with its modules, wired to the database, the nudge
 * hub, the log and the metrics.
 */
import { randomUUID } from 'node:crypto'
import type { Config } from './config.ts'
import type { ActorKeys } from './modules/access/actor-key.ts'
import { deviceAccess, members } from './modules/access/tables.ts'
import { createTries, type Tries } from './modules/access/tries.ts'
import { type Database, sqlState } from './platform/database.ts'
import type { Logger } from './platform/log.ts'
import type { Metrics } from './platform/metrics.ts'
import type { Secrets } from './platform/secrets.ts'
import { seldom } from './platform/seldom.ts'
import { createEarlyCounts } from './platform/statistics.ts'
import type { Tokens } from './platform/tokens.ts'
import { type Checkpoints, createCheckpoints } from './sync/checkpoint.ts'
import type { Touched } from './sync/feed.ts'
import type { Registry } from './sync/module.ts'
import type { Nudge, NudgeBus } from './sync/nudge/bus.ts'
import type { NudgeHub } from './sync/nudge/hub.ts'
import { spreadPulls } from './sync/nudge/spread.ts'
import type { Passing } from './sync/passing.ts'
import type { PullEngine } from './sync/pull.ts'
import type { Push, PushEngine } from './sync/push.ts'
import type { Verdict } from './sync/record.ts'
import type { Replica } from './sync/replica.ts'
import { tenantStream } from './sync/tenant-stream.ts'
import { createTurns } from './sync/turns.ts'

export type Services = {
  clock: () => Date
  engine: PushEngine
  puller: PullEngine
  checkpoints: Checkpoints
  hub: NudgeHub
  metrics: Metrics
  tokens: Tokens
  actorKeys: ActorKeys
  tries: Tries
  log: Logger
  /** Tells of a commit whomever it concerns: what reads from a replica, and all who listen. Waits for nothing. */
  tell: (commit: Commit) => void
}

/** What a commit changed: streams whose head moved, and whether it was of people or devices. */
export type Commit = { tenantId: string; touched: readonly Touched[]; changesAccess: boolean }

export function createServices(parts: {
  config: Config
  registry: Registry
  db: Database
  replica?: Replica
  bus: NudgeBus
  hub: NudgeHub
  log: Logger
  metrics: Metrics
  tokens: Tokens
  actorKeys: ActorKeys
  secrets: Secrets
  clock?: (() => Date) | undefined
  /** Another thread's; its own by default. */
  passing?: Passing | undefined
  /** Another thread's, where all who are to be told are; its own by default. */
  tell?: Services['tell'] | undefined
}): Services {
  const { config, registry, db, replica, bus, hub, log, metrics, tokens, actorKeys, secrets } = parts
  const clock = parts.clock ?? (() => new Date())
  // A database that is away puts off everybody's queue, a thousand times a second.
  const tellDeferred = seldom<{ isFull: boolean; err: unknown; tenantId: string; deviceId: string | null }>(
    1_000,
    ({ isFull, ...what }, times) =>
      log[isFull ? 'error' : 'warn'](
        { ...what, times },
        isFull ? 'the database has no room: nothing can be written' : 'operations were put off',
      ),
  )
  const noteCommit = createEarlyCounts(db, log)
  const tellHere = ({ tenantId, touched, changesAccess }: Commit) => {
    noteCommit(tenantId)
    replica?.heard(tenantId, touched)
    hub.publish(nudgesOf(tenantId, touched, clock()))
    if (changesAccess) bus.publishAccess(tenantId)
  }
  const { tell = tellHere } = parts
  const engine: PushEngine = {
    db,
    registry,
    clock,
    turns: createTurns(config.databasePool, parts.passing),
    chunkSize: config.pushChunk,
    maxBatchBytes: config.maxBatchBytes,
    onCommit(tenantId, touched, written) {
      metrics.writesRefused.set(0)
      metrics.feedAdvances.inc(touched.length)
      tell({ tenantId, touched, changesAccess: written.has(members) || written.has(deviceAccess) })
    },
    onFault(error, op) {
      const incident = randomUUID()
      log.error(
        { err: error, incident, type: op.type, clientOpId: op.clientOpId },
        'operation could not be decided',
      )
      return incident
    },
    onDeferred: ({ tenantId, deviceId }, error) => {
      const isFull = sqlState(error)?.startsWith('53') ?? false
      if (isFull) metrics.writesRefused.set(1)
      tellDeferred({ err: error, tenantId, deviceId, isFull })
    },
    onAfterthought: (error) => log.warn({ err: error }, 'what was pushed was decided, but not noted or told'),
    onDecided(push, verdicts, types) {
      const { lane } = push
      tellRejected(log, push, verdicts)
      verdicts.forEach(({ status, code, duplicate }, i) => {
        metrics.countOperation({
          lane,
          status,
          code: duplicate ? 'DUPLICATE' : code,
          type: types[i] ?? 'unknown',
        })
        if (status === 'DEFERRED') metrics.deferred.inc({ reason: code ?? '' })
      })
    },
  }
  return {
    clock,
    engine,
    puller: {
      ...{ db, replica, turns: engine.turns },
      onRead: (server) => metrics.pulls.inc({ server }),
    },
    checkpoints: createCheckpoints(db, clock, (error) =>
      log.warn({ err: error }, 'checkpoints were not written'),
    ),
    hub,
    metrics,
    tokens,
    actorKeys,
    tries: createTries(db.own, secrets('sign-in tries')),
    log,
    tell,
  }
}

/** One line for a batch of which something was refused anew: how often for what, and the first few by their keys. */
function tellRejected(
  log: Logger,
  { tenantId, deviceId, accountId, lane }: Push,
  verdicts: readonly Verdict[],
) {
  const refused = verdicts.filter(({ status, duplicate }) => status === 'REJECTED' && !duplicate)
  if (refused.length === 0) return
  const codes: Record<string, number> = {}
  for (const { code } of refused) codes[code ?? ''] = (codes[code ?? ''] ?? 0) + 1
  const clientOpIds = refused.slice(0, 5).map(({ clientOpId }) => clientOpId)
  log.info({ tenantId, deviceId, accountId, lane, codes, clientOpIds }, 'operations were rejected')
}

/** The nudges of one commit, what concerns all branches as one; where it touched several, their pulls are spread. */
export function nudgesOf(tenantId: string, touched: readonly Touched[], at: Date): Nudge[] {
  const pullAfterMs = spreadPulls(touched.filter(({ branchId }) => branchId !== tenantStream).length)
  let rank = 0
  return touched.map(({ branchId, modules, headSeq }) => ({
    tenantId,
    branchId,
    modules: [...modules],
    headSeq,
    pullAfterMs: branchId === tenantStream ? 0 : pullAfterMs(rank++),
    at: at.toISOString(),
  }))
}
