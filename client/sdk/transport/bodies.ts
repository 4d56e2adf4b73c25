/**
 * Bodies on their way: requests compressed, answers read as they come.
 */

import { HalfAnswer } from './faults.ts'

/** Less fits into one packet of the network, compressed or not. */
const leastBytes = 1_400

/** The body compressed by gzip; null: not worth it, or the platform cannot. */
export async function gzipped(text: string): Promise<Uint8Array<ArrayBuffer> | null> {
  if (text.length < leastBytes || typeof CompressionStream === 'undefined') return null
  const compressed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(compressed).arrayBuffer())
}

/**
 * The text of the answer's whole body, which is read here: `heard` is called for each part that comes. Where the platform
 * shows no parts (React Native), it is left to be read.
 */
export async function readWhole(response: Response, heard: () => void): Promise<string> {
  const { body } = response
  if (!body) return response.text()
  const parts: Uint8Array[] = []
  const reader = body.getReader()
  const next = () =>
    reader.read().catch((cause: unknown) => {
      throw new HalfAnswer('The answer ends in the middle.', { cause })
    })
  for (let read = await next(); !read.done; read = await next()) {
    parts.push(read.value)
    heard()
  }
  return new TextDecoder().decode(joined(parts))
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
