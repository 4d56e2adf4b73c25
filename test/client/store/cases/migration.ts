/** Migrations, by invented steps. */
import { migrate, type Step, schemaVersion, steps } from '../../../../client/sdk/store/migrate.ts'
import { type Store, StoreError } from '../../../../client/sdk/store/store.ts'
import { equal, failsAs } from '../claims.ts'
import type { Case } from '../store.contract.ts'

type Old = { name: string }

const rename: Step = {
  version: 2,
  name: 'names become titles',
  async run(tx) {
    for (const { key, value } of await tx.list<Old>('entities')) {
      if (value) tx.put('entities', key, { title: value.name })
    }
  },
}
const count: Step = {
  version: 3,
  name: 'titles are counted',
  run: async (tx) => await tx.put('meta', 'titles', (await tx.list('entities')).length),
}
const broken: Step = {
  version: 3,
  name: 'halfway',
  async run(tx) {
    await tx.put('entities', 'coffee', 'nonsense')
    await tx.delete('entities', 'tea')
    throw new TypeError('a mistake in a step')
  },
}

export const migrationCases: Record<string, Case> = {
  async 'a new store is of this version'(open) {
    const store = await open()
    await migrate(store)
    equal(await versionOf(store), schemaVersion)
  },

  async 'the steps are numbered from 2 on, without a gap'() {
    equal(
      steps.map(({ version }) => version),
      steps.map((_, index) => index + 2),
    )
  },

  async 'an older store goes through the steps that are due, each one once'(open) {
    const store = await oldStore(open)
    await migrate(store, [rename])
    equal(await versionOf(store), 2)
    equal(await entitiesOf(store), [
      ['coffee', { title: 'Coffee' }],
      ['tea', { title: 'Tea' }],
    ])
    await migrate(store, [rename, count])
    await migrate(store, [rename, count])
    equal(await versionOf(store), 3)
    equal(await entitiesOf(store), [
      ['coffee', { title: 'Coffee' }],
      ['tea', { title: 'Tea' }],
    ])
    equal(await store.transact('read', (tx) => tx.get('meta', 'titles')), 2)
  },

  async 'two that migrate at the same time run each step once'(open) {
    const store = await oldStore(open)
    await Promise.all([migrate(store, [rename]), migrate(store, [rename])])
    equal(await entitiesOf(store), [
      ['coffee', { title: 'Coffee' }],
      ['tea', { title: 'Tea' }],
    ])
  },

  async 'a step that fails leaves everything as it was, also what earlier steps did, and says which'(open) {
    const store = await oldStore(open)
    const thrown = await failsAs('FAILED', migrate(store, [rename, broken]))
    equal(thrown.message, 'The data could not be brought to version 3 (halfway).')
    equal(thrown.cause instanceof TypeError, true)
    equal(await versionOf(store), 1)
    equal(await entitiesOf(store), [
      ['coffee', { name: 'Coffee' }],
      ['tea', { name: 'Tea' }],
    ])
    await migrate(store, [rename, count])
    equal(await versionOf(store), 3)
  },

  async 'a step that has no room fails as FULL'(open) {
    const store = await oldStore(open)
    const run = async () => {
      throw new StoreError('FULL', 'no room')
    }
    await failsAs('FULL', migrate(store, [{ version: 2, name: 'more', run }]))
    equal(await versionOf(store), 1)
  },

  async 'a store that a newer version has used is left alone'(open) {
    const store = await oldStore(open)
    await migrate(store, [rename, count])
    await failsAs('NEWER', migrate(store, [rename]))
    equal(await versionOf(store), 3)
    equal(await entitiesOf(store), [
      ['coffee', { title: 'Coffee' }],
      ['tea', { title: 'Tea' }],
    ])
  },

  async 'a version that cannot be understood is not taken for any'(open) {
    const store = await oldStore(open)
    await store.transact('write', (tx) => tx.put('meta', 'schemaVersion', 'two'))
    await failsAs('FAILED', migrate(store, [rename]))
    equal(await versionOf(store), 'two')
  },
}

async function oldStore(open: () => Promise<Store>): Promise<Store> {
  const store = await open()
  await migrate(store, [])
  await store.transact('write', async (tx) => {
    tx.put('entities', 'coffee', { name: 'Coffee' })
    tx.put('entities', 'tea', { name: 'Tea' })
  })
  return store
}

const versionOf = (store: Store) => store.transact('read', (tx) => tx.get('meta', 'schemaVersion'))

const entitiesOf = (store: Store) =>
  store.transact('read', async (tx) => (await tx.list('entities')).map(({ key, value }) => [key, value]))
