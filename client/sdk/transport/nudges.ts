/**
 * The socket for nudges. One try is one socket with one token and one subscription; whatever ends it (the network, the
 * gateway, a token that has run out, a refusal), the next try follows after a while. So there is nothing to repair.
 */
import { createClient, type FormattedExecutionResult, MessageType, stringifyMessage } from 'graphql-ws'
import { createBackoff } from './backoff.ts'
import { nudgesDocument } from './documents.ts'
import type { Silences, Wait } from './silence.ts'
import type { Nudge, Transport } from './transport.ts'

export type NudgeOptions = {
  /** With ws: or wss:. */
  url: string
  /** As the transport's. */
  token: (asked: { refused: string | null }) => Promise<string | null>
  /** As the transport's. */
  deviceId?: string | undefined
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
/** How a try ended: `refused`: its token is not taken (any more). `dead`: silent, while the gateway answers others. */
type End = 'refused' | 'dead' | 'ended'
/** `check`: the line may have lost something; a socket that has, answers no ping. */
export type Nudges = { check(): void; end(): void }

/** The gateway's close code for a token that has run out, and for somebody who may no longer listen. */
const forbidden = 4403
/** A socket that is silent for so long is suspected: a pong takes a round trip, each step of opening one or two. */
const suspectMs = 2_000
/** A socket that held so long was a good one: the next try need not wait as long as after many that failed. */
const goodMs = 10_000

export function listenForNudges(options: NudgeOptions, of: Of, on: On): Nudges {
  const backoff = createBackoff({ random: options.random })
  let stopped = false
  /** Ends what goes on now: a try, or the wait for the next. */
  let interrupt = () => {}
  let check = () => {}

  async function run(WebSocket: typeof globalThis.WebSocket): Promise<void> {
    let refused: string | null = null
    /** Silent for so long while it opens, it is suspected: twice as long as the one before, where that was given up for it. */
    let openingMs = suspectMs
    while (!stopped) {
      // Nobody signed in, or no telling who: asked again after a while.
      const token: string | null = await options.token({ refused }).catch(() => null)
      const { end, heldMs }: Outcome = token === null ? notTried : await attempt(WebSocket, token, openingMs)
      if (heldMs !== null) openingMs = suspectMs
      else if (end === 'dead') openingMs *= 2
      refused = end === 'refused' ? token : null
      if (refused !== null && !stopped) on.refused?.()
      if (heldMs !== null && heldMs >= goodMs) backoff.reset()
      // The gateway has just answered somebody else: nothing is to be waited for.
      await pause(end === 'dead' ? 0 : backoff.next())
    }
  }

  async function attempt(WebSocket: typeof globalThis.WebSocket, token: string, openingMs: number) {
    if (stopped) return notTried
    const socket = openSocket(options, { WebSocket, token, openingMs, of }, on, () => stopped)
    interrupt = socket.giveUp
    check = socket.check
    return socket.over
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
  return {
    check: () => check(),
    end() {
      stopped = true
      interrupt()
    },
  }
}

/** `heldMs`: how long the socket was open; null: it never was. */
type Outcome = { end: End; heldMs: number | null }
const notTried: Outcome = { end: 'ended', heldMs: null }

/** One try: one socket, one token, one subscription. */
function openSocket(
  options: NudgeOptions,
  of: { WebSocket: typeof WebSocket; token: string; openingMs: number; of: Of },
  on: On,
  isStopped: () => boolean,
): { over: Promise<Outcome>; giveUp: () => void; check: () => void } {
  let resolve: (outcome: Outcome) => void = () => {}
  const over = new Promise<Outcome>((settled) => {
    resolve = settled
  })
  const answer = createWaiting(options, (isDead) => finish(isDead ? 'dead' : 'ended'))
  let socket: WebSocket | undefined
  let openSince: number | null = null
  let finished = false

  class Socket extends of.WebSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args)
      socket = this
    }
  }
  const client = createClient({
    url: options.url,
    webSocketImpl: Socket,
    connectionParams: paramsOf(options, of.token),
    retryAttempts: 0,
    keepAlive: options.pingEveryMs,
    on: {
      opened: answer.heard,
      connected() {
        answer.end()
        openSince = performance.now()
        on.open()
      },
      ping: (received) => received || answer.expect(suspectMs),
      pong: (received) => received && answer.end(),
      closed: (event) => finish((event as CloseEvent).code === forbidden ? 'refused' : 'ended'),
    },
  })
  answer.expect(of.openingMs)
  client.subscribe<{ syncNudge: Nudge }>(
    { query: nudgesDocument.toString(), variables: of.of },
    {
      next: ({ data }: FormattedExecutionResult<{ syncNudge: Nudge }>) => {
        if (data && !finished) on.nudge(data.syncNudge)
      },
      error: (error) => finish(isUnauthenticated(error) ? 'refused' : 'ended'),
      complete: () => finish('ended'),
    },
  )

  function finish(end: End): void {
    if (finished) return
    finished = true
    answer.end()
    // Where the network is frozen its own end may take minutes, so nothing waits for that.
    socket?.close()
    if (openSince !== null && !isStopped()) on.closed()
    resolve({ end, heldMs: openSince === null ? null : performance.now() - openSince })
  }

  function check(): void {
    if (openSince === null || finished || answer.isExpected()) return
    socket?.send(stringifyMessage({ type: MessageType.Ping }))
    answer.expect(suspectMs)
  }

  return { over, giveUp: () => finish('ended'), check }
}

const paramsOf = ({ deviceId }: NudgeOptions, token: string) => ({
  authorization: `Bearer ${token}`,
  ...(deviceId === undefined ? {} : { 'x-device-id': deviceId }),
})

/** What a socket owes: to open, then the pong to a ping. */
function createWaiting(
  { silences, timeoutMs: limitMs }: Pick<NudgeOptions, 'silences' | 'timeoutMs'>,
  giveUp: (isDead: boolean) => void,
) {
  let wait: Wait | undefined
  function end(): void {
    wait?.end()
    wait = undefined
  }
  return {
    expect(suspectMs: number): void {
      end()
      wait = silences.begin({ suspectMs, limitMs, giveUp })
    },
    isExpected: () => wait !== undefined,
    /** A sign of life. */
    heard: () => wait?.heard(),
    end,
  }
}

const isUnauthenticated = (error: unknown): boolean =>
  Array.isArray(error) && error.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')
