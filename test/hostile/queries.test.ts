/**
 * GraphQL as nobody means it: too deep, too wide, too long, in circles. Refused before it costs much, without a token
 * as with one; afterwards the gateway answers as before.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectNoInternals, expectRefused, post } from '../support/answers.ts'
import { movement, openSession } from '../support/cafe.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { listen } from '../support/listen.ts'

let gateway: Gateway
let nobody: Client
let admin: Client

beforeAll(async () => {
  gateway = await startGateway()
  nobody = gateway.withToken(null)
  admin = await gateway.as('admin')
})
afterAll(() => gateway?.close())

afterEach(async () => {
  const { data } = await nobody.send<{ __typename: string }>('{ __typename }')
  expect(data).toEqual({ __typename: 'Query' })
})

const times = (count: number, text: (i: number) => string, between = ' ') =>
  Array.from({ length: count }, (_, i) => text(i)).join(between)

const signIn = 'signIn(input: { tenantId: "demo", staffCode: "x", pin: "0", deviceId: "d" }) { token }'
const spreads = (i: number) =>
  `fragment F${i} on Query { a: me(tenantId: "demo") { role } ...F${i + 1} ...F${i + 1} }`

const abuses: [string, () => string][] = [
  ['a thousand aliases', () => `{ ${times(1000, (i) => `a${i}: operationTypes { type }`)} }`],
  ['a thousand sign-ins at once', () => `mutation { ${times(1000, (i) => `a${i}: ${signIn}`)} }`],
  ['a field 20,000 times', () => `{ ${times(20_000, () => 'operationTypes { type }')} }`],
  ['__typename 90,000 times', () => `{ ${times(90_000, () => '__typename')} }`],
  ['braces 10,000 deep', () => `${times(10_000, () => '{ a')}${times(10_000, () => '}')}`],
  ['braces 3,000 deep', () => `${times(3000, () => '{ a')}${times(3000, () => '}')}`],
  [
    'a list 50,000 deep',
    () => `{ syncPull(input: { cursor: ${'['.repeat(50_000)}${']'.repeat(50_000)} }) { __typename } }`,
  ],
  [
    'an object 5,000 deep',
    () => `{ syncPull(input: ${'{ a: '.repeat(5000)}1${' }'.repeat(5000)}) { __typename } }`,
  ],
  ['a type 5,000 deep', () => `query ($a: ${'['.repeat(5000)}Int${']'.repeat(5000)}) { __typename }`],
  ['fragments in a circle', () => '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
  ['a fragment in itself', () => '{ ...A } fragment A on Query { ...A }'],
  [
    'fragments that double 25 times',
    () => `{ ...F0 } ${times(25, spreads)} fragment F25 on Query { __typename }`,
  ],
  ['a directive 5,000 times', () => `{ __typename ${times(5000, () => '@include(if: true)')} }`],
  ['an unknown directive 5,000 times', () => `{ __typename ${times(5000, () => '@a')} }`],
  ['5,000 variables', () => `query (${times(5000, (i) => `$v${i}: Int`)}) { __typename }`],
  ['5,000 operations', () => times(5000, (i) => `query q${i} { __typename }`)],
  [
    'a schema asked for without end',
    () => `{ __schema { types ${'{ fields { type '.repeat(8)}{ name } ${'} } '.repeat(8)} } }`,
  ],
  ['a text that is no query', () => 'DROP TABLE sale'],
  ['a text of NULs', () => '\u0000'.repeat(100)],
  ['no text', () => ''],
  ['a comment of a megabyte', () => `#${'x'.repeat(1_000_000)}`],
  ['a type definition', () => 'type Query { all: String }'],
  [
    'a subscription to two things',
    () => 'subscription { a: syncNudge(tenantId: "demo") { at } b: syncNudge(tenantId: "demo") { at } }',
  ],
  ['a subscription to nothing of ours', () => 'subscription { __typename }'],
  [
    'depth by lists',
    () =>
      '{ tenant(tenantId: "demo") { branches { edges { node { __typename } } } } }'.replace(
        '__typename',
        times(300, (i) => `n${i}: name`),
      ),
  ],
]

describe('refused over HTTP is', () => {
  it.each(abuses)('%s', async (_, query) => {
    // Without a token most of them are too long to be looked at.
    const answer = await post(admin, { query: query() })
    expectRefused(answer)
  })
})

describe('refused on a socket is', () => {
  /** What one message may hold, with its id and type. */
  const fits = (query: string) => query.length < 65_000
  const all = abuses.filter(([, query]) => query() !== '')

  it.each(all.filter(([, query]) => fits(query())))('%s', async (_, query) => {
    const listening = listen(admin, query())
    const { errors } = await listening.first
    listening.stop()
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT')
    expectNoInternals(JSON.stringify(errors))
  })

  it.each(all.filter(([, query]) => !fits(query())))('%s, which is too long for it', async (_, query) => {
    expect(await listen(admin, query()).closed).toBe(1009)
  })
})

describe('not refused is', () => {
  it.each([
    ['a few things at once', '{ a: operationTypes { type } b: operationTypes { type payloadSchema } }'],
    ['a fragment used twice', '{ ...A ...A } fragment A on Query { operationTypes { type } }'],
    ['the whole schema', '{ __schema { types { name fields { name type { name ofType { name } } } } } }'],
  ])('%s', async (_, query) => {
    expect(await nobody.data(query)).toBeTruthy()
  })

  it('a batch of 100 operations written into the query', async () => {
    const { payload } = openSession()
    const { cashSessionId } = payload as { cashSessionId: string }
    await admin.push([openSession(cashSessionId)])
    const literal = (value: unknown) => JSON.stringify(value).replace(/"(\w+)":/g, '$1:')
    const operations = times(100, () => literal(movement(cashSessionId)), ', ')
    const answer = await post(admin, {
      query: `mutation { syncPushBatch(input: { tenantId: "demo", deviceId: "till-1", operations: [${operations}] }) { results { status } } }`,
    })
    expect(answer.json.data.syncPushBatch.results).toEqual(
      Array.from({ length: 100 }, () => ({ status: 'APPLIED' })),
    )
  })
})
