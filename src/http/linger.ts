import type { IncomingMessage } from 'node:http'

const lingerMs = 2_000
const lingerBytes = 16_000_000

/**
 * Takes the rest of a body that nobody wants, for a while: a connection that is closed while the other side is still
 * sending is reset, and the answer that says why is lost with it.
 */
export function swallow(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return
  let bytes = 0
  const cut = () => request.socket.destroy()
  const timer = setTimeout(cut, lingerMs)
  const done = () => clearTimeout(timer)
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > lingerBytes) cut()
  })
  request.once('end', done).once('close', done)
  request.resume()
}
