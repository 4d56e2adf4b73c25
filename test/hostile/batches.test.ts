/**
 * Batches that mix what a till queues with what it never would. Each operation gets a verdict of its own, its
 * neighbours are applied as if it were not there, and nothing that is refused is lost.
 */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { operationCodes } from '../../src/modules/words.ts'
import { payloadHashOf } from '../../src/sync/inspect.ts'
import { expectNoInternals, post } from '../support/answers.ts'
import { closeSession, endWork, movement, openSession, sale } from '../support/cafe.ts'
import {
  type Client,
  type Envelope,
  type Gateway,
  operation,
  type Result,
  startGateway,
} from '../support/gateway.ts'
import * as hostile from './arbitraries.ts'
import { replaceInside } from './inside.ts'

let gateway: Gateway
let cashier: Client
let manager: Client
const cashSessionId = randomUUID()

beforeAll(async () => {
  gateway = await startGateway()
  cashier = await gateway.as('cashier-1')
  manager = await gateway.as('manager')
  await cashier.push([openSession(cashSessionId)])
})
afterAll(() => gateway?.close())

/** Wrong values for members of the envelope, each of the GraphQL type that it should be. */
const envelope: fc.Arbitrary<Partial<Envelope>> = fc.oneof(
  fc.record({ type: hostile.text }),
  fc.record({ branchId: fc.oneof(hostile.text, fc.constantFrom('market', 'rival-1', null)) }),
  fc.record({ actorId: fc.oneof(hostile.text, fc.constantFrom('demo-admin', 'rival-admin')) }),
  fc.record({ payloadHash: hostile.text }),
  fc.record({ deviceSeq: hostile.deviceSeq }),
  fc.record({ occurredAt: hostile.time }),
  fc.record({ retry: fc.boolean() }),
)

/** Operations of the other types, none of which gets in the way of the good ones. */
const others = {
  sale: () =>
    sale(cashSessionId, {
      lines: [{ menuItemId: 'latte', modifierOptionIds: ['milk-oat'] }, { menuItemId: 'croissant' }],
    }),
  open: () => openSession(),
  close: () => closeSession(randomUUID()),
  start: () =>
    operation('attendance.startWork', {
      attendanceId: randomUUID(),
      location: { latitude: 11.5, longitude: 104.9, accuracyM: 12 },
    }),
  end: () => endWork(randomUUID()),
}

/** What a slot of the batch holds; `at` points at another slot, for keys and dependencies. */
type Slot =
  | { kind: 'good' }
  | { kind: 'payload'; payload: unknown; honest: boolean }
  | { kind: 'member'; member: string; value: unknown }
  | { kind: 'extra'; name: string; value: unknown }
  | { kind: 'inside'; of: keyof typeof others; way: number[]; value: unknown }
  | { kind: 'envelope'; envelope: Partial<Envelope>; honest: boolean }
  | { kind: 'depends'; on: number[]; strangers: number }
  | { kind: 'sameKey'; as: number; samePayload: boolean }

const slot: fc.Arbitrary<Slot> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('good' as const) }) },
  fc.record({
    kind: fc.constant('payload' as const),
    payload: hostile.json.filter((value) => value !== null),
    honest: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('member' as const),
    member: fc.constantFrom('movementId', 'cashSessionId', 'kind', 'currency', 'amount', 'reason'),
    value: hostile.json,
  }),
  fc.record({ kind: fc.constant('extra' as const), name: hostile.text, value: hostile.json }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('inside' as const),
      of: fc.constantFrom(...(Object.keys(others) as (keyof typeof others)[])),
      way: fc.array(fc.nat(11), { minLength: 1, maxLength: 4 }),
      value: fc.oneof(hostile.number, hostile.json),
    }),
  },
  fc.record({ kind: fc.constant('envelope' as const), envelope, honest: fc.boolean() }),
  fc.record({
    kind: fc.constant('depends' as const),
    on: fc.array(fc.nat(7), { maxLength: 3 }),
    strangers: fc.constantFrom(0, 1, 501),
  }),
  fc.record({ kind: fc.constant('sameKey' as const), as: fc.nat(7), samePayload: fc.boolean() }),
)

/** The hash that an honest sender would have made; nothing where the operation has no canonical form. */
function honestHash({ type, branchId = null, payload }: Envelope): string {
  try {
    return payloadHashOf({ type, branchId, payload: payload as never })
  } catch {
    return ''
  }
}

