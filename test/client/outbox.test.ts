import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Outbox } from '../../client/sdk/outbox/outbox.ts'
import type { QueuedOperation, QueueStatus } from '../../client/sdk/words.ts'
import { modules } from './support/modules.ts'

const ids = Array.from({ length: 8 }, () => randomUUID())
const things = Array.from({ length: 3 }, () => randomUUID())
const tenants = ['demo', 'rival']
const branches = ['riverside', 'market']
const statuses: QueueStatus[] = ['PENDING', 'SYNCING', 'SYNCED', 'FAILED']
const types = [
  'cashSession.open',
  'sale.finalize',
  'cashSession.close',
  'attendance.startWork',
  'attendance.endWork',
]

const operation: fc.Arbitrary<QueuedOperation> = fc
  .record({
    clientOpId: fc.constantFrom(...ids),
    position: fc.nat(30),
    tenantId: fc.constantFrom(...tenants),
    branchId: fc.constantFrom(...branches),
    type: fc.constantFrom(...types),
    thing: fc.constantFrom(...things),
    status: fc.constantFrom(...statuses),
    seen: fc.boolean(),
    dependsOn: fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 3 }),
  })
  .map(({ thing, ...given }) => ({
    ...given,
    payload: { [given.type.startsWith('attendance') ? 'attendanceId' : 'cashSessionId']: thing },
    deviceSeq: 1,
    actorId: 'sophea',
    payloadVersion: 1,
    payloadHash: '',
    occurredAt: '2026-03-01T08:00:00.000Z',
    attempted: false,
    retry: false,
    verdict: null,
  }))

const step = fc.oneof({ arbitrary: operation, weight: 3 }, { arbitrary: fc.constantFrom(...ids), weight: 1 })

/** Everything that is asked of an outbox, computed anew from what is in it. */
function naive(operations: readonly QueuedOperation[]) {
  const inOrder = [...operations].sort((a, b) => a.position - b.position)
  const of = (tenantId: string, status: QueueStatus) =>
    inOrder.filter((each) => each.tenantId === tenantId && each.status === status)
  const users = (thing: string, tenantId: string, uses: readonly string[]) =>
    inOrder
      .filter(({ type, payload, ...each }) => {
        const { cashSessionId, attendanceId } = payload as { cashSessionId?: string; attendanceId?: string }
        return each.tenantId === tenantId && (cashSessionId ?? attendanceId) === thing && uses.includes(type)
      })
      .map(({ clientOpId }) => clientOpId)
      .sort()
  return {
    all: inOrder,
    byStatus: tenants.map((tenant) => statuses.map((status) => of(tenant, status))),
    counts: tenants.map((tenant) => statuses.map((status) => of(tenant, status).length)),
    others: [null, ...tenants].map(
      (tenant) => inOrder.filter((each) => each.tenantId !== tenant && each.status !== 'SYNCED').length,
    ),
    unanswered: tenants.map((tenant) =>
      inOrder.filter(
        ({ tenantId, status }) => tenantId === tenant && (status === 'PENDING' || status === 'SYNCING'),
      ),
    ),
    waiting: tenants.map((tenant) => of(tenant, 'PENDING').slice(0, 2)),
    unconfirmed: branches.map((branchId) =>
      inOrder.filter(
        (each) =>
          each.tenantId === 'demo' && each.branchId === branchId && each.status !== 'FAILED' && !each.seen,
      ),
    ),
    dependants: ids.map((id) => inOrder.filter(({ dependsOn }) => dependsOn.includes(id))),
    buildsOn: things.map((thing) => ({
      sale: users(thing, 'demo', ['cashSession.open']),
      closing: users(thing, 'demo', ['cashSession.open', 'sale.finalize']),
      endOfWork: users(thing, 'demo', ['attendance.startWork']),
    })),
  }
}

function asked(outbox: Outbox): ReturnType<typeof naive> {
  const buildsOn = (type: string, payload: { [name: string]: string }) =>
    outbox.dependencies.of({ type, tenantId: 'demo', payload }).sort()
  return {
    all: [...outbox.all()],
    byStatus: tenants.map((tenant) => statuses.map((status) => outbox.of(tenant, status))),
    counts: tenants.map((tenant) => statuses.map((status) => outbox.count(tenant, status))),
    others: [null, ...tenants].map((tenant) => outbox.countOfOthers(tenant)),
    unanswered: tenants.map((tenant) => [...outbox.unanswered(tenant)]),
    waiting: tenants.map((tenant) => outbox.waiting(tenant, 2)),
    unconfirmed: branches.map((branchId) => [...outbox.unconfirmed({ tenantId: 'demo', branchId })]),
    dependants: ids.map((id) => outbox.dependantsOf(id)),
    buildsOn: things.map((thing) => ({
      sale: buildsOn('sale.finalize', { cashSessionId: thing }),
      closing: buildsOn('cashSession.close', { cashSessionId: thing }),
      endOfWork: buildsOn('attendance.endWork', { attendanceId: thing }),
    })),
  }
}

/** Operations never share a place: where a drawn one is taken, it takes the next. */
function withPlaceOfItsOwn(operation: QueuedOperation, among: Iterable<QueuedOperation>): QueuedOperation {
  const taken = new Set(
    [...among].filter((each) => each.clientOpId !== operation.clientOpId).map((each) => each.position),
  )
  let { position } = operation
  while (taken.has(position)) position += 1
  return { ...operation, position }
}

test('whatever was set and deleted in whatever order, every question is answered as by looking through all of it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const outbox = new Outbox(modules)
      const operations = new Map<string, QueuedOperation>()
      for (const drawn of steps) {
        if (typeof drawn === 'string') {
          outbox.delete(drawn)
          operations.delete(drawn)
        } else {
          const operation = withPlaceOfItsOwn(drawn, operations.values())
          outbox.set(operation)
          operations.set(operation.clientOpId, operation)
        }
        expect(asked(outbox)).toEqual(naive([...operations.values()]))
      }
    }),
    { numRuns: 300 },
  )
})

test('what waits is the same list until something in the queue changes', () => {
  fc.assert(
    fc.property(operation, operation, (first, second) => {
      const outbox = new Outbox(modules)
      outbox.set(first)
      const list = outbox.unanswered('demo')
      expect(outbox.unanswered('demo')).toBe(list)
      outbox.set(withPlaceOfItsOwn(second, [first]))
      expect(outbox.unanswered('demo')).not.toBe(list)
    }),
  )
})

test('the furthest place stays known when whoever took it has gone', () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 1 }), (operations) => {
      const outbox = new Outbox(modules)
      for (const each of operations) outbox.set(each)
      for (const id of ids) outbox.delete(id)
      expect(outbox.lastPosition).toBe(Math.max(...operations.map(({ position }) => position)))
    }),
  )
})
