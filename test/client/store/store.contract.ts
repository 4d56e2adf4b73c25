/**
 * What every store keeps, as cases that run in Node and in a page alike: plain functions that throw where it is not so.
 */
import type { Store } from '../../../client/sdk/store/store.ts'
import { atomicityCases } from './cases/atomicity.ts'
import { lifeCases } from './cases/life.ts'
import { migrationCases } from './cases/migration.ts'
import { orderCases } from './cases/order.ts'
import { recordCases } from './cases/record.ts'

/** `open` opens a new store, with nothing in it. */
export type Case = (open: () => Promise<Store>) => Promise<void>

/** The cases by name, over stores from `make`, which makes a new one each time. */
export function storeContract(make: () => Store): Record<string, () => Promise<void>> {
  const all = { ...recordCases, ...atomicityCases, ...orderCases, ...lifeCases, ...migrationCases }
  const entries = Object.entries(all).map(([name, run]) => [name, () => withStores(make, run)] as const)
  return Object.fromEntries(entries)
}

async function withStores(make: () => Store, run: Case): Promise<void> {
  const opened: Store[] = []
  try {
    await run(async () => {
      const store = make()
      opened.push(store)
      await store.open()
      return store
    })
  } finally {
    for (const store of opened) await store.close()
  }
}
