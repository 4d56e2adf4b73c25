/**
 * The database goes away and comes back. Nothing is rejected for that: it is DEFERRED or SERVICE_UNAVAILABLE, taken
 * when it is sent again, once. The gateway needs nobody to find its way back.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedDemo } from '../../src/demo/seed.ts'
import { type Cluster, startCluster } from '../../src/platform/embedded/cluster.ts'
import { createLogger } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { expectNoInternals } from '../support/answers.ts'
import { movement, openSession } from '../support/cafe.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'
import {
  type Client,
  type Envelope,
  type Gateway,
  type Response,
  type Result,
  startGateway,
} from '../support/gateway.ts'
import { lockWaiters } from '../support/waiting.ts'

const log = createLogger('silent')
const notDurable = { fsync: 'off', synchronous_commit: 'off' }

let folder: string
let cluster: Cluster
/** The first address: whenever the database comes back, it is there. */
let url: string
let gateway: Gateway
let cashier: Client
const cashSessionId = randomUUID()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modula-away-'))
  cluster = await startCluster(folder, { log, settings: notDurable })
  url = cluster.url
  await migrate(url, { log })
  gateway = await startGateway({ databaseUrl: url })
  await seedDemo(gateway.app.services, gateway.app.db, log)
  cashier = await gateway.as('cashier-1')
  await cashier.push([openSession(cashSessionId)])
})
afterAll(async () => {
  await gateway?.close()
  await cluster?.stop()
  await rm(folder, { recursive: true, force: true })
})

const comeBack = async () => {
  cluster = await startCluster(folder, { log, settings: { ...notDurable, port: new URL(url).port } })
}

async function asDba<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(ofEveryTenant(url))
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const cutConnections = (client: pg.Client) =>
  client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'modula-sync'",
  )

const send = (operations: readonly Envelope[]): Promise<Response<{ syncPushBatch: { results: Result[] } }>> =>
  cashier.send(cashier.pushMutation, { input: { tenantId: 'demo', deviceId: 'till-1', operations } })

/** APPLIED, DEFERRED or SERVICE_UNAVAILABLE; anything else is a failure. */
function outcomesOf({ data, errors }: Awaited<ReturnType<typeof send>>): string[] {
  for (const { message, extensions } of errors ?? []) {
    expectNoInternals(message)
    expect(extensions).toEqual({ code: 'SERVICE_UNAVAILABLE' })
  }
  for (const { message } of data?.syncPushBatch?.results ?? []) if (message) expectNoInternals(message)
  return errors ? ['SERVICE_UNAVAILABLE'] : data!.syncPushBatch.results.map(({ status }) => status)
}

/** Sends it until all of it is applied, as a till does. */
async function sendUntilApplied(operations: readonly Envelope[]): Promise<Result[]> {
  for (;;) {
    const answer = await send(operations)
    const outcomes = outcomesOf(answer)
    expect(outcomes).not.toContain('REJECTED')
    if (outcomes.every((outcome) => outcome === 'APPLIED')) return answer.data!.syncPushBatch.results
  }
}

const batch = () => Array.from({ length: 3 }, () => movement(cashSessionId, { amount: 1 }))

/** How often each of these operations has left its mark in the drawer. */
const timesApplied = (operations: readonly Envelope[]) =>
  asDba(async (client) => {
    const { rows } = await client.query<{ id: string }>('select id from cash_movement')
    const ids = operations.map(({ payload }) => (payload as { movementId: string }).movementId)
    return ids.map((id) => rows.filter((row) => row.id === id).length)
  })

describe('connections that are cut', () => {
  it('between two pushes cost nothing but another try', async () => {
    await asDba(cutConnections)
    const operations = batch()
    await sendUntilApplied(operations)
    expect(await timesApplied(operations)).toEqual([1, 1, 1])
  })

  it('in the middle of a push: DEFERRED, and each is applied once in the end', async () => {
    const operations = batch()
    const outcomes = await asDba(async (holder) => {
      await holder.query('begin')
      await holder.query("select 1 from sync_stream where branch_id = 'riverside' for update")
      const answer = send(operations)
      await lockWaiters(gateway.databaseUrl, 1)
      await asDba(cutConnections)
      return outcomesOf(await answer)
    })
    expect(outcomes).toEqual(['DEFERRED', 'DEFERRED', 'DEFERRED'])
    await sendUntilApplied(operations)
    expect(await timesApplied(operations)).toEqual([1, 1, 1])
  })

  it('again and again while tills are pushing', async () => {
    const tills = Array.from({ length: 8 }, batch)
    const cutting = asDba(async (client) => {
      for (let i = 0; i < 20; i += 1) await cutConnections(client)
    })
    await Promise.all([cutting, ...tills.map(sendUntilApplied)])
    expect(await timesApplied(tills.flat())).toEqual(tills.flat().map(() => 1))
  })
})

