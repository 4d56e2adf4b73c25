import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { accountKey } from '../platform/tokens.ts'
import type { OperationStatus } from '../sync/words.ts'
import type { Caller } from './context.ts'
import { requestError } from './errors.ts'

/** Counts what a request costs, 1 by default; throws RATE_LIMITED with how long to wait when it was too much. */
export type RateLimit = (caller: Caller, cost?: number) => Promise<void>

/** Whose share it takes. */
export const callerKey = ({ identity, clientAddress }: Caller): string =>
  identity ? accountKey(identity) : clientAddress

const windowSeconds = 10
/** Of what an account may, whoever has no token may this part, but a café's tablets may all sign in at once. */
const anonymousPart = 0.1
const anonymousLeast = 50
/** An empty request costs 1, a batch of 100 sales 6: reading, checking and keeping it goes by its length. */
const bytesOfOne = 16_384

/** What a request of this length costs. */
export const costOf = (bytes: number): number => 1 + Math.floor(bytes / bytesOfOne)

/**
 * What is refused has taken as long as what is applied, and nobody is served by it. A queue of 10,000 of which nothing can
 * be applied fits into a window all the same.
 */
const refusedOfOne = 5

/** What the verdicts of a push cost beside what its bytes do. */
export const costOfRefused = (verdicts: readonly { status: OperationStatus }[]): number =>
  Math.floor(verdicts.filter(({ status }) => status === 'REJECTED').length / refusedOfOne)

/**
 * So much a second for each account of a tenant, and a tenth of it for each address without a token, counted over 10
 * seconds so that a burst is no offence; 0: no limit.
 */
export function createRateLimit(perSecond: number): RateLimit {
  if (perSecond === 0) return async () => {}
  const points = perSecond * windowSeconds
  const limiterOf = (points: number) => new RateLimiterMemory({ points, duration: windowSeconds })
  const accounts = limiterOf(points)
  const addresses = limiterOf(Math.max(anonymousLeast, Math.floor(points * anonymousPart)))
  return async (caller, cost = 1) => {
    if (cost <= 0) return
    const limiter = caller.identity ? accounts : addresses
    try {
      // What costs more than a whole window has one to itself.
      await limiter.consume(callerKey(caller), Math.min(cost, limiter.points))
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      throw requestError('RATE_LIMITED', 'Too many requests; slow down.', {
        retryAfterMs: refused.msBeforeNext,
      })
    }
  }
}
