/** DEFERRED is no verdict: nothing is known of the operation, it is sent again, and has one effect all the same. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database, Rows } from '../../src/platform/database.ts'
import { type PushEngine, push } from '../../src/sync/push.ts'
import { WaitingRoom } from '../../src/sync/waiting-room.ts'
import { newBranch } from '../support/branch.ts'
import { openSession, sale } from '../support/cafe.ts'
import { type Client, type Envelope, type Gateway, startGateway } from '../support/gateway.ts'
import { lockWaiters } from '../support/waiting.ts'

let gateway: Gateway
let admin: Client
let branchId: string

beforeAll(async () => {
  gateway = await startGateway({ env: { LOCK_TIMEOUT_MS: '60000', STATEMENT_TIMEOUT_MS: '60000' } })
  admin = await gateway.as('admin')
})
afterAll(() => gateway?.close())
beforeEach(async () => {
  branchId = await newBranch(admin)
})

const pushBy = async (engine: Partial<PushEngine>, operations: readonly Envelope[]) => {
  const verdicts = await push(
    { ...gateway.app.services.engine, ...engine },
    {
      tenantId: 'demo',
      deviceId: 'till-1',
      accountId: 'demo-admin',
      lane: 'REPLAY',
      operations: operations.map((op) => ({ ...op, occurredAt: new Date(op.occurredAt) })),
    },
  )
  return verdicts.map(({ status, code }) => (code ? `${status} ${code}` : status))
}
/** A chain: the session, and sales in it. */
function queue(sales: number): Envelope[] {
  const session = randomUUID()
  return [
    openSession(session, { branchId }),
    ...Array.from({ length: sales }, () => sale(session, {}, { branchId })),
  ]
}
const isStored = async ({ clientOpId }: Envelope) =>
  (
    await gateway.app.db.everyTenant.rows('select 1 from sync_operation where client_op_id = $1', [
      clientOpId,
    ])
  ).length > 0

const lost = () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
/** The database, but for what becomes of each transaction: `before` runs ahead of its commit, `after` behind it. */
function database(hooks: { before?: () => void; after?: () => void }): Database {
  const { db } = gateway.app
  const through = (rows: Rows): Rows => ({
    ...rows,
    async transaction(work) {
      const result = await rows.transaction(async (tx) => {
        const done = await work(tx)
        hooks.before?.()
        return done
      })
      hooks.after?.()
      return result
    },
  })
  return { ...db, tenant: (tenantId) => through(db.tenant(tenantId)) }
}

