import type { IncomingMessage } from 'node:http'
import type { WebSocket as ProtocolSocket } from 'graphql-ws'
import type { WebSocket } from 'ws'
import { receptionOf } from '../http/connections.ts'
import type { Reception } from '../http/reception.ts'
import type { Identity } from '../platform/tokens.ts'

/** Who a socket or a stream belongs to. */
export type Session = Pick<Identity, 'accountId' | 'tenantId' | 'expiresAt'>

/**
 * Close codes and reasons, as RFC 6455 and graphql-ws's protocol name them. Clients of graphql-ws come again after a
 * while on 1001, 1013, 4403 and 4408, and give up on 4400.
 */
export const CloseWith = {
  goingAway: [1001, 'Going away'],
  tryAgainLater: [1013, 'Try again later'],
  tooManySockets: [1013, 'Too many sockets'],
  tooManyMessages: [1013, 'Too many messages'],
  tooMuchBeforeInit: [4400, 'Too much before connection_init'],
  badRequest: [4400, 'Invalid message received'],
  forbidden: [4403, 'Forbidden'],
  initTimeout: [4408, 'Connection initialisation timeout'],
} as const satisfies Record<string, readonly [code: number, reason: string]>

const ignore = async (): Promise<void> => {}

/** Something that ends with its socket at the latest. Ending it twice is harmless. */
export type Held = { readonly id: string; end(): void }

/**
 * One socket: whose it is, until when, and what ends with it. It is also what graphql-ws talks to.
 *
 * There may be many thousands, so it is a class with everything on the prototype, and has no timer, map or
 * listener of its own: each of those is a few hundred bytes a socket.
 */
export class Connection<S extends Session> implements ProtocolSocket {
  readonly socket: WebSocket
  /** Where its messages wait for their turns. */
  readonly reception: Reception
  readonly openedAt: number
  session: S | null = null
  /** Messages and pings that came before that. */
  unproven = 0
  /** The request it began with, until somebody took it: it holds some 10 KB. */
  request: IncomingMessage | null
  /** Gives its place back: one of its address until it has said who it is, one of its account afterwards. */
  leaveSeat: () => void
  /** Whom its messages are of: its address, then its account. */
  caller: string
  /** Whether it answered the last ping. */
  isAlive = true
  /** What graphql-ws wants to be called with for each message. */
  handle: (text: string) => Promise<void> = ignore
  /** What graphql-ws wants to be told when the socket has closed. */
  closed: (code: number, reason: string) => Promise<void> = ignore
  #held: Held[] = []
  /** Bytes that it might send at once when it last sent something. */
  #allowance = Number.POSITIVE_INFINITY
  #spentAt = 0

  constructor(
    socket: WebSocket,
    request: IncomingMessage,
    { openedAt, caller, leaveSeat }: { openedAt: number; caller: string; leaveSeat: () => void },
  ) {
    this.socket = socket
    this.reception = receptionOf(request)
    this.caller = caller
    this.request = request
    this.openedAt = openedAt
    this.leaveSeat = leaveSeat
  }

  get protocol(): string {
    return this.socket.protocol
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN
  }

  onMessage(handle: (text: string) => Promise<void>): void {
    this.handle = handle
  }

  /** Resolves when the text has been handed to the network: what waits for it goes no faster than the reader. */
  send(text: string): Promise<void> {
    return new Promise((resolve) => {
      if (this.isOpen) this.socket.send(text, () => resolve())
      else resolve()
    })
  }

  /** Sends without waiting, or not at all if more than `limit` bytes wait already. Says whether it was sent. */
  sendUnlessBehind(text: string, limit: number): boolean {
    if (!this.isOpen || this.socket.bufferedAmount > limit) return false
    this.socket.send(text)
    return true
  }

  /** Ends this with the socket. What was held under the same id is ended now: the client has begun it anew. */
  hold(held: Held): void {
    this.#held.find(({ id }) => id === held.id)?.end()
    // Not push: it makes room for 17.
    this.#held = this.#held.concat(held)
  }

  letGo(held: Held): void {
    this.#held = this.#held.filter((one) => one !== held)
  }

  /** Counts what it sent. False: that was more than `burst` bytes at once, or than `perSecond` for long. */
  spend(bytes: number, time: number, { burst, perSecond }: { burst: number; perSecond: number }): boolean {
    const regained = (Math.max(0, time - this.#spentAt) / 1_000) * perSecond
    this.#allowance = Math.min(burst, this.#allowance + regained) - bytes
    this.#spentAt = time
    return this.#allowance >= 0
  }

  /** Begins to close, and ends at once what it holds: the other side may take its time to answer. */
  close(code = 1000, reason = ''): void {
    this.socket.close(code, reason)
    this.release()
  }

  /** Closes, and reads nothing more: the other side goes on sending for as long as it likes. */
  cutOff(code: number, reason: string): void {
    this.close(code, reason)
    this.socket.pause()
  }

  release(): void {
    this.request = null
    for (const held of this.#held) held.end()
  }
}
