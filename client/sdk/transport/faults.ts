/**
 * What a request that got no answer is told as.
 */
import { TransportError, type TransportFault } from './transport.ts'

const faultOfCode: Record<string, TransportFault> = {
  UNAUTHENTICATED: 'unauthenticated',
  FORBIDDEN: 'forbidden',
  RATE_LIMITED: 'limited',
  SERVICE_UNAVAILABLE: 'unreachable',
  // A fault of the gateway's: it says nothing about what was asked.
  INTERNAL: 'unreachable',
}

/** With these the gateway may have begun; with all other codes it has turned the request away at the door. */
const begun = ['SERVICE_UNAVAILABLE', 'INTERNAL']

/** Node's words for a connection that was never made. Browsers do not tell. */
const neverConnected = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]

/** What a server asks for, up to an hour: a timer set for more than 2^31 ms would go off at once. */
const maxRetryAfterMs = 3_600_000

/** `status`: of the HTTP answer; null where none came. */
export function faultOf(cause: unknown, status: number | null): TransportError {
  if (cause instanceof TransportError) return cause
  if (status === null) return networkFault(cause)
  return status < 400 ? brokenAnswer(cause) : brokenAnswer(cause, `HTTP_${status}`)
}

/** Something answers, but does not speak as the gateway does: a proxy, a page that asks for a sign-in, half a body. */
export const brokenAnswer = (cause?: unknown, code = 'BROKEN_ANSWER') =>
  new TransportError('unreachable', code, 'What answers is not the server.', { cause })

/** The gateway had begun to answer, and the line broke. */
export class HalfAnswer extends Error {
  override readonly name = 'HalfAnswer'
}
export const isHalf = ({ cause }: TransportError): boolean => cause instanceof HalfAnswer

export const timeOut = (options: { sent: boolean }) =>
  new TransportError('unreachable', 'TIMEOUT', 'The server did not answer in time.', options)

/** Its connection is dead; the gateway itself has just answered. */
export const stalled = (options: { sent: boolean }) =>
  new TransportError('unreachable', 'STALLED', 'The connection has stopped to carry anything.', options)

export const closed = (options: { sent: boolean }) =>
  new TransportError('unreachable', 'CLOSED', 'The connection was closed.', options)

export const noToken = () =>
  new TransportError('unauthenticated', 'UNAUTHENTICATED', 'Nobody is signed in.', { sent: false })

export const tokenUnknown = (cause: unknown) =>
  new TransportError('unreachable', 'TOKEN', 'There is no telling who is signed in.', { sent: false, cause })

/** An error of GraphQL's; null: it is not the gateway's, which gives each of its own a code. */
export function toldFault(told: { message: string; extensions?: Record<string, unknown> } | undefined) {
  const { code, reason, retryAfterMs } = told?.extensions ?? {}
  if (!told || typeof code !== 'string') return null
  return new TransportError(
    faultOfCode[code] ?? 'refused',
    code === 'FORBIDDEN' && typeof reason === 'string' ? reason : code,
    told.message,
    {
      sent: begun.includes(code),
      retryAfterMs: typeof retryAfterMs === 'number' ? Math.min(retryAfterMs, maxRetryAfterMs) : null,
    },
  )
}

function networkFault(cause: unknown): TransportError {
  const reason = (cause as { cause?: { code?: unknown } } | undefined)?.cause?.code
  const sent = !neverConnected.includes(String(reason))
  return new TransportError('unreachable', 'NETWORK', 'The server cannot be reached.', { sent, cause })
}
