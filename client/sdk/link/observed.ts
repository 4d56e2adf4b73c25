/**
 * A transport whose every answer tells the link what it says of the network (also a refusal is an answer), and whoever
 * has to know that the gateway has shut the device out.
 */

import type { NewsDesk } from '../news.ts'
import { type Transport, TransportError } from '../transport/transport.ts'
import type { LinkEvent } from './connectivity.ts'

/** What a failure says of the network: nothing, where nothing was sent or the client itself gave up. */
function eventOf(error: unknown): LinkEvent | null {
  if (!(error instanceof TransportError)) return null
  const { code, kind, sent } = error
  if (code === 'CLOSED' || (kind === 'unauthenticated' && !sent)) return null
  const isSilence = ['NETWORK', 'TIMEOUT', 'BROKEN_ANSWER'].includes(code) || code.startsWith('HTTP_')
  return isSilence ? 'failed' : 'answered'
}

export function observed(transport: Transport, news: Pick<NewsDesk, 'tell'>): Transport {
  const tell = (event: LinkEvent) => news.tell('line', event)
  const watched = async <T>(request: Promise<T>, tenantId?: string): Promise<T> => {
    const began = performance.now()
    try {
      const answer = await request
      tell('answered')
      const { serverTime } = (answer ?? {}) as { serverTime?: unknown }
      if (typeof serverTime === 'string')
        news.tell('serverTime', { serverTime, tookMs: performance.now() - began })
      return answer
    } catch (error) {
      const event = eventOf(error)
      if (event) tell(event)
      if (error instanceof TransportError && error.code === 'DEVICE_SHUT_OUT' && tenantId)
        news.tell('shutOut', tenantId)
      throw error
    }
  }
  return {
    push: (input) => watched(transport.push(input), input.tenantId),
    pull: (input) => watched(transport.pull(input), input.tenantId),
    direct: (type, args, token) => watched(transport.direct(type, args, token), args.tenantId),
    read: (document, variables, options) => watched(transport.read(document, variables, options)),
    signIn: (credentials) => watched(transport.signIn(credentials), credentials.tenantId),
    actorKey: (input) => watched(transport.actorKey(input), input.tenantId),
    report: (input) => watched(transport.report(input), input.tenantId),
    // The link judges its own probes.
    probe: (options) => transport.probe(options),
    listen: (of, on) =>
      transport.listen(of, {
        nudge: on.nudge,
        open() {
          tell('socketOpen')
          on.open()
        },
        closed() {
          tell('socketClosed')
          on.closed()
        },
        refused: () => on.refused?.(),
      }),
    close: () => transport.close(),
  }
}
