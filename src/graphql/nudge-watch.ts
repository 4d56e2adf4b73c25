import { createYielding } from '../sync/yielding.ts'
import type { NudgeAccess } from './nudge-access.ts'
import { CloseWith, type Connection, type Session } from './nudge-connection.ts'

/** How late a socket may be closed after its time has come. */
const SWEEP_MS = 1_000

/**
 * Closes sockets whose time has come, once a second for all of them (a sweep over 5,000 takes 0.1 ms; a timer for
 * each takes some hundred bytes, overflows after 24 days, and is late after the machine slept):
 *
 * - those of which it is not known in `initMs` whose they are: 4408
 * - those whose token has run out: 4403
 *
 * Every `heartbeatMs` it pings, and drops those that did not answer the last ping: a till that was switched off
 * says nothing. Every `recheckMs` it asks whether those who listen still may. Returns what ends the watch.
 */
export function watchConnections<S extends Session>(options: {
  connections: ReadonlyMap<unknown, Connection<S>>
  access: NudgeAccess<S>
  initMs: number
  heartbeatMs: number
  recheckMs: number
  now: () => number
}): () => void {
  const { connections, access, initMs, heartbeatMs, recheckMs, now } = options

  /** Looks at each of them, in slices: to close a thousand mute ones in one go took 60 ms. A round waits for the last. */
  function everyOne(look: (connection: Connection<S>) => void): () => Promise<void> {
    let isLooking = false
    return async () => {
      if (isLooking) return
      isLooking = true
      const yielding = createYielding()
      try {
        for (const connection of connections.values()) {
          look(connection)
          const turn = yielding()
          if (turn) await turn
        }
      } finally {
        isLooking = false
      }
    }
  }

  const closeOver = everyOne((connection) => {
    const time = now()
    if (isOver(connection, time)) connection.close(...CloseWith.forbidden)
    else if (!connection.session && time - connection.openedAt >= initMs)
      connection.close(...CloseWith.initTimeout)
  })
  const ping = everyOne((connection) => {
    if (!connection.isAlive) connection.socket.terminate()
    else if (connection.isOpen) {
      connection.isAlive = false
      connection.socket.ping()
    }
  })
  const sweep = setInterval(() => void closeOver(), SWEEP_MS).unref()
  const beat = setInterval(() => void ping(), heartbeatMs).unref()

  // A round that takes longer than until the next one is not doubled: access lets at most one more wait.
  const recheck = setInterval(() => void access.recheckAll(), recheckMs).unref()

  return () => {
    for (const timer of [sweep, beat, recheck]) clearInterval(timer)
  }
}

/** Whether the socket's token has run out. */
export function isOver<S extends Session>({ session }: Connection<S>, time: number): boolean {
  return session !== null && session.expiresAt <= time
}
