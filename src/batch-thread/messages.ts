/**
 * What the gateway's own thread and that of its batches say to each other. Requests go by a socket between them.
 */
import type { Config } from '../config.ts'
import type { MetricValues } from '../platform/metrics.ts'
import type { SeenAgo } from '../sync/company.ts'
import type { Nudge } from '../sync/nudge/bus.ts'

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
  /** As NudgeBus's publish and publishAccess. */
  | { nudges: Nudge[] }
  | { accessOf: string }
  | { metrics: MetricValues }
