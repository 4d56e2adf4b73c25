/**
 * Waiting ends: for a lock, for a statement, for a request. What was not decided is DEFERRED or SERVICE_UNAVAILABLE,
 * and is taken when it is sent again.
 */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { seedDemo } from '../../src/demo/seed.ts'
import { createLogger } from '../../src/platform/log.ts'
import { expectNoInternals } from '../support/answers.ts'
import { endWork, movement, openSession, startWork } from '../support/cafe.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'
import { type Client, type Envelope, type Gateway, type Result, startGateway } from '../support/gateway.ts'
import { lockWaiters } from '../support/waiting.ts'

/** As long as no test should have to wait. */
const patient = '60000'

let database: TestDatabase
let calm: Gateway
let admin: Client
const sessions = { riverside: randomUUID(), market: randomUUID() }
const gateways: Gateway[] = []

/** One more gateway on the same database. */
async function gatewayWith(env: Record<string, string>): Promise<Gateway> {
  const gateway = await startGateway({ databaseUrl: database.url, env })
  gateways.push(gateway)
  return gateway
}

beforeAll(async () => {
  database = await createTestDatabase()
  calm = await gatewayWith({})
  await seedDemo(calm.app.services, calm.app.db, createLogger('silent'))
  admin = await calm.as('admin')
  for (const [branchId, id] of Object.entries(sessions)) await admin.push([openSession(id, { branchId })])
})
afterEach(async () => {
  for (const holder of holders.splice(0)) await holder.end()
})
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.close()))
  await database?.drop()
})

const holders: pg.Client[] = []
/** Somebody else, who does not let go of what this statement locks until `end`. */
async function hold(statement: string): Promise<{ end: () => Promise<void> }> {
  const client = new pg.Client(ofEveryTenant(database.url))
  holders.push(client)
  await client.connect()
  await client.query('begin')
  await client.query(statement)
  return { end: async () => void (await client.query('rollback')) }
}
const holdStream = (branchId: string) =>
  hold(`select 1 from sync_stream where tenant_id = 'demo' and branch_id = '${branchId}' for update`)

const verdicts = (results: readonly Result[]) =>
  results.map(({ status, code, duplicate }) => (status === 'APPLIED' ? (duplicate ? 'AGAIN' : status) : code))

const at = (branchId: keyof typeof sessions): Envelope => movement(sessions[branchId], {}, { branchId })

describe('LOCK_TIMEOUT_MS', () => {
  it('ends the wait for a branch: the batch is DEFERRED, and taken when sent again', async () => {
    const gateway = await gatewayWith({ LOCK_TIMEOUT_MS: '100', PUSH_CHUNK: '1' })
    const till = await gateway.as('admin', { deviceId: randomUUID() })
    const batch = [at('market'), at('riverside'), at('market'), at('market')]
    const other = await hold(
      "select 1 from sync_stream where tenant_id = 'demo' and branch_id = 'riverside' for update",
    )

    const results = await till.push(batch)
    expect(verdicts(results)).toEqual([
      'BUSY',
      'EARLIER_OPERATION_DEFERRED',
      'EARLIER_OPERATION_DEFERRED',
      'EARLIER_OPERATION_DEFERRED',
    ])
    for (const { status, message, result } of results) {
      expect({ status, result }).toEqual({ status: 'DEFERRED', result: null })
      expectNoInternals(message!)
    }
    await other.end()
    expect(verdicts(await till.push(batch))).toEqual(['APPLIED', 'APPLIED', 'APPLIED', 'APPLIED'])
  })

  it('in a chunk of several defers the whole chunk, and loses none of it', async () => {
    const gateway = await gatewayWith({ LOCK_TIMEOUT_MS: '100' })
    const till = await gateway.as('admin', { deviceId: randomUUID() })
    const batch = [at('market'), at('riverside')]
    const other = await holdStream('riverside')
    expect(verdicts(await till.push(batch))).toEqual(['BUSY', 'EARLIER_OPERATION_DEFERRED'])
    await other.end()
    expect(verdicts(await till.push(batch))).toEqual(['APPLIED', 'APPLIED'])
  })

  it('is not waited for by another branch, nor by reads of the same', async () => {
    const gateway = await gatewayWith({ LOCK_TIMEOUT_MS: patient })
    const till = await gateway.as('admin', { deviceId: randomUUID() })
    const other = await holdStream('riverside')
    const waiting = till.push([at('riverside')])
    const second = await gateway.as('admin', { deviceId: randomUUID() })
    expect(verdicts(await second.push([at('market')]))).toEqual(['APPLIED'])
    expect(await second.pull()).toHaveProperty('changes')
    await other.end()
    expect(verdicts(await waiting)).toEqual(['APPLIED'])
  })

  it('ends the wait of a direct mutation too: DEFERRED under its key', async () => {
    const gateway = await gatewayWith({ LOCK_TIMEOUT_MS: '100' })
    const online = await gateway.as('admin')
    const key = randomUUID()
    const other = await holdStream('riverside')
    const { payload } = at('riverside')
    const direct = () => online.direct('cashSessionRecordMovement', payload as object, { key })
    expect(await direct()).toMatchObject({ status: 'DEFERRED', code: 'BUSY', clientOpId: key })
    await other.end()
    expect(await direct()).toMatchObject({ status: 'APPLIED', duplicate: false })
    expect(await direct()).toMatchObject({ status: 'APPLIED', duplicate: true })
  })

  it('ends the wait for the batch that the same device sent by another gateway', async () => {
    const slow = await gatewayWith({ LOCK_TIMEOUT_MS: patient })
    const quick = await gatewayWith({ LOCK_TIMEOUT_MS: '100' })
    const deviceId = randomUUID()
    const first = await slow.as('admin', { deviceId })
    const second = quick.withToken(first.token, { deviceId })
    const other = await holdStream('riverside')
    const waiting = first.push([at('riverside')])
    // It has the device once somebody waits for the stream.
    await lockWaiters(calm.databaseUrl, 1)
    const batch = [at('market'), at('market')]
    expect((await second.push(batch)).map(({ status }) => status)).toEqual(['DEFERRED', 'DEFERRED'])
    await other.end()
    expect(verdicts(await waiting)).toEqual(['APPLIED'])
    expect(verdicts(await second.push(batch))).toEqual(['APPLIED', 'APPLIED'])
  })

  it('is SERVICE_UNAVAILABLE for a read that cannot be had, written by the database or by Prisma', async () => {
    const gateway = await gatewayWith({ LOCK_TIMEOUT_MS: '100' })
    const reader = await gateway.as('admin')
    for (const [table, query] of [
      ['cash_session', '{ cashSessions(tenantId: "demo", branchId: "riverside") { edges { node { id } } } }'],
      ['sync_device', '{ devices(tenantId: "demo") { edges { node { gaps { from } } } } }'],
      ['sync_change', reader.pullQuery],
      ['member', '{ me(tenantId: "demo") { role } }'],
    ] as const) {
      const other = await hold(`lock table ${table} in access exclusive mode`)
      const input = { tenantId: 'demo', branchId: 'riverside', deviceId: 'till-1', moduleScopes: ['MENU'] }
      const { errors } = await reader.send(query, { input })
      expect(errors!.map(({ extensions }) => extensions)).toEqual([{ code: 'SERVICE_UNAVAILABLE' }])
      expectNoInternals(errors![0]!.message)
      await other.end()
      expect(await reader.send(query, { input })).not.toHaveProperty('errors')
    }
  })
})

