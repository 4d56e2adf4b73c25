/**
 * Reads with cursors, limits and scopes that no client was given.
 */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { moduleScopes } from '../../src/modules/words.ts'
import { resetReasons } from '../../src/sync/words.ts'
import { type Answer, expectNoInternals, expectRefused, post } from '../support/answers.ts'
import { movement, openSession, sale, startWork } from '../support/cafe.ts'
import { type Client, type Gateway, operation, startGateway } from '../support/gateway.ts'
import * as hostile from './arbitraries.ts'

let gateway: Gateway
let admin: Client

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin')
  const cashSessionId = randomUUID()
  const day = [
    openSession(cashSessionId),
    startWork(),
    ...[1, 2, 3].flatMap(() => [sale(cashSessionId), movement(cashSessionId)]),
  ]
  const refused = [1, 2, 3].map(() => operation('attendance.endWork', { attendanceId: randomUUID() }))
  await admin.push([...day, ...refused])
  for (const deviceId of ['till-2', 'till-3'])
    await (await gateway.as('admin', { deviceId })).push([movement(cashSessionId)])
})
afterAll(() => gateway?.close())

/** Two ways through the gateway: written by the database, or executed because of a directive. */
const queries = () => [
  admin.pullQuery,
  admin.pullQuery.replace('nextCursor', 'nextCursor @include(if: true)'),
]

const pulled = (input: object, query = admin.pullQuery): Promise<Answer> =>
  post(admin, {
    query,
    variables: {
      input: { tenantId: 'demo', branchId: 'riverside', deviceId: 'till-1', moduleScopes, ...input },
    },
  })

