/**
 * What stands in the way of synchronising, in the words of the SDK: who waits in front of a till that says it is online
 * is told why nothing moves.
 */

import { SyncFailed } from '../errors.ts'
import type { LinkState } from '../link/connectivity.ts'
import { StoreError } from '../store/store.ts'
import { isHalf } from '../transport/faults.ts'
import { TransportError } from '../transport/transport.ts'
import type { Status } from '../words.ts'

type Problem = NonNullable<Status['problem']>

/** Nothing came, or half of it. Where the link is down that is no news: it is shown as offline. */
const tooSlow: Problem = {
  code: 'LINE_TOO_SLOW',
  message: 'The server does not answer in time; less is sent at once, and tried again.',
}
const lost: Problem = {
  code: 'CONNECTION_LOST',
  message: 'The connection to the server breaks; this is tried again.',
}

/** Something answers, and it is not the gateway. */
const strangers: Record<string, Problem> = {
  HTTP_413: {
    code: 'REQUEST_TOO_LARGE',
    message: 'Something between here and the server does not let requests of this size through.',
  },
  HTTP_404: { code: 'WRONG_ADDRESS', message: 'There is no server at the address that this app uses.' },
  HTTP_405: { code: 'WRONG_ADDRESS', message: 'There is no server at the address that this app uses.' },
}
const proxyError = (status: string): Problem => ({
  code: 'PROXY_ERROR',
  message: `Something between here and the server says that the server is not there (${status}).`,
})
const notTheServer: Problem = {
  code: 'NOT_THE_SERVER',
  message: 'Something else answers for the server, such as a page that asks for a sign-in to the network.',
}

/** Null: nothing that a person would call a problem. */
export function obstacleOf(error: unknown): Problem | null {
  if (error instanceof StoreError) return { code: `STORAGE_${error.fault}`, message: error.message }
  if (error instanceof TransportError) {
    const { code, message } = error
    if (code === 'TIMEOUT' || code === 'STALLED') return tooSlow
    if (code === 'NETWORK' || isHalf(error)) return lost
    if (strangers[code]) return strangers[code]
    if (code.startsWith('HTTP_5')) return proxyError(code.slice('HTTP_'.length))
    if (code.startsWith('HTTP_') || code === 'BROKEN_ANSWER') return notTheServer
    return code === 'CLOSED' ? null : { code, message }
  }
  if (error instanceof SyncFailed && error.code === 'SIGNED_OUT') return null
  const { code = 'INTERNAL', message } = error as Error & { code?: string }
  return { code, message }
}

const isSilence = ({ code }: Problem): boolean => code === tooSlow.code || code === lost.code

/** What is shown: the problem of the last run; where there is no way to the gateway, what the probes met instead. */
export function shownProblem(problem: Problem | null, link: LinkState, probeFault: unknown): Problem | null {
  if (link === 'online') return problem
  const met = link === 'offline' && probeFault ? obstacleOf(probeFault) : null
  return [problem, met].find((each) => each && !isSilence(each)) ?? null
}
