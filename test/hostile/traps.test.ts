/**
 * Single operations that a store, a hash or a clock could stumble over, each between two good ones.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { maxPayloadBytes } from '../../src/sync/inspect.ts'
import type { Json } from '../../src/sync/words.ts'
import { codeOf, expectNoInternals, expectRefused, post } from '../support/answers.ts'
import { movement, openSession, salePayload } from '../support/cafe.ts'
import {
  type Client,
  type Envelope,
  type Gateway,
  operation,
  type Result,
  startGateway,
} from '../support/gateway.ts'

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

/** Sends it between two good ones, which must be applied; the answer on itself. */
async function betweenGoodOnes(op: Envelope): Promise<Result> {
  const [before, result, after] = await cashier.push([movement(cashSessionId), op, movement(cashSessionId)])
  expect([before, after]).toMatchObject([{ status: 'APPLIED' }, { status: 'APPLIED' }])
  if (result!.message) expectNoInternals(result!.message)
  return result!
}

/** An operation with this in it, whatever hash it has: what has no canonical form has none. */
const unhashable = (change: Partial<Envelope>): Envelope => ({
  ...movement(cashSessionId),
  payloadHash: 'none',
  ...change,
})

/** The rejected operation as a manager sees it. */
async function kept({ clientOpId }: { clientOpId: string }) {
  type Kept = { clientOpId: string; code: string; payload: Json }
  const { rejectedOperations } = await manager.data<{ rejectedOperations: { edges: { node: Kept }[] } }>(
    '{ rejectedOperations(tenantId: "demo", first: 50) { edges { node { clientOpId code payload } } } }',
  )
  return rejectedOperations.edges.map(({ node }) => node).find((node) => node.clientOpId === clientOpId)
}

const note = (reason: string, more: Partial<Envelope> = {}) => movement(cashSessionId, { reason }, more)
const depth = (levels: number): Json => (levels === 1 ? 1 : [depth(levels - 1)])

describe('a payload', () => {
  const sale = (change: object) => operation('sale.finalize', { ...salePayload(cashSessionId), ...change })
  const line = { menuItemId: 'croissant', menuItemRevision: 1, quantity: 1, modifierOptionIds: [] }

  it.each<[string, () => Envelope, string]>([
    [
      'a revision beyond 32 bits',
      () => sale({ lines: [{ ...line, menuItemRevision: 2 ** 31 }] }),
      'MENU_REVISION_UNKNOWN',
    ],
    [
      'the largest revision',
      () => sale({ lines: [{ ...line, menuItemRevision: 2 ** 31 - 1 }] }),
      'MENU_REVISION_UNKNOWN',
    ],
    [
      'a policy revision beyond 32 bits',
      () => sale({ policyRevision: 2 ** 53 - 1 }),
      'POLICY_REVISION_UNKNOWN',
    ],
    [
      'an item that is a member of every object',
      () => sale({ lines: [{ ...line, menuItemId: '__proto__' }] }),
      'MENU_ITEM_UNKNOWN',
    ],
    [
      'a choice that is a member of every object',
      () => sale({ lines: [{ ...line, modifierOptionIds: ['constructor'] }] }),
      'MODIFIER_SELECTION_INVALID',
    ],
    ['a NUL in a text', () => note('a\u0000b'), 'PAYLOAD_INVALID'],
    ['a NUL in a key', () => sale({ 'a\u0000': 1 }), 'PAYLOAD_INVALID'],
    ['half of a surrogate pair', () => unhashable({ payload: { reason: '\ud800' } }), 'PAYLOAD_INVALID'],
    ['nested 33 levels deep', () => operation('cashSession.open', depth(34)), 'PAYLOAD_INVALID'],
    ['nested 2000 levels deep', () => unhashable({ payload: depth(2000) }), 'PAYLOAD_INVALID'],
    ['an array', () => operation('cashSession.open', []), 'PAYLOAD_INVALID'],
    ['a text', () => operation('cashSession.open', 'open it'), 'PAYLOAD_INVALID'],
    ['a number', () => operation('cashSession.open', 7), 'PAYLOAD_INVALID'],
  ])('%s is told', async (_, make, code) => {
    const op = make()
    expect(await betweenGoodOnes(op)).toMatchObject({ status: 'REJECTED', code })
    expect(await kept(op)).toMatchObject({ code })
  })

  it('is kept with the characters that it was refused for', async () => {
    const op = unhashable({ payload: { reason: 'a\u0000b\ud800' } })
    await betweenGoodOnes(op)
    expect((await kept(op))!.payload).toEqual(op.payload)
  })

  it('with unknown members is taken, the hash over all of them', async () => {
    const known = movement(cashSessionId).payload as object
    const payload = JSON.parse(
      JSON.stringify(known).replace(/}$/, ',"__proto__":{"amount":9},"constructor":1,"":2}'),
    )
    expect(await betweenGoodOnes(operation('cashSession.movement', payload))).toMatchObject({
      status: 'APPLIED',
    })
  })

  describe(`of ${maxPayloadBytes} bytes`, () => {
    /** Padded with an unknown member, in characters of this many bytes, to so many bytes of JSON. */
    function padded(character: string, bytes: number): Envelope {
      const payload = { ...(movement(cashSessionId).payload as object), pad: '' }
      const left = bytes - Buffer.byteLength(JSON.stringify(payload))
      const width = Buffer.byteLength(character)
      const pad = character.repeat(Math.floor(left / width)) + 'x'.repeat(left % width)
      return operation('cashSession.movement', { ...payload, pad })
    }

    it.each(['a', 'é', '字', '🥐'])(
      'is the most, counted in bytes and not in characters: %s',
      async (character) => {
        const most = padded(character, maxPayloadBytes)
        expect(await betweenGoodOnes(most)).toMatchObject({ status: 'APPLIED' })
        const over = padded(character, maxPayloadBytes + 1)
        expect(await betweenGoodOnes(over)).toMatchObject({ status: 'REJECTED', code: 'PAYLOAD_INVALID' })
        expect(await kept(over)).toMatchObject({ code: 'PAYLOAD_INVALID', payload: null })
      },
    )
  })
})

