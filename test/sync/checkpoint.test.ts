import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
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
  await db.run('delete from sync_device', [])
  now = Date.UTC(2026, 2, 1)
  failures = []
  writes = 0
  const counting = {
    ...db,
    run(text: string, values: readonly unknown[]) {
      writes += 1
      return db.run(text, values)
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
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const written = () =>
  db.rows(
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
    expect(await db.rows('select device_id, last_push_at from sync_device order by 1', [])).toEqual([
      { device_id: 'till-1', last_push_at: null },
      { device_id: 'till-2', last_push_at: null },
    ])
  })

  it('the first of a device is written by itself; the next ones wait, and the last stands', async () => {
    note('till-1', 1)
    await turn()
    expect(writes).toBe(1)
    now += 4999
    for (const seq of [2, 3, 4]) note('till-1', seq)
    await turn()
    expect(writes).toBe(1)
    await checkpoints.flush()
    expect(await written()).toEqual([row('till-1', 4)])
  })

  it('after a while it is due again', async () => {
    note('till-1', 1)
    now += 5000
    note('till-1', 2)
    await turn()
    await checkpoints.flush()
    expect(writes).toBe(2)
    expect(await written()).toEqual([row('till-1', 2)])
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
