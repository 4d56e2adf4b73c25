/**
 * The model's comparison in a tab. On its own, as fast-check is more to load than all the rest.
 */
import { indexedDbStore } from '../../../client/sdk/store/indexed-db.ts'
import { isLikeAMap } from './model.ts'

const page = {
  isLikeAMap: (numRuns: number) => isLikeAMap(() => indexedDbStore(crypto.randomUUID()), numRuns),
}

export type IndexedDbModelPage = typeof page
Object.assign(window, { page })
