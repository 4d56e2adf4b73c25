import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { handleProtocols } from 'graphql-ws'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import type { NudgeHub } from '../sync/nudge/hub.ts'
import { createNudgeAccess, type NudgeScope } from './nudge-access.ts'
import { CloseWith, Connection, type Session } from './nudge-connection.ts'
import { createNudgeProtocol, type NudgeProtocolOptions } from './nudge-protocol.ts'
import { createNudgeSubscriptions } from './nudge-subscriptions.ts'
import { watchConnections } from './nudge-watch.ts'

export type NudgeSocketOptions<S extends Session> = NudgeProtocolOptions<S> & {
  httpServer: HttpServer
  /** Upgrades of this path are answered, e.g. `/graphql`. */
  path: string
  hub: NudgeHub
  /** Throws a GraphQLError FORBIDDEN if the account may not hear of this; asked again for as long as it listens. */
  authorize: (session: S, scope: NudgeScope) => Promise<void>
  limits?: Partial<SocketLimits>
  metrics?: { sockets?: (count: number) => void; skippedFrame?: () => void }
}

export type SocketLimits = {
  /** Sockets at a time; one more is answered with 503. */
  sockets: number
  /** Operations of one socket at a time; one more is answered with RATE_LIMITED. */
  operationsPerSocket: number
  /** Bytes of one incoming message. */
  messageBytes: number
  /** Bytes that wait for a slow socket; above, nudges for it are dropped. */
  bufferedBytes: number
  /** How long a new socket may take to say who it is. */
  initMs: number
  heartbeatMs: number
  recheckMs: number
}

const LIMITS: SocketLimits = {
  sockets: 20_000,
  operationsPerSocket: 100,
  messageBytes: 2 ** 20,
  bufferedBytes: 2 ** 20,
  initMs: 5_000,
  heartbeatMs: 15_000,
  recheckMs: 30_000,
}

/** How long a socket may take to answer that it is being closed. */
const CLOSE_MS = 2_000

export type NudgeSocketServer = {
  /** Sockets open at the moment. */
  readonly sockets: number
  /** Closes every socket of an account that listens in a tenant, with 4403. */
  closeAccount(tenantId: string, accountId: string): void
  /** Asks `authorize` again for all who listen in a tenant; those who may no longer are closed with 4403. */
  recheck(tenantId: string): Promise<void>
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
  const { httpServer, path, hub, metrics = {}, now = Date.now } = options
  const limits = { ...LIMITS, ...options.limits }
  const connections = new Map<WebSocket, Connection<S>>()
  const access = createNudgeAccess<S>(options)
  const subscriptions = createNudgeSubscriptions<S>({
    hub,
    access,
    bufferedBytes: limits.bufferedBytes,
    onSkipped: metrics.skippedFrame,
  })
  const protocol = createNudgeProtocol<S>({
    ...options,
    subscriptions,
    operationsPerSocket: limits.operationsPerSocket,
  })
  const stopWatching = watchConnections({ ...limits, connections, access, now })
  let closing = false

  function open(socket: WebSocket, request: IncomingMessage): void {
    const connection = new Connection<S>(socket, request, now())
    connections.set(socket, connection)
    metrics.sockets?.(connections.size)
    socket.on('message', onMessage).on('pong', onPong).on('error', onError).on('close', onClose)
    protocol.begin(connection)
  }

  // The same functions for every socket, which ws calls with the socket as `this`.

  function onMessage(this: WebSocket, data: unknown): void {
    const connection = connections.get(this)!
    // ws still hands over what comes in after close(): somebody who was shut out must not go on.
    if (connection.isOpen) void protocol.receive(connection, String(data))
  }

  function onPong(this: WebSocket): void {
    connections.get(this)!.isAlive = true
  }

  /** ws closes the socket itself after an error: a message that is too big, a broken frame. */
  function onError(): void {}

  function onClose(this: WebSocket, code: number, reason: Buffer): void {
    const connection = connections.get(this)!
    connections.delete(this)
    metrics.sockets?.(connections.size)
    void protocol.end(connection, code, String(reason))
  }

  const settings: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.messageBytes,
    closeTimeout: CLOSE_MS,
    handleProtocols,
  }
  const server = new WebSocketServer(settings)

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (request.url?.split('?')[0] !== path) {
      // Another listener may know the path; only if there is none is it nobody's.
      if (httpServer.listenerCount('upgrade') === 1) refuse(socket, '404 Not Found')
    } else if (closing || connections.size >= limits.sockets) refuse(socket, '503 Service Unavailable')
    else server.handleUpgrade(request, socket, head, open)
  }
  httpServer.on('upgrade', upgrade)

  return {
    get sockets() {
      return connections.size
    },
    closeAccount: access.closeAccount,
    recheck: access.recheck,
    async close() {
      closing = true
      stopWatching()
      const ended = [...connections.keys()].map(
        (socket) => new Promise((resolve) => socket.once('close', resolve)),
      )
      for (const connection of connections.values()) connection.close(...CloseWith.goingAway)
      await Promise.all(ended)
      httpServer.off('upgrade', upgrade)
    },
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => {})
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
