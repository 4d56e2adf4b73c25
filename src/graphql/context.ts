import type { Config } from '../config.ts'
import type { Database } from '../platform/database.ts'
import type { Identity } from '../platform/tokens.ts'
import type { Services } from '../services.ts'
import type { OpenNudges } from './nudge-subscriptions.ts'

/** What a resolver has: who asks, and the services. */
export type Context = {
  identity: Identity | null
  config: Config
  db: Database
  services: Services
  /** Opens a stream of nudges, having asked whether the caller may hear them; only a socket has it. */
  nudges?: OpenNudges
}
