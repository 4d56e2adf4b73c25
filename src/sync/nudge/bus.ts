/**
 * "Something changed in this branch: pull." Says that, never what: a nudge carries no data, so losing one costs
 * a delay and nothing else.
 *
 * `branchId` '' where all branches of the tenant changed: between gateways that is one nudge, whose hub makes it one for
 * each branch that somebody listens to there. `modules` module scopes that changed; `headSeq` highest sequence number known to be committed; `pullAfterMs`
 * how long a device should wait, so that one change in many branches is not one burst of pulls; `at` ISO 8601.
 */
export type Nudge = {
  tenantId: string
  branchId: string
  modules: string[]
  headSeq: number
  pullAfterMs: number
  at: string
}

/**
 * Carries nudges between gateways, and that access changed. Every implementation guarantees:
 *
 * - `publish` never throws and never waits for anything, so it can stand right after a commit.
 * - A listener of this process hears a nudge published here before `publish` returns, whether or not the bus
 *   reaches other gateways, and hears it once.
 * - A listener hears nudges of the tenant it subscribed to and of no other. One that throws costs only itself.
 * - A nudge may be lost on the way to another gateway (while it is away, and until a new subscription has
 *   reached the bus, which takes a round trip).
 */
export interface NudgeBus {
  publish(nudges: Nudge[]): void

  /** The listener gets one tenant's nudges. Returns what ends the subscription; calling that twice is harmless. */
  subscribe(tenantId: string, listener: (nudges: Nudge[]) => void): () => void

  /**
   * Says that a tenant's people or devices changed, so that whoever listens and lost access is shut out at once, on
   * every gateway. Guaranteed as `publish` is: one that is lost costs the time until access is asked for again.
   */
  publishAccess(tenantId: string): void

  /** The listener is told of that, for one tenant. Returns what ends the subscription, as `subscribe` does. */
  subscribeAccess(tenantId: string, listener: () => void): () => void

  /** Called when the bus was away and is back: other gateways' nudges may have been missed. Returns the way to stop. */
  onRecovered(listener: () => void): () => void

  /** Whether nudges reach other gateways at the moment. */
  readonly healthy: boolean

  /** Ends what the bus holds open. Publishing and subscribing afterwards do nothing. */
  close(): Promise<void>
}

/** The part of a pino logger that nudging uses. */
export type NudgeLog = {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}
