/**
 * What the gateway's own thread and that of its batches say to each other. Requests go by a socket between them.
 */
import type { Config } from '../config.ts'
import type { Caller } from '../graphql/context.ts'
import type { MetricValues } from '../platform/metrics.ts'
import type { Commit } from '../services.ts'
import type { SeenAgo } from '../sync/company.ts'

/** What the thread begins with, under a name that nobody else's worker data has. */
export type ThreadData = {
  modulaBatchThread: {
    config: Config
    databaseUrl: string
    /** Where it answers. */
    socketPath: string
    /** The gateway's own, src/sync/passing.ts. */
    passing: SharedArrayBuffer
  }
}

export type ToThread =
  /** Who is about: it rests for their sake. */
  { about: { callers: SeenAgo[]; tenants: SeenAgo[] } } | { askMetrics: true } | { stop: true }

export type FromThread =
  | { ready: true }
  /** Said before the answer: whoever has that may pull at once, of a replica that has nothing of it yet. */
  | { commit: Commit }
  /** What an account's requests cost beside what their heads say, for what it asks next. */
  | { charge: { caller: Caller; cost: number } }
  | { metrics: MetricValues }
