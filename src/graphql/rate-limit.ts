import type { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Logger } from '../platform/log.ts'
import { accountKey } from '../platform/tokens.ts'
import type { OperationStatus } from '../sync/words.ts'
import type { Caller } from './context.ts'
import { requestError } from './errors.ts'

/** Counts what a request costs, 1 by default; throws RATE_LIMITED with how long to wait when it was too much. */
export type RateLimit = (caller: Caller, cost?: number) => Promise<void>

/** Counts by `rateLimit`, and tells of all that it counts. */
export const tellingCosts =
  (rateLimit: RateLimit, charge: (caller: Caller, cost: number) => void): RateLimit =>
  (caller, cost = 1) => {
    const { identity, clientAddress } = caller
    if (cost > 0) charge({ identity, clientAddress }, cost)
    return rateLimit(caller, cost)
  }

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

/** Where gateways count together. */
export type SharedCounts = { readonly redis: Redis; readonly log: Logger }

/** After Redis has failed to count, how long a gateway counts by itself before it asks again. */
const apartMs = 5_000

/**
 * So much a second for each account of a tenant, and a tenth of it for each address without a token, counted over 10
 * seconds so that a burst is no offence; 0: no limit. With Redis all gateways count together; while it is away each
 * counts by itself.
 */
export function createRateLimit(perSecond: number, shared?: SharedCounts): RateLimit {
  if (perSecond === 0) return async () => {}
  const points = perSecond * windowSeconds
  const countedBy = shared ? countedTogether(shared) : countedHere
  const accounts = countedBy('accounts', points)
  const addresses = countedBy('addresses', Math.max(anonymousLeast, Math.floor(points * anonymousPart)))
  return async (caller, cost = 1) => {
    if (cost <= 0) return
    const { most, consume } = caller.identity ? accounts : addresses
    try {
      // What costs more than a whole window has one to itself.
      await consume(callerKey(caller), Math.min(cost, most))
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      throw requestError('RATE_LIMITED', 'Too many requests; slow down.', {
        retryAfterMs: refused.msBeforeNext,
      })
    }
  }
}

/** Throws a RateLimiterRes where more than `most` would be consumed in a window. */
type Counted = { readonly most: number; consume(key: string, cost: number): Promise<unknown> }

function countedHere(_of: string, most: number): Counted {
  const limiter = new RateLimiterMemory({ points: most, duration: windowSeconds })
  return { most, consume: (key, cost) => limiter.consume(key, cost) }
}

function countedTogether({ redis, log }: SharedCounts) {
  let apartUntil = 0
  const apart = (err: unknown) => {
    if (apartUntil === 0)
      log.warn({ err }, 'rate limits: Redis is away, each gateway counts by itself until it is back')
    apartUntil = Date.now() + apartMs
  }
  const together = () => {
    if (apartUntil === 0) return
    apartUntil = 0
    log.info('rate limits: Redis is there, all gateways count together')
  }
  return (of: string, most: number): Counted => {
    const here = countedHere(of, most)
    const everywhere = new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `modula-sync:rate:${of}`,
      points: most,
      duration: windowSeconds,
      // What is refused once is refused here until its window ends: a flood does not reach Redis.
      inMemoryBlockOnConsumed: most + 1,
    })
    return {
      most,
      async consume(key, cost) {
        if (Date.now() < apartUntil) return here.consume(key, cost)
        try {
          await everywhere.consume(key, cost)
          together()
        } catch (error) {
          if (error instanceof RateLimiterRes) throw error
          apart(error)
          return here.consume(key, cost)
        }
      },
    }
  }
}