describe('the envelope', () => {
  it.each<[string, Partial<Envelope>, string]>([
    ['a type with a NUL', { type: 'sale.finalize\u0000' }, 'OPERATION_UNKNOWN'],
    ['a type that is half a surrogate pair', { type: '\ud800' }, 'OPERATION_UNKNOWN'],
    ['a type that is a member of every object', { type: 'constructor' }, 'OPERATION_UNKNOWN'],
    ['a type without end', { type: 'x'.repeat(100_000) }, 'OPERATION_UNKNOWN'],
    ['no type', { type: '' }, 'OPERATION_UNKNOWN'],
    ['an actor with a NUL', { actorId: 'demo-cashier-1\u0000' }, 'ACTOR_NOT_ALLOWED'],
    ['an actor that is half a surrogate pair', { actorId: '\udfff' }, 'ACTOR_NOT_ALLOWED'],
    ['an actor without a name', { actorId: '' }, 'ACTOR_NOT_ALLOWED'],
    ['an actor without end', { actorId: 'x'.repeat(100_000) }, 'ACTOR_NOT_ALLOWED'],
    ['no branch', { branchId: null }, 'BRANCH_CONTEXT_REQUIRED'],
    ['a branch without a name', { branchId: '' }, 'BRANCH_CONTEXT_REQUIRED'],
    [
      'itself to depend on',
      {
        clientOpId: '6b1f0f7e-0000-4000-8000-000000000001',
        dependsOn: ['6b1f0f7e-0000-4000-8000-000000000001'],
      },
      'DEPENDENCY_MISSING',
    ],
    [
      'more dependencies than a batch can hold',
      { dependsOn: Array.from({ length: 501 }, () => randomUUID()) },
      'PAYLOAD_INVALID',
    ],
  ])('%s is told and kept', async (_, more, code) => {
    const { payload } = movement(cashSessionId)
    const op = operation('cashSession.movement', payload)
    Object.assign(op, more)
    try {
      op.payloadHash = operation(op.type, payload, { branchId: op.branchId }).payloadHash
    } catch {
      op.payloadHash = 'none: it has no canonical form'
    }
    expect(await betweenGoodOnes(op)).toMatchObject({ status: 'REJECTED', code })
    // What speaks of who brought it is no verdict of its own.
    if (code === 'ACTOR_NOT_ALLOWED') expect(await kept(op)).toBeUndefined()
    else expect(await kept(op)).toMatchObject({ code })
  })

  it.each([
    ['a NUL', 'riverside\u0000'],
    ['half of a surrogate pair', 'riverside\ud800'],
    ['a million characters', 'x'.repeat(1_000_000)],
  ])('a branch with %s is nobody’s: NO_BRANCH_ACCESS, and nothing is kept', async (_, branchId) => {
    const op = unhashable({ branchId })
    expect(await betweenGoodOnes(op)).toMatchObject({ status: 'REJECTED', code: 'NO_BRANCH_ACCESS' })
    expect(await kept(op)).toBeUndefined()
  })

  it.each([
    ['', 'PAYLOAD_HASH_MISMATCH'],
    ['x'.repeat(100_000), 'PAYLOAD_HASH_MISMATCH'],
    ['\u0000', 'PAYLOAD_HASH_MISMATCH'],
    ['\ud800', 'PAYLOAD_HASH_MISMATCH'],
  ])('a hash that is none is told: %j', async (payloadHash, code) => {
    expect(await betweenGoodOnes(note('x', { payloadHash: payloadHash.slice(0) }))).toMatchObject({ code })
  })

  it('a hash in capitals is another text', async () => {
    const op = note('x')
    op.payloadHash = op.payloadHash.toUpperCase()
    expect(await betweenGoodOnes(op)).toMatchObject({ code: 'PAYLOAD_HASH_MISMATCH' })
  })

  it('operations that depend on each other in a circle are all refused, and nobody else', async () => {
    const [a, b, c] = [note('a'), note('b'), note('c')]
    Object.assign(a, { dependsOn: [c.clientOpId] })
    Object.assign(b, { dependsOn: [a.clientOpId] })
    Object.assign(c, { dependsOn: [b.clientOpId] })
    const results = await cashier.push([note('before'), a, b, c, note('after')])
    expect(results.map(({ code }) => code)).toEqual([
      null,
      'DEPENDENCY_MISSING',
      'DEPENDENCY_FAILED',
      'DEPENDENCY_FAILED',
      null,
    ])
  })

  it('one key many times in a batch is one operation', async () => {
    const op = note('once')
    const other = { ...note('something else'), clientOpId: op.clientOpId }
    const results = await cashier.push([op, op, other, { ...op, retry: true }])
    expect(results.map(({ status, duplicate, code }) => [status, duplicate, code])).toEqual([
      ['APPLIED', false, null],
      ['APPLIED', true, null],
      ['REJECTED', false, 'CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD'],
      ['APPLIED', true, null],
    ])
  })

  it('a key in capitals is the same key', async () => {
    const op = note('once')
    const [, again] = await cashier.push([op, { ...op, clientOpId: op.clientOpId.toUpperCase() }])
    expect(again).toMatchObject({ clientOpId: op.clientOpId, status: 'APPLIED', duplicate: true })
  })

  it.each(['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '0001-01-01T00:00:00-14:00'])(
    'a clock that shows %s is kept as evidence, and read back as it was',
    async (occurredAt) => {
      const attendanceId = randomUUID()
      const start = operation('attendance.startWork', { attendanceId }, { occurredAt })
      const end = operation('attendance.endWork', { attendanceId }, { occurredAt })
      expect(await betweenGoodOnes(start)).toMatchObject({ status: 'APPLIED' })
      expect(await betweenGoodOnes(end)).toMatchObject({ status: 'APPLIED' })
      const refused = note('a\u0000', { occurredAt })
      await betweenGoodOnes(refused)
      const { changes } = await cashier.pullAll({ moduleScopes: ['ATTENDANCE'] })
      const change = changes.find(({ entityId }) => entityId === attendanceId)!
      expect(new Date(change.occurredAt)).toEqual(new Date(occurredAt))
      const { rejectedOperations } = await manager.data<{
        rejectedOperations: { edges: { node: { clientOpId: string; occurredAt: string } }[] }
      }>('{ rejectedOperations(tenantId: "demo") { edges { node { clientOpId occurredAt } } } }')
      const seen = rejectedOperations.edges.find(({ node }) => node.clientOpId === refused.clientOpId)
      expect(new Date(seen!.node.occurredAt)).toEqual(new Date(occurredAt))
    },
  )

  it('numbers that no queue has do not hide what was lost on the device', async () => {
    const till = await gateway.as('cashier-1', { deviceId: 'odd-till' })
    const gapsAfter = async (deviceSeq: number) => {
      const [result] = await till.push([note('x', { deviceSeq })])
      expect(result).toMatchObject({ status: 'APPLIED' })
      type Device = { deviceId: string; gaps: { from: number; to: number }[] }
      const { devices } = await manager.data<{ devices: { edges: { node: Device }[] } }>(
        '{ devices(tenantId: "demo") { edges { node { deviceId gaps { from to } } } } }',
      )
      return devices.edges.find(({ node }) => node.deviceId === 'odd-till')!.node.gaps
    }
    const most = Number.MAX_SAFE_INTEGER
    expect(await gapsAfter(-most)).toEqual([])
    expect(await gapsAfter(-1)).toEqual([])
    expect(await gapsAfter(0)).toEqual([])
    expect(await gapsAfter(3)).toEqual([{ from: 1, to: 2 }])
    expect(await gapsAfter(3)).toEqual([{ from: 1, to: 2 }])
    expect(await gapsAfter(most)).toEqual([{ from: 1, to: 2 }])
  })
})

describe('a member of the envelope that is not of its type', () => {
  it.each<[string, object]>([
    ['clientOpId', { clientOpId: 'no-uuid' }],
    ['clientOpId', { clientOpId: null }],
    ['clientOpId', { clientOpId: 5 }],
    ['clientOpId', { clientOpId: 'g1f0f7e0-0000-4000-8000-000000000001' }],
    ['type', { type: 5 }],
    ['type', { type: null }],
    ['branchId', { branchId: ['riverside'] }],
    ['branchId', { branchId: { eq: 'riverside' } }],
    ['payload', { payload: null }],
    ['payloadHash', { payloadHash: 0 }],
    ['dependsOn[1]', { dependsOn: [randomUUID(), 'x'] }],
    ['occurredAt', { occurredAt: 'yesterday' }],
    ['occurredAt', { occurredAt: 1767225600000 }],
    ['occurredAt', { occurredAt: '2026-03-01' }],
    ['occurredAt', { occurredAt: '2026-03-01T08:00:00' }],
    ['occurredAt', { occurredAt: '2026-02-30T08:00:00Z' }],
    ['occurredAt', { occurredAt: '2026-06-30T23:59:60Z' }],
    ['occurredAt', { occurredAt: '2026-03-01T08:00:00+24:00' }],
    ['occurredAt', { occurredAt: '0000-12-31T00:00:00Z' }],
    ['occurredAt', { occurredAt: '9999-12-31T23:59:59-01:00' }],
    ['occurredAt', { occurredAt: '+010000-01-01T00:00:00Z' }],
    ['actorId', { actorId: true }],
    ['deviceSeq', { deviceSeq: 1.5 }],
    ['deviceSeq', { deviceSeq: 2 ** 53 }],
    ['deviceSeq', { deviceSeq: '1' }],
    ['retry', { retry: 'yes' }],
    ['colour', { colour: 'red' }],
  ])('%s fails the request with its index: %j', async (member, change) => {
    const operations = [note('a'), note('b'), { ...note('c'), ...change }]
    const answer = await post(cashier, {
      query: cashier.pushMutation,
      variables: { input: { tenantId: 'demo', deviceId: 'till-1', operations } },
    })
    expectRefused(answer)
    expect(answer.json.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT', index: 2 })
    expect(answer.json.errors[0].message).toContain('operations[2]')
    expect(answer.json.errors[0].message).toContain(member.replace(/\[.*/, ''))
    const results = await cashier.push(operations.slice(0, 2))
    expect(results).toMatchObject([{ duplicate: false }, { duplicate: false }])
  })
})

describe('a batch', () => {
  const pushed = (operations: unknown, more: object = {}) =>
    post(cashier, {
      query: cashier.pushMutation,
      variables: { input: { tenantId: 'demo', deviceId: 'till-1', operations, ...more } },
    })

  it('of 500 operations is taken, of 501 it is BATCH_TOO_LARGE and nothing is done', async () => {
    const operations = Array.from({ length: 501 }, () => note('x'))
    expectRefused(await pushed(operations), 'BATCH_TOO_LARGE')
    const results = await cashier.push(operations.slice(0, 500))
    expect(results.every(({ status, duplicate }) => status === 'APPLIED' && !duplicate)).toBe(true)
  })

  it('of more bytes than may be is BATCH_TOO_LARGE with how many may, and nothing is done', async () => {
    const operations = Array.from({ length: 67 }, () => note('x'.repeat(60_000)))
    const answer = await pushed(operations)
    expectRefused(answer, 'BATCH_TOO_LARGE')
    expect(answer.json.errors[0].extensions.maxBytes).toBe(4_000_000)
    const results = await cashier.push(operations.slice(0, 2))
    expect(results.map(({ duplicate }) => duplicate)).toEqual([false, false])
  })

  it.each<[string, unknown]>([
    ['of nothing', []],
    ['that is no list', 'all of them'],
    ['that is missing', null],
    ['of lists', [[note('x')]]],
    ['of nulls', [null]],
  ])('%s is refused', async (_, operations) => expectRefused(await pushed(operations)))

  it('of one operation may come without its list, as GraphQL has it', async () => {
    expect((await pushed(note('x'))).json.data.syncPushBatch.results).toHaveLength(1)
  })

  it.each(['', '\u0000', '\ud800', 'x'.repeat(129)])(
    'from a device of the name %j is refused',
    async (deviceId) => {
      expectRefused(await pushed([note('x')], { deviceId }))
    },
  )

  it.each(['', '\u0000', '\ud800', 'x'.repeat(129)])(
    'for a tenant of the name %j is refused',
    async (tenantId) => {
      expectRefused(await pushed([note('x')], { tenantId }))
    },
  )

  it.each(['', '\u0000', '\ud800', 'x'.repeat(129)])(
    'that knows the stream of a branch called %j is refused as a whole',
    async (branchId) => {
      const stream = { branchId, epoch: randomUUID() }
      const input = { tenantId: 'demo', deviceId: 'till-1', stream, operations: [note('in no stream')] }
      expectRefused(await post(cashier, { query: cashier.pushMutation, variables: { input } }))
    },
  )

  it('written into the query instead of variables is the same', async () => {
    const { clientOpId, payload, payloadHash, occurredAt } = note('x')
    const literal = JSON.stringify(payload).replace(/"(\w+)":/g, '$1:')
    const answer = await post(cashier, {
      query: `mutation { syncPushBatch(input: { tenantId: "demo", deviceId: "till-1", operations: [{
        clientOpId: "${clientOpId}", type: "cashSession.movement", branchId: "riverside", payload: ${literal},
        payloadHash: "${payloadHash}", occurredAt: "${occurredAt}" }] }) { results { status } } }`,
    })
    expect(answer.json.data.syncPushBatch.results).toEqual([{ status: 'APPLIED' }])
  })
})

describe('a body as no JSON library would write it', () => {
  const template = (operation: string) =>
    JSON.stringify({
      query: cashier.pushMutation,
      variables: { input: { tenantId: 'demo', deviceId: 'till-1', operations: '@' } },
    }).replace('"@"', `[${operation}]`)

  it.each([
    ['a number too large for any computer', '1e999'],
    ['a number too small for any computer', '-1e999'],
  ])('%s in the payload is told and kept', async (_, amount) => {
    const op = note('x')
    const text = JSON.stringify(op).replace('"amount":500', `"amount":${amount}`)
    const answer = await post(
      cashier,
      template([JSON.stringify(note('good')), text, JSON.stringify(note('good'))].join()),
    )
    const codes = answer.json.data.syncPushBatch.results.map(({ code }: Result) => code)
    expect(codes).toEqual([null, 'PAYLOAD_INVALID', null])
    expect(await kept(op)).toMatchObject({ code: 'PAYLOAD_INVALID' })
  })

  it('a number with more digits than it can hold has another hash', async () => {
    const op = note('x')
    const text = JSON.stringify(op).replace('"amount":500', '"amount":500.00000000000000000001')
    const taken = await post(cashier, template(text))
    // To every JSON library that keeps to RFC 8785 it is the number 500.
    expect(taken.json.data.syncPushBatch.results).toMatchObject([{ status: 'APPLIED' }])
  })

  it('of a member that is there twice the last one stands', async () => {
    const op = note('x')
    const text = JSON.stringify(op).replace('"amount":500', '"amount":1,"amount":500')
    const taken = await post(cashier, template(text))
    expect(taken.json.data.syncPushBatch.results).toMatchObject([{ status: 'APPLIED' }])
  })

  it('an envelope with members of every object is refused', async () => {
    const text = JSON.stringify(note('x')).replace(/}$/, ',"__proto__":{"retry":true}}')
    expectRefused(await post(cashier, template(text)))
  })

  it('a payload nested 100,000 levels deep costs itself only', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const op = note('x')
    const text = JSON.stringify({ ...op, payload: '@' }).replace('"@"', deep)
    const answer = await post(cashier, template([JSON.stringify(note('good')), text].join()))
    expect(answer.json.data.syncPushBatch.results).toMatchObject([
      { status: 'APPLIED' },
      { code: 'PAYLOAD_INVALID' },
    ])
    expect(await kept(op)).toMatchObject({ payload: null })
  })

  it.each([
    [20_000, 'BAD_USER_INPUT'],
    // More values than a request may hold, however they lie in each other.
    [100_000, 'BATCH_TOO_LARGE'],
  ])('variables nested %i levels deep are refused: %s', async (levels, code) => {
    const answer = await post(cashier, template(`${'['.repeat(levels)}${']'.repeat(levels)}`))
    expect(answer.status).toBeLessThan(500)
    expect(codeOf(answer)).toBe(code)
  })
})