describe('STATEMENT_TIMEOUT_MS', () => {
  it('ends a statement that takes too long: DEFERRED, and taken when sent again', async () => {
    const gateway = await gatewayWith({ STATEMENT_TIMEOUT_MS: '1000', LOCK_TIMEOUT_MS: patient })
    const till = await gateway.as('admin', { deviceId: randomUUID() })
    const other = await holdStream('riverside')
    const batch = [at('riverside'), at('riverside')]
    expect(verdicts(await till.push(batch))).toEqual(['BUSY', 'EARLIER_OPERATION_DEFERRED'])
    await other.end()
    expect(verdicts(await till.push(batch))).toEqual(['APPLIED', 'APPLIED'])
  })
})

describe('REQUEST_TIMEOUT_MS', () => {
  it('ends the wait for an answer: SERVICE_UNAVAILABLE; what was begun is finished, once', async () => {
    const gateway = await gatewayWith({ REQUEST_TIMEOUT_MS: '300', LOCK_TIMEOUT_MS: patient })
    const deviceId = randomUUID()
    const till = gateway.withToken((await calm.as('admin', { deviceId })).token, { deviceId })
    const batch = [at('riverside')]
    const other = await holdStream('riverside')
    const input = { tenantId: 'demo', deviceId: till.deviceId, operations: batch }
    const { data, errors } = await till.send(till.pushMutation, { input })
    expect(data ?? null).toBeNull()
    expect(errors![0]!.extensions).toEqual({ code: 'SERVICE_UNAVAILABLE' })
    await other.end()
    await expect.poll(async () => verdicts(await till.push(batch)), { timeout: 30_000 }).toEqual(['AGAIN'])
  })
})

it('a device that is gone before its answer has lost nothing: it is decided, and answered when sent again', async () => {
  const till = await calm.as('admin', { deviceId: randomUUID() })
  const start = startWork()
  const { attendanceId } = start.payload as { attendanceId: string }
  const other = await holdStream('riverside')
  const controller = new AbortController()
  const sent = fetch(calm.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${till.token}` },
    body: JSON.stringify({
      query: till.pushMutation,
      variables: { input: { tenantId: 'demo', deviceId: till.deviceId, operations: [start] } },
    }),
    signal: controller.signal,
  })
  await lockWaiters(calm.databaseUrl, 1)
  controller.abort()
  await expect(sent).rejects.toThrow()
  await other.end()
  expect(verdicts(await till.push([start, endWork(attendanceId)]))).toEqual(['AGAIN', 'APPLIED'])
})
