import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
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
