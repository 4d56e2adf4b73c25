import DataLoader from 'dataloader'
import type { Rows } from '../platform/database.ts'
import type { Context } from './context.ts'

/** As many as a page holds. */
const maxTogether = 200

/**
 * What a field of a list's items asks of the database: all that are resolved in one turn ask once, each id once, for each of
 * them would be a transaction. `ask` answers by id, and leaves out what there is nothing of. Nothing is kept: a later turn
 * asks anew.
 */
export function together<Answer>(
  ask: (db: Rows, tenantId: string, ids: readonly string[]) => Promise<ReadonlyMap<string, Answer>>,
): (of: { tenantId: string; id: string }, context: Pick<Context, 'db'>) => Promise<Answer | undefined> {
  const ofRequests = new WeakMap<object, Map<string, DataLoader<string, Answer | undefined>>>()
  return ({ tenantId, id }, context) => {
    const loaders = ofRequests.get(context) ?? new Map<string, DataLoader<string, Answer | undefined>>()
    ofRequests.set(context, loaders)
    const loader =
      loaders.get(tenantId) ??
      new DataLoader<string, Answer | undefined>(
        async (ids) => {
          loader.clearAll()
          const answers = await ask(context.db.tenant(tenantId), tenantId, ids)
          return ids.map((each) => answers.get(each))
        },
        { maxBatchSize: maxTogether },
      )
    loaders.set(tenantId, loader)
    return loader.load(id)
  }
}