describe('operations are put off, not refused', () => {
  it('STREAM_RESET: the stream is another than the device knows, until it has pulled', async () => {
    const operations = queue(1)
    const epochOf = async (cursor?: string) =>
      admin.data<{ syncPull: { epoch?: string; newEpoch?: string } }>(
        `query ($input: SyncPullInput!) { syncPull(input: $input) {
          ... on SyncPullPage { epoch nextCursor } ... on SyncPullReset { newEpoch } } }`,
        { input: { tenantId: 'demo', branchId, deviceId: 'till-1', moduleScopes: ['BRANCH'], cursor } },
      )
    const pushAs = async (epoch: string, at = branchId) => {
      const results = await admin.push(operations, { stream: { branchId: at, epoch } })
      return results.map(({ status, code }) => (code ? `${status} ${code}` : status))
    }
    const before = (await epochOf()).syncPull as { epoch: string; nextCursor: string }
    await gateway.app.db.everyTenant.run(
      'update sync_stream set epoch = gen_random_uuid() where branch_id = $1',
      [branchId],
    )
    expect(await pushAs(before.epoch)).toEqual(['DEFERRED STREAM_RESET', 'DEFERRED STREAM_RESET'])
    expect(await pushAs('x'.repeat(10_000))).toEqual(['DEFERRED STREAM_RESET', 'DEFERRED STREAM_RESET'])
    expect(await isStored(operations[0]!)).toBe(false)
    const { newEpoch } = (await epochOf(before.nextCursor)).syncPull
    expect((await epochOf()).syncPull.epoch).toBe(newEpoch)
    expect(await pushAs(newEpoch!)).toEqual(['APPLIED', 'APPLIED'])
    // Of a branch that there is none of, nothing is known.
    expect(await pushAs(before.epoch, 'nowhere')).toEqual(['APPLIED', 'APPLIED'])
  })

  it('UNAVAILABLE: the database is away', async () => {
    const operations = queue(1)
    const away = () => Promise.reject(lost())
    const rows = { ...gateway.app.db.tenant('demo'), atOnce: away, transaction: away }
    const db = { ...gateway.app.db, tenant: () => rows }
    expect(await pushBy({ db }, operations)).toEqual(['DEFERRED UNAVAILABLE', 'DEFERRED UNAVAILABLE'])
    expect(await isStored(operations[0]!)).toBe(false)
    expect(await pushBy({}, operations)).toEqual(['APPLIED', 'APPLIED'])
  })

  it('OVERLOADED: more batches wait than may; nothing is looked at, and it is counted', async () => {
    const operations = queue(1)
    const { engine } = gateway.app.services
    const turns = { ...engine.turns, room: new WaitingRoom({ all: 0, ofAccount: 0, ofDevice: 0 }) }
    const unread = operations.map((op) =>
      Object.defineProperty({ ...op, occurredAt: new Date(op.occurredAt) }, 'payload', {
        get() {
          throw new Error('the payload was looked at')
        },
      }),
    )
    const counted: unknown[] = []
    const onDecided: PushEngine['onDecided'] = (_, verdicts, types) =>
      counted.push(...verdicts.map(({ code }, i) => [code, types[i]]))
    const verdicts = await push(
      { ...engine, turns, onDecided },
      {
        tenantId: 'demo',
        deviceId: 'till-1',
        accountId: 'demo-admin',
        lane: 'REPLAY',
        operations: unread,
      },
    )
    expect(verdicts.map(({ status, code }) => `${status} ${code}`)).toEqual([
      'DEFERRED OVERLOADED',
      'DEFERRED OVERLOADED',
    ])
    expect(counted).toEqual([
      ['OVERLOADED', 'cashSession.open'],
      ['OVERLOADED', 'sale.finalize'],
    ])
    expect(await isStored(operations[0]!)).toBe(false)
  })

  it('the database goes away before the commit: nothing of the batch was done, in however many chunks', async () => {
    const operations = queue(5)
    const before = () => {
      throw lost()
    }
    expect(await pushBy({ db: database({ before }), chunkSize: 2 }, operations)).toEqual([
      'DEFERRED UNAVAILABLE',
      ...Array(5).fill('DEFERRED EARLIER_OPERATION_DEFERRED'),
    ])
    expect(await isStored(operations[0]!)).toBe(false)
    expect(await pushBy({}, operations)).toEqual(Array(6).fill('APPLIED'))
  })

  it('the answer to a commit is lost: applied all the same, and sent again it is a duplicate', async () => {
    const operations = queue(2)
    const after = () => {
      throw lost()
    }
    expect((await pushBy({ db: database({ after }) }, operations))[0]).toBe('DEFERRED UNAVAILABLE')
    expect(await admin.push(operations)).toMatchObject(
      operations.map(() => ({ status: 'APPLIED', duplicate: true })),
    )
    const [{ count } = { count: -1 }] = await gateway.app.db.everyTenant.rows<{ count: number }>(
      'select count(*)::int as count from sale where branch_id = $1',
      [branchId],
    )
    expect(count).toBe(2)
  })

  it('a connection that PostgreSQL ends while it waits: put off, and the next batch has another', async () => {
    const { db } = gateway.app
    const operations = queue(1)
    const pushed = await db.everyTenant.transaction(async (tx) => {
      await tx.run('select 1 from sync_stream where branch_id = $1 for update', [branchId])
      const pushed = pushBy({}, operations)
      await lockWaiters(gateway.databaseUrl, 1)
      await tx.run(
        `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock'`,
        [],
      )
      return await pushed
    })
    expect(pushed).toEqual(['DEFERRED UNAVAILABLE', 'DEFERRED EARLIER_OPERATION_DEFERRED'])
    expect(await pushBy({}, operations)).toEqual(['APPLIED', 'APPLIED'])
  })

  it('a dependency that was put off is put off with what depends on it: nothing is DEPENDENCY_MISSING', async () => {
    const [open, sold] = queue(1)
    const chain = [open!, { ...sold!, dependsOn: [open!.clientOpId] }]
    const before = () => {
      throw lost()
    }
    expect(await pushBy({ db: database({ before }), chunkSize: 1 }, chain)).toEqual([
      'DEFERRED UNAVAILABLE',
      'DEFERRED EARLIER_OPERATION_DEFERRED',
    ])
    expect(await pushBy({ chunkSize: 1 }, chain)).toEqual(['APPLIED', 'APPLIED'])
  })
})
