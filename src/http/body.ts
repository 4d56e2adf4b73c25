/**
 * The body of a request: with a length or without, as it is or compressed by gzip, up to a limit that counts what comes
 * out. Nothing is inflated past it, and nothing is waited for that does not come.
 */
import type { IncomingMessage } from 'node:http'
import { createGunzip } from 'node:zlib'
import { HttpFault } from './http-fault.ts'
import type { Held } from './in-flight.ts'
import { type Pace, watchPace } from './pace.ts'

export type BodyOptions = {
  /** What may come out at most, and what may come in. */
  maxBytes: number
  /** What is thrown for more than that, after so many bytes were taken in. */
  tooLarge: (taken: number) => Error
  held: Held
  pace: Pace
  /** Gives inflating its turn. */
  inflateInTurn?: <T>(inflate: () => Promise<T>) => Promise<T>
}

/** Reads all of it. Throws an HttpFault, or `tooLarge`; what is still to come is then left unread. */
export async function readBody(request: IncomingMessage, options: BodyOptions): Promise<Buffer> {
  const isCompressed = isGzip(request)
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > options.maxBytes) throw options.tooLarge(0)
  const body = await receive(request, new GrowingBuffer(declared, options), options)
  if (!isCompressed) return body
  const { inflateInTurn = (inflate) => inflate() } = options
  const inflated = await inflateInTurn(() => inflate(body, options))
  // Where that failed, zlib may be reading it still.
  free(body)
  return inflated
}

/**
 * Gives a buffer's memory back at once, where the buffer has one of its own. By itself it is held until the collector comes,
 * to whom 4 MB of it are a hundred bytes.
 */
export function free({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0)
}

/** What comes, as it comes. */
function receive(request: IncomingMessage, body: GrowingBuffer, { pace }: BodyOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received = 0
    const end = (fault?: Error) => {
      stopWatching()
      request.off('data', onData).off('end', onEnd).off('close', onClose)
      if (!fault) return resolve(body.content())
      // Without anybody who listens it would go on coming, as fast as it is sent, until it is answered.
      request.pause()
      free(body.content())
      reject(fault)
    }
    const onData = (chunk: Buffer) => {
      received += chunk.length
      const fault = body.add(chunk)
      // Node reads each into memory of its own, or with others into a page of them.
      if (chunk.length === chunk.buffer.byteLength) free(chunk)
      if (fault) end(fault)
    }
    const onEnd = () => end()
    const onClose = () => end(new HttpFault(400, 'The connection was closed in the middle of the body.'))
    const stopWatching = watchPace({
      pace,
      moved: () => received,
      onSlow: () => end(new HttpFault(408, 'The body came too slowly; send it again.')),
    })
    if (request.destroyed) onClose()
    else request.on('data', onData).on('end', onEnd).on('close', onClose)
  })
}

/** Bytes that come out at once. */
const pieceBytes = 65_536
/** Of a byte of deflate no more can come. */
const mostOfByte = 1_032

/** How much will come out, as the end of a gzip says (RFC 1952, ISIZE); 0 where that cannot be. */
function saidBytes(gzip: Buffer): number {
  if (gzip.length < 18 || gzip.readUInt16BE(0) !== 0x1f8b) return 0
  const said = gzip.readUInt32LE(gzip.length - 4)
  return said > gzip.length * mostOfByte ? 0 : said
}

/** Inflates piece by piece, off the event loop, and no further than the limit; what says that it is more not at all. */
async function inflate(compressed: Buffer, options: BodyOptions): Promise<Buffer> {
  const said = saidBytes(compressed)
  if (said > options.maxBytes) throw options.tooLarge(0)
  const body = new GrowingBuffer(said, options)
  const pieces = createGunzip({ chunkSize: pieceBytes })
  pieces.end(compressed)
  try {
    for await (const piece of pieces) {
      const fault = body.add(piece)
      if (fault) throw fault
    }
  } catch (error) {
    free(body.content())
    throw (error as NodeJS.ErrnoException).code?.startsWith('Z_') ? notGzip() : error
  }
  return body.content()
}

const notGzip = () => new HttpFault(400, 'The body is not the gzip that its Content-Encoding says.')

/** Whether it is compressed; 415 for any other encoding than gzip. */
function isGzip({ headers }: IncomingMessage): boolean {
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding === 'gzip' || encoding === 'x-gzip') return true
  if (encoding === 'identity' || encoding === '') return false
  throw new HttpFault(415, 'Content-Encoding must be gzip, or left out.', { 'accept-encoding': 'gzip' })
}

/** One buffer and not a list of chunks: a body may come a byte at a time, and each chunk would cost a hundred. */
class GrowingBuffer {
  readonly #options: BodyOptions
  #buffer = Buffer.alloc(0)
  #first: number
  #size = 0

  constructor(declared: number, options: BodyOptions) {
    this.#options = options
    this.#first = Math.min(declared || 4_096, 65_536)
  }

  /** What is wrong with taking this too, if something is. */
  add(chunk: Buffer): Error | null {
    const { maxBytes, held, tooLarge } = this.#options
    const size = this.#size + chunk.length
    if (size > maxBytes) return tooLarge(this.#size)
    if (size > this.#buffer.length) {
      const room = Math.min(maxBytes, Math.max(size, this.#first, 2 * this.#buffer.length))
      if (!held.take(room - this.#buffer.length)) return busy()
      const larger = Buffer.allocUnsafeSlow(room)
      this.#buffer.copy(larger, 0, 0, this.#size)
      free(this.#buffer)
      this.#buffer = larger
    }
    chunk.copy(this.#buffer, this.#size)
    this.#size = size
    return null
  }

  content(): Buffer {
    return this.#buffer.subarray(0, this.#size)
  }
}

/** Too much is held already, for this caller or for all. */
export const busy = () =>
  new HttpFault(503, 'The server has too much in hand just now; send it again in a moment.', {
    'retry-after': '1',
  })
