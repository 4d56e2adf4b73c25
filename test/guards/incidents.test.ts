/**
 * A fault of ours: something that the gateway relies on is broken. Who meets it learns the incident's number and
 * nothing else, who does not meet it is served, and what it cost can be tried again once it is mended.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectNoInternals } from '../support/answers.ts'
import { movement, openSession, startWork } from '../support/cafe.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'

const incident = expect.stringMatching(/^[0-9a-f-]{36}$/)

let gateway: Gateway
let admin: Client

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin')
})
afterAll(() => gateway?.close())

/** While this runs, the table is not there. */
async function without(table: string, work: () => Promise<void>): Promise<void> {
  await gateway.app.db.everyTenant.run(`alter table ${table} rename to ${table}_gone`, [])
  try {
    await work()
  } finally {
    await gateway.app.db.everyTenant.run(`alter table ${table}_gone rename to ${table}`, [])
  }
}

describe('INTERNAL, with the number of the incident and nothing else,', () => {
  it.each([
    [
      'a read by Prisma',
      'stock_item',
      '{ stock(tenantId: "demo", branchId: "riverside") { edges { node { id } } } }',
    ],
    ['a read written by the database', 'sync_change', ''],
    ['a look at who asks', 'member', '{ me(tenantId: "demo") { role } }'],
  ])('is %s that cannot be', async (_, table, query) => {
    const input = { tenantId: 'demo', branchId: 'riverside', deviceId: 'till-1', moduleScopes: ['MENU'] }
    await without(table, async () => {
      const { data, errors } = await admin.send(query || admin.pullQuery, { input })
      expect(data ?? null).toBeNull()
      expect(errors!.map(({ extensions }) => extensions)).toEqual([{ code: 'INTERNAL', incident }])
      expectNoInternals(errors![0]!.message)
      // Nobody else is concerned.
      expect(await admin.send('{ operationTypes { type } }')).not.toHaveProperty('errors')
    })
    expect(await admin.send(query || admin.pullQuery, { input })).not.toHaveProperty('errors')
  })
})

it('OPERATION_FAILED costs its own operation, which is kept; a person can have it tried again', async () => {
  const opening = openSession()
  const { cashSessionId } = opening.payload as { cashSessionId: string }
  const work = startWork()
  const batch = [opening, work, movement(cashSessionId)]
  await without('attendance', async () => {
    const [before, failed, after] = await admin.push(batch)
    expect([before, after]).toMatchObject([{ status: 'APPLIED' }, { status: 'APPLIED' }])
    expect(failed).toMatchObject({ status: 'REJECTED', code: 'OPERATION_FAILED', details: { incident } })
    expectNoInternals(failed!.message!)
  })
  const { rejectedOperations } = await admin.data<{
    rejectedOperations: { edges: { node: { clientOpId: string; payload: object } }[] }
  }>('{ rejectedOperations(tenantId: "demo") { edges { node { clientOpId payload } } } }')
  expect(rejectedOperations.edges.map(({ node }) => node)).toEqual([
    { clientOpId: work.clientOpId, payload: work.payload },
  ])
  expect(await admin.push([work])).toMatchObject([{ code: 'OPERATION_FAILED', duplicate: true }])
  expect(await admin.push([{ ...work, retry: true }])).toMatchObject([{ status: 'APPLIED' }])
})
