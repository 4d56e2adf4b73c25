/**
 * A store is nothing but a Map that is kept: any sequence of transactions leads to the same in both.
 */
import fc from 'fast-check'
import { type Collection, type Entry, type Store, StoreError } from '../../../client/sdk/store/store.ts'
import { equal, thrownBy } from './claims.ts'

type Model = Map<string, { collection: Collection; key: string; value: unknown }>
type Op =
  | { op: 'put'; collection: Collection; key: string; value: unknown }
  | { op: 'delete' | 'get'; collection: Collection; key: string }
  | { op: 'list'; collection: Collection; prefix: string | undefined }
type Plan = { ops: Op[]; awaited: boolean; end: 'kept' | 'throws' | 'cannot be put' }

const collection = fc.constantFrom<Collection>('operations', 'entities')
// Few enough that they meet again, and odd enough.
const key = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('', 'a', 'ab', 'a\u0000', 'a%', 'a_', 'ក', 'កា', '😀', '\uffff', 'a\uffff'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
)
const prefix = fc.option(key, { nil: undefined })
// JSON has no -0.
const value = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)))
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant('put' as const), collection, key, value }) },
  {
    weight: 2,
    arbitrary: fc.record({ op: fc.constantFrom('delete' as const, 'get' as const), collection, key }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('list' as const), collection, prefix }) },
)
const end = fc.constantFrom<Plan['end']>('kept', 'kept', 'kept', 'throws', 'cannot be put')
const plan: fc.Arbitrary<Plan> = fc.record({
  ops: fc.array(op, { maxLength: 12 }),
  awaited: fc.boolean(),
  end,
})

/** Throws, with the shortest sequence of transactions that it finds, where a store is not like a Map. */
export async function isLikeAMap(make: () => Store, numRuns: number): Promise<void> {
  const likeAMap = fc.asyncProperty(fc.array(plan, { maxLength: 8 }), async (plans) => {
    const store = make()
    await store.open()
    try {
      let model: Model = new Map()
      for (const each of plans) model = await follow(store, model, each)
      await compare(store, model)
      await store.close()
      await store.open()
      await compare(store, model)
    } finally {
      await store.close()
    }
  })
  await fc.assert(likeAMap, { numRuns })
}

/** Runs the plan on the store; returns what the model is afterwards. */
async function follow(store: Store, before: Model, { ops, awaited, end }: Plan): Promise<Model> {
  const after: Model = new Map(before)
  const running = store.transact('write', async (tx) => {
    for (const each of ops) {
      const { collection } = each
      if (each.op === 'list')
        equal(await tx.list(collection, each.prefix), listed(after, collection, each.prefix))
      else if (each.op === 'get') equal(await tx.get(collection, each.key), after.get(nameOf(each))?.value)
      else {
        const written =
          each.op === 'put' ? tx.put(collection, each.key, each.value) : tx.delete(collection, each.key)
        if (awaited) await written
        if (each.op === 'put') after.set(nameOf(each), each)
        else after.delete(nameOf(each))
      }
    }
    if (end === 'throws') throw new Error('as planned')
    if (end === 'cannot be put') tx.put('meta', 'broken', 1n)
  })
  if (end === 'kept') {
    await running
    return after
  }
  const thrown = await thrownBy(running)
  if (end === 'throws' ? (thrown as Error).message !== 'as planned' : !(thrown instanceof StoreError))
    throw thrown
  return before
}

async function compare(store: Store, model: Model): Promise<void> {
  await store.transact('read', async (tx) => {
    for (const collection of ['operations', 'entities', 'meta'] as const) {
      equal(await tx.list(collection), listed(model, collection))
    }
  })
}

function listed(model: Model, collection: Collection, prefix = ''): Entry<unknown>[] {
  return [...model.values()]
    .filter((each) => each.collection === collection && each.key.startsWith(prefix))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, value }) => ({ key, value }))
}

const nameOf = ({ collection, key }: { collection: Collection; key: string }) => `${collection}/${key}`
