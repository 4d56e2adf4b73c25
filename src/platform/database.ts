/**
 * One pool of connections to PostgreSQL for everything: the engine's set-based SQL runs on it as it is,
 * Prisma's typed reads run on it through its driver adapter. Whose rows are meant is said first (row-security.ts): there is
 * no other way to a tenant's tables.
 */
import pg from 'pg'
import type { PrismaClient } from '../generated/prisma/client.ts'
import { type DatabaseOptions, openPool } from './pool.ts'
import { prismaOn } from './prisma.ts'
import { queryReached } from './reached-query.ts'
import { everyTenant, type Reach, reachSql } from './row-security.ts'

export { looksPooled } from './pool.ts'

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

/** The rows of one tenant, or of all: whatever is asked here reaches no others. */
export interface Rows extends Connection {
  /** Typed reads. Never `findUnique`: Prisma makes one statement of those of a moment, whichever tenant asked. */
  readonly prisma: PrismaClient
  /**
   * All that `ask` asks before it first waits, in one transaction and one round trip; afterwards nothing can be asked there
   * any more.
   */
  atOnce<T>(ask: (db: Queryable) => Promise<T>): Promise<T>
}

export interface Database {
  tenant(tenantId: string): Rows
  /** What is about no tenant in particular; who may say so is listed in test/isolation/row-security.test.ts. */
  readonly everyTenant: Rows
  /** The gateway's own tables (keys, tries of PINs), and nothing of any tenant's. */
  readonly own: Queryable & { readonly prisma: PrismaClient }
  /** Of the pool: connections, those of them that nobody has, and who waits for one. */
  readonly pool: { readonly total: number; readonly idle: number; readonly waiting: number }
  /** True while the database answers. */
  ping(): Promise<boolean>
  close(): Promise<void>
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

/** What a transaction begins with: whose rows it is about, and its bounds, where the session is not ours to set them in. */
const beginOf = (reach: Reach, { isPooled, statementTimeoutMs, lockTimeoutMs }: DatabaseOptions): string =>
  isPooled
    ? `begin; ${reachSql(reach)}; set local statement_timeout = ${statementTimeoutMs};
       set local lock_timeout = ${lockTimeoutMs};
       set local idle_in_transaction_session_timeout = ${statementTimeoutMs}; set local timezone = 'UTC'`
    : `begin; ${reachSql(reach)}`

/** What one connection does for whoever has it. */
function connection(client: pg.ClientBase, reach: Reach, options: DatabaseOptions) {
  const db = queryable(client, options.isPooled ?? false)
  const begin = beginOf(reach, options)
  return {
    async atOnce<T>(ask: (client: pg.ClientBase) => Promise<T>): Promise<T> {
      const begun = client.query(begin)
      const asked = ask(client)
      // Behind what was asked, and not waiting for it: where that fails, PostgreSQL makes a rollback of it.
      const [first, answer, last] = await Promise.allSettled([begun, asked, client.query('commit')])
      for (const each of [first, answer, last]) if (each.status === 'rejected') throw each.reason
      checkCommitted((last as PromiseFulfilledResult<pg.QueryResult>).value)
      return (answer as PromiseFulfilledResult<T>).value
    },
    async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
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
        const begun = client.query(begin)
        const [result] = await Promise.all([work(tx), begun])
        checkCommitted(await client.query('commit'))
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

function checkCommitted({ command }: pg.QueryResult): void {
  if (command !== 'COMMIT') throw new NotCommittedError()
}

export function openDatabase(options: DatabaseOptions): Database {
  const { isPooled = false } = options
  const pool = openPool(options)
  const withClient = async <T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> => {
    const client = await pool.connect()
    let failed = false
    const onError = () => {
      failed = true
    }
    client.on('error', onError)
    try {
      return await work(client)
    } catch (error) {
      failed = true
      throw error
    } finally {
      client.off('error', onError)
      // After a failure nobody knows in what state the connection is: it is not lent again.
      client.release(failed)
    }
  }
  /** One statement; where the bounds go with each transaction, it has `begin` and `commit` around it. */
  const query = (reach: Reach, config: pg.QueryConfig) =>
    withClient((client) =>
      isPooled
        ? connection(client, reach, options).atOnce((lent) => lent.query(config))
        : queryReached(client, reach, config),
    )
  const withPrisma = prismaOn(pool, query)
  const rowsOf = (reach: Reach): Rows => {
    const atOnce: Rows['atOnce'] = (ask) =>
      withClient((client) =>
        connection(client, reach, options).atOnce((lent) => untilItWaits(queryable(lent, isPooled), ask)),
      )
    return {
      ...queryable({ query: ((config: pg.QueryConfig) => query(reach, config)) as never }, isPooled),
      atOnce,
      transaction: (work) => withClient((client) => connection(client, reach, options).transaction(work)),
      get prisma() {
        return withPrisma.of(reach)
      },
    }
  }
  return {
    tenant: (tenantId) => rowsOf({ tenantId }),
    everyTenant: rowsOf(everyTenant),
    own: { ...queryable(pool as unknown as pg.ClientBase, isPooled), prisma: withPrisma.own },
    get pool() {
      return { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }
    },
    ping: () =>
      pool.query('select 1').then(
        () => true,
        () => false,
      ),
    async close() {
      await withPrisma.own.$disconnect()
      await pool.end()
    },
  }
}

/** What was asked too late would be asked after the commit, of nobody's rows: it is an error instead. */
async function untilItWaits<T>(db: Queryable, ask: (db: Queryable) => Promise<T>): Promise<T> {
  let isOpen = true
  const open = () => {
    if (!isOpen) throw new Error('asked after the transaction was over: what waits takes transaction()')
    return db
  }
  const asked = ask({
    rows: (text, values) => open().rows(text, values),
    texts: (text, values) => open().texts(text, values),
    run: (text, values) => open().run(text, values),
  })
  isOpen = false
  return asked
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
