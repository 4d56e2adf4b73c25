import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Database, openDatabase } from '../../src/platform/database.ts'
import { type Checkpoints, createCheckpoints } from '../../src/sync/checkpoint.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let db: Database
let checkpoints: Checkpoints
let now: number
let failures: unknown[]
/** How often something was written. */
let writes: number

beforeAll(async () => {
  database = await createTestDatabase()
  db = openDatabase({ url: database.url, poolSize: 2, statementTimeoutMs: 10_000, lockTimeoutMs: 10_000 })
})
afterAll(async () => {
  await db?.close()
  await database?.drop()
})
beforeEach(async () => {
  await db.everyTenant.run('delete from sync_device', [])
  now = Date.UTC(2026, 2, 1)
  failures = []
  writes = 0
  const counting = {
    ...db,
    tenant(tenantId: string) {
      const rows = db.tenant(tenantId)
      return {
        ...rows,
        run(text: string, values: readonly unknown[]) {
          writes += 1
          return rows.run(text, values)
        },
      }
    },
  }
  checkpoints = createCheckpoints(
    counting,
    () => new Date(now),
    (error) => failures.push(error),
  )
})

const note = (deviceId: string, pulledSeq: number, more: object = {}) =>
  checkpoints.note({
    tenantId: 'demo',
    branchId: 'riverside',
    accountId: 'sophea',
    deviceId,
    pulledSeq,
    ...more,
  })
afterEach(() => vi.useRealTimers())
const written = () =>
  db.everyTenant.rows(
    `select device_id as device, branch_id as branch, account_id as account, pulled_seq as seq, pulled_at as at
     from sync_checkpoint order by 1, 2`,
    [],
  )
const row = (device: string, seq: number, more: object = {}) => ({
  device,
  branch: 'riverside',
  account: 'sophea',
  seq,
  at: new Date(now),
  ...more,
})

describe('checkpoints', () => {
  it('how far a device has pulled, by whom and when; the device is known from then on', async () => {
    note('till-1', 10)
    note('till-2', 20, { accountId: 'dara' })
    note('till-1', 5, { branchId: 'market' })
    await checkpoints.flush()
    expect(await written()).toEqual([
      row('till-1', 5, { branch: 'market' }),
      row('till-1', 10),
      row('till-2', 20, { account: 'dara' }),
    ])
    expect(
      await db.everyTenant.rows('select device_id, last_push_at from sync_device order by 1', []),
    ).toEqual([
      { device_id: 'till-1', last_push_at: null },
      { device_id: 'till-2', last_push_at: null },
    ])
  })

  it('those of a second are one write, of a thousand at most; the last of a device stands', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    for (let i = 0; i < 1_500; i += 1) note(`till-${i}`, 1)
    note('till-3', 2)
    expect(writes).toBe(0)
    await vi.advanceTimersByTimeAsync(1_000)
    await vi.waitUntil(() => writes === 1)
    await checkpoints.flush()
    expect(writes).toBe(2)
    const all = (await written()) as { device: string; seq: number }[]
    expect([all.length, all.find(({ device }) => device === 'till-3')?.seq]).toEqual([1_500, 2])
  })

  it('a device is written again when it is due, and not before', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    note('till-1', 1)
    await checkpoints.flush()
    for (const seq of [2, 3, 4]) note('till-1', seq)
    now += 4_999
    await vi.advanceTimersByTimeAsync(3_000)
    expect(writes).toBe(1)
    now += 1
    await vi.advanceTimersByTimeAsync(1_000)
    await vi.waitUntil(() => writes === 2)
    await checkpoints.flush()
    expect(await written()).toEqual([row('till-1', 4)])
  })

  it('no more than twenty thousand wait', async () => {
    for (let i = 0; i < 20_002; i += 1) note(`till-${i}`, 1)
    note('till-0', 9)
    await checkpoints.flush()
    const all = (await written()) as { device: string; seq: number }[]
    expect([all.length, all.find(({ device }) => device === 'till-0')?.seq, writes]).toEqual([20_000, 9, 20])
  })

  it('a write that fails is told, and hinders no later one', async () => {
    note('till-1', Number.MAX_SAFE_INTEGER, { branchId: 'NUL \u0000' })
    await checkpoints.flush()
    expect(failures).toHaveLength(1)
    note('till-1', 7)
    await checkpoints.flush()
    expect(await written()).toEqual([row('till-1', 7)])
  })
})
