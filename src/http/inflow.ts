import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { free } from './body.ts'

/** Some hundred chunks of a byte each, which Node takes half a millisecond for. */
const pieceBytes = 4_096
/** Which the kernel takes in some 50 microseconds. */
const sentBytes = 65_536

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

/**
 * Sends what is long piece by piece, each in a turn: of whoever reads it as fast as it comes the kernel takes megabytes at
 * once, and those of a hundred connections in one turn of the loop.
 */
export function writeByTurns(socket: Socket, inTurn: Turn): void {
  const { _write: write, _writev: writev } = socket
  function send(data: Buffer[], done: (fault?: Error | null) => void): void {
    const pieces = inPieces(data)
    const next = (fault?: Error | null) => {
      const { value: piece } = pieces.next()
      if (fault || !piece) return done(fault)
      inTurn(() => write.call(socket, piece, 'buffer' as BufferEncoding, next))
    }
    next()
  }
  socket._write = (data: Buffer | string, encoding, done) => {
    if (data.length <= sentBytes) write.call(socket, data, encoding, done)
    else send([bytesOf(data, encoding)], done)
  }
  socket._writev = (chunks, done) => {
    const length = chunks.reduce((sum, { chunk }) => sum + chunk.length, 0)
    if (length <= sentBytes) return writev!.call(socket, chunks, done)
    const data = chunks.map(({ chunk, encoding }) => bytesOf(chunk, encoding))
    send(data, done)
  }
}

/** What is short goes with its neighbours. */
function* inPieces(data: Buffer[]): Generator<Buffer, undefined> {
  let [short, length]: [Buffer[], number] = [[], 0]
  for (const bytes of data)
    for (let at = 0; at < bytes.length; at += sentBytes) {
      const piece = bytes.subarray(at, at + sentBytes)
      if (length + piece.length > sentBytes) {
        yield joined(short)
        short = []
        length = 0
      }
      short.push(piece)
      length += piece.length
    }
  if (length > 0) yield joined(short)
}
const joined = (pieces: Buffer[]): Buffer => (pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces))
const bytesOf = (data: Buffer | string, encoding: BufferEncoding) =>
  typeof data === 'string' ? Buffer.from(data, encoding) : data

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
