import type { Config } from '../config.ts'
import type { Database } from '../platform/database.ts'
import type { Identity } from '../platform/tokens.ts'
import type { Services } from '../services.ts'
import type { OpenNudges } from './nudge-subscriptions.ts'
import type { RateLimit } from './rate-limit.ts'

/** Who asks. */
export type Caller = {
  /** Null: without a valid token. */
  identity: Identity | null
  /** Where the request comes from, as tries and limits are counted by: src/http/client-address.ts. */
  clientAddress: string
}

/** What a resolver has: who asks, and the services. */
export type Context = Caller & {
  config: Config
  db: Database
  services: Services
  /** Counts what something costs whoever asks. */
  rateLimit: RateLimit
  /** Opens a stream of nudges, having asked whether the caller may hear them; each door has its own. */
  nudges: OpenNudges
}

/** What is the same for every request of a gateway. */
export type BaseContext = Omit<Context, keyof Caller | 'nudges'>
