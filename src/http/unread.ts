import type { ServerResponse } from 'node:http'
import type { Pace } from './pace.ts'

/**
 * Ends the connection of whoever does not read their answer: when nothing of it moves any more, or it takes longer than
 * the slowest line would. Streams of events have no end that could be late; they are not watched.
 */
export function endUnread(response: ServerResponse, { stallMs, graceMs, bytesPerSecond }: Pace): void {
  response.once('prefinish', () => {
    const { socket } = response
    if (!socket || response.writableFinished) return
    const destroy = () => socket.destroy()
    const longest = graceMs + (socket.writableLength / bytesPerSecond) * 1000
    const timer = setTimeout(destroy, longest)
    response.setTimeout(stallMs, destroy)
    response.once('close', () => clearTimeout(timer))
  })
}
