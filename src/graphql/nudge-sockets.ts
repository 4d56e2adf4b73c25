import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { handleProtocols } from 'graphql-ws'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import { leaveConnections, receptionOf } from '../http/connections.ts'
import { Refusals } from '../http/refusals.ts'
import { Seats } from '../http/seats.ts'
import type { NudgeHub } from '../sync/nudge/hub.ts'
import { accountSeats } from './account-seats.ts'
import type { NudgeAccess } from './nudge-access.ts'
import { CloseWith, Connection, type Session } from './nudge-connection.ts'
import { createNudgeProtocol, type NudgeProtocol, type NudgeProtocolOptions } from './nudge-protocol.ts'
import { createNudgeSubscriptions } from './nudge-subscriptions.ts'
import { watchConnections } from './nudge-watch.ts'

export type NudgeSocketOptions<S extends Session> = NudgeProtocolOptions<S> & {
  httpServer: HttpServer
  /** Upgrades of this path are answered, e.g. `/graphql`. */
  path: string
  /** Whether the gateway goes by the name that the request asks for. */
  allows?: (request: IncomingMessage) => boolean
  hub: NudgeHub
  access: NudgeAccess<S>
  /** Where a request comes from, as sockets are counted until it is known whose they are. */
  addressOf?: (request: IncomingMessage) => string
  limits?: Partial<SocketLimits>
  /** `nudge`: one for one socket was sent, or dropped because the socket does not read. */
  metrics?: { sockets?: (count: number) => void; nudge?: (sent: boolean) => void }
}

type SocketLimits = {
  /** Sockets at a time; one more is answered with 503. */
  sockets: number
  /**
   * Sockets of one address that have not yet said whose they are; one more is answered with 503. As many as it may have
   * connections: they can all go in one turn of the loop, which took 75 ms of a thousand.
   */
  unprovenPerAddress: number
  /** Sockets of one account of a tenant; one more is closed with 1013. */
  socketsPerAccount: number
  /** Sockets of all accounts of a tenant; one more is closed with 1013. */
  socketsPerTenant: number
  /** Operations of one socket at a time; one more is answered with RATE_LIMITED. */
  operationsPerSocket: number
  /**
   * Bytes that a socket may send in all before it is known whose it is; above: 4400. The token is in them. Each message counts
   * as 256 or more, since it is handled in a turn of the loop.
   */
  initBytes: number
  /** Bytes that are read of a socket once it closes, by whomever: the answer to that is among them. */
  closingBytes: number
  /** Bytes of one incoming message; above: 1009. */
  messageBytes: number
  /** Bytes that a socket may send at once and each second for long; above: 1013. Each message counts as 256 or more. */
  burstBytes: number
  bytesPerSecond: number
  /** Bytes that wait for a slow socket; above, nudges for it are dropped and its operations are RATE_LIMITED. */
  bufferedBytes: number
  /** How long a new socket may take to say whose it is. */
  initMs: number
  /** How long a socket may take to answer that it is being closed. */
  closeMs: number
  heartbeatMs: number
  recheckMs: number
}

const LIMITS: SocketLimits = {
  sockets: 20_000,
  unprovenPerAddress: 256,
  socketsPerAccount: 50,
  socketsPerTenant: 10_000,
  operationsPerSocket: 50,
  initBytes: 8_192,
  closingBytes: 65_536,
  messageBytes: 65_536,
  burstBytes: 262_144,
  bytesPerSecond: 16_384,
  bufferedBytes: 2 ** 20,
  initMs: 5_000,
  closeMs: 2_000,
  heartbeatMs: 15_000,
  recheckMs: 30_000,
}

/** What a message or a ping costs at least, however short: some work is done for each. */
const LEAST_BYTES = 256
/** Parts in which a message may come; each is kept with some 100 bytes around it. */
const MAX_FRAGMENTS = 64

export type NudgeSocketServer = {
  /** Sockets open at the moment. */
  readonly sockets: number
  /** Closes every socket with 1001 and takes no more. Resolves when they are closed, within 2 s. */
  close(): Promise<void>
}

/**
 * GraphQL over WebSocket: makes the sockets, knows whose they are and closes those that may no longer be open. What
 * is said on them is nudge-protocol.ts.
 */
