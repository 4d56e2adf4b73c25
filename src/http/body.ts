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
  /** What is thrown for more than that. */
  tooLarge: () => Error
  held: Held
  pace: Pace
}

/** Reads all of it. Throws an HttpFault, or `tooLarge`; what is still to come is then left unread. */
export async function readBody(request: IncomingMessage, options: BodyOptions): Promise<Buffer> {
  const isCompressed = isGzip(request)
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > options.maxBytes) throw options.tooLarge()
  const inflate = isCompressed ? createGunzip() : null
  const body = new GrowingBuffer(declared, options)
  return new Promise((resolve, reject) => {
    let isOver = false
    const end = (fault?: Error) => {
      if (isOver) return
      isOver = true
      stopWatching()
      request.off('data', onData).off('end', onEnd).off('close', onClose)
      inflate?.destroy()
      if (fault) reject(fault)
      else resolve(body.content())
    }
    const take = (chunk: Buffer) => {
      const fault = body.add(chunk)
      if (fault) end(fault)
    }
    let received = 0
    const onData = (chunk: Buffer) => {
      received += chunk.length
      if (!inflate) take(chunk)
      else if (received > options.maxBytes) end(options.tooLarge())
      else if (!inflate.write(chunk)) {
        request.pause()
        inflate.once('drain', () => request.resume())
      }
    }
    const onEnd = () => {
      request.off('close', onClose)
      if (inflate) inflate.end()
      else end()
    }
    const onClose = () => end(new HttpFault(400, 'The connection was closed in the middle of the body.'))
    const stopWatching = watchPace({
      pace: options.pace,
      moved: () => received,
      onSlow: () => end(new HttpFault(408, 'The body came too slowly; send it again.')),
    })
    inflate
      ?.on('data', take)
      .on('end', () => end())
      .on('error', () => end(new HttpFault(400, 'The body is not the gzip that its Content-Encoding says.')))
    if (request.destroyed) onClose()
    else request.on('data', onData).on('end', onEnd).on('close', onClose)
  })
}

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
    if (size > maxBytes) return tooLarge()
    if (size > this.#buffer.length) {
      const room = Math.min(maxBytes, Math.max(size, this.#first, 2 * this.#buffer.length))
      if (!held.take(room - this.#buffer.length)) return busy()
      const larger = Buffer.allocUnsafeSlow(room)
      this.#buffer.copy(larger, 0, 0, this.#size)
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
