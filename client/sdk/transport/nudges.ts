/**
 * The socket for nudges. One try is one socket with one token and one subscription; whatever ends it (the network, the
 * gateway, a token that has run out, a refusal), the next try follows after a while. So there is nothing to repair.
 */
import { createClient, type FormattedExecutionResult } from 'graphql-ws'
import { createBackoff } from './backoff.ts'
import type { NudgesSubscription } from './generated/graphql.ts'
import { NudgesDocument } from './generated/graphql.ts'
import type { Silences, Wait } from './silence.ts'
import type { Transport } from './transport.ts'

export type NudgeOptions = {
  /** With ws: or wss:. */
  url: string
  /** As the transport's. */
  token: (asked: { refused: string | null }) => Promise<string | null>
  /** Left out where the platform has none: nobody listens then. */
  WebSocket: typeof WebSocket | undefined
  random: () => number
  silences: Silences
  /** A socket must be open within this time, and then answer a ping within it. */
  timeoutMs: number
  pingEveryMs: number
}

type Of = Parameters<Transport['listen']>[0]
type On = Parameters<Transport['listen']>[1]
/** How a try ended: `refused`: its token is not taken (any more). */
type End = 'refused' | 'ended'

/** The gateway's close code for a token that has run out, and for somebody who may no longer listen. */
const forbidden = 4403
/** A socket that is silent for so long is suspected: to open takes some round trips, a pong takes one. */
const suspectMs = { opening: 5_000, pong: 2_000 }
/** A socket that held so long was a good one: the next try need not wait as long as after many that failed. */
const goodMs = 10_000

export function listenForNudges(options: NudgeOptions, of: Of, on: On): () => void {
  const { random, silences, timeoutMs } = options
  const backoff = createBackoff({ random })
  let stopped = false
  /** Ends what goes on now: a try, or the wait for the next. */
  let interrupt = () => {}

  async function run(WebSocket: typeof globalThis.WebSocket): Promise<void> {
    let refused: string | null = null
    while (!stopped) {
      // Nobody signed in, or no telling who: asked again after a while.
      const token: string | null = await options.token({ refused }).catch(() => null)
      const begun = performance.now()
      const end: End = token === null ? 'ended' : await attempt(WebSocket, token)
      refused = end === 'refused' ? token : null
      if (refused !== null && !stopped) on.refused?.()
      if (performance.now() - begun >= goodMs) backoff.reset()
      await pause(backoff.next())
    }
  }

  function attempt(WebSocket: typeof globalThis.WebSocket, token: string): Promise<End> {
    return new Promise((resolve) => {
      if (stopped) return resolve('ended')
      /** For the socket to open, then for the pong to a ping. */
      let wait: Wait | undefined
      function expect(what: keyof typeof suspectMs): void {
        wait?.end()
        const giveUp = () => finish('ended')
        wait = silences.begin({ suspectMs: suspectMs[what], limitMs: timeoutMs, giveUp })
      }
      let socket: WebSocket | undefined
      let open = false
      let finished = false

      class Socket extends WebSocket {
        constructor(...args: ConstructorParameters<typeof WebSocket>) {
          super(...args)
          socket = this
        }
      }
      const client = createClient({
        url: options.url,
        webSocketImpl: Socket,
        connectionParams: { authorization: `Bearer ${token}` },
        retryAttempts: 0,
        keepAlive: options.pingEveryMs,
        on: {
          connected() {
            wait?.end()
            open = true
            on.open()
          },
          ping: (received) => received || expect('pong'),
          pong: (received) => received && wait?.end(),
          closed: (event) => finish((event as CloseEvent).code === forbidden ? 'refused' : 'ended'),
        },
      })
      expect('opening')
      client.subscribe<NudgesSubscription>(
        { query: NudgesDocument.toString(), variables: of },
        {
          next: ({ data }: FormattedExecutionResult<NudgesSubscription>) => {
            if (data && !finished) on.nudge(data.syncNudge)
          },
          error: (error) => finish(isUnauthenticated(error) ? 'refused' : 'ended'),
          complete: () => finish('ended'),
        },
      )

      function finish(end: End): void {
        if (finished) return
        finished = true
        wait?.end()
        // Where the network is frozen its own end may take minutes, so nothing waits for that.
        socket?.close()
        if (open && !stopped) on.closed()
        resolve(end)
      }
      interrupt = () => finish('ended')
    })
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (stopped) return resolve()
      const timer = setTimeout(resolve, ms)
      interrupt = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  if (options.WebSocket) void run(options.WebSocket)
  return () => {
    stopped = true
    interrupt()
  }
}

const isUnauthenticated = (error: unknown): boolean =>
  Array.isArray(error) && error.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')
