import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Pace } from './pace.ts'

/**
 * Ends the connection of whoever does not read their answer: when nothing of it moves any more, or it takes longer than
 * the slowest line would. Streams of events have no end that could be late; they are not watched.
 */
export function endUnread(response: ServerResponse, pace: Pace): void {
  response.once('prefinish', () => {
    // Behind the answer to an earlier request of the same connection it has none yet.
    if (response.socket) watch(response, response.socket, pace)
    else response.once('socket', (socket: Socket) => watch(response, socket, pace))
  })
}

function watch(response: ServerResponse, socket: Socket, { stallMs, graceMs, bytesPerSecond }: Pace): void {
  if (response.writableFinished) return
  const destroy = () => socket.destroy()
  const longest = graceMs + ((socket.writableLength + response.writableLength) / bytesPerSecond) * 1000
  const timer = setTimeout(destroy, longest)
  response.setTimeout(stallMs, destroy)
  response.once('close', () => clearTimeout(timer))
}
