import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BaseChange, View } from '../../client/sdk/cache/view.ts'
import type { EntityRecord } from '../../client/sdk/store/layout.ts'
import type { Entity, EntityKind, Json, QueuedOperation } from '../../client/sdk/words.ts'
import { changeOf, totalsOf } from '../../src/modules/sale/pricing.ts'
import { modules } from './support/modules.ts'

const stream = { tenantId: 'demo', branchId: 'riverside' }
const people = ['sophea', 'bopha']
const uuids = (count: number) => Array.from({ length: count }, () => randomUUID() as string)
const [sessions, sales, movements, works] = [uuids(3), uuids(4), uuids(3), uuids(3)]
const items = ['latte', 'croissant']
const at = '2026-03-01T08:00:00.000Z'

/** Price and policy follow from the revision, so that a sale is right wherever its revisions are known. */
const priceOf = (revision: number) => 100 * revision
const policyOf = (revision: number) => ({
  vatEnabled: true,
  vatRatePercent: revision,
  fxRateKhrPerUsd: 4000 + revision,
  khrRoundingEnabled: true,
  khrRoundingMode: 'NEAREST' as const,
  khrRoundingGranularity: 100 as const,
})

// -- what a stream may bring -----------------------------------------------------------------------------------------

const beans = { stockItemId: 'beans', name: 'Beans', unit: 'g', quantity: 18, tracking: 'TRACKED' }
const revision = fc.integer({ min: 1, max: 3 })
const amount = fc.integer({ min: 0, max: 3 }).map((n) => n * 100)

const entity = (kind: EntityKind, id: fc.Arbitrary<string>, payload: fc.Arbitrary<object>) =>
  fc.record({ kind: fc.constant(kind), id, payload: fc.option(payload as fc.Arbitrary<Json>, { freq: 4 }) })

const change = fc
  .oneof(
    entity(
      'branch',
      fc.constant('riverside'),
      fc.record({ name: fc.constant('Riverside'), status: fc.constantFrom('ACTIVE', 'ACTIVE', 'FROZEN') }),
    ),
    entity(
      'policy',
      fc.constant('riverside'),
      revision.map((revision) => ({ revision, ...policyOf(revision) })),
    ),
    entity(
      'menuItem',
      fc.constantFrom(...items),
      revision.map((revision) => ({
        ...{ revision, name: 'Item', categoryId: 'coffee', priceUsd: priceOf(revision) },
        ...{ modifierGroupIds: [], recipe: [beans], archived: false },
      })),
    ),
    entity(
      'staffMember',
      fc.constantFrom(...people),
      fc.constantFrom('CASHIER', 'MANAGER', 'STAFF').map((role) => ({ staffCode: 'x', name: 'X', role })),
    ),
    entity(
      'cashSession',
      fc.constantFrom(...sessions),
      fc.record({ status: fc.constantFrom('OPEN', 'CLOSED'), usd: amount }).map(({ status, usd }) => ({
        ...{ status, openedBy: 'sophea', openedAt: at },
        ...{ openingFloat: { usd, khr: 0 }, expected: { usd, khr: 0 } },
      })),
    ),
    entity(
      'stockItem',
      fc.constant('beans'),
      amount.map((onHand) => ({ name: 'Beans', unit: 'g', onHand })),
    ),
    entity(
      'attendance',
      fc.constantFrom(...works),
      fc
        .record({ actorId: fc.constantFrom(...people), status: fc.constantFrom('ACTIVE', 'COMPLETED') })
        .map((given) => ({
          ...given,
          startedAt: at,
          endedAt: given.status === 'ACTIVE' ? null : at,
        })),
    ),
  )
  .map(
    ({ kind, id, payload }): BaseChange => ({
      kind,
      id,
      record: payload === null ? null : recordOf(payload),
    }),
  )
const recordOf = (payload: Json): EntityRecord => ({ payload, seq: 1, generation: 1 })

// -- what a queue may hold -------------------------------------------------------------------------------------------

