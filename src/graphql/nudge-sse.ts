/**
 * Nudges over HTTP (server-sent events), as GraphiQL asks for them. There is no socket to close with 4403, so
 * each nudge asks again whether the caller may hear it; the stream ends with an error when not.
 */
import type { Nudge } from '../sync/nudge/bus.ts'
import type { NudgeFilter, NudgeHub } from '../sync/nudge/hub.ts'
import { nudgeStream } from '../sync/nudge/stream.ts'

/** `admit` throws what the caller is told; `closing` ends the stream when the gateway stops. */
export async function openSse(
  hub: NudgeHub,
  filter: NudgeFilter,
  admit: () => Promise<void>,
  closing: AbortSignal,
): Promise<AsyncGenerator<Nudge, void, void>> {
  await admit()
  const stream = nudgeStream(hub, filter)
  const end = () => void stream.return()
  closing.addEventListener('abort', end, { once: true })
  const { next } = stream
  return Object.assign(stream, {
    async next() {
      const result = await next()
      if (!result.done) await admit()
      else closing.removeEventListener('abort', end)
      return result
    },
  })
}
