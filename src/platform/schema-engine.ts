import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'
import { everyTenant, reachSql } from './row-security.ts'
import { StartError } from './start-error.ts'

export type SchemaEngine = bindings.SchemaEngine

/** A file of a Prisma schema. */
export type SchemaFile = { path: string; content: string }

/** What the engine needs to know where models play no part. */
export const noModels: SchemaFile[] = [
  { path: 'schema.prisma', content: 'datasource db {\n  provider = "postgresql"\n}\n' },
]

/**
 * Written in the transaction of the migration itself. The engine writes it too, but afterwards: a gateway killed in
 * between would leave a migration that is done and not recorded. So an unfinished row always means that nothing was
 * done, or that it can be done again (`concurrentParts`).
 */
const recordFinished =
  'UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL'

const concurrent = /^(DROP INDEX CONCURRENTLY IF EXISTS|CREATE( UNIQUE)? INDEX CONCURRENTLY) /i

/**
 * The statements of a migration that makes indexes beside the writers, which no transaction may hold, so each runs by itself;
 * null: of any other. Nothing else may stand in such a one, and each index is dropped before it is made: what an interrupted
 * one left is no index that serves, and it begins anew.
 */
export function concurrentParts(script: string): string[] | null {
  if (!/\bINDEX CONCURRENTLY\b/i.test(script)) return null
  const parts = script
    .replace(/^--.*$/gm, '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const stranger = parts.find((part) => !concurrent.test(part))
  if (stranger)
    throw new StartError(
      `a migration that makes indexes concurrently does nothing else: ${stranger.slice(0, 60)}`,
    )
  return parts
}

/**
 * Runs `use` with Prisma's schema engine on one database. The engine is the WebAssembly build: the native one would be
 * downloaded, and a gateway must start on a closed network. Throws what `use` throws.
 */
export async function withSchemaEngine<T>(
  databaseUrl: string,
  models: SchemaFile[],
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const connections = new Connections(databaseUrl)
  try {
    await loadEngine()
    const datamodels = models.map(({ path, content }): [string, string] => [path, content])
    const adapter = bindMigrationAwareSqlAdapterFactory(connections)
    const engine = await bindings.SchemaEngine.new({ datamodels }, () => {}, adapter)
    try {
      return await use(engine)
    } finally {
      engine.free()
    }
  } finally {
    await connections.close()
  }
}

let loaded: Promise<void> | undefined

/** Importing the .wasm as a module would print an experimental warning at every start, so it is instantiated by hand. */
function loadEngine(): Promise<void> {
  loaded ??= (async () => {
    // The engine looks for this when it panics, and without it says only that it is undefined.
    Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: throwPanic } })
    const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))
    const bytes = await readFile(join(folder, 'schema_engine_bg.wasm'))
    const { instance } = await WebAssembly.instantiate(bytes, {
      './schema_engine_bg.js': { ...bindings, ...looseTimers },
    })
    bindings.__wbg_set_wasm(instance.exports)
    const { __wbindgen_start: start } = instance.exports as { __wbindgen_start(): void }
    start()
  })()
  return loaded
}

/**
 * The engine gives its lock ten seconds and never takes that timer back: a process that is done (`npm run admin`) would stay
 * for as long. Whatever it waits for has a connection, which keeps the process open.
 */
const looseTimers = Object.fromEntries(
  Object.entries<(run: () => void, ms: number) => NodeJS.Timeout>(bindings as never)
    .filter(([name]) => name.startsWith('__wbg_setTimeout_'))
    .map(([name, setTimer]) => [name, (run: () => void, ms: number) => setTimer(run, ms).unref()]),
)

function throwPanic(message: string): never {
  throw new Error(`the schema engine panicked: ${message}`)
}

/**
 * How the engine reaches PostgreSQL: Prisma's own adapter, with what the engine needs and adapter-pg 7.10 lacks:
 * scripts that are not cut at each semicolon, the type "char", and a shadow database that really is another database
 * (the adapter's own goes back to the main one when the address is given as a URL).
 */
