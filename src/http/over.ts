/**
 * When a request is over: its response is closed, or its connection. Node closes only the response whose turn it is on its
 * connection; those of requests that were sent after it (pipelining) hear nothing when the connection ends.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Of a connection's requests, what is done when it ends. */
const waiting = new WeakMap<Socket, Set<() => void>>()

/** Whether nobody waits for the answer any more. */
export const isOver = ({ socket }: IncomingMessage, response: ServerResponse): boolean =>
  response.closed || socket.destroyed

/** Calls `done` once, when the request is over; at once where it is already. */
export function onceOver(request: IncomingMessage, response: ServerResponse, done: () => void): void {
  if (isOver(request, response)) {
    done()
    return
  }
  const ends = waiting.get(request.socket) ?? watch(request.socket)
  const end = () => {
    if (ends.delete(end)) done()
  }
  ends.add(end)
  response.once('close', end)
}

function watch(socket: Socket): Set<() => void> {
  const ends = new Set<() => void>()
  waiting.set(socket, ends)
  socket.once('close', () => {
    for (const end of ends) end()
  })
  return ends
}