const inSession = { cashSessionId: fc.constantFrom(...sessions) }
const saleOf = ({
  item,
  revision,
  policyRevision,
  quantity,
  ...ids
}: {
  item: string
  revision: number
  policyRevision: number
  quantity: number
  saleId: string
  cashSessionId: string
}) => {
  const totals = totalsOf([{ unitUsd: priceOf(revision), quantity }], policyOf(policyRevision))
  const paid = { currency: 'KHR' as const, received: totals.totalKhr + 500 }
  return {
    ...ids,
    ...{ saleType: 'TAKEAWAY', policyRevision, totals },
    lines: [{ menuItemId: item, menuItemRevision: revision, quantity, modifierOptionIds: [] }],
    tender: { method: 'CASH', ...paid, change: changeOf(paid, totals, policyOf(policyRevision)) },
  }
}

const intent = fc.oneof(
  fc.record({
    type: fc.constant('cashSession.open'),
    payload: fc
      .record({ ...inSession, usd: amount })
      .map(({ usd, ...ids }) => ({ ...ids, openingFloat: { usd, khr: 0 } })),
  }),
  fc.record({
    type: fc.constant('cashSession.movement'),
    payload: fc
      .record({ ...inSession, movementId: fc.constantFrom(...movements), amount: fc.constantFrom(100, 200) })
      .map((given) => ({ ...given, kind: 'PAID_IN', currency: 'USD', reason: 'change' })),
  }),
  fc.record({
    type: fc.constant('cashSession.close'),
    payload: fc.record(inSession).map((ids) => ({ ...ids, counted: { usd: 0, khr: 0 } })),
  }),
  fc.record({
    type: fc.constant('sale.finalize'),
    payload: fc
      .record({
        ...inSession,
        saleId: fc.constantFrom(...sales),
        item: fc.constantFrom(...items),
        revision,
        policyRevision: revision,
        quantity: fc.integer({ min: 1, max: 2 }),
      })
      .map(saleOf),
  }),
  fc.record({
    type: fc.constant('attendance.startWork'),
    payload: fc.record({ attendanceId: fc.constantFrom(...works) }),
  }),
  fc.record({
    type: fc.constant('attendance.endWork'),
    payload: fc.record({ attendanceId: fc.constantFrom(...works) }),
  }),
)
const operation = fc.record({ actorId: fc.constantFrom(...people), intent }).map(
  ({ actorId, intent }) =>
    ({
      ...stream,
      ...intent,
      actorId,
      clientOpId: randomUUID(),
      occurredAt: at,
    }) as unknown as QueuedOperation,
)

// -- what happens to a view ------------------------------------------------------------------------------------------

type Step =
  | { does: 'pull'; changes: BaseChange[] }
  | { does: 'queue'; operation: QueuedOperation }
  | { does: 'confirm'; which: number; changes: BaseChange[] }
  | { does: 'requeue'; which: number }
  | { does: 'complete'; isWhole: boolean }
  | { does: 'look' }
  | { does: 'get'; kind: EntityKind; id: string }

const changes = fc.array(change, { maxLength: 4 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant('pull' as const), changes }) },
  { weight: 6, arbitrary: fc.record({ does: fc.constant('queue' as const), operation }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('confirm' as const), which: fc.nat(9), changes }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('requeue' as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('complete' as const), isWhole: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('look' as const) }) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom<[EntityKind, readonly string[]]>(
        ['sale', sales],
        ['cashSession', sessions],
        ['menuItem', items],
      )
      .chain(([kind, ids]) =>
        fc.record({
          does: fc.constant('get' as const),
          kind: fc.constant(kind),
          id: fc.constantFrom(...ids),
        }),
      ),
  },
)

/** A morning: the branch, its people, an open session. */
const morning: BaseChange[] = (
  [
    ['branch', 'riverside', { name: 'Riverside', status: 'ACTIVE' }],
    ['policy', 'riverside', { revision: 1, ...policyOf(1) }],
    ['staffMember', 'sophea', { staffCode: 'x', name: 'X', role: 'CASHIER' }],
    [
      'menuItem',
      'latte',
      {
        revision: 1,
        name: 'Latte',
        categoryId: 'coffee',
        priceUsd: 100,
        modifierGroupIds: [],
        recipe: [beans],
        archived: false,
      },
    ],
  ] as [EntityKind, string, Json][]
).map(([kind, id, payload]) => ({ kind, id, record: recordOf(payload) }))

const kinds: EntityKind[] = [
  'branch',
  'policy',
  'menuItem',
  'staffMember',
  'cashSession',
  'cashMovement',
  'sale',
  'stockItem',
  'attendance',
]

