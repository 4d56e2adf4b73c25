/**
 * One statement with whose rows it is about, as one message and one transaction: PostgreSQL ends a transaction that nobody
 * began when it is told to sync, and what comes before that together is in it. With `begin` and `commit` around it a look-up
 * took twice as long.
 */
import pg from 'pg'
import { type Reach, settingOf } from './row-security.ts'

/** What pg's own query has of its connection: a statement is parsed, bound, executed; the last of them syncs. */
type Wire = {
  parse(statement: { name: string; text: string }): void
  bind(portal: {
    statement: string
    portal: string
    values: readonly string[]
    valueMapper: <T>(value: T) => T
  }): void
  execute(portal: { portal: string }): void
}
type Handlers = {
  prepare(wire: Wire): void
  handleDataRow(message: unknown): void
  handleCommandComplete(message: unknown, wire: Wire): void
}
const PgQuery = pg.Query as unknown as new (config: pg.QueryConfig) => Handlers

const reachName = 'modula_reach'
const reachText = 'select set_config($1, $2, true)'
/** Connections that have it prepared. */
const prepared = new WeakSet<Wire>()

class ReachedQuery extends PgQuery {
  readonly #setting: readonly [string, string]
  #isSaid = false

  constructor(config: pg.QueryConfig, setting: readonly [string, string]) {
    super({ ...config, queryMode: 'extended' } as pg.QueryConfig)
    this.#setting = setting
  }

  override prepare(wire: Wire): void {
    if (!prepared.has(wire)) wire.parse({ name: reachName, text: reachText })
    prepared.add(wire)
    wire.bind({ statement: reachName, portal: '', values: this.#setting, valueMapper: (value) => value })
    wire.execute({ portal: '' })
    super.prepare(wire)
  }

  override handleDataRow(message: unknown): void {
    if (this.#isSaid) super.handleDataRow(message)
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    if (this.#isSaid) super.handleCommandComplete(message, wire)
    this.#isSaid = true
  }
}

/** Runs one statement; what it answers. After an error the connection is not to be used again. */
export const queryReached = (
  client: pg.ClientBase,
  reach: Reach,
  config: pg.QueryConfig,
): Promise<pg.QueryResult> =>
  new Promise((resolve, reject) => {
    const query = new ReachedQuery(config, settingOf(reach))
    const answer = (error: Error | null, result: pg.QueryResult) => (error ? reject(error) : resolve(result))
    ;(client.query as unknown as (query: Handlers, answer: unknown) => void).call(client, query, answer)
  })
