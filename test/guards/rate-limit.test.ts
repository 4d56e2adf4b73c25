import { request } from 'node:http'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { costOfRefused } from '../../src/graphql/rate-limit.ts'
import { type Client, type Gateway, operation, startGateway } from '../support/gateway.ts'
import { listen } from '../support/listen.ts'

/** The window over which requests are counted: bursts are no offence. */
const windowSeconds = 10

let gateway: Gateway
let eager: Client
let patient: Client

beforeAll(async () => {
  gateway = await startGateway({ env: { RATE_LIMIT_PER_SECOND: '1' } })
  eager = await gateway.as('cashier-1')
  patient = await gateway.as('manager')
})
afterAll(() => gateway?.close())

const query = '{ me(tenantId: "demo") { role } }'

it('RATE_LIMITED: an account with too many requests is told when to come back, and let in again then', async () => {
  for (let i = 0; i < windowSeconds; i += 1) expect(await eager.send(query)).not.toHaveProperty('errors')

  const { data, errors } = await eager.send(query)
  expect(data ?? null).toBeNull()
  const { code, retryAfterMs } = errors![0]!.extensions
  expect(code).toBe('RATE_LIMITED')
  expect(retryAfterMs).toBeGreaterThan(0)
  expect(retryAfterMs).toBeLessThanOrEqual(windowSeconds * 1000)

  // Whatever it asks for, on whichever device, and on a socket as well.
  const elsewhere = gateway.withToken(eager.token, { deviceId: 'another' })
  const pushed = await elsewhere.send(eager.pushMutation, {
    input: { tenantId: 'demo', deviceId: 'x', operations: [] },
  })
  expect(pushed.errors![0]!.extensions.code).toBe('RATE_LIMITED')
  const onSocket = listen(eager, query)
  expect((await onSocket.first).errors![0]!.extensions).toMatchObject({ code: 'RATE_LIMITED' })
  onSocket.stop()

  expect(await patient.send(query)).not.toHaveProperty('errors')
  await expect
    .poll(async () => (await eager.send(query)).errors, { interval: retryAfterMs as number, timeout: 40_000 })
    .toBeUndefined()
})

it('a question for the schema counts for ten more, on a socket as well', async () => {
  const curious = await gateway.as('barista-1')
  const once = listen(curious, '{ __typename }')
  expect((await once.first).data).toEqual({ __typename: 'Query' })
  const schema = listen(curious, '{ __schema { queryType { name } } }')
  expect((await schema.first).errors![0]!.extensions).toMatchObject({ code: 'RATE_LIMITED' })
  for (const { stop } of [once, schema]) stop()
})

it('what is refused counts for what is asked next, a point for five; what is applied or put off does not', async () => {
  const verdicts = (status: 'APPLIED' | 'REJECTED' | 'DEFERRED', n: number) => Array(n).fill({ status })
  expect(costOfRefused(verdicts('REJECTED', 4))).toBe(0)
  expect(costOfRefused([...verdicts('REJECTED', 5), ...verdicts('APPLIED', 100)])).toBe(1)
  expect(costOfRefused(verdicts('DEFERRED', 500))).toBe(0)

  const rejected = await gateway.as('admin')
  const push = (n: number) =>
    rejected.push(Array.from({ length: n }, () => operation('nothing.ofThisName', {})))
  expect(await push(5 * (windowSeconds - 1) - 1)).toHaveLength(44)
  expect(await rejected.send(query)).not.toHaveProperty('errors')
  expect((await rejected.send(query)).errors![0]!.extensions.code).toBe('RATE_LIMITED')
})

it('a body that costs too much is refused by its head, before any of it is sent', async () => {
  const long = await gateway.as('cashier-2')
  expect(await long.send(query)).not.toHaveProperty('errors')
  const headers = {
    authorization: `Bearer ${long.token}`,
    'content-type': 'application/json',
    'content-length': windowSeconds * 16_384,
  }
  const sent = request(long.url, { method: 'POST', headers })
  sent.on('error', () => {})
  const answered = new Promise<unknown>((resolve) =>
    sent.on('response', (response) => resolve(json(response))),
  )
  sent.flushHeaders()
  expect(await answered).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] })
  sent.destroy()
})