/** A view with its queue, moved on as the client moves it. */
class Moving {
  queue: QueuedOperation[] = []
  readonly base = new Map<string, BaseChange>()
  readonly view: View

  constructor(options?: ConstructorParameters<typeof View>[3]) {
    this.view = new View(modules, stream, () => this.queue, options)
  }

  take(step: Step): void {
    switch (step.does) {
      case 'pull':
        this.#pull(step.changes)
        break
      case 'queue':
        this.queue.push(step.operation)
        this.view.append(step.operation)
        break
      case 'confirm':
        this.#pull(step.changes)
        this.queue = this.queue.filter((_, i) => i !== step.which)
        this.view.refold()
        break
      case 'requeue': {
        const moved = this.queue[step.which]
        if (moved) this.queue = [...this.queue.filter((each) => each !== moved), moved]
        this.view.refold()
        break
      }
      case 'complete':
        this.view.isWhole = step.isWhole
        break
      case 'look':
        for (const kind of kinds) this.view.query(kind)
        break
      case 'get':
        this.view.entity(step.kind, step.id)
    }
  }

  #pull(changes: BaseChange[]): void {
    for (const each of changes) this.base.set(`${each.kind} ${each.id}`, each)
    this.view.changeBase(changes)
  }

  /** The same, folded from nothing. */
  anew(): View {
    const view = new View(modules, stream, () => this.queue)
    view.changeBase(this.base.values())
    view.isWhole = this.view.isWhole
    return view
  }
}

const seen = (view: View) =>
  kinds.map((kind) => [...view.query(kind)].sort((a, b) => a.id.localeCompare(b.id)))

const steps = fc.array(step, { maxLength: 25 })

test('a view that was moved on step by step is what a fold from nothing makes', () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const moving = new Moving()
      moving.take({ does: 'pull', changes: morning })
      for (const step of steps) {
        moving.take(step)
        // Not after each: a view that nobody looks at has other steps to make.
        if (step.does === 'look') expect(seen(moving.view)).toEqual(seen(moving.anew()))
      }
      expect(seen(moving.view)).toEqual(seen(moving.anew()))
    }),
    { numRuns: 300 },
  )
})

test('the same where it is folded in slices, whatever happens between two of them', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.infiniteStream(fc.boolean()), async (steps, pauses) => {
      const moving = new Moving({ atOnce: 0 })
      moving.take({ does: 'pull', changes: morning })
      for (const step of steps) {
        moving.take(step)
        if (pauses.next().value) await new Promise((go) => setTimeout(go))
      }
      await folded(moving.view)
      expect(seen(moving.view)).toEqual(seen(moving.anew()))
    }),
    { numRuns: 100 },
  )
})

test('while a long queue is folded anew, taps have their turns, what was seen stays as it was, and what is queued is seen', async () => {
  let moves = 0
  const moving = new Moving({
    moved: () => {
      moves += 1
    },
  })
  const intent = (type: string, payload: object): QueuedOperation =>
    ({ ...stream, type, payload, actorId: 'sophea', clientOpId: randomUUID(), occurredAt: at }) as never
  const [cashSessionId] = sessions
  const open = { cashSessionId, openingFloat: { usd: 0, khr: 0 } }
  const paidIn = () =>
    intent('cashSession.movement', {
      ...{ cashSessionId, movementId: randomUUID(), kind: 'PAID_IN', currency: 'USD' },
      ...{ amount: 1, reason: 'change' },
    })
  moving.take({ does: 'pull', changes: morning })
  moving.queue = [intent('cashSession.open', open), ...Array.from({ length: 2_000 }, paidIn)]
  moving.view.refold()
  await folded(moving.view)
  const drawer = () => {
    const { expected } = moving.view.query('cashSession')[0]!
    return [expected.usd, moving.view.query('cashMovement').length, moving.view.query('stockItem').length]
  }
  expect([drawer(), moves]).toEqual([[2_000, 2_000, 0], 1])

  // The gateway has refused one, and another has come by a page, with something of no concern.
  moving.queue.splice(1_000, 1)
  moving.view.refold()
  const beans = recordOf({ name: 'Beans', unit: 'g', onHand: 1 })
  moving.take({ does: 'pull', changes: [{ kind: 'stockItem', id: 'beans', record: beans }] })
  expect(drawer()).toEqual([2_000, 2_000, 0])
  await new Promise((go) => setTimeout(go))
  expect(drawer()).toEqual([2_000, 2_000, 0])
  moving.take({ does: 'queue', operation: paidIn() })
  expect(drawer()).toEqual([2_001, 2_001, 0])
  await moving.view.settled()
  expect([drawer(), moves]).toEqual([[2_000, 2_000, 1], 2])
})