describe('a pull', () => {
  it.each<[string, object]>([
    ['a limit of 0', { limit: 0 }],
    ['a limit below 0', { limit: -1 }],
    ['a limit of 2001', { limit: 2001 }],
    ['a limit beyond 32 bits', { limit: 2 ** 31 }],
    ['half a limit', { limit: 1.5 }],
    ['a limit that is a text', { limit: '5' }],
    ['no scopes', { moduleScopes: [] }],
    ['scopes that are null', { moduleScopes: null }],
    ['a scope that is none', { moduleScopes: ['MENU', 'EVERYTHING'] }],
    ['a scope in small letters', { moduleScopes: ['menu'] }],
    ['a scope that is null', { moduleScopes: [null] }],
    ['a cursor that is a number', { cursor: 5 }],
    ['a device of no name', { deviceId: '' }],
    ['a device of a NUL', { deviceId: '\u0000' }],
    ['a branch of a NUL', { branchId: 'riverside\u0000' }],
    ['a branch that is half of a surrogate pair', { branchId: '\ud800' }],
    ['a branch of 129 characters', { branchId: 'x'.repeat(129) }],
    ['a tenant of a NUL', { tenantId: 'demo\u0000' }],
    ['a member that nobody knows', { colour: 'red' }],
  ])('with %s is refused', async (_, input) => {
    for (const query of queries()) expectRefused(await pulled(input, query))
  })

  it.each<[string, object]>([
    ['one change', { limit: 1 }],
    ['2000 changes', { limit: 2000 }],
    ['the default', { limit: null, cursor: null }],
    ['one scope', { moduleScopes: ['SALE'] }],
    ['one scope instead of a list', { moduleScopes: 'SALE' }],
    ['a scope many times', { moduleScopes: Array.from({ length: 1000 }, () => 'SALE') }],
  ])('of %s is answered', async (_, input) => {
    for (const query of queries()) {
      const { json } = await pulled(input, query)
      expect(json.data.syncPull.changes.length).toBeGreaterThan(0)
    }
  })

  /** A cursor of this branch's stream, taken apart. */
  async function parts(): Promise<unknown[]> {
    const { json } = await pulled({ limit: 5 })
    return JSON.parse(Buffer.from(json.data.syncPull.nextCursor, 'base64url').toString())
  }
  const joined = (some: unknown) => Buffer.from(JSON.stringify(some)).toString('base64url')

  async function expectResetOrPage(cursor: string): Promise<void> {
    for (const query of queries()) {
      const answer = await pulled({ cursor }, query)
      expect(answer.status).toBe(200)
      expect(answer.json.errors).toBeUndefined()
      const { reason, message, changes } = answer.json.data.syncPull
      if (changes) continue
      expect(resetReasons).toContain(reason)
      expectNoInternals(message)
    }
  }

  it('with any text as its cursor is told to begin anew', async () => {
    await fc.assert(fc.asyncProperty(hostile.text, expectResetOrPage), { numRuns: 60 })
  })

  it('with any JSON as its cursor is told to begin anew', async () => {
    await fc.assert(fc.asyncProperty(hostile.json.map(joined), expectResetOrPage), { numRuns: 60 })
  })

  it('with a cursor that somebody has changed is answered or told to begin anew', async () => {
    const good = await parts()
    const changed = fc
      .tuple(fc.nat(good.length - 1), fc.oneof(hostile.json, fc.nat(100)))
      .map(([at, value]) => joined(good.with(at, value)))
    await fc.assert(fc.asyncProperty(changed, expectResetOrPage), { numRuns: 100 })
  })

  it('with a cursor of a megabyte is told to begin anew', async () => {
    await expectResetOrPage('A'.repeat(1_000_000))
    await expectResetOrPage(joined('x'.repeat(700_000)))
  })

  /** Where the first of its scopes is, with one thing changed: the scopes, the view, the place, the beginning. */
  function withPlace(parts: unknown[], at: number, value: unknown): unknown[] {
    const [first, ...others] = parts[5] as unknown[][]
    return parts.with(5, [first!.with(at, value), ...others])
  }

  it.each<[string, (parts: unknown[]) => unknown[], string]>([
    ['another version', (p) => p.with(0, 4), 'CURSOR_MALFORMED'],
    ['another tenant', (p) => p.with(1, 'rival'), 'STREAM_MISMATCH'],
    ['another branch', (p) => p.with(2, 'market'), 'STREAM_MISMATCH'],
    ['another epoch', (p) => p.with(3, randomUUID()), 'STREAM_RESET'],
    ['other scopes', (p) => withPlace(p, 0, [0]), 'SCOPE_MISMATCH'],
    ['a scope that it does not name', (p) => withPlace(p, 0, [99]), 'CURSOR_MALFORMED'],
    ['another view', (p) => withPlace(p, 1, 'own somebody'), 'SCOPE_MISMATCH'],
    ['a place that the stream has not reached', (p) => withPlace(p, 2, 2 ** 53 - 1), 'CURSOR_AHEAD'],
    ['a place before the first', (p) => withPlace(p, 2, -1), 'CURSOR_MALFORMED'],
    ['a beginning that the stream has not reached', (p) => withPlace(p, 3, 2 ** 53 - 1), 'CURSOR_AHEAD'],
    ['one part more', (p) => [...p, 1], 'CURSOR_MALFORMED'],
    ['one part less', (p) => p.slice(1), 'CURSOR_MALFORMED'],
  ])('with a cursor changed to %s is answered with the reason', async (_, change, reason) => {
    const good = await parts()
    expect((await pulled({ cursor: joined(good) })).json.data.syncPull).toHaveProperty('changes')
    for (const query of queries()) {
      const { json } = await pulled({ cursor: joined(change(good)) }, query)
      expect(json.data.syncPull).toMatchObject({ reason })
    }
  })
})

