/**
 * Subscriptions as a till has them: graphql-ws on a socket of its own, with the token in connection_init.
 */
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { Client, GraphqlError } from './gateway.ts'

export type SyncNudge = { tenantId: string; branchId: string; modules: string[]; headSeq: number }
type Data = { syncNudge?: SyncNudge; [field: string]: unknown }
/** A nudge or what else was asked for, or the errors that there are instead, or the code the socket was closed with. */
export type Heard = { nudge?: SyncNudge; data?: Data; errors?: GraphqlError[]; closed?: number }

export type Listening = {
  /** Resolves at the first thing that is heard. */
  readonly first: Promise<Heard>
  /** The code that the socket is closed with, once it is. */
  readonly closed: Promise<number>
  readonly heard: readonly Heard[]
  /** Resolves once the gateway has acknowledged the token. */
  readonly connected: Promise<void>
  stop: () => void
}

/** Begins a subscription. The gateway gives no answer to one that it accepts, so nothing is heard until a nudge. */
export function listen(client: Client, query: string, variables: Record<string, unknown> = {}): Listening {
  const heard: Heard[] = []
  const first = Promise.withResolvers<Heard>()
  const closed = Promise.withResolvers<number>()
  const connected = Promise.withResolvers<void>()
  const note = (each: Heard) => {
    heard.push(each)
    first.resolve(each)
  }
  const socket = createClient({
    url: client.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: () => {},
    connectionParams: {
      ...(client.token === null ? {} : { authorization: `Bearer ${client.token}` }),
      ...(client.named === undefined ? {} : { 'x-device-id': client.named }),
    },
    on: {
      connected: () => connected.resolve(),
      closed: (event) => {
        const { code } = event as { code: number }
        closed.resolve(code)
        note({ closed: code })
      },
    },
  })
  socket.subscribe<Data>(
    { query, variables },
    {
      next: ({ data, errors }) =>
        note(
          errors ? { errors: errors as unknown as GraphqlError[] } : { data: data!, nudge: data!.syncNudge },
        ),
      error: (errors) => {
        if (Array.isArray(errors)) note({ errors: errors as GraphqlError[] })
      },
      complete: () => {},
    },
  )
  return {
    first: first.promise,
    closed: closed.promise,
    connected: connected.promise,
    heard,
    stop: () => void socket.dispose(),
  }
}