test('an operation that cannot be decided here hides nothing of the others', () => {
  const moving = new Moving()
  moving.take({ does: 'pull', changes: morning })
  const of = (type: string, payload: object) =>
    ({ ...stream, type, payload, actorId: 'sophea', clientOpId: randomUUID(), occurredAt: at }) as never
  const open = { cashSessionId: sessions[0], openingFloat: { usd: 0, khr: 0 } }
  moving.take({ does: 'queue', operation: of('bakery.bake', { of: 'a newer app' }) })
  moving.take({ does: 'queue', operation: of('sale.finalize', { of: 'an older app' }) })
  moving.take({ does: 'queue', operation: of('cashSession.open', open) })
  expect(moving.view.query('cashSession')).toHaveLength(1)
  expect(seen(moving.view)).toEqual(seen(moving.anew()))
})

test('an entity is the same object until something in it changes', () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const moving = new Moving()
      moving.take({ does: 'pull', changes: morning })
      let before = byName(moving.view)
      for (const step of steps) {
        moving.take(step)
        const after = byName(moving.view)
        for (const [name, entity] of after) {
          const earlier = before.get(name)
          if (earlier && JSON.stringify(earlier) === JSON.stringify(entity))
            expect(entity, name).toBe(earlier)
        }
        before = after
      }
    }),
    { numRuns: 300 },
  )
})

test('whoever watches has been told what a query says, and is told nothing twice', () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const moving = new Moving()
      moving.take({ does: 'pull', changes: morning })
      const lists = new Map<EntityKind, (readonly Entity[])[]>()
      for (const kind of kinds)
        moving.view.watch(kind, undefined, (entities) => {
          lists.set(kind, [...(lists.get(kind) ?? []), entities])
        })
      for (const step of steps) {
        moving.take(step)
        moving.view.announce()
        for (const kind of kinds) expect(lists.get(kind)?.at(-1)).toEqual(moving.view.query(kind))
      }
      for (const of of lists.values())
        of.slice(1).forEach((list, i) => {
          const isNews = list.length !== of[i]!.length || list.some((each, place) => each !== of[i]![place])
          expect(isNews).toBe(true)
        })
    }),
    { numRuns: 200 },
  )
})

test('while pages follow each other what costs much is told now and then, the rest at once, the last page always', () => {
  const moving = new Moving()
  moving.take({ does: 'pull', changes: morning })
  const told: unknown[] = []
  moving.view.watch('stockItem', undefined, ([beans]) => {
    const begun = performance.now()
    // Long enough that the rest after it is not over by itself.
    while (performance.now() < begun + 500);
    told.push(beans?.onHand)
  })
  const page = (onHand: number): BaseChange => ({
    ...{ kind: 'stockItem', id: 'beans' },
    record: recordOf({ name: 'Beans', unit: 'g', onHand }),
  })
  const pull = (onHand: number) => moving.take({ does: 'pull', changes: [page(onHand)] })
  pull(1)
  moving.view.announce({ moreToCome: true })
  pull(2)
  moving.view.announce({ moreToCome: true })
  expect(told).toEqual([undefined, 1])
  expect(moving.view.entity('stockItem', 'beans')?.onHand).toBe(2)
  // Somebody has looked: nothing is left to be folded, so it costs nothing to tell.
  moving.view.announce({ moreToCome: true })
  expect(told).toEqual([undefined, 1, 2])
  pull(3)
  moving.view.announce({ moreToCome: true })
  moving.view.announce()
  expect(told).toEqual([undefined, 1, 2, 3])
})

const byName = (view: View) =>
  new Map(
    kinds.flatMap((kind) => view.query(kind).map((entity) => [`${kind} ${entity.id}`, entity as Entity])),
  )

/** Resolves when nothing is left to be folded. */
async function folded(view: View): Promise<void> {
  view.refold()
  await view.settled()
}
