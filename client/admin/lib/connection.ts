/**
 * How the console is connected, as a pure machine: what the socket for nudges does, and whether the server answers.
 *
 *   server \ socket    opening      open    closed
 *   unknown            connecting   -       connecting
 *   answers            live         live    polling
 *   silent             offline      offline offline
 *
 * A socket that is about to open is nothing to worry anybody with; whoever runs the machine closes it in time.
 */
type Socket = 'opening' | 'open' | 'closed'
type Server = 'unknown' | 'answers' | 'silent'
export type Connection = {
  readonly socket: Socket
  readonly server: Server
  /** Since when it is what `livenessOf` says, in ms of the local clock. */
  readonly since: number
}
/** `live`: news comes by itself. `polling`: the server answers, but the news does not come: it is asked for. */
export type Liveness = 'connecting' | 'live' | 'polling' | 'offline'

export type ConnectionEvent = 'socketOpened' | 'socketClosed' | 'answered' | 'unanswered'

export const unconnected = (at: number): Connection => ({ socket: 'opening', server: 'unknown', since: at })

export function connectionAfter(before: Connection, event: ConnectionEvent, at: number): Connection {
  const after = { ...before, ...effects[event] }
  if (after.socket === before.socket && after.server === before.server) return before
  return { ...after, since: livenessOf(after) === livenessOf(before) ? before.since : at }
}

const effects: Record<ConnectionEvent, Partial<Connection>> = {
  // A socket opens by an answer of the server.
  socketOpened: { socket: 'open', server: 'answers' },
  socketClosed: { socket: 'closed' },
  answered: { server: 'answers' },
  unanswered: { server: 'silent' },
}

export function livenessOf({ socket, server }: Pick<Connection, 'socket' | 'server'>): Liveness {
  if (server === 'silent') return 'offline'
  if (server === 'unknown') return 'connecting'
  return socket === 'closed' ? 'polling' : 'live'
}