export function createNudgeSocketServer<S extends Session>(
  options: NudgeSocketOptions<S>,
): NudgeSocketServer {
  const { httpServer, path, hub, access, metrics = {}, now = Date.now } = options
  const addressOf = options.addressOf ?? ((request) => request.socket.remoteAddress ?? '')
  const limits = { ...LIMITS, ...options.limits }
  const unproven = new Seats({ each: limits.unprovenPerAddress })
  const takeSeat = accountSeats({ each: limits.socketsPerAccount, ofTenant: limits.socketsPerTenant })
  const { bufferedBytes, operationsPerSocket } = limits
  const subscriptions = createNudgeSubscriptions<S>({ hub, access, bufferedBytes, onNudge: metrics.nudge })
  const protocol = createNudgeProtocol<S>({
    ...options,
    subscriptions,
    operationsPerSocket,
    bufferedBytes,
    seat(connection) {
      const leave = takeSeat(connection.session!)
      if (leave) {
        connection.leaveSeat()
        connection.leaveSeat = leave
      }
      return leave !== null
    },
  })
  const { connections, open } = openConnections<S>({ limits, protocol, now, onCount: metrics.sockets })
  const stopWatching = watchConnections({ ...limits, connections, access, now })
  let closing = false

  const server = new WebSocketServer(settingsOf(limits))
  const refusals = new Refusals()

  /** At the pace of refusals; both ways: who is refused need not hear of it, and may have more to say. */
  function refuse(request: IncomingMessage, socket: Duplex, status: string, reason = ''): void {
    const answer = `HTTP/1.1 ${status}\r\nConnection: close\r\nSec-WebSocket-Version: 13\r\nContent-Length: ${reason.length}\r\n\r\n`
    socket.once('finish', () => socket.destroy())
    setTimeout(() => socket.end(answer + reason), refusals.waitMs(addressOf(request)))
  }
  server.on('wsClientError', ({ message }, socket, request) =>
    refuse(request, socket, '400 Bad Request', message),
  )

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = addressOf(request)
    if (request.url?.split('?')[0] !== path) {
      // Another listener may know the path; only if there is none is it nobody's.
      if (httpServer.listenerCount('upgrade') === 1) refuse(request, socket, '404 Not Found')
    } else if (options.allows?.(request) === false) refuse(request, socket, '421 Misdirected Request')
    else if (closing || connections.size >= limits.sockets || unproven.isFull(address)) {
      refuse(request, socket, '503 Service Unavailable')
    } else {
      // Called before this returns, or not at all.
      server.handleUpgrade(request, socket, head, (opened) =>
        open(opened, request, address, unproven.take(address)!),
      )
    }
  }
  /** In its turn, as requests are: some hundred that came in one turn of the loop took 40 ms. */
  function receive(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Nobody else hears of its end while it waits.
    socket.on('error', () => {})
    receptionOf(request).enter(addressOf(request), () => upgrade(request, socket, head))
  }
  httpServer.on('upgrade', receive)

  return {
    get sockets() {
      return connections.size
    },
    async close() {
      closing = true
      stopWatching()
      const ended = [...connections.keys()].map(
        (socket) => new Promise((resolve) => socket.once('close', resolve)),
      )
      for (const connection of connections.values()) connection.close(...CloseWith.goingAway)
      await Promise.all(ended)
      httpServer.off('upgrade', receive)
    },
  }
}

/** The sockets that are open, and what becomes of what comes in on them. */
function openConnections<S extends Session>(of: {
  limits: SocketLimits
  protocol: NudgeProtocol<S>
  now: () => number
  onCount: ((count: number) => void) | undefined
}) {
  const { limits, protocol, now, onCount } = of
  const rate = { burst: limits.burstBytes, perSecond: limits.bytesPerSecond }
  const connections = new Map<WebSocket, Connection<S>>()

  function open(socket: WebSocket, request: IncomingMessage, address: string, leaveSeat: () => void): void {
    leaveConnections(request.socket)
    const connection = new Connection<S>(socket, request, { openedAt: now(), caller: address, leaveSeat })
    connections.set(socket, connection)
    onCount?.(connections.size)
    socket.on('message', onMessage).on('ping', onPing).on('pong', onPong)
    socket.on('error', onError).on('close', onClose)
    boundBytes(connection, request.socket, limits)
    protocol.begin(connection)
  }

  // The same functions for every socket, which ws calls with the socket as `this`.

  function onMessage(this: WebSocket, data: unknown): void {
    const connection = connections.get(this)!
    if (!mayGoOn(connection, data)) return
    // ws hands one over of each socket in a turn of the loop; an account has many sockets.
    connection.reception.enter(connection.caller, () => {
      // ws still hands over what comes in after close(): somebody who was shut out must not go on.
      if (connection.isOpen) void protocol.receive(connection, String(data))
    })
  }

  function onPing(this: WebSocket, data: unknown): void {
    mayGoOn(connections.get(this)!, data)
  }

  /** Looked at before anything is done for a message. */
  function mayGoOn(connection: Connection<S>, data: unknown): boolean {
    if (!connection.isOpen) return false
    if (!connection.session && ++connection.unproven * LEAST_BYTES > limits.initBytes) {
      connection.cutOff(...CloseWith.tooMuchBeforeInit)
      return false
    }
    const bytes = Math.max(LEAST_BYTES, (data as Buffer).length)
    if (connection.spend(bytes, now(), rate)) return true
    connection.cutOff(...CloseWith.tooManyMessages)
    return false
  }

  function onPong(this: WebSocket, data: unknown): void {
    const connection = connections.get(this)!
    connection.isAlive = mayGoOn(connection, data)
  }

  /** ws closes the socket itself after an error: a message that is too big, a broken frame. */
  function onError(): void {}

  function onClose(this: WebSocket, code: number, reason: Buffer): void {
    const connection = connections.get(this)!
    connections.delete(this)
    connection.leaveSeat()
    onCount?.(connections.size)
    void protocol.end(connection, code, String(reason))
  }

  return { connections, open }
}

const settingsOf = (limits: SocketLimits): ServerOptions & { closeTimeout: number } => ({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: limits.messageBytes,
  maxFragments: MAX_FRAGMENTS,
  // A turn of the event loop for each message: a packet may hold thousands, and others wait meanwhile.
  allowSynchronousEvents: false,
  closeTimeout: limits.closeMs,
  handleProtocols,
})

/**
 * Cuts a socket off that has sent more than it may before it is known whose it is, and reads nothing more of one that goes
 * on sending while it closes: ws takes all that comes, as fast as it comes, after a fault and after the other side's close.
 * Counted are the bytes of the network connection, so that half a message, pings and what is no WebSocket at all
 * count like everything else.
 */
function boundBytes<S extends Session>(
  connection: Connection<S>,
  line: Socket,
  { initBytes, closingBytes }: SocketLimits,
): void {
  let [bytes, closing] = [0, 0]
  function onBytes({ length }: Buffer): void {
    bytes += length
    if (!connection.isOpen) closing += length
    else if (!connection.session && bytes > initBytes) connection.cutOff(...CloseWith.tooMuchBeforeInit)
    if (closing > closingBytes) connection.socket.pause()
  }
  // Before ws sees them.
  line.prependListener('data', onBytes)
}