describe('a database that is stopped', () => {
  it('ends a stream of events whose next nudge it would have to be asked about, with nothing of the inside', async () => {
    const query = 'subscription { syncNudge(tenantId: "demo", branchId: "riverside") { headSeq } }'
    const response = await fetch(cashier.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${cashier.token}`,
      },
      body: JSON.stringify({ query }),
    })
    const { hub } = gateway.app.services
    await expect.poll(() => hub.size.sinks, { timeout: 30_000 }).toBe(1)
    await cluster.stop()
    const nudge = { tenantId: 'demo', branchId: 'riverside', headSeq: 1, pullAfterMs: 0 }
    // As another gateway's would come over Redis.
    hub.publish([{ ...nudge, modules: ['SALE'], at: new Date().toISOString() }])
    const heard = await response.text()
    await comeBack()
    expect(heard).toContain('"code":"SERVICE_UNAVAILABLE"')
    expectNoInternals(heard)
  })

  it('is told by the probes, and by SERVICE_UNAVAILABLE; then all is as before', async () => {
    const base = gateway.url.replace('/graphql', '')
    const probe = async (path: string) => (await fetch(base + path)).status
    expect(await probe('/readyz')).toBe(200)
    const { cursor } = await cashier.pullAll()
    const operations = batch()
    await send(operations.slice(0, 1))

    await cluster.stop()
    // What was found a moment ago is told for a tenth of a second.
    await expect.poll(() => probe('/readyz')).toBe(503)
    expect(await probe('/healthz')).toBe(200)
    expect(await probe('/metrics')).toBe(200)
    expect(await probe('/')).toBe(200)
    expect(outcomesOf(await send(operations))).toEqual(['SERVICE_UNAVAILABLE'])
    const pull = { tenantId: 'demo', branchId: 'riverside', deviceId: 'till-1', moduleScopes: ['MENU'] }
    const signIn = { tenantId: 'demo', staffCode: 'cashier-1', pin: '1234', deviceId: 'till-1' }
    const start = `mutation ($id: UUID!) { attendanceStartWork(
      tenantId: "demo", branchId: "riverside", idempotencyKey: $id, input: { attendanceId: $id }) { status } }`
    for (const { errors } of [
      await cashier.send(cashier.pullQuery, { input: pull }),
      await cashier.send(start, { id: randomUUID() }),
      await cashier.send('{ me(tenantId: "demo") { role } }'),
      await cashier.send('{ sales(tenantId: "demo", branchId: "riverside") { edges { node { id } } } }'),
      await cashier.send('mutation ($input: SignInInput!) { signIn(input: $input) { token } }', {
        input: signIn,
      }),
    ]) {
      expect(errors!.map(({ extensions }) => extensions)).toEqual([{ code: 'SERVICE_UNAVAILABLE' }])
      expectNoInternals(errors![0]!.message)
    }
    // What needs no database is answered.
    expect(await cashier.send('{ operationTypes { type } }')).not.toHaveProperty('errors')

    await comeBack()
    const results = await sendUntilApplied(operations)
    expect(results.map(({ duplicate }) => duplicate)).toEqual([true, false, false])
    await expect.poll(() => probe('/readyz')).toBe(200)
    const { changes } = await cashier.pullAll({ cursor })
    expect(changes.some(({ entityKind }) => entityKind === 'cashSession')).toBe(true)
    expect(await timesApplied(operations)).toEqual([1, 1, 1])
  })

  it('in the middle of a push leaves it DEFERRED or SERVICE_UNAVAILABLE', async () => {
    const operations = batch()
    const holder = new pg.Client(ofEveryTenant(url))
    holder.on('error', () => {})
    await holder.connect()
    await holder.query('begin')
    await holder.query("select 1 from sync_stream where branch_id = 'riverside' for update")
    const answer = send(operations)
    await lockWaiters(gateway.databaseUrl, 1)
    await cluster.stop()
    const outcomes = outcomesOf(await answer)
    expect(new Set(outcomes)).toEqual(new Set([outcomes.length === 3 ? 'DEFERRED' : 'SERVICE_UNAVAILABLE']))
    await comeBack()
    await sendUntilApplied(operations)
    expect(await timesApplied(operations)).toEqual([1, 1, 1])
  })
})
