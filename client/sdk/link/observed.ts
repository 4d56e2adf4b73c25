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
  const told =
    <Input extends { tenantId: string }, Answer>(ask: (input: Input) => Promise<Answer>) =>
    (input: Input) =>
      watched(ask(input), input.tenantId)
  return {
    // The link judges its own probes.
    ...transport,
    push: told(transport.push),
    pull: told(transport.pull),
    signIn: told(transport.signIn),
    actorKey: told(transport.actorKey),
    report: told(transport.report),
    direct: (type, args, token) => watched(transport.direct(type, args, token), args.tenantId),
    read: (document, variables, options) => watched(transport.read(document, variables, options)),
    listen: (of, on) =>
      transport.listen(of, {
        ...on,
        open() {
          tell('socketOpen')
          on.open()
        },
        closed() {
          tell('socketClosed')
          on.closed()
        },
      }),
  }
}
