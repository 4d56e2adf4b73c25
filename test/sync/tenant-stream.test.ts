/** EC-OS-10: what concerns the whole tenant is written once, and each branch's stream takes it when it is next needed. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { purge } from '../../src/sync/retention.ts'
import { newBranch } from '../support/branch.ts'
import { openSession, sale } from '../support/cafe.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let admin: Client
let branches: string[]

beforeAll(async () => {
  gateway = await startGateway({ env: { LOCK_TIMEOUT_MS: '200' } })
  admin = await gateway.as('admin', { deviceId: 'office' })
  branches = []
  for (let i = 0; i < 5; i += 1) branches.push(await newBranch(admin))
})
afterAll(() => gateway?.close())

const count = async (sql: string, values: unknown[] = []) =>
  (
    await gateway.app.db.everyTenant.rows<{ n: number }>(
      `select count(*)::int as n from sync_change where ${sql}`,
      values,
    )
  )[0]!.n
const streamOf = async (branchId: string) =>
  (
    await gateway.app.db.everyTenant.rows<{ head: number; taken: number }>(
      `select head_seq as head, tenant_seq as taken from sync_stream where tenant_id = 'demo' and branch_id = $1`,
      [branchId],
    )
  )[0]!
const save = async (menuItemId: string, priceUsd: number) => {
  const item = { menuItemId, name: 'Thing', categoryId: 'retail', priceUsd }
  expect(await admin.direct('menuItemSave', item, { branchId: null })).toMatchObject({
    status: 'APPLIED',
    appliedSeq: null,
  })
}
const remove = (menuItemId: string) => admin.direct('menuItemRemove', { menuItemId }, { branchId: null })
const newItem = () => `item-${randomUUID().slice(0, 8)}`

it('is one row, until a branch is pulled or written; then it is that branch’s as well, and the latest only', async () => {
  const [one, two] = branches as [string, string]
  const id = newItem()
  const before = await streamOf(one)
  for (const price of [100, 110, 120]) await save(id, price)
  expect(await count('entity_id = $1', [id])).toBe(1)
  expect(await streamOf(one)).toEqual(before)

  const { changes, headSeq } = await admin.pullAll({ branchId: one })
  expect(changes.at(-1)).toMatchObject({ entityId: id, payload: { priceUsd: 120 }, seq: headSeq })
  expect(await count('entity_id = $1', [id])).toBe(2)
  const [opened] = await admin.push([openSession(undefined, { branchId: two })])
  const kinds = (await admin.pullAll({ branchId: two })).changes.slice(-2)
  expect(kinds.map(({ entityKind }) => entityKind)).toEqual(['menuItem', 'cashSession'])
  expect(kinds[1]!.seq).toBe(opened!.appliedSeq)
})

it('waits for no branch, and holds none up: a branch that somebody else has locked is left alone', async () => {
  const [one, two] = branches as [string, string]
  await gateway.app.db.everyTenant.transaction(async (tx) => {
    await tx.run('select 1 from sync_stream where branch_id = any($1::text[]) for update', [branches])
    const id = newItem()
    await save(id, 100)
    // The holder has taken what there was before: without waiting for it, nothing newer than that is handed out.
    const { changes } = await admin.pullAll({ branchId: one })
    expect(changes.map(({ entityId }) => entityId)).not.toContain(id)
  })
  // And the other way round: who holds the tenant's own stream holds up no sale.
  await gateway.app.db.everyTenant.transaction(async (tx) => {
    await tx.run("select 1 from sync_stream where tenant_id = 'demo' and branch_id = '' for update", [])
    const session = randomUUID()
    const sold = await admin.push([1, 2].map(() => sale(session, {}, { branchId: two })))
    expect(sold.map(({ status }) => status)).not.toContain('DEFERRED')
  })
})

it('nudges say where the branch’s head will be', async () => {
  const [one] = branches as [string]
  await admin.pullAll({ branchId: one })
  const heard: number[] = []
  const filter = { tenantId: 'demo', branchId: one, modules: null }
  const stop = gateway.app.services.hub.subscribe(filter, ({ headSeq }) => heard.push(headSeq))
  await save(newItem(), 100)
  await expect.poll(() => heard.length).toBe(1)
  stop()
  expect((await admin.pullAll({ branchId: one })).headSeq).toBe(heard[0])
})

it('a branch that nobody pulled for longer than tombstones are kept has taken them before they go', async () => {
  const [, , , idle] = branches as [string, string, string, string]
  const id = newItem()
  await save(id, 100)
  const { cursor, changes } = await admin.pullAll({ branchId: idle })
  expect(changes.map(({ entityId }) => entityId)).toContain(id)
  await remove(id)
  const late = new Date(Date.now() + 40 * 86_400_000)
  await purge(gateway.app.db, { tombstoneDays: 30, feedDays: 1_000 }, late)
  expect(await count('entity_id = $1', [id])).toBe(0)
  expect(await admin.pull({ branchId: idle, cursor })).toMatchObject({ reason: 'CURSOR_EXPIRED' })
  expect((await admin.pullAll({ branchId: idle })).changes.map(({ entityId }) => entityId)).not.toContain(id)
})
