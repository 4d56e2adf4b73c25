/**
 * The number of the request that something happens in: on each line that is logged meanwhile, and in the answer's
 * `x-request-id`. A proxy's own is taken over, so that its log and ours tell of the same.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'

const requests = new AsyncLocalStorage<string>()

/** What a proxy may call a request; anything else is not repeated. */
const acceptable = /^[\w.:-]{1,64}$/

export const requestIdOf = (claimed: string | string[] | undefined): string =>
  typeof claimed === 'string' && acceptable.test(claimed) ? claimed : randomUUID()

export const withRequestId = <T>(requestId: string, work: () => T): T => requests.run(requestId, work)

/** What lasts longer than the request that it was begun in, and is not told of as its. */
export const outsideOfRequests = <T>(work: () => T): T => requests.exit(work)

/** Undefined outside of a request. */
export const currentRequestId = (): string | undefined => requests.getStore()
