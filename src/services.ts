/**
 * What the gateway does, without GraphQL: the engine with its modules, wired to the database, the nudge
 * hub, the log and the metrics.
 */
import { randomUUID } from 'node:crypto'
import type { Config } from './config.ts'
import type { ActorKeys } from './modules/access/actor-key.ts'
import { deviceAccess, members } from './modules/access/tables.ts'
import { createTries, type Tries } from './modules/access/tries.ts'
import type { Database } from './platform/database.ts'
import type { Logger } from './platform/log.ts'
import type { Metrics } from './platform/metrics.ts'
import type { Secrets } from './platform/secrets.ts'
import type { Tokens } from './platform/tokens.ts'
import { type Checkpoints, createCheckpoints } from './sync/checkpoint.ts'
import type { Touched } from './sync/feed.ts'
import type { Registry } from './sync/module.ts'
import type { Nudge, NudgeBus } from './sync/nudge/bus.ts'
import type { NudgeHub } from './sync/nudge/hub.ts'
import { spreadPulls } from './sync/nudge/spread.ts'
import type { PushEngine } from './sync/push.ts'
import { createTurns } from './sync/turns.ts'

export type Services = {
  clock: () => Date
  engine: PushEngine
  checkpoints: Checkpoints
  hub: NudgeHub
  metrics: Metrics
  tokens: Tokens
  actorKeys: ActorKeys
  tries: Tries
  log: Logger
}

export function createServices(parts: {
  config: Config
  registry: Registry
  db: Database
  bus: NudgeBus
  hub: NudgeHub
  log: Logger
  metrics: Metrics
  tokens: Tokens
  actorKeys: ActorKeys
  secrets: Secrets
  clock?: () => Date
}): Services {
  const { config, registry, db, bus, hub, log, metrics, tokens, actorKeys, secrets } = parts
  const clock = parts.clock ?? (() => new Date())
  const engine: PushEngine = {
    db,
    registry,
    clock,
    turns: createTurns(config.databasePool),
    chunkSize: config.pushChunk,
    maxBatchBytes: config.maxBatchBytes,
    onCommit(tenantId, touched, written) {
      if (touched.length > 0) hub.publish(nudgesOf(tenantId, touched, clock()))
      if (written.has(members) || written.has(deviceAccess)) bus.publishAccess(tenantId)
    },
    onFault(error, op) {
      const incident = randomUUID()
      log.error(
        { err: error, incident, type: op.type, clientOpId: op.clientOpId },
        'operation could not be decided',
      )
      return incident
    },
    onDeviceNotNoted: (error) => log.warn({ err: error }, 'what a device sent was decided, but not noted'),
    onDecided({ lane }, verdicts, types) {
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
    checkpoints: createCheckpoints(db, clock, (error) =>
      log.warn({ err: error }, 'checkpoints were not written'),
    ),
    hub,
    metrics,
    tokens,
    actorKeys,
    tries: createTries(db, secrets('sign-in tries')),
    log,
  }
}

/** The nudges of one commit; where it touched many branches, their pulls are spread. */
export function nudgesOf(tenantId: string, touched: readonly Touched[], at: Date): Nudge[] {
  const pullAfterMs = spreadPulls(touched.length)
  return touched.map(({ branchId, modules, headSeq }, rank) => ({
    tenantId,
    branchId,
    modules: [...modules],
    headSeq,
    pullAfterMs: pullAfterMs(rank),
    at: at.toISOString(),
  }))
}
