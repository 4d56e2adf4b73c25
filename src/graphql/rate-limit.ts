import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { requestError } from './errors.ts'

/** Counts a request of an account; throws RATE_LIMITED with how long to wait when there were too many. */
export type RateLimit = (accountId: string) => Promise<void>

const windowSeconds = 10

/** So many requests a second for each account, counted over 10 seconds so that a burst is no offence; 0: no limit. */
export function createRateLimit(perSecond: number): RateLimit {
  if (perSecond === 0) return async () => {}
  const limiter = new RateLimiterMemory({ points: perSecond * windowSeconds, duration: windowSeconds })
  return async (accountId) => {
    try {
      await limiter.consume(accountId)
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      throw requestError('RATE_LIMITED', 'Too many requests; slow down.', {
        retryAfterMs: refused.msBeforeNext,
      })
    }
  }
}
