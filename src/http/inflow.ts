import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { free } from './body.ts'

/** Some hundred chunks of a byte each, which Node takes half a millisecond for. */
const pieceBytes = 4_096

/** Calls this in a turn that is its own. */
type Turn = (begin: () => void) => void

/**
 * Hands on what comes in on a connection piece by piece, each in a turn, and lets nothing more in meanwhile. By itself Node
 * reads what the network brings as fast as it comes, and parses all of a read (64 kB) in one go: ten thousand chunks of a
 * byte each take 100 ms; and empty lines or extensions of chunks, which nobody hears of, come without an end. To be called
 * as soon as it is accepted: Node reads at once, whoever is to be given it.
 */
export function readByTurns(socket: Socket, inTurn: Turn, toEnd: Turn): void {
  const { push, _read: read, _destroy: destroy } = socket
  let held: Buffer | null = null
  let [at, waits] = [0, false]

  function wait(): void {
    if (waits || !held) return
    waits = true
    inTurn(handOn)
  }
  function handOn(): void {
    waits = false
    if (socket.destroyed) held = null
    // Of a connection that is paused: when it is resumed.
    if (!held || !socket.readableFlowing) return
    const [whole, from] = [held, at]
    at += pieceBytes
    if (at >= whole.length) held = null
    push.call(socket, whole.subarray(from, at))
    if (held) wait()
    // What a parser was given it has copied; what has become something else may have kept it.
    else if (whole.length > pieceBytes && isParsed(socket)) free(whole)
  }

  socket.push = (chunk: Buffer | null) => {
    if (chunk === null) return push.call(socket, chunk)
    held = chunk.length > pieceBytes ? chunk : Buffer.from(chunk)
    // Node reads into 64 kB, of which this may be the half or a hundredth.
    if (held !== chunk) free(chunk)
    at = 0
    wait()
    // Then it is read no further until somebody asks for more.
    return false
  }
  socket._read = (size) => {
    if (!held) read.call(socket, size)
  }
  socket.on('resume', wait)
  // 256 of an address that go in one turn of the loop end 4,000 requests, with an error and a stack for each: 140 ms.
  socket._destroy = (error, done) => {
    held = null
    // Node takes what comes to a connection that has ended for a fault of the system's.
    const { _handle } = socket as unknown as { _handle: { readStop(): void } | null }
    _handle?.readStop()
    toEnd(() => destroy.call(socket, error, done))
  }
}

const isParsed = (socket: Socket & { parser?: unknown }) =>
  Boolean(socket.parser) && socket.readableLength === 0

/** Node's parser reads from the network itself, past the stream, until somebody else listens. */
export function parseFromStream(socket: Socket): void {
  const nobody = () => {}
  socket.on('data', nobody).off('data', nobody)
}

/**
 * Has the connection wait as soon as anything of the body is unread. By itself that is after 64 kB, which in chunks of a byte
 * each are kept as 13 MB.
 */
export function keepLittle(request: IncomingMessage): void {
  const { _readableState } = request as unknown as { _readableState: { highWaterMark: number } }
  _readableState.highWaterMark = 1
}
