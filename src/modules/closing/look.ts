/** What stands outside a session now, for people who are about to close it. */
import type { Database } from '../../platform/database.ts'
import { load } from '../../sync/sql.ts'
import { State } from '../../sync/state.ts'
import type { Outside } from './contract.ts'
import { outsideOf, outsideReads } from './outside.ts'

export function outsideNow(db: Database, where: Parameters<typeof outsideOf>[0]): Promise<Outside> {
  return db.withConnection(async (connection) => {
    const state = new State()
    for (const reads of outsideReads) await load(connection, where.tenantId, reads(where, state), state)
    return outsideOf(where, state)
  })
}