class Connections implements SqlMigrationAwareDriverAdapterFactory {
  readonly provider = 'postgres'
  readonly adapterName = '@prisma/adapter-pg'
  readonly #url: string
  readonly #closing: (() => Promise<unknown>)[] = []

  constructor(url: string) {
    this.#url = url
  }

  connect(): Promise<SqlDriverAdapter> {
    return this.#connectTo(this.#url, recordFinished)
  }

  async connectToShadowDb(): Promise<SqlDriverAdapter> {
    const name = `shadow_${randomUUID().replaceAll('-', '')}`
    const main = this.#openPool(this.#url)
    await main.query(`CREATE DATABASE ${name} TEMPLATE template0`)
    this.#closing.push(() => main.query(`DROP DATABASE ${name} WITH (FORCE)`))
    const url = new URL(this.#url)
    url.pathname = `/${name}`
    return this.#connectTo(url.href)
  }

  /** Closes the connections and drops the shadow databases, the last opened first. */
  async close(): Promise<void> {
    for (const close of this.#closing.reverse()) await close()
  }

  /** One connection: what the engine does is one thing after the other. */
  #openPool(connectionString: string): pg.Pool {
    const pool = new pg.Pool({ connectionString, max: 1 })
    // An idle connection that breaks is told by the next query; without a listener it would end the process.
    pool.on('error', () => {})
    this.#closing.push(() => pool.end())
    return pool
  }

  async #connectTo(url: string, afterScript = ''): Promise<SqlDriverAdapter> {
    const pool = this.#openPool(url)
    reportCharAsArray(pool)
    const adapter = await new PrismaPg(pool).connect()
    const [queryRaw, executeRaw] = [adapter.queryRaw.bind(adapter), adapter.executeRaw.bind(adapter)]
    return Object.assign(adapter, {
      // A simple query runs the whole script in one implicit transaction, as the native engine does. Of all tenants' rows.
      executeScript: async (script: string) => {
        const parts = concurrentParts(script)
        const whole = `${reachSql(everyTenant)};${script}\n;${afterScript}`
        for (const sql of parts ? [...parts, `;${afterScript}`] : [whole])
          await executeRaw({ sql, args: [], argTypes: [] })
      },
      executeRaw: (query: Parameters<typeof executeRaw>[0]) => executeRaw(withoutSessionLock(query)),
      queryRaw: async (query: Parameters<typeof queryRaw>[0]) => {
        const result = await queryRaw(withoutSessionLock(query))
        return {
          ...result,
          columnTypes: result.columnTypes.map((type) => (type === CharacterArray ? Character : type)),
        }
      },
    })
  }
}

/** The engine's own lock is a session's, and never let go: migrate.ts holds one that a pooler can keep. */
const withoutSessionLock = <Query extends { sql: string }>(query: Query): Query => ({
  ...query,
  sql: query.sql.replace('pg_advisory_lock(', 'pg_advisory_xact_lock('),
})

const { Character, CharacterArray } = ColumnTypeEnum

/** Types of PostgreSQL by oid: the catalogue's one-byte "char", and an array of it. */
const CHAR = 18
const CHAR_ARRAY = 1002

/**
 * The engine reads "char" columns of the catalogue, and adapter-pg knows that type only as an array. So they pass the
 * adapter under the array's number and are given their own name behind it; the engine reads no real "char" array.
 */
function reportCharAsArray(pool: pg.Pool): void {
  const query = pool.query.bind(pool) as (config: pg.QueryArrayConfig) => Promise<pg.QueryArrayResult>
  Object.assign(pool, {
    query: async (config: pg.QueryArrayConfig) => {
      const result = await query(config)
      for (const field of result.fields ?? []) if (field.dataTypeID === CHAR) field.dataTypeID = CHAR_ARRAY
      return result
    },
  })
}
