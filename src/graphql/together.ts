import DataLoader from 'dataloader'
import type { Rows } from '../platform/database.ts'
import type { Context } from './context.ts'

/** As many as a page holds. */
const maxTogether = 200

/**
 * What a field of a list's items asks of the database: all that are resolved in one turn ask once, for each of them would be
 * a transaction. `ask` answers in the order of its keys, which are of one tenant. Nothing is kept: a later turn asks anew.
 */
export function together<Key extends { tenantId: string }, Answer>(
  ask: (db: Rows, tenantId: string, keys: readonly Key[]) => Promise<Answer[]>,
): (key: Key, context: Pick<Context, 'db'>) => Promise<Answer> {
  const ofRequests = new WeakMap<object, Map<string, DataLoader<Key, Answer>>>()
  return (key, context) => {
    const { tenantId } = key
    const loaders = ofRequests.get(context) ?? new Map<string, DataLoader<Key, Answer>>()
    ofRequests.set(context, loaders)
    const loader =
      loaders.get(tenantId) ??
      new DataLoader<Key, Answer>((keys) => ask(context.db.tenant(tenantId), tenantId, keys), {
        cache: false,
        maxBatchSize: maxTogether,
      })
    loaders.set(tenantId, loader)
    return loader.load(key)
  }
}
