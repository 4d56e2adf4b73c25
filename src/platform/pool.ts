/**
 * The connections: their bounds, how a host that vanished is noticed on either side, and what takes too long.
 */
import pg from 'pg'
import { connect } from './connect.ts'

export type DatabaseOptions = {
  url: string
  poolSize: number
  /** Milliseconds after which PostgreSQL ends a statement, or its wait for a lock. */
  statementTimeoutMs: number
  lockTimeoutMs: number
  /** The wait for a new connection, or for a turn with one of the pool. */
  connectMs?: number
  /**
   * Between us and PostgreSQL stands a pooler that lends another session for each transaction (PgBouncer): what is set or
   * prepared in a session is somebody else's afterwards, so neither is done.
   */
  isPooled?: boolean
  onError?: (error: Error) => void
  /** Told of a statement that took longer than `slowMs`: its text, without its values. */
  slowMs?: number
  onSlow?: (text: string, ms: number) => void
}

/** The wait for a new connection, or for a turn with one of the pool: another one than for a lock in the database. */
const CONNECT_MS = 5_000

/** Times whatever runs on a client, by whichever way it is called; what waits behind another from when that was answered. */
function watchSlow(client: pg.ClientBase, slowMs: number, onSlow: NonNullable<DatabaseOptions['onSlow']>) {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown
  let answeredAt = 0
  const timed = (...args: unknown[]): unknown => {
    const sentAt = performance.now()
    const done = () => {
      const now = performance.now()
      const ms = now - Math.max(sentAt, answeredAt)
      answeredAt = now
      if (ms > slowMs) onSlow(textOf(args[0]), Math.round(ms))
    }
    const last = args.at(-1)
    if (typeof last === 'function')
      args[args.length - 1] = (...answer: unknown[]) => {
        done()
        last(...answer)
      }
    const result = query(...args)
    if (result instanceof Promise) result.then(done, done)
    return result
  }
  client.query = timed as pg.ClientBase['query']
}

const textOf = (statement: unknown): string => {
  const text =
    typeof statement === 'string' ? statement : ((statement as { text?: string } | null)?.text ?? '')
  return text.replace(/\s+/g, ' ').trim().slice(0, 500)
}

/**
 * A connection that nobody needs is kept for so long: the first that each statement is asked on a new one costs many times what
 * it costs afterwards, and whoever's turn that is waits for 100 ms. A till that sells once in a minute would each time.
 */
const IDLE_MS = 600_000
const KEEPALIVE_SECONDS = 10
/** How PostgreSQL notices that a gateway's host is gone, also while it sends to it, when no other bound applies. */
const noticeVanished = [
  `set tcp_user_timeout to ${KEEPALIVE_SECONDS * 1_000}`,
  `set tcp_keepalives_idle to ${KEEPALIVE_SECONDS}`,
  'set tcp_keepalives_interval to 3',
  'set tcp_keepalives_count to 3',
]

export function openPool(options: DatabaseOptions): pg.Pool {
  const { isPooled = false, statementTimeoutMs, lockTimeoutMs, connectMs = CONNECT_MS } = options
  const ofSession = {
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    // A gateway whose host vanishes in the middle of a batch holds up its device and its branches for so long.
    idle_in_transaction_session_timeout: statementTimeoutMs,
  }
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    ...(isPooled ? {} : ofSession),
    connectionTimeoutMillis: connectMs,
    // A server whose host vanishes says nothing at all, and TCP would wait a quarter of an hour.
    query_timeout: statementTimeoutMs + connectMs,
    idleTimeoutMillis: IDLE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_SECONDS * 1_000,
    application_name: 'modula-sync',
    // Statements that do not wait for each other share a round trip: a batch takes 5 of them instead of 20.
    pipeline: true,
  })
  // The pool hears of a connection's end, and whoever has it; on the way to them nobody would, which ends the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  // Sent before anything else on a new connection: times are read as text in places, and are so the quicker.
  if (!isPooled)
    pool.on('connect', (client) => {
      for (const setting of ["set timezone to 'UTC'", ...noticeVanished])
        void client.query(setting).catch(() => {})
    })
  const { slowMs, onSlow } = options
  if (slowMs && onSlow) pool.on('connect', (client) => watchSlow(client, slowMs, onSlow))
  // A server that stops with us may be heard before our goodbye is.
  pool.on('error', (error) => pool.ending || options.onError?.(error))
  return pool
}

/** What a session is asked for, and nobody else would ask for. */
const probeMs = 54_321

/** Whether a pooler lends sessions: it takes no setting of a session's, or says that it did and forgets it. */
export async function looksPooled(url: string): Promise<boolean> {
  let client: pg.Client | undefined
  try {
    client = await connect(url, { statement_timeout: probeMs, connectionTimeoutMillis: CONNECT_MS })
    const { rows } = await client.query("select current_setting('statement_timeout') as timeout")
    return rows[0].timeout !== `${probeMs}ms`
  } catch (error) {
    if (/unsupported startup parameter/.test((error as Error).message)) return true
    throw error
  } finally {
    await client?.end().catch(() => {})
  }
}
