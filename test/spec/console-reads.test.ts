/**
 * What people who look after a business ask for: parts of long lists, and what a day came to.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newBranch } from '../support/branch.ts'
import { closeSession, openSession, sale } from '../support/cafe.ts'
import { type Client, type Gateway, operation, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let admin: Client
let manager: Client
let cashier: Client
let branchId: string
let now = new Date()

beforeAll(async () => {
  gateway = await startGateway({ clock: () => now })
  admin = await gateway.as('admin', { deviceId: 'office' })
  manager = await gateway.as('manager', { deviceId: 'office' })
  cashier = await gateway.as('cashier-1')
})
afterAll(() => gateway?.close())
beforeEach(async () => {
  now = new Date()
  branchId = await newBranch(admin, 'demo-cashier-1', 'demo-manager')
})

describe('rejectedOperations', () => {
  type Rejected = { clientOpId: string; code: string; dependsOn: string[] }
  const rejected = async (filter: string): Promise<Rejected[]> => {
    const { rejectedOperations } = await manager.data<{
      rejectedOperations: { edges: { node: Rejected }[] }
    }>(
      `{ rejectedOperations(tenantId: "demo", branchId: "${branchId}"${filter}) {
        edges { node { clientOpId code dependsOn } } } }`,
    )
    return rejectedOperations.edges.map(({ node }) => node)
  }

  it('by code, and by the operation that they build on', async () => {
    const session = randomUUID()
    const opening = openSession(session, { branchId, payloadHash: '0'.repeat(64) })
    const sold = sale(session, {}, { branchId, dependsOn: [opening.clientOpId] })
    const closing = closeSession(session, undefined, {
      branchId,
      dependsOn: [opening.clientOpId, sold.clientOpId],
    })
    const unknown = operation('no.such', {}, { branchId })
    await cashier.push([opening, sold, closing, unknown])

    const keys = async (filter: string) => (await rejected(filter)).map(({ clientOpId }) => clientOpId).sort()
    expect(await keys('')).toHaveLength(4)
    expect(await keys(', code: "DEPENDENCY_FAILED"')).toEqual([sold.clientOpId, closing.clientOpId].sort())
    expect(await keys(', code: "OPERATION_UNKNOWN"')).toEqual([unknown.clientOpId])
    expect(await keys(`, dependsOn: "${opening.clientOpId}"`)).toEqual(
      [sold.clientOpId, closing.clientOpId].sort(),
    )
    expect(await keys(`, dependsOn: "${sold.clientOpId}"`)).toEqual([closing.clientOpId])
    expect(await keys(`, dependsOn: "${closing.clientOpId}"`)).toEqual([])
  })
})

describe('auditEvents', () => {
  it('by name', async () => {
    const session = randomUUID()
    await cashier.push([
      openSession(session, { branchId }),
      closeSession(session, undefined, { branchId }),
      openSession(randomUUID(), { branchId }),
    ])
    const { auditEvents } = await admin.data<{ auditEvents: { edges: { node: { name: string } }[] } }>(
      `{ auditEvents(tenantId: "demo", branchId: "${branchId}", name: "CASH_SESSION_OPENED") {
        edges { node { name } } } }`,
    )
    expect(auditEvents.edges.map(({ node }) => node.name)).toEqual([
      'CASH_SESSION_OPENED',
      'CASH_SESSION_OPENED',
    ])
  })
})

describe('takings', () => {
  const takings = async (since: string) => {
    const answer = await cashier.data<{ takings: object }>(
      `{ takings(tenantId: "demo", branchId: "${branchId}", since: "${since}") { sales totalUsd voided } }`,
    )
    return answer.takings
  }
  /** A croissant with VAT: $1.98. */
  const sold = (session: string, occurredAt: string) => sale(session, {}, { branchId, occurredAt })

  it('of what was paid since, however late it was told', async () => {
    const session = randomUUID()
    now = new Date('2027-05-03T20:00:00Z')
    await cashier.push([openSession(session, { branchId }), sold(session, '2027-05-03T10:00:00Z')])
    now = new Date('2027-05-04T09:00:00Z')
    await cashier.push([
      sold(session, '2027-05-03T23:59:59.999Z'),
      sold(session, '2027-05-04T00:00:00Z'),
      sold(session, '2027-05-04T08:00:00Z'),
      sold(session, '2027-05-03T11:00:00Z'),
    ])
    expect(await takings('2027-05-04T00:00:00Z')).toEqual({ sales: 2, totalUsd: 2 * 198, voided: 0 })
    expect(await takings('2027-05-03T00:00:00Z')).toEqual({ sales: 5, totalUsd: 5 * 198, voided: 0 })
    expect(await takings('2027-05-05T00:00:00Z')).toEqual({ sales: 0, totalUsd: 0, voided: 0 })
  })

  it('without what was voided', async () => {
    const session = randomUUID()
    const [kept, voided] = [sold(session, now.toISOString()), sold(session, now.toISOString())]
    await cashier.push([openSession(session, { branchId }), kept, voided])
    const { saleId } = voided.payload as { saleId: string }
    await manager.direct('saleVoid', { saleId, reason: 'wrong drink' }, { branchId })
    expect(await takings('2000-01-01T00:00:00Z')).toEqual({ sales: 1, totalUsd: 198, voided: 1 })
  })
})

describe('staff', () => {
  it('is readable for a MANAGER, who can change nothing about it', async () => {
    const { staff } = await manager.data<{ staff: { edges: { node: { accountId: string } }[] } }>(
      '{ staff(tenantId: "demo") { edges { node { accountId role branchIds status } } } }',
    )
    expect(staff.edges.map(({ node }) => node.accountId)).toContain('demo-cashier-2')
    const change = { accountId: 'demo-cashier-2', role: 'ADMIN' }
    expect(await manager.direct('staffSave', change, { branchId: null })).toMatchObject({
      status: 'REJECTED',
      code: 'ACTION_NOT_PERMITTED',
    })
  })
})