function build(slots: readonly Slot[]): Envelope[] {
  const batch = slots.map(() => movement(cashSessionId))
  const rehash = (op: Envelope) => {
    op.payloadHash = honestHash(op)
  }
  slots.forEach((each, i) => {
    const op = batch[i]!
    if (each.kind === 'payload') {
      op.payload = each.payload
      if (each.honest) rehash(op)
    } else if (each.kind === 'member' || each.kind === 'extra') {
      const name = each.kind === 'member' ? each.member : each.name
      const payload = op.payload as object
      Object.defineProperty(payload, name, { value: each.value, enumerable: true, configurable: true })
      rehash(op)
    } else if (each.kind === 'inside') {
      const other = others[each.of]()
      replaceInside(other.payload, each.way, each.value)
      Object.assign(op, other, { payloadHash: honestHash(other) })
    } else if (each.kind === 'envelope') {
      Object.assign(op, each.envelope)
      if (each.honest && each.envelope.payloadHash === undefined) rehash(op)
    } else if (each.kind === 'depends') {
      const others = each.on.map((at) => batch[at % batch.length]!.clientOpId)
      op.dependsOn = [...others, ...Array.from({ length: each.strangers }, () => randomUUID())]
    } else if (each.kind === 'sameKey') {
      // Only of an earlier slot: who comes first with a key has it.
      const earlier = batch[each.as % (i + 1)]!
      op.clientOpId = earlier.clientOpId
      if (each.samePayload) Object.assign(op, earlier)
    }
  })
  return batch
}

type Rejected = { clientOpId: string; code: string }
async function rejectedNow(): Promise<Map<string, string>> {
  const { rejectedOperations } = await manager.data<{ rejectedOperations: { edges: { node: Rejected }[] } }>(
    '{ rejectedOperations(tenantId: "demo", first: 100) { edges { node { clientOpId code } } } }',
  )
  return new Map(rejectedOperations.edges.map(({ node }) => [node.clientOpId, node.code]))
}

/**
 * Refused without being kept: said to somebody who must not know, of who brought it, about a key that has its verdict
 * already, or for building on one of those.
 */
const unkeptCodes = [
  'NO_BRANCH_ACCESS',
  'ACTOR_NOT_ALLOWED',
  'ACTOR_PROOF_REQUIRED',
  'CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD',
]
function isUnkept(i: number, operations: readonly Envelope[], results: readonly Result[]): boolean {
  const { code } = results[i]!
  const buildsOnUnkept = (id: string) => {
    const at = results.findIndex(({ clientOpId }) => clientOpId === id)
    return at >= 0 && at < i && isUnkept(at, operations, results)
  }
  return (
    unkeptCodes.includes(code!) ||
    (code === 'DEPENDENCY_FAILED' && (operations[i]!.dependsOn ?? []).some(buildsOnUnkept))
  )
}

it('each operation gets its verdict, its neighbours are applied, and what is refused can be seen', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(slot, { minLength: 1, maxLength: 8 }), async (slots) => {
      const operations = build(slots)
      const answer = await post(cashier, {
        query: cashier.pushMutation,
        variables: { input: { tenantId: 'demo', deviceId: 'till-1', operations } },
      })
      expect(answer.status).toBe(200)
      expect(answer.json.errors).toBeUndefined()
      const results: Result[] = answer.json.data.syncPushBatch.results
      expect(results.map(({ clientOpId }) => clientOpId)).toEqual(operations.map((op) => op.clientOpId))

      const rejected = await rejectedNow()
      results.forEach((result, i) => {
        const { kind } = slots[i]!
        if (kind === 'good') expect(result).toMatchObject({ status: 'APPLIED', duplicate: false })
        expect(['APPLIED', 'REJECTED']).toContain(result.status)
        if (result.status === 'APPLIED') return
        expect(operationCodes).toContain(result.code)
        // The code for a fault of the server's: no client may be able to cause one.
        expect(result.code).not.toBe('OPERATION_FAILED')
        expect(result.message).toMatch(/^[A-Z"].*\.$/s)
        expectNoInternals(result.message!)
        const first = results.findIndex(({ clientOpId }) => clientOpId === result.clientOpId) === i
        if (first && !isUnkept(i, operations, results))
          expect(rejected.get(result.clientOpId)).toBe(result.code)
      })
    }),
    { numRuns: 150 },
  )
})
