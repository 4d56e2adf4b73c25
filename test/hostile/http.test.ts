/**
 * HTTP as no client of ours speaks it: methods, content types, bodies that are broken, too large, or do not say how
 * large they are.
 */
import { request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectNoInternals, expectRefused, post, request } from '../support/answers.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let admin: Client
let base: string

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin')
  base = gateway.url.replace('/graphql', '')
})
afterAll(() => gateway?.close())

afterEach(async () => {
  expect(await (await fetch(`${base}/healthz`)).json()).toEqual({ status: 'up' })
})

const query = '{ __typename }'
const shown = { data: { __typename: 'Query' } }
const json = { 'content-type': 'application/json' }

describe('a body', () => {
  it.each<[string, string | Uint8Array<ArrayBuffer>]>([
    ['that is cut off', '{"query":"{ __typename }"'],
    ['that is empty', ''],
    ['of one NUL', '\u0000'],
    ['that is no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ['that is compressed', Uint8Array.from(gzipSync(JSON.stringify({ query })))],
    ['that is null', 'null'],
    ['that is a number', '5'],
    ['that is a text', '"{ __typename }"'],
    ['that is a list', '[{"query":"{ __typename }"}]'],
    ['of nothing but brackets', '['.repeat(100_000)],
    ['without a query', '{}'],
    ['with a query that is a number', '{"query":5}'],
    ['with variables that are a list', '{"query":"{ __typename }","variables":[1]}'],
    ['with variables that are a text', '{"query":"{ __typename }","variables":"x"}'],
    ['with an operation that it does not have', '{"query":"query A { __typename }","operationName":"B"}'],
    ['that does not say which operation', '{"query":"query A { __typename } query B { __typename }"}'],
    ['with an operation that is a number', '{"query":"query A { __typename }","operationName":5}'],
    ['with members that nobody knows', '{"query":"{ __typename }","colour":"red"}'],
    ['with members of every object', '{"query":"{ __typename }","__proto__":{"x":1},"constructor":{"y":1}}'],
    ['with a query kept elsewhere', '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}'],
  ])('%s is refused', async (_, body) => {
    expectRefused(await request(admin, { method: 'POST', headers: json, body }))
  })

  it('that is too large is 413, before it is read', async () => {
    const authorization = `Bearer ${admin.token}`
    const over = await statement({ authorization, 'Content-Length': '99999999999' })
    expect(over.status).toBe(413)
    expect(JSON.parse(over.body)).toMatchObject({ errors: [{ extensions: { code: 'BATCH_TOO_LARGE' } }] })
    expectNoInternals(over.body)
  })

  it.each(['abc', '-5', '1e3', '0x5'])('of %s bytes is no HTTP', async (length) => {
    expect((await statement({ 'Content-Length': length })).status).toBe(400)
  })

  it('of a megabyte that is within the limit is read, and refused for what it is', async () => {
    expectRefused(await post(admin, { query: `{ sale(tenantId: "${'x'.repeat(1_000_000)}") { id } }` }))
  })

  /** The head of a POST without its body, and what is answered to it. */
  function statement(headers: Record<string, string>): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        gateway.url,
        { method: 'POST', headers: { ...json, ...headers } },
        (response) => {
          text(response).then((body) => resolve({ status: response.statusCode!, body }), reject)
        },
      )
      sent.on('error', reject)
      sent.flushHeaders()
    })
  }
})

describe('a content type', () => {
  const posted = (contentType: string, body: string) =>
    request(admin, { method: 'POST', headers: { 'content-type': contentType }, body })

  it.each([
    ['application/json; charset=utf-8', JSON.stringify({ query })],
    ['application/graphql', query],
    ['application/x-www-form-urlencoded', `query=${encodeURIComponent(query)}`],
  ])('%s is read', async (contentType, body) => {
    expect((await posted(contentType, body)).json).toEqual(shown)
  })

  it.each([
    ...['text/plain', 'text/html', 'application/xml', 'multipart/form-data; boundary=x', 'x', ';'],
    'application/x-www-form-urlencoded',
  ])('%s is 415 for JSON, and told what is taken', async (contentType) => {
    const { status, text, json } = await posted(contentType, JSON.stringify({ query }))
    expect(status).toBe(415)
    expectNoInternals(text)
    expect(json.errors[0]).toMatchObject({
      message: 'Content-Type must be application/json.',
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })

  it('of a form with variables that are no JSON is refused', async () => {
    expectRefused(await posted('application/x-www-form-urlencoded', `query=${query}&variables={`))
  })

  it.each(['text/xml', 'image/png', 'x'])(
    'that is asked for and not to be had, %s, is 406',
    async (accept) => {
      const { status } = await request(admin, {
        method: 'POST',
        headers: { ...json, accept },
        body: JSON.stringify({ query }),
      })
      expect(status).toBe(406)
    },
  )
})

describe('a method', () => {
  it.each(['PUT', 'PATCH', 'DELETE', 'HEAD'])('%s is 405', async (method) => {
    const { status, text } = await request(admin, { method })
    expect(status).toBe(405)
    expectNoInternals(text)
  })

  it('OPTIONS says from where it may be asked', async () => {
    const { status } = await request(admin, { method: 'OPTIONS' })
    expect(status).toBe(204)
  })

  it('GET reads, and does nothing else', async () => {
    const get = (search: string) => request(admin, { method: 'GET' }, search)
    expect((await get(`?query=${encodeURIComponent(query)}`)).json).toEqual(shown)
    const mutation =
      'mutation { branchFreeze(tenantId: "demo", branchId: "riverside", idempotencyKey: "6b1f0f7e-0000-4000-8000-000000000001") { status } }'
    const refused = await get(`?query=${encodeURIComponent(mutation)}`)
    expect(refused.status).toBe(405)
    expectRefused(refused)
    expectRefused(await get(`?query=${encodeURIComponent(query)}&variables=x`))
    expectRefused(await get(`?query=${encodeURIComponent(query)}&extensions={`))
    expectRefused(await get(''))
    expectRefused(await get('?query='))
    expectRefused(await get('?%'))
    const { branch } = await admin.data<{ branch: { status: string } }>(
      '{ branch(tenantId: "demo", branchId: "riverside") { status } }',
    )
    expect(branch.status).toBe('ACTIVE')
  })
})

describe('a page', () => {
  it.each([
    '/nothing',
    '/graphql/',
    '/GRAPHQL',
    '/%2e%2e/package.json',
    '/..%2f..%2fetc/passwd',
    '//',
    '/%',
    '/\u00e9',
  ])('%s is not there', async (path) => {
    const response = await fetch(base + path)
    expect(response.status).toBe(404)
    expectNoInternals(await response.text())
  })

  it.each(['/', '/healthz', '/readyz', '/metrics'])('%s can only be read', async (path) => {
    const response = await fetch(base + path, { method: 'POST', body: '{}' })
    expect(response.status).toBe(405)
    expectNoInternals(await response.text())
  })
})