/** Every list, as the path to its connection. */
const lists: Record<string, [open: string, close: string]> = {
  'tenant.branches': ['tenant(tenantId: "demo") { list: branches', '}'],
  'menu.items': ['menu(tenantId: "demo") { list: items', '}'],
  'menu.categories': ['menu(tenantId: "demo") { list: categories', '}'],
  'menu.modifierGroups': ['menu(tenantId: "demo") { list: modifierGroups', '}'],
  staff: ['list: staff', ''],
  cashSessions: ['list: cashSessions', ''],
  'cashSession.movements': ['cashSession(tenantId: "demo", branchId: "riverside") { list: movements', '}'],
  sales: ['list: sales', ''],
  stock: ['list: stock', ''],
  attendance: ['list: attendance', ''],
  auditEvents: ['list: auditEvents', ''],
  rejectedOperations: ['list: rejectedOperations', ''],
  devices: ['list: devices', ''],
}
const ofBranch = ['cashSessions', 'sales', 'stock', 'attendance']

describe.each(Object.keys(lists))('the list %s', (name) => {
  const [open, close] = lists[name]!
  const own = name.includes('.')
    ? ''
    : `tenantId: "demo", ${ofBranch.includes(name) ? 'branchId: "riverside", ' : ''}`
  const query = `query ($after: String, $before: String, $first: Int, $last: Int) {
    ${open}(${own}after: $after, before: $before, first: $first, last: $last) {
      edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor }
    } ${close}
  }`
  const asked = (variables: object) => post(admin, { query, variables })
  const listIn = ({ json }: Answer) =>
    (json.data.list ?? (Object.values(json.data) as { list: unknown }[])[0]!.list) as {
      edges: { cursor: string }[]
      pageInfo: { hasNextPage: boolean; endCursor: string }
    }

  it('is the same in pages of one as in one page', async () => {
    const all = listIn(await asked({ first: 200 })).edges.map(({ cursor }) => cursor)
    const found: string[] = []
    for (let after: string | null = null, more = true; more; ) {
      const { edges, pageInfo } = listIn(await asked({ first: 1, after }))
      found.push(...edges.map(({ cursor }) => cursor))
      after = pageInfo.endCursor
      more = pageInfo.hasNextPage
    }
    expect(found).toEqual(all)
    expect(found.length).toBeGreaterThan(0)
  })

  it.each([
    { first: -1 },
    { last: -1 },
    { first: 2 ** 31 },
    { first: 1.5 },
    { first: '1' },
    { after: 5 },
    { after: '' },
    { after: 'x' },
    { before: '\u0000' },
    { first: 1, after: 'x', before: 'y' },
  ])('asked for %j is refused', async (variables) => expectRefused(await asked(variables)))

  it('gives no more than a page, however much is asked for', async () => {
    const { edges } = listIn(await asked({ first: 2 ** 31 - 1 }))
    expect(edges.length).toBeGreaterThan(0)
    expect(edges.length).toBeLessThanOrEqual(200)
  })

  it('with any other cursor is refused, or has nothing', async () => {
    const good = Buffer.from(listIn(await asked({ first: 1 })).edges[0]!.cursor, 'base64').toString()
    const [kind = ''] = good.split('[')
    const made = fc.oneof(
      hostile.text,
      hostile.json.map((value) => JSON.stringify(value)),
      hostile.json.map((value) => `${kind}${JSON.stringify(value)}`),
      fc
        .array(
          fc.oneof(
            hostile.json,
            fc.constantFrom(
              'S:demo',
              'S:riverside',
              'I:0',
              'I:99999999999999999999',
              'N:1',
              'D:1',
              'S:\u0000',
            ),
          ),
          { maxLength: 4 },
        )
        .map((value) => `${kind}${JSON.stringify(value)}`),
      fc.constantFrom('S:rival', 'S:market').map((place) => good.replace('S:demo', place)),
    )
    await fc.assert(
      fc.asyncProperty(made, fc.constantFrom('after', 'before'), async (text, side) => {
        const answer = await asked({ [side]: Buffer.from(text).toString('base64') })
        if (answer.json.errors) expectRefused(answer)
        else expect(listIn(answer).edges).toEqual([])
      }),
      { numRuns: 40 },
    )
  })
})
