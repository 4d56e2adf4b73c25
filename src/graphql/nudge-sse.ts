/**
 * Nudges over HTTP (server-sent events), as GraphiQL asks for them. Held to what sockets are held to: so many an
 * account and in all, shut out when access or token ends, dropped when nobody reads. What a nudge says may be read
 * later than it was sent, so each one asks for access again.
 */
import type { ServerResponse } from 'node:http'
import type { Nudge } from '../sync/nudge/bus.ts'
import type { NudgeFilter, NudgeHub } from '../sync/nudge/hub.ts'
import { nudgeStream } from '../sync/nudge/stream.ts'
import { accountSeats } from './account-seats.ts'
import { requestError, unauthenticated } from './errors.ts'
import type { Listening, NudgeAccess } from './nudge-access.ts'
import type { Session } from './nudge-connection.ts'

export type StreamLimits = {
  streamsPerAccount: number
  streamsPerTenant: number
  streams: number
  /** How long nothing of an answer may be read before it is dropped. */
  unreadMs: number
  sweepMs: number
}

const LIMITS: StreamLimits = {
  streamsPerAccount: 8,
  streamsPerTenant: 100,
  streams: 500,
  unreadMs: 30_000,
  sweepMs: 1_000,
}

/** What is looked at of the answer that carries a stream. */
type Answer = Pick<ServerResponse, 'writableNeedDrain' | 'writableLength' | 'destroy' | 'once'>

type Open = {
  session: Session
  answer: Answer
  /** When some of it was read, or all of it had been, and how many bytes waited then. */
  readAt: number
  unread: number
  end: (error?: unknown) => void
}

export type EventStreams<S extends Session> = {
  /** Opens one; throws what the caller is told. It ends with an error when the caller may not hear it any more. */
  open(session: S, answer: Answer, filter: NudgeFilter): Promise<AsyncGenerator<Nudge, void, void>>
  /** Ends them all and opens no more. */
  close(): void
}

export function createEventStreams<S extends Session>(options: {
  hub: NudgeHub
  access: NudgeAccess<S>
  now?: () => number
  limits?: Partial<StreamLimits>
}): EventStreams<S> {
  const { hub, access, now = Date.now } = options
  const limits = { ...LIMITS, ...options.limits }
  const { streamsPerAccount, streamsPerTenant, streams: all } = limits
  const takeSeat = accountSeats({ each: streamsPerAccount, ofTenant: streamsPerTenant, all })
  const streams = new Set<Open>()
  let closed = false

  const sweep = setInterval(() => {
    const time = now()
    for (const stream of streams) {
      const { writableNeedDrain, writableLength } = stream.answer
      if (!writableNeedDrain || writableLength < stream.unread) stream.readAt = time
      stream.unread = writableLength
      if (stream.session.expiresAt <= time) stream.end(unauthenticated('The token has run out.'))
      else if (time - stream.readAt >= limits.unreadMs) stream.answer.destroy()
    }
  }, limits.sweepMs).unref()

  return {
    async open(session, answer, filter) {
      if (closed) {
        const message =
          'No stream of events is opened here any more; ask again, with Accept: text/event-stream.'
        throw requestError('SERVICE_UNAVAILABLE', message, { retryAfterMs: 1_000 })
      }
      const leaveSeat = takeSeat(session)
      if (!leaveSeat) {
        const message = 'Too many streams of events are open; close one, or use a WebSocket.'
        throw requestError('RATE_LIMITED', message, { retryAfterMs: 10_000 })
      }
      const nudges = nudgeStream(hub, filter)
      const { next, return: finish } = nudges
      let fault: unknown
      function end(error?: unknown): void {
        fault ??= error
        streams.delete(stream)
        access.leave(listening)
        leaveSeat!()
        void finish()
      }
      const stream: Open = { session, answer, readAt: now(), unread: 0, end }
      const { tenantId, branchId } = filter
      const listening: Listening<S> = { session, tenantId, branchId, shutOut: end }
      streams.add(stream)
      answer.once('close', () => end())
      try {
        await access.admit(listening)
      } catch (error) {
        end()
        throw error
      }
      return Object.assign(nudges, {
        async next() {
          const result = await next()
          if (!result.done) await access.check(listening).catch(end)
          if (fault) throw fault
          return result
        },
        async return() {
          end()
          return { done: true as const, value: undefined }
        },
      })
    },

    close() {
      closed = true
      clearInterval(sweep)
      for (const { end } of [...streams]) end()
    },
  }
}
