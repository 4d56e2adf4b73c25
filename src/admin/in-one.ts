/**
 * A command is all or nothing: whatever transactions it consists of are one, on one connection.
 */
import type { Connection, Database, Transaction } from '../platform/database.ts'

/**
 * Runs `work` on a database whose transactions are parts of one, which is committed at the end; or undone where `keep`
 * is false, or `work` throws.
 */
export async function inOne<T>(
  db: Database,
  keep: boolean,
  work: (within: Database) => Promise<T>,
): Promise<T> {
  let result: { value: T } | undefined
  try {
    await db.transaction(async (tx) => {
      result = { value: await work(within(db, tx)) }
      if (!keep) throw new Error('a dry run')
    })
  } catch (error) {
    if (keep || !result) throw error
  }
  return result!.value
}

function within(db: Database, tx: Transaction): Database {
  const connection: Connection = { ...tx, transaction: (work) => tx.part(() => work(tx)) }
  return { ...db, ...connection, withConnection: (work) => work(connection) }
}
