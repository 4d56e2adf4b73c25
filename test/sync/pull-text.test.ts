/**
 * The fast path of `syncPull` answers, to the letter, what ordinary execution would. A directive that changes
 * nothing forces the ordinary one.
 */
import fc from 'fast-check'
import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compilePull } from '../../src/graphql/pull-text.ts'
import { moduleScopes } from '../../src/modules/words.ts'
import { changeFields, isoTime } from '../../src/sync/pull.ts'
import { type Client, type Gateway, operation, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let admin: Client
let cursors: (string | null)[]

beforeAll(async () => {
  gateway = await startGateway({ clock: () => new Date('2026-03-01T08:30:00.005Z') })
  admin = await gateway.as('admin')
  const first = await admin.pull({ limit: 20 })
  if ('reason' in first) throw new Error(first.reason)
  const { cursor: head } = await admin.pullAll()
  // Text that JSON has to escape, text that it need not; times with and without fractions of a second.
  const names = [
    '"quoted" \\ back',
    'line\nfeed\ttab',
    '\u0001\u001f\u007f',
    'សួស្តី',
    '☕️👩‍🍳',
    '\u2028\u2029<script>',
  ]
  for (const [i, name] of names.entries()) {
    const item = { menuItemId: `${name}-${i}`, name, categoryId: 'retail', priceUsd: i }
    expect(await admin.direct('menuItemSave', item, { branchId: null })).toMatchObject({ status: 'APPLIED' })
  }
  await admin.direct('menuItemRemove', { menuItemId: 'beans-250' }, { branchId: null })
  const session = { cashSessionId: '0f4f9f37-4a0d-4a7e-9d3c-1d7e2a6b1c11', openingFloat: { usd: 0, khr: 0 } }
  await admin.push([operation('cashSession.open', session, { occurredAt: '0001-02-03T04:05:06.700Z' })])
  const attendanceId = 'b0d7c1a2-1a2b-4c3d-8e4f-5a6b7c8d9e0f'
  await admin.push([
    operation('attendance.startWork', { attendanceId }, { occurredAt: '2024-02-29T23:59:59Z' }),
  ])
  await gateway.app.db.everyTenant.run(
    'update sync_change set actor_id = null, client_op_id = null where entity_id = $1',
    ['latte'],
  )
  cursors = [null, first.nextCursor, head, 'junk', '']
})
afterAll(() => gateway?.close())

async function textOf(query: string, input: object): Promise<string> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${admin.token}` },
    body: JSON.stringify({ query, variables: { input } }),
  })
  return response.text()
}

/** A field, by its own name or by one of two others: the same name always means the same. */
const named = (fields: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...fields), fc.constantFrom('', '', 'a', 'b'))
    .map(([field, alias]) => (alias ? `${field}_${alias}: ${field}` : field))
const several = (field: fc.Arbitrary<string>) =>
  fc.array(field, { minLength: 1, maxLength: 6 }).map((fields) => fields.join(' '))

const changeField = named([...changeFields, '__typename'])
const changeSelection = several(
  fc.oneof(
    { weight: 6, arbitrary: changeField },
    { weight: 1, arbitrary: several(changeField).map((fields) => `... on SyncChange { ${fields} }`) },
    { weight: 1, arbitrary: several(changeField).map((fields) => `... { ${fields} }`) },
    { weight: 1, arbitrary: fc.constant('...change') },
  ),
)
const changes = fc
  .tuple(fc.constantFrom('', '', 'first: ', 'second: '), changeSelection)
  .map(([alias, selection]) => `${alias}changes { ${selection} }`)
const pageSelection = several(
  fc.oneof(
    { weight: 3, arbitrary: changes },
    { weight: 4, arbitrary: named(['nextCursor', 'hasMore', 'headSeq', 'serverTime', '__typename']) },
    { weight: 1, arbitrary: changes.map((each) => `... { ${each} }`) },
  ),
)
const resetSelection = several(named(['reason', 'message', '__typename']))
const resultSelection = fc
  .tuple(
    pageSelection,
    resetSelection,
    fc.subarray(['__typename', 'kind: __typename', '... on SyncPullResult { __typename }']),
    fc.boolean(),
  )
  .map(([page, reset, names, byName]) => ({
    selection: [
      ...names,
      byName ? '...page' : `... on SyncPullPage { ${page} }`,
      `... on SyncPullReset { ${reset} }`,
    ].join(' '),
    fragments: byName ? `fragment page on SyncPullPage { ${page} }` : '',
  }))

const query = fc
  .tuple(resultSelection, several(changeField), fc.constantFrom('', 'pulled: '))
  .map(([{ selection, fragments }, change, alias]) => {
    const uses = `${selection} ${fragments}`.includes('...change')
    const rest = `${fragments} ${uses ? `fragment change on SyncChange { ${change} }` : ''}`
    const text = (directive: string) =>
      `query ($input: SyncPullInput!) { ${alias}syncPull(input: $input) ${directive} { ${selection} } } ${rest}`
    return { plain: text(''), ordinary: text('@include(if: true)') }
  })
const input = fc.record({
  tenantId: fc.constant('demo'),
  branchId: fc.constant('riverside'),
  deviceId: fc.constant('till-1'),
  moduleScopes: fc.shuffledSubarray([...moduleScopes], { minLength: 1 }),
  limit: fc.constantFrom(undefined, 1, 7, 2000),
})

describe('the fast path of syncPull', () => {
  it('answers any selection as ordinary execution does, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(query, input, fc.nat(4), async ({ plain, ordinary }, variables, which) => {
        const asked = { ...variables, cursor: cursors[which] }
        expect(await textOf(plain, asked)).toBe(await textOf(ordinary, asked))
      }),
      { numRuns: 150 },
    )
  })

  it('is taken by plain selections and left by the directive', () => {
    const taken = fc
      .sample(query, { numRuns: 200, seed: 1 })
      .map(({ plain, ordinary }) => [
        compilePull(parse(plain)) !== null,
        compilePull(parse(ordinary)) !== null,
      ])
    expect(taken.filter(([plain]) => plain).length).toBeGreaterThan(100)
    expect(taken.filter(([, ordinary]) => ordinary)).toEqual([])
  })

  it('refuses as ordinary execution does: access, limits, variables', async () => {
    const good = { tenantId: 'demo', branchId: 'riverside', deviceId: 'till-1', moduleScopes: ['MENU'] }
    const { plain, ordinary } = fc.sample(query, { numRuns: 1, seed: 3 })[0]!
    for (const wrong of [
      { ...good, tenantId: 'rival' },
      { ...good, branchId: 'nowhere' },
      { ...good, moduleScopes: [] },
      { ...good, limit: 0 },
      { ...good, limit: 2001 },
      { ...good, deviceId: '' },
      { ...good, moduleScopes: ['SECRETS'] },
      { ...good, branchId: undefined },
    ]) {
      const errors = async (text: string) =>
        JSON.parse(await textOf(text, wrong)).errors.map(
          ({ message, extensions }: { message: string; extensions: object }) => ({
            message,
            extensions,
          }),
        )
      expect(await errors(plain), JSON.stringify(wrong)).toEqual(await errors(ordinary))
    }
  })
})

describe('isoTime', () => {
  it.each([
    ['2026-03-01 08:30:00+00', '2026-03-01T08:30:00.000Z'],
    ['2026-03-01 08:30:00.5+00', '2026-03-01T08:30:00.500Z'],
    ['2026-03-01 08:30:00.057+00', '2026-03-01T08:30:00.057Z'],
    ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31 23:59:59.999+00', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, iso) => {
    expect(isoTime(text)).toBe(iso)
  })

  it('takes other zones, as a session has them that a pooler lent', () => {
    expect(isoTime('2026-03-01 15:30:00+07')).toBe('2026-03-01T08:30:00.000Z')
    expect(isoTime('2026-03-01 14:00:00.25+05:30')).toBe('2026-03-01T08:30:00.250Z')
  })
})
