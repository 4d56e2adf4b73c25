/**
 * A finder means the same as SQL, for the gateway, and in memory, for a till: `load` and `matches` on the same rows.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { activeAttendanceOf } from '../../src/modules/attendance/tables.ts'
import { cashSessionById, openCashSessionOf } from '../../src/modules/cash-session/tables.ts'
import { type Refusal, refusalById, refusals } from '../../src/modules/closing/tables.ts'
import {
  allMenuItems,
  menuItemRevision,
  menuItems,
  menuItemsInCategory,
} from '../../src/modules/menu/tables.ts'
import { type Database, openDatabase } from '../../src/platform/database.ts'
import { load, writeRows } from '../../src/sync/sql.ts'
import { State } from '../../src/sync/state.ts'
import { type AnyRow, defineFinder, matches, type Read } from '../../src/sync/table.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { atWork, ids, item, published, session } from '../support/rows.ts'

let database: TestDatabase
let db: Database

const rows = [
  session(),
  session({ id: randomUUID(), status: 'CLOSED' }),
  session({ id: randomUUID(), branchId: 'market' }),
  session({ id: randomUUID(), branchId: 'market', status: 'FORCE_CLOSED' }),
  atWork(),
  atWork({ id: randomUUID(), status: 'COMPLETED' }),
  atWork({ id: randomUUID(), actorId: 'dara' }),
  item(),
  item({ id: 'mocha', removed: true }),
  item({ id: 'tea', categoryId: 'teas', visibleIn: ['market'] }),
  published(),
  published({ revision: 2 }),
]

beforeAll(async () => {
  database = await createTestDatabase()
  db = openDatabase({ url: database.url, poolSize: 4, statementTimeoutMs: 10_000, lockTimeoutMs: 10_000 })
  await writeRows(db.tenant('demo'), 'demo', rows)
  await writeRows(db.tenant('rival'), 'rival', rows)
})
afterAll(async () => {
  await db?.close()
  await database?.drop()
})

const itsTable = ({ finder }: Read) => rows.filter(({ table }) => table === finder.table)
const itemsCalled = (name: string) => defineFinder(menuItems, [], { column: 'name', is: name })()

const cases: [string, Read, number][] = [
  ['by its key', cashSessionById(ids.session), 1],
  ['by two columns', menuItemRevision('latte', 2), 1],
  ['with a text that a column must be', openCashSessionOf('riverside'), 1],
  ['with the same text, in a branch of its own', openCashSessionOf('market'), 1],
  ['with the same text, where nothing is', openCashSessionOf('airport'), 0],
  ['of a person', activeAttendanceOf('sophea'), 1],
  ['with a boolean that must be false', menuItemsInCategory('coffee'), 1],
  [
    'with a boolean that must be true',
    defineFinder(menuItems, ['categoryId'], { yes: 'removed' })('coffee'),
    1,
  ],
  ['with a column that must be empty', defineFinder(menuItems, [], { none: 'visibleIn' })(), 2],
  ['all rows', allMenuItems(), 3],
  ['all rows with a condition', itemsCalled('Latte'), 3],
  ['all rows with a condition that holds a quote', itemsCalled("Latte's"), 0],
]
it.each(cases)('%s', async (_, read, count) => {
  const state = new State()
  await load(db.everyTenant, 'demo', [read], state)
  const loaded = state.filter(read.finder.table, () => true)
  const inMemory = itsTable(read).filter(({ row }) => matches(read, row))

  const keys = (some: readonly AnyRow[]) => some.map((row) => read.finder.table.keyOf(row)).sort()
  expect(keys(loaded)).toEqual(keys(inMemory.map(({ row }) => row)))
  expect(loaded).toHaveLength(count)
})

it('with a bound: so many of each key, without what may be large, which is not lost when they are written back', async () => {
  const bounded = defineFinder(
    refusals,
    ['branchId', 'thingId'],
    { not: 'settled' },
    { most: 2, without: 'payload' },
  )
  const [one, other] = [randomUUID(), randomUUID()]
  const made = [one, one, one, other].map((thingId) => refused({ thingId }))
  await writeRows(db.tenant('demo'), 'demo', made.map(refusals.row))
  const state = new State()
  await load(db.everyTenant, 'demo', [refusalById(made[0]!.clientOpId)], state)
  await load(db.everyTenant, 'demo', [bounded('riverside', one), bounded('riverside', other)], state)
  const found = state.filter(refusals, ({ clientOpId }) => clientOpId !== made[0]!.clientOpId)
  expect(found.filter(({ thingId }) => thingId === one).length).toBeLessThanOrEqual(2)
  expect(found.filter(({ thingId }) => thingId === other)).toHaveLength(1)
  expect(found.map(({ payload }) => payload)).toEqual(found.map(() => null))
  // What was read whole stays whole.
  expect(state.get(refusals, made[0]!.clientOpId)!.payload).toEqual({ of: one })

  await writeRows(
    db.tenant('demo'),
    'demo',
    found.map((row) => refusals.row({ ...row, settled: true })),
  )
  const again = new State()
  await load(
    db.everyTenant,
    'demo',
    found.map(({ clientOpId }) => refusalById(clientOpId)),
    again,
  )
  for (const { clientOpId, thingId } of found)
    expect(again.get(refusals, clientOpId)).toMatchObject({ settled: true, payload: { of: thingId } })
})

function refused(of: { thingId: string }): Refusal {
  const at = new Date('2026-03-01T08:00:00Z')
  return {
    ...{ clientOpId: randomUUID(), branchId: 'riverside', type: 'sale.finalize', cashSessionId: null },
    ...{ usd: 0, khr: 0, totalUsd: 0, payload: { of: of.thingId }, code: 'X', message: 'x' },
    ...{ actorId: 'sophea', deviceId: null, deviceSeq: null, occurredAt: at, happenedAt: at, refusedAt: at },
    ...{ settled: false, outcome: null, settledBy: null, settledAt: null, reason: null, bookedAs: null },
    ...of,
  }
}
