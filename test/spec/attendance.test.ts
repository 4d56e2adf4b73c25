import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newBranch } from '../support/branch.ts'
import { endWork, openSession, sale, startWork } from '../support/cafe.ts'
import { type Client, type Gateway, operation, startGateway } from '../support/gateway.ts'
import { Replica } from '../support/replica.ts'

let gateway: Gateway
let admin: Client
let manager: Client
let branchId: string
/** A cashier and a barista of each test's own: work is a person's, in all of the tenant. */
let cashier: Client
let barista: Client
let cashierId: string
let baristaId: string

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin', { deviceId: 'office' })
  manager = await gateway.as('manager', { deviceId: 'office' })
})
afterAll(() => gateway?.close())
beforeEach(async () => {
  branchId = await newBranch(admin, 'demo-manager')
  ;[cashierId, cashier] = await hire('CASHIER')
  ;[baristaId, barista] = await hire('STAFF')
})

async function hire(role: string): Promise<[string, Client]> {
  const accountId = `${role}-${randomUUID().slice(0, 8)}`
  const person = {
    accountId,
    staffCode: accountId,
    name: accountId,
    role,
    pin: '1234',
    branchIds: [branchId],
  }
  expect(await admin.direct('staffSave', person, { branchId: null })).toMatchObject({ status: 'APPLIED' })
  return [accountId, await gateway.as(accountId)]
}

const here = () => ({ branchId })
const codes = (results: { status: string; code: string | null }[]) =>
  results.map(({ status, code }) => code ?? status)
const attendanceSeenBy = async (client: Client) => {
  const { changes } = await client.pullAll({ branchId, moduleScopes: ['ATTENDANCE'] })
  return changes.map(({ entityId }) => entityId)
}

describe('AC-3 and UC-3: start and end of work, offline', () => {
  it('syncs idempotently, in order; nothing is deleted', async () => {
    const attendanceId = randomUUID()
    const location = { latitude: 11.5564, longitude: 104.9282, accuracyM: 12.5 }
    const queue = [
      operation('attendance.startWork', { attendanceId, location }, here()),
      operation('attendance.endWork', { attendanceId }, here()),
    ]
    const results = await barista.push(queue)
    expect(results).toMatchObject([
      { status: 'APPLIED', result: { attendanceId } },
      { status: 'APPLIED', result: { attendanceId } },
    ])
    expect(await barista.push(queue)).toEqual(results.map((result) => ({ ...result, duplicate: true })))
    const local = new Replica().apply((await manager.pullAll({ branchId })).changes)
    expect(local.get('attendance', attendanceId)).toEqual({
      actorId: baristaId,
      status: 'COMPLETED',
      startedAt: queue[0]!.occurredAt,
      endedAt: queue[1]!.occurredAt,
    })
    const { attendance } = await manager.data<{ attendance: { edges: { node: object }[] } }>(
      `query ($branchId: ID!) { attendance(tenantId: "demo", branchId: $branchId) {
        edges { node { id status startLocation endLocation } } } }`,
      { branchId },
    )
    expect(attendance.edges).toEqual([
      { node: { id: attendanceId, status: 'COMPLETED', startLocation: location, endLocation: null } },
    ])
  })

  it('rejections are surfaced: started twice, ended twice, ended without a start', async () => {
    const [one, two] = [randomUUID(), randomUUID()]
    const results = await barista.push([
      endWork(one, here()),
      startWork(one, here()),
      startWork(two, here()),
      endWork(two, here()),
      endWork(one, here()),
      endWork(one, here()),
    ])
    expect(codes(results)).toEqual([
      'ATTENDANCE_NOT_ACTIVE',
      'APPLIED',
      'ATTENDANCE_ALREADY_ACTIVE',
      'ATTENDANCE_NOT_ACTIVE',
      'APPLIED',
      'ATTENDANCE_NOT_ACTIVE',
    ])
  })

  it('nobody ends somebody else’s work', async () => {
    const attendanceId = randomUUID()
    await barista.push([startWork(attendanceId, here())])
    expect(codes(await cashier.push([endWork(attendanceId, here())]))).toEqual(['ATTENDANCE_NOT_ACTIVE'])
  })
})

describe('one running record a person and tenant', () => {
  it('across branches: who works in one cannot start in another; the record ends where it began', async () => {
    const other = await newBranch(admin, baristaId)
    const [first, second] = [randomUUID(), randomUUID()]
    const results = await barista.push([
      startWork(first, here()),
      startWork(second, { branchId: other }),
      endWork(first, { branchId: other }),
      endWork(first, here()),
      startWork(second, { branchId: other }),
    ])
    expect(codes(results)).toEqual([
      'APPLIED',
      'ATTENDANCE_ALREADY_ACTIVE',
      'ATTENDANCE_NOT_ACTIVE',
      'APPLIED',
      'APPLIED',
    ])
  })

  it('two devices at once: one record', async () => {
    const other = await newBranch(admin, baristaId)
    const elsewhere = await gateway.as(baristaId, { deviceId: 'till-2' })
    const results = await Promise.all([
      barista.push([startWork(undefined, here())]),
      elsewhere.push([startWork(undefined, { branchId: other })]),
    ])
    expect(codes(results.flat()).sort()).toEqual(['APPLIED', 'ATTENDANCE_ALREADY_ACTIVE'])
  })
})

describe('who sees whose', () => {
  it('CASHIER and STAFF see their own attendance alone, MANAGER everybody’s', async () => {
    const [mine, theirs] = [randomUUID(), randomUUID()]
    await barista.push([startWork(mine, here())])
    await cashier.push([startWork(theirs, here())])
    expect(await attendanceSeenBy(barista)).toEqual([mine])
    expect(await attendanceSeenBy(cashier)).toEqual([theirs])
    expect(await attendanceSeenBy(manager)).toEqual([mine, theirs])
  })

  it('in the typed read as well', async () => {
    const [mine, theirs] = [randomUUID(), randomUUID()]
    await barista.push([startWork(mine, here())])
    await cashier.push([startWork(theirs, here())])
    const seen = async (client: Client) => {
      const { attendance } = await client.data<{ attendance: { edges: { node: { id: string } }[] } }>(
        'query ($branchId: ID!) { attendance(tenantId: "demo", branchId: $branchId) { edges { node { id } } } }',
        { branchId },
      )
      return attendance.edges.map(({ node }) => node.id).sort()
    }
    expect(await seen(barista)).toEqual([mine])
    expect(await seen(manager)).toEqual([mine, theirs].sort())
  })
})

describe('attendance and sales', () => {
  it('no attendance running for the actor: the sale is applied, with an audit signal', async () => {
    const session = randomUUID()
    const [, without] = await cashier.push([openSession(session, here()), sale(session, {}, here())])
    const [, during] = await cashier.push([startWork(undefined, here()), sale(session, {}, here())])
    expect([without!.status, during!.status]).toEqual(['APPLIED', 'APPLIED'])
    const signals = await gateway.app.db.everyTenant.rows(
      `select client_op_id, actor_id from audit_event where branch_id = $1 and name = 'SALE_FINALIZED_WITHOUT_ATTENDANCE'`,
      [branchId],
    )
    expect(signals).toEqual([{ client_op_id: without!.clientOpId, actor_id: cashierId }])
  })
})
