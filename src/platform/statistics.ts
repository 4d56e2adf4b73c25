/**
 * PostgreSQL counts what a table holds when autovacuum comes to it, a minute after it has begun to fill at the earliest, and of
 * what was restored from a dump as late. Until then it thinks that no branch has more than a row, and looks for a key through
 * any index that begins with the branch: through all that the branch has.
 */
import type { Database, Queryable } from './database.ts'
import type { Logger } from './log.ts'

/** Commits after which it is looked for the first time; then after twice as many, and so on. */
const firstAfter = 8
/** What has less is gone through as quickly as it is looked up. */
const worthBytes = 65_536

/** Has the tables of ours counted that never were, and have grown; their names. */
async function countNew(db: Queryable): Promise<string[]> {
  const tables = await db.rows<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = current_schema()::regnamespace and relkind = 'r' and pg_has_role(relowner, 'usage')
       and reltuples < 0 and pg_relation_size(oid) >= $1`,
    [worthBytes],
  )
  for (const { name } of tables) await db.run(`analyze (skip_locked) "${name}"`, [])
  return tables.map(({ name }) => name)
}

/** To be told of each commit, and whose it was: it looks seldom, and seldomer. */
export function createEarlyCounts(db: Pick<Database, 'tenant'>, log: Logger): (tenantId: string) => void {
  let commits = 0
  let next = firstAfter
  return (tenantId) => {
    commits += 1
    if (commits < next) return
    next *= 2
    countNew(db.tenant(tenantId)).then(
      (tables) => tables.length > 0 && log.info({ tables }, 'tables were counted for the first time'),
      (err) => log.warn({ err }, 'tables could not be counted; PostgreSQL will come to it by itself'),
    )
  }
}
