import type { IncomingMessage } from 'node:http'

const lingerMs = 4_000
const lingerBytes = 16_000_000
/** Between so much of what nobody wants and the next, of whomever: 8 MB a second of all together. */
const [pauseBytes, pauseMs] = [65_536, 8]
/** What a chunk counts for at least: a body in chunks of a byte each is a buffer for each of them. */
const leastBytes = 256

let lingering = 0

/**
 * Takes the rest of a body that nobody wants, for a while and without haste: a connection that is closed while the other
 * side is still sending is reset, and the answer that says why is lost with it. To be called before the answer has left:
 * then Node itself takes what comes, as fast as it comes.
 */
export function swallow(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return
  let [bytes, pauseAt] = [0, pauseBytes]
  const cut = () => request.socket.destroy()
  const timer = setTimeout(cut, lingerMs)
  let next: NodeJS.Timeout | undefined
  const take = (chunk: Buffer) => {
    bytes += Math.max(leastBytes, chunk.length)
    if (bytes > lingerBytes) cut()
    if (bytes < pauseAt) return
    pauseAt = bytes + pauseBytes
    request.pause()
    next = setTimeout(() => request.resume(), pauseMs * lingering)
  }
  const over = () => {
    lingering -= 1
    clearTimeout(timer)
    clearTimeout(next)
    request.off('data', take).off('end', over).off('close', over)
  }
  lingering += 1
  request.on('data', take).once('end', over).once('close', over)
  request.read(0)
  request.resume()
}
