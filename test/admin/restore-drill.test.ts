/**
 * The disaster drill (docs/operations.md): back up, sell on, lose the database, restore. Tills end with what they had
 * confirmed, applied again exactly once, and with what waited on them.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { execute, readCommand } from '../../src/admin/run.ts'
import { loadConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { goOffline, openCashSession, openTill, sell, type Till } from '../client/support/till.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

let folder: string
let lost: TestDatabase
let restored: TestDatabase
let gateway: Gateway
const tills: Till[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modula-drill-'))
  ;[lost, restored] = await Promise.all([createTestDatabase('demo'), createTestDatabase('nothing')])
  gateway = await startGateway({ databaseUrl: lost.url })
})
afterAll(async () => {
  await Promise.all(tills.map(({ client }) => client.close()))
  await gateway?.close()
  await Promise.all([lost, restored].map((each) => each?.drop()))
  await rm(folder, { recursive: true, force: true })
})

/** As `npm run admin -- ...` does. */
async function admin(line: string, databaseUrl: string) {
  const db = openDatabase({ url: databaseUrl, poolSize: 2, statementTimeoutMs: 10_000, lockTimeoutMs: 5_000 })
  try {
    const by = { config: loadConfig({}), at: new Date(), databaseUrl }
    return (await execute(db, readCommand(line.split(' '))!, by)).done.said
  } finally {
    await db.close()
  }
}

const salesAt = ({ client }: Till) =>
  client
    .query('sale')
    .map(({ id, pending }) => ({ id, pending }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))

it('nothing that a till was told is lost, nothing is there twice, and receipts have no gap', async () => {
  const one = await openTill(gateway)
  tills.push(one)
  const other = await openTill(gateway, { branchId: one.context.branchId })
  tills.push(other)
  const session = await openCashSession(one)
  const sold: string[] = []
  const sellAt = async (till: Till) => void sold.push((await sell(till, session)).saleId)
  for (let i = 0; i < 2; i += 1) await sellAt(one)
  await one.client.sync()

  const file = join(folder, 'nightly')
  expect((await admin(`backup --file ${file}`, lost.url))!.join()).toMatch(/rows are in/)

  // Confirmed by the gateway and pulled again by both: by nobody's queue any more.
  for (let i = 0; i < 3; i += 1) await sellAt(one)
  await one.client.sync()
  await other.client.sync()
  await sellAt(other)
  await other.client.sync()
  await one.client.sync()
  expect(one.client.status()).toMatchObject({ pending: 0, failed: [] })
  expect(salesAt(one)).toHaveLength(6)
  // And what is recorded while there is no server at all.
  await goOffline(one)
  await sellAt(one)

  const { port } = new URL(gateway.url)
  await gateway.close()
  expect((await admin(`restore --file ${file}`, restored.url))!.join()).toMatch(/under new epochs/)
  gateway = await startGateway({ databaseUrl: restored.url, env: { PORT: port } })

  one.network.state = 'up'
  for (const till of [one, other, one, other]) await till.client.sync()
  for (const till of [one, other]) {
    expect(till.client.status()).toMatchObject({ pending: 0, failed: [] })
    expect(salesAt(till)).toEqual(sold.toSorted().map((id) => ({ id, pending: false })))
  }
  const { changes } = await (await gateway.as('admin')).pullAll({ branchId: one.context.branchId })
  const receipts = changes
    .filter(({ entityKind }) => entityKind === 'sale')
    .map(({ payload }) => payload.receiptNumber as number)
  expect(receipts.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7])
})

it('a new epoch of what was not restored changes nothing: everything is sent again, and answered as before', async () => {
  const [one] = tills
  const before = salesAt(one!)
  await admin('epoch', restored.url)
  await one!.client.sync()
  expect(one!.client.status()).toMatchObject({ pending: 0, failed: [] })
  expect(salesAt(one!)).toEqual(before)
})
