/**
 * One pool of connections to PostgreSQL for everything: the engine's set-based SQL runs on it as it is,
 * Prisma's typed reads run on it through its driver adapter.
 */
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from '../generated/prisma/client.ts'

/** Something that runs SQL: the pool, or the one connection of a transaction. */
export interface Queryable {
  /** Rows of a query. Statements are prepared once a connection, by their text. */
  rows<Row>(text: string, values: readonly unknown[]): Promise<Row[]>
  /** The same, each value as the text that PostgreSQL sends (times in UTC), for what is only passed on. */
  texts(text: string, values: readonly unknown[]): Promise<(string | null)[][]>
  /** Runs a statement; the number of rows it touched. */
  run(text: string, values: readonly unknown[]): Promise<number>
}

/** The connection of a transaction. */
export interface Transaction extends Queryable {
  /** Runs `work` as a part that can fail alone: what it did is undone, its error is thrown, and the transaction goes on. */
  part<T>(work: () => Promise<T>): Promise<T>
}

export interface Connection extends Queryable {
  /** Runs `work` in a transaction: commits what it did, or rolls back and rethrows. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
}

export interface Database extends Connection {
  readonly prisma: PrismaClient
  /** Lends one connection for `work`. */
  withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T>
  /** Of the pool: connections, those of them that nobody has, and who waits for one. */
  readonly pool: { readonly total: number; readonly idle: number; readonly waiting: number }
  /** True while the database answers. */
  ping(): Promise<boolean>
  close(): Promise<void>
}

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

const INT8 = 20
/** int8 as number: every value of ours is a safe integer. The rest as `pg` reads it. */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
}

const asText = { getTypeParser: () => (value: string) => value } as unknown as typeof types

/**
 * Names for prepared statements, by text: `pg` prepares a named statement once for each connection. Past
 * the first few hundred they run unprepared.
 */
const names = new Map<string, string>()
function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known || names.size >= 300) return known
  const name = `s${names.size}`
  names.set(text, name)
  return name
}

function queryable(client: { query: pg.ClientBase['query'] }, isPooled: boolean): Queryable {
  const prepared = (text: string, values: readonly unknown[]) => ({
    name: isPooled ? undefined : nameOf(text),
    text,
    values: values as unknown[],
  })
  return {
    rows: async (text, values) => (await client.query({ ...prepared(text, values), types })).rows,
    async texts(text, values) {
      const query = { ...prepared(text, values), types: asText, rowMode: 'array' as const }
      return (await client.query<(string | null)[]>(query)).rows
    },
    run: async (text, values) => (await client.query({ ...prepared(text, values), types })).rowCount ?? 0,
  }
}

/** What a transaction begins with. The bounds go with it, where the session is not ours to set them in. */
const beginOf = ({ isPooled, statementTimeoutMs, lockTimeoutMs }: DatabaseOptions): string =>
  isPooled
    ? `begin; set local statement_timeout = ${statementTimeoutMs}; set local lock_timeout = ${lockTimeoutMs};
       set local idle_in_transaction_session_timeout = ${statementTimeoutMs}; set local timezone = 'UTC'`
    : 'begin'

function connection(client: pg.ClientBase, options: DatabaseOptions): Connection {
  const db = queryable(client, options.isPooled ?? false)
  return {
    ...db,
    async transaction(work) {
      // Of statements sent together the first that fails is the reason; those behind it only say that there was one.
      let reason: unknown
      const noted = <T>(answer: Promise<T>) =>
        answer.catch((error: unknown) => {
          reason ??= error
          throw error
        })
      const run: Queryable['run'] = (text, values) => noted(db.run(text, values))
      const tx: Transaction = {
        rows: (text, values) => noted(db.rows(text, values)),
        texts: (text, values) => noted(db.texts(text, values)),
        run,
        async part(partOfWork) {
          await run('savepoint part', [])
          try {
            const result = await partOfWork()
            await run('release savepoint part', [])
            return result
          } catch (error) {
            const why = reason ?? error
            await db.run('rollback to savepoint part', [])
            reason = undefined
            throw why
          }
        },
      }
      try {
        // Not waited for by itself: what `work` asks first goes out with it.
        const begun = client.query(beginOf(options))
        const [result] = await Promise.all([work(tx), begun])
        const { command } = await client.query('commit')
        if (command !== 'COMMIT') throw new NotCommittedError()
        return result
      } catch (error) {
        // A broken connection cannot roll back, and need not: the server does.
        await client.query('rollback').catch(() => {})
        throw reason ?? error
      }
    },
  }
}

