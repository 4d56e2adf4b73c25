/** What a query costs is counted whether it needs a token or not: introspection, the list of operations, by address. */
import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, expectRefused, post } from '../support/answers.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let limited: Gateway

beforeAll(async () => {
  gateway = await startGateway()
  limited = await startGateway({
    env: { RATE_LIMIT_PER_SECOND: '50', TRUST_PROXY: '1' },
    databaseUrl: gateway.databaseUrl,
  })
})
afterAll(() => Promise.all([gateway?.close(), limited?.close()]))

const times = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ')

describe('refused before it costs anything is', () => {
  it.each([
    ['the schema by 300 aliases', `{ ${times(300, (i) => `a${i}: __schema { types { name } }`)} }`],
    ['the schema by aliases inside', `{ __schema { ${times(100, (i) => `a${i}: types { name }`)} } }`],
    ['all payloads 120 times', `{ ${times(120, (i) => `a${i}: operationTypes { payloadSchema }`)} }`],
    [
      'fragments that are compared with each other',
      `{ ...F0 } ${times(200, (i) => `fragment F${i} on Query { operationTypes { type } ...F${i + 1} }`)} fragment F200 on Query { __typename }`,
    ],
  ])('%s', async (_, query) => {
    expectRefused(await post(gateway.withToken(null), { query }))
  })
})

it('what tools ask of the schema is answered, to anybody', async () => {
  const answer = await post(gateway.withToken(null), { query: getIntrospectionQuery() })
  expect(answer.json.errors).toBeUndefined()
  const types = await post(gateway.withToken(null), {
    query: '{ operationTypes { type mutation payloadSchema } }',
  })
  expect(types.json.data.operationTypes.length).toBeGreaterThan(10)
})

it('of changes as many are asked for at once as a page may have, under whatever names', async () => {
  const input = (limit: number) =>
    `input: { tenantId: "demo", branchId: "riverside", deviceId: "till", moduleScopes: [MENU], limit: ${limit} }`
  const ask = async (count: number, limit: number) => {
    const pulls = times(
      count,
      (i) => `a${i}: syncPull(${input(limit)}) { ... on SyncPullPage { changes { seq payload } } }`,
    )
    return post(await gateway.as('cashier-1', { deviceId: 'till' }), { query: `{ ${pulls} }` })
  }
  expect((await ask(2, 1_000)).json.errors).toBeUndefined()
  expect(codeOf(await ask(3, 1_000))).toBe('BAD_USER_INPUT')
  expect((await ask(1, 2_000)).json.errors).toBeUndefined()
})

describe('without a token', () => {
  const from = async (address: string, query: string) => {
    const response = await fetch(limited.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      body: JSON.stringify({ query }),
    })
    return (await response.json()) as { errors?: { extensions: { code: string; retryAfterMs: number } }[] }
  }

  it('requests are limited by address, and the schema counts for ten more', async () => {
    for (let i = 0; i < 4; i += 1)
      expect(await from('192.0.2.1', '{ __schema { queryType { name } } }')).not.toHaveProperty('errors')
    for (let i = 0; i < 6; i += 1)
      expect(await from('192.0.2.1', '{ __typename }')).not.toHaveProperty('errors')
    const { errors } = await from('192.0.2.1', '{ __typename }')
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) })
    expect(await from('192.0.2.2', '{ __typename }')).not.toHaveProperty('errors')
    // Whoever signed in is counted by themselves, from whichever address.
    expect(await limited.withToken(admin.token).send('{ __typename }')).not.toHaveProperty('errors')
  })

  it('a sign-in counts for four more, whatever comes of it', async () => {
    const signIn = `mutation { signIn(input: { tenantId: "x", staffCode: "x", pin: "1234", deviceId: "x" }) { token } }`
    for (let i = 0; i < 10; i += 1) {
      const { errors } = await from('192.0.2.3', signIn)
      expect(errors?.[0]?.extensions.code).not.toBe('RATE_LIMITED')
    }
    expect((await from('192.0.2.3', '{ __typename }')).errors?.[0]?.extensions.code).toBe('RATE_LIMITED')
  })

  let admin: Awaited<ReturnType<Gateway['as']>>
  beforeAll(async () => {
    admin = await gateway.as('admin')
  })

  it('a long request of an account costs what it takes: 500 points are 8 MB in ten seconds', async () => {
    const body = `{ __typename } #${'x'.repeat(1_000_000)}`
    const client = limited.withToken(admin.token)
    let taken = 0
    for (; taken < 20; taken += 1) if ((await post(client, { query: body })).json.errors) break
    expect(taken).toBeGreaterThan(4)
    expect(taken).toBeLessThan(10)
    expect(codeOf(await post(client, { query: body }))).toBe('RATE_LIMITED')
  })
})
