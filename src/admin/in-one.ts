/**
 * A command is all or nothing: whatever transactions it consists of are one, on one connection.
 */
import type { Database, Rows, Transaction } from '../platform/database.ts'

/**
 * Runs `work` on a database whose transactions are parts of one, which is committed at the end; or undone where `keep`
 * is false, or `work` throws. It reaches one tenant's rows, or (null) those of all.
 */
export async function inOne<T>(
  db: Database,
  tenantId: string | null,
  keep: boolean,
  work: (within: Database) => Promise<T>,
): Promise<T> {
  let result: { value: T } | undefined
  try {
    const rows = tenantId === null ? db.everyTenant : db.tenant(tenantId)
    await rows.transaction(async (tx) => {
      result = { value: await work(within(db, tenantId, tx)) }
      if (!keep) throw new Error('a dry run')
    })
  } catch (error) {
    if (keep || !result) throw error
  }
  return result!.value
}

function within(db: Database, tenantId: string | null, tx: Transaction): Database {
  const rows = (of: string | null): Rows => {
    if (of !== tenantId) throw new Error('a command is about one tenant, or about all')
    return {
      ...tx,
      atOnce: (ask) => ask(tx),
      transaction: (work) => tx.part(() => work(tx)),
      get prisma(): never {
        throw new Error('typed reads are of no transaction')
      },
    }
  }
  return {
    ...db,
    tenant: rows,
    get everyTenant() {
      return rows(null)
    },
  }
}