/** PostgreSQL answers COMMIT with ROLLBACK, and no error, where a statement before it failed and nobody minded. */
class NotCommittedError extends Error {
  override readonly name = 'NotCommittedError'
  constructor() {
    super('a statement of the transaction had failed: nothing of it was committed')
  }
}

/** The wait for a new connection, or for a turn with one of the pool: another one than for a lock in the database. */
const CONNECT_MS = 5_000

/** Times whatever runs on a client, by whichever way it is called. */
function watchSlow(client: pg.ClientBase, slowMs: number, onSlow: NonNullable<DatabaseOptions['onSlow']>) {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown
  const timed = (...args: unknown[]): unknown => {
    const began = performance.now()
    const done = () => {
      const ms = performance.now() - began
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

const KEEPALIVE_SECONDS = 10
/** How PostgreSQL notices that a gateway's host is gone, also while it sends to it, when no other bound applies. */
const noticeVanished = [
  `set tcp_user_timeout to ${KEEPALIVE_SECONDS * 1_000}`,
  `set tcp_keepalives_idle to ${KEEPALIVE_SECONDS}`,
  'set tcp_keepalives_interval to 3',
  'set tcp_keepalives_count to 3',
]

export function openDatabase(options: DatabaseOptions): Database {
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
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_SECONDS * 1_000,
    application_name: 'modula-sync',
    // Statements that do not wait for each other share a round trip: a batch takes 5 of them instead of 20.
    pipeline: true,
  })
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
  const withConnection = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const client = await pool.connect()
    let failed = false
    const onError = () => {
      failed = true
    }
    client.on('error', onError)
    try {
      return await work(connection(client, options))
    } catch (error) {
      failed = true
      throw error
    } finally {
      client.off('error', onError)
      // After a failure nobody knows in what state the connection is: it is not lent again.
      client.release(failed)
    }
  }
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  return {
    ...queryable(pool as unknown as pg.ClientBase, isPooled),
    prisma,
    withConnection,
    get pool() {
      return { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }
    },
    transaction: (work) => withConnection((client) => client.transaction(work)),
    ping: () =>
      pool.query('select 1').then(
        () => true,
        () => false,
      ),
    async close() {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}

/** What Prisma's driver adapter says of an error: PostgreSQL's code, or what is wrong with the connection. */
type AdapterCause = { originalCode?: string; kind?: string }

function adapterCause(error: unknown): AdapterCause | undefined {
  const { meta } = (error ?? {}) as { meta?: { driverAdapterError?: { cause?: AdapterCause } } }
  return meta?.driverAdapterError?.cause
}

/** SQLSTATE of a PostgreSQL error, by way of Prisma or not; or undefined. All have a digit; EPIPE is the system's. */
export function sqlState(error: unknown): string | undefined {
  const cause = adapterCause(error)
  const code = cause ? cause.originalCode : (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : undefined
}

function isConnectionError(error: unknown): boolean {
  const state = sqlState(error)
  if (state) return state.startsWith('08') || state.startsWith('57P')
  const { code, message = '' } = (error ?? {}) as { code?: string; message?: string }
  return (
    /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout)$/.test(adapterCause(error)?.kind ?? '') ||
    (typeof code === 'string' && /^(ECONN|EPIPE|ENOTFOUND|EHOSTUNREACH|ETIMEDOUT|ENOENT)/.test(code)) ||
    /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/i.test(
      message,
    )
  )
}

/**
 * True where trying again later may succeed, because nothing is wrong with what was asked: connection lost,
 * server going down or full, a lock or the time not had (for a transaction, too, whose gateway slept), a deadlock or serialization failure, or a pooler that lent
 * another session than the one in which a statement was prepared (42P05, 26000).
 */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error)
  return isConnectionError(error) || (!!state && /^(08|53|57|40|55P03|25P0[34]|42P05|26000)/.test(state))
}

/** What a session is asked for, and nobody else would ask for. */
const probeMs = 54_321

/** Whether a pooler lends sessions: it takes no setting of a session's, or says that it did and forgets it. */
export async function looksPooled(url: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    statement_timeout: probeMs,
    connectionTimeoutMillis: CONNECT_MS,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query("select current_setting('statement_timeout') as timeout")
    return rows[0].timeout !== `${probeMs}ms`
  } catch (error) {
    if (/unsupported startup parameter/.test((error as Error).message)) return true
    throw error
  } finally {
    await client.end().catch(() => {})
  }
}
