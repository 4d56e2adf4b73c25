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
  /**
   * Between us and PostgreSQL stands a pooler that lends another session for each transaction (PgBouncer): what is set or
   * prepared in a session is somebody else's afterwards, so neither is done.
   */
  isPooled?: boolean
  onError?: (error: Error) => void
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

export function openDatabase(options: DatabaseOptions): Database {
  const { isPooled = false, statementTimeoutMs, lockTimeoutMs } = options
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
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'modula-sync',
    // Statements that do not wait for each other share a round trip: a batch takes 5 of them instead of 20.
    pipeline: true,
  })
  // Sent before anything else on a new connection: times are read as text in places, and are so the quicker.
  if (!isPooled) pool.on('connect', (client) => void client.query("set timezone to 'UTC'").catch(() => {}))
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
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/i.test(
      message,
    )
  )
}

/**
 * True where trying again later may succeed, because nothing is wrong with what was asked: connection lost,
 * server going down or full, a lock or the time not had, a deadlock or serialization failure, or a pooler that lent
 * another session than the one in which a statement was prepared (42P05, 26000).
 */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error)
  return isConnectionError(error) || (!!state && /^(08|53|57|40|55P03|42P05|26000)/.test(state))
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
