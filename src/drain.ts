/**
 * The end of an HTTP server: no new connections, and what is in flight is answered.
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

const IDLE_MS = 50

export type Drain = {
  /** Takes no more connections. */
  begin(): void
  /** Resolves when the last connection is closed, after `patienceMs` at the latest. */
  finish(patienceMs: number): Promise<void>
}

/**
 * What ends the server. It waits for requests that have begun, but a client that goes silent in the middle of one, or
 * never reads its answer, does not keep the process. Connections that never had a request (a browser opens some in
 * advance) are closed by `finish` at once; Node itself would wait for them without end. WebSockets count among those:
 * close them before.
 */
export function createDrain(server: Server): Drain {
  const silent = new Set<Socket>()
  server.on('connection', (socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  server.on('request', ({ socket }) => silent.delete(socket))
  const closed = new Promise<void>((resolve) => server.once('close', resolve))

  return {
    begin: () => void server.close(),
    async finish(patienceMs) {
      for (const socket of silent) socket.destroy()
      const idle = setInterval(() => server.closeIdleConnections(), IDLE_MS)
      const impatience = setTimeout(() => server.closeAllConnections(), patienceMs)
      await closed
      clearInterval(idle)
      clearTimeout(impatience)
    },
  }
}
