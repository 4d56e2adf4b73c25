/**
 * What is shed before it costs anything: connections beyond those that an address may have, and requests that are sent
 * on one connection faster than it is answered. Accepting a connection and reading the head of a request takes 0.1 ms,
 * so that a thousand at once would keep everybody waiting, whatever they are answered.
 */
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import { BlockList, type Socket, type SocketAddress } from 'node:net'
import { workedMs } from '../sync/yielding.ts'
import { countedAddress } from './client-address.ts'
import { parseFromStream, readByTurns, writeByTurns } from './inflow.ts'
import { onceOver } from './over.ts'
import { Reception } from './reception.ts'
import type { Refusals } from './refusals.ts'
import { Seats } from './seats.ts'

/** What a connection was reset for: as many of its address as may be, or of its requests. */
export type ResetReason = 'connections' | 'requests'
export type OnReset = (reason: ResetReason, address: string) => void

/** Requests of one connection that are not yet answered; browsers and Node send the next one after the answer. */
const maxPipelined = 16

const receptions = new WeakMap<Socket, Reception>()

/** The reception of the server that this came to. */
export const receptionOf = ({ socket }: IncomingMessage): Reception => receptions.get(socket)!

const given = new WeakMap<Socket, () => void>()

/** What Node asks of each connection before it makes a socket of it, which is half of what one costs that is not let in. */
class AskedOfEach extends BlockList {
  readonly #isBlocked: (address: string) => boolean

  constructor(isBlocked: (address: string) => boolean) {
    super()
    this.#isBlocked = isBlocked
  }

  override check(address: SocketAddress | string): boolean {
    return this.#isBlocked(countedAddress(typeof address === 'string' ? address : address.address))
  }
}

/**
 * Resets connections beyond `perAddress` from one address (IPv6: one /64 network) as soon as they are accepted, and tells
 * of each. `Infinity`: none, as behind a proxy, whose address is everybody's. The others are begun with by turns: all that
 * stand at the door are accepted in one turn of the loop, and 600 of them took 90 ms. By turns they are read, too.
 */
export function boundConnections(
  server: Server,
  perAddress: number,
  reception: Reception,
  onReset: OnReset,
): void {
  const seats = new Seats({ each: perAddress })
  const exit = new Reception(reception.rests)
  let connections = 0
  /** Whose turn it is to be read: of a proxy each connection is somebody's. */
  const readerOf =
    perAddress === Number.POSITIVE_INFINITY ? () => `${++connections}` : (address: string) => address
  let begunAt = 0
  const isOneTooMany = (address: string): boolean => {
    begunAt = workedMs()
    if (!seats.isFull(address)) return false
    onReset('connections', address)
    return true
  }
  Object.assign(server, { blockList: new AskedOfEach(isOneTooMany) })
  const listeners = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    const address = countedAddress(socket.remoteAddress ?? '')
    // Older versions of Node have asked nobody (gateways of a package run on those).
    if (isOneTooMany(address)) return socket.resetAndDestroy()
    const leave = seats.take(address)!
    receptions.set(socket, reception)
    // Nobody else hears of its end while it waits.
    socket.on('error', () => {})
    given.set(socket, leave)
    socket.once('close', leave)
    const reader = readerOf(address)
    const inTurn = (begin: () => void) => reception.enter(reader, begin)
    readByTurns(socket, inTurn, (end) => exit.enter(reader, end))
    writeByTurns(socket, inTurn)
    // That it was accepted is reckoned to it, too.
    reception.rests?.took(reader, workedMs() - begunAt)
    reception.enter(reader, () => {
      if (socket.destroyed) return
      for (const listener of listeners) listener.call(server, socket)
      parseFromStream(socket)
    })
  })
}

/** A connection that has become something else, which has bounds of its own, makes room for another. */
export const leaveConnections = (socket: Socket): void => given.get(socket)?.()

const unanswered = new WeakMap<Socket, number>()

/**
 * What was read in one piece (64 kB, a thousand heads) Node parses to its end, also of a connection that has ended: 0.1 ms
 * and more a head. Its parser leaves the rest to others after an upgrade, which is what it is told that the next one is.
 */
function readNoFurther(socket: Socket & { parser?: { onIncoming: () => number } | null }): void {
  if (socket.parser) socket.parser.onIncoming = () => upgraded
  // Node's own word for a connection that is to wait: without it the parser reads on past a socket that is paused.
  Object.assign(socket, { _paused: true })
  socket.pause()
}
const upgraded = 2

/** Whether the connection may have one more request in hand; ends it where it may not, at the pace of refusals, and tells of it. */
export function mayPipeline(
  request: IncomingMessage,
  response: ServerResponse,
  refusals: Refusals,
  onReset: OnReset,
): boolean {
  const { socket } = request
  const before = unanswered.get(socket) ?? 0
  if (before >= maxPipelined || socket.destroyed) {
    readNoFurther(socket)
    if (socket.destroyed) return false
    const address = countedAddress(socket.remoteAddress ?? '')
    onReset('requests', address)
    const waitMs = refusals.waitMs(address)
    if (waitMs > 0) setTimeout(() => socket.destroy(), waitMs)
    else socket.destroy()
    return false
  }
  unanswered.set(socket, before + 1)
  onceOver(request, response, () => unanswered.set(socket, unanswered.get(socket)! - 1))
  return true
}

/** What Node answers to a head that is none, by the fault; 400 to all others. */
const statusOfFault: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
}

/**
 * Ends those whose head is none or comes too late as Node does by itself, but by turns: it ends all whose time has come
 * in one go, which took 20 ms for the 256 of one address.
 */
export function refuseByTurns(server: Server, reception: Reception): void {
  type Answering = Socket & { _httpMessage?: ServerResponse | null }
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Answering) =>
    reception.enter(countedAddress(socket.remoteAddress ?? ''), () => {
      const status = statusOfFault[error.code ?? ''] ?? 400
      if (socket.writable && !socket._httpMessage?.headersSent)
        socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`)
      socket.destroy(error)
    }),
  )
}
