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

describe('a page of long rows', () => {
  type Page = {
    edges: { node: { payload: object } }[]
    pageInfo: { hasNextPage: boolean; endCursor: string }
  }
  const page = async (args: string): Promise<Page> => {
    const answer = await manager.data<{ rejectedOperations: Page }>(
      `{ rejectedOperations(tenantId: "demo", branchId: "${branchId}", ${args}) {
        edges { node { payload } } pageInfo { hasNextPage endCursor } } }`,
    )
    return answer.rejectedOperations
  }
  const refuse = (payloads: object[]) =>
    cashier.push(payloads.map((payload) => operation('no.such', payload, { branchId })))

  it('ends after half a megabyte, and the next one goes on there: nothing twice, nothing left out', async () => {
    const long = Array.from({ length: 45 }, (_, n) => ({ n, text: 'x'.repeat(57_000) }))
    await refuse(long)
    const found: object[] = []
    const sizes: number[] = []
    for (let after = '', more = true; more; ) {
      const { edges, pageInfo } = await page(`first: 200 ${after}`)
      found.push(...edges.map(({ node }) => node.payload))
      sizes.push(edges.length)
      more = pageInfo.hasNextPage
      after = `, after: "${pageInfo.endCursor}"`
    }
    expect(sizes).toEqual([9, 9, 9, 9, 9])
    expect(found.map((payload) => (payload as { n: number }).n).sort((a, b) => a - b)).toEqual(
      long.map(({ n }) => n),
    )
  })

  it('is as long as was asked for where its rows are short, on both sides of a step', async () => {
    await refuse(Array.from({ length: 60 }, (_, n) => ({ n })))
    for (const first of [1, 9, 10, 11, 19, 20, 59]) {
      const { edges, pageInfo } = await page(`first: ${first}`)
      expect([edges.length, pageInfo.hasNextPage]).toEqual([first, true])
    }
    for (const first of [60, 200]) {
      const { edges, pageInfo } = await page(`first: ${first}`)
      expect([edges.length, pageInfo.hasNextPage]).toEqual([60, false])
    }
    expect((await page('last: 50')).edges).toHaveLength(10)
  })
})

describe('the menu', () => {
  it("ends a page of groups that have long recipes alike: an administrator's 20 would be a megabyte", async () => {
    const component = (i: number) => ({
      ...{ stockItemId: `${i}`, name: 'ក'.repeat(100), unit: 'g', quantity: 1, tracking: 'TRACKED' },
    })
    const options = Array.from({ length: 4 }, (_, i) => ({
      ...{
        id: `${i}`,
        name: 'x',
        priceUsd: 1,
        components: Array.from({ length: 30 }, (_, n) => component(n)),
      },
    }))
    const saved = Array.from({ length: 30 }, (_, i) =>
      operation(
        'modifierGroup.save',
        { modifierGroupId: `long-${i}`, name: 'Long', minSelections: 0, maxSelections: 1, options },
        { branchId: null },
      ),
    )
    for (const { payload } of saved)
      await admin.direct('modifierGroupSave', payload as object, { branchId: null })
    const ids: string[] = []
    const sizes: number[] = []
    for (let after = '', more = true; more; ) {
      const { menu } = await admin.data<{
        menu: {
          modifierGroups: {
            edges: { node: { id: string } }[]
            pageInfo: { hasNextPage: boolean; endCursor: string }
          }
        }
      }>(`{ menu(tenantId: "demo") { modifierGroups(first: 200 ${after}) {
        edges { node { id options } } pageInfo { hasNextPage endCursor } } } }`)
      const { edges, pageInfo } = menu.modifierGroups
      ids.push(...edges.map(({ node }) => node.id))
      sizes.push(edges.length)
      more = pageInfo.hasNextPage
      after = `, after: "${pageInfo.endCursor}"`
    }
    expect(sizes.length).toBeGreaterThan(1)
    expect(Math.max(...sizes)).toBeLessThan(30)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => id.startsWith('long-'))).toHaveLength(30)
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

describe('salesReport: by the branch’s own days', () => {
  type Sums = { sales: number; totalUsd: number; voided: number }
  type Report = Sums & {
    days: (Sums & { day: string })[]
    hours: (Sums & { hour: number })[]
    items: { menuItemId: string; name: string; quantity: number; totalUsd: number }[]
    people: (Sums & { actorId: string })[]
  }
  const query = (from: string, to: string) => `{
    salesReport(tenantId: "demo", branchId: "${branchId}", from: "${from}", to: "${to}") {
      sales totalUsd voided days { day sales totalUsd } hours { hour sales }
      items { menuItemId name quantity totalUsd } people { actorId sales voided } } }`
  const report = async (from: string, to: string) =>
    (await manager.data<{ salesReport: Report }>(query(from, to))).salesReport
  const sellAt = async (...times: string[]) => {
    const session = randomUUID()
    const sold = times.map((occurredAt) => sale(session, {}, { branchId, occurredAt }))
    await cashier.push([openSession(session, { branchId }), ...sold])
    return { session, sold }
  }
  const counts = ({ days }: Report) => days.map(({ day, sales }) => [day, sales])

  it('Phnom Penh: a day begins at 17:00 UTC', async () => {
    now = new Date('2027-05-06T00:00:00Z')
    const { sold } = await sellAt('2027-05-03T16:59:59.999Z', '2027-05-03T17:00:00Z', '2027-05-04T03:30:00Z')
    const { saleId } = sold[0]!.payload as { saleId: string }
    await manager.direct('saleVoid', { saleId, reason: 'wrong drink' }, { branchId })
    const made = await report('2027-05-03', '2027-05-05')
    expect(made).toMatchObject({ sales: 2, totalUsd: 2 * 198, voided: 1 })
    expect(counts(made)).toEqual([
      ['2027-05-03', 0],
      ['2027-05-04', 2],
      ['2027-05-05', 0],
    ])
    const hours = made.hours.filter(({ sales }) => sales > 0)
    expect(hours).toEqual([
      { hour: 0, sales: 1 },
      { hour: 10, sales: 1 },
    ])
    expect(made.items).toEqual([
      { menuItemId: 'croissant', name: 'Butter croissant', quantity: 2, totalUsd: 360 },
    ])
    expect(made.people).toEqual([{ actorId: 'demo-cashier-1', sales: 2, voided: 1 }])
  })

  it('another zone, across both changes of its clocks', async () => {
    await admin.direct('branchSave', { name: 'Paris', timeZone: 'Europe/Paris' }, { branchId })
    now = new Date('2027-11-05T00:00:00Z')
    // 28 March has 23 hours (from 23:00 UTC), 31 October 25 (from 22:00 UTC): 02:30 comes twice.
    const { session } = await sellAt(
      '2027-03-27T22:59:00Z',
      '2027-03-27T23:00:00Z',
      '2027-03-28T21:59:00Z',
      '2027-03-28T22:00:00Z',
    )
    expect(counts(await report('2027-03-27', '2027-03-29'))).toEqual([
      ['2027-03-27', 1],
      ['2027-03-28', 2],
      ['2027-03-29', 1],
    ])
    await cashier.push([closeSession(session, undefined, { branchId })])
    await sellAt(
      '2027-10-30T22:00:00Z',
      '2027-10-31T00:30:00Z',
      '2027-10-31T01:30:00Z',
      '2027-10-31T23:00:00Z',
    )
    const october = await report('2027-10-31', '2027-11-01')
    expect(counts(october)).toEqual([
      ['2027-10-31', 3],
      ['2027-11-01', 1],
    ])
    expect(october.hours.filter(({ sales }) => sales > 0)).toEqual([
      { hour: 0, sales: 2 },
      { hour: 2, sales: 2 },
    ])
  })

  it('MANAGER and ADMIN; days that are none, and more than a year of them, are refused', async () => {
    const refused = async (client: Client, from: string, to: string) =>
      (await client.send(query(from, to))).errors?.[0]?.extensions.code
    expect(await refused(cashier, '2027-05-03', '2027-05-03')).toBe('FORBIDDEN')
    for (const [from, to] of [
      ['2027-05-04', '2027-05-03'],
      ['2027-02-29', '2027-03-01'],
      ['2027-01-01', '2028-01-02'],
      ['yesterday', 'today'],
    ] as const)
      expect(await refused(manager, from, to), `${from} to ${to}`).toBe('BAD_USER_INPUT')
    expect((await report('2027-01-01', '2028-01-01')).days).toHaveLength(366)
  })
})

describe('a device whose clock is wrong, and that knows it', () => {
  it('is placed where it belongs, fast, slow, and after it was put right; what the clock said is kept', async () => {
    const day = 86_400_000
    now = new Date('2027-05-04T03:00:00.000Z')
    const session = randomUUID()
    const at = (ms: number) => new Date(now.getTime() + ms).toISOString()
    const fast = sale(session, {}, { branchId, occurredAt: at(day - 60_000), clockSkewMs: day })
    const slow = sale(session, {}, { branchId, occurredAt: at(-day - 30_000), clockSkewMs: -day })
    const right = sale(session, {}, { branchId, occurredAt: at(-1000), clockSkewMs: 0 })
    const tooFast = sale(session, {}, { branchId, occurredAt: at(-1000), clockSkewMs: -day })
    await cashier.push([openSession(session, { branchId }), fast, slow, right, tooFast])
    const { sales } = await manager.data<{ sales: { edges: { node: { finalizedAt: string } }[] } }>(
      `{ sales(tenantId: "demo", branchId: "${branchId}") { edges { node { finalizedAt } } } }`,
    )
    expect(sales.edges.map(({ node }) => node.finalizedAt)).toEqual([
      at(0),
      at(-1000),
      at(-30_000),
      at(-60_000),
    ])
    const kept = await gateway.app.db.everyTenant.rows(
      `select occurred_at as "occurredAt", clock_skew_ms::int as "clockSkewMs" from sync_operation
       where client_op_id = any($1::uuid[]) order by occurred_at`,
      [[fast.clientOpId, slow.clientOpId]],
    )
    expect(kept).toEqual([
      { occurredAt: new Date(at(-day - 30_000)), clockSkewMs: -day },
      { occurredAt: new Date(at(day - 60_000)), clockSkewMs: day },
    ])
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

describe('what is of branches that one is not assigned to', () => {
  it('is not told, whether they are named or those that one is assigned to', async () => {
    const { db } = gateway.app
    const seen = async () => {
      const { auditEvents } = await admin.data<{
        auditEvents: { edges: { node: { branchId: string | null } }[] }
      }>('{ auditEvents(tenantId: "demo", first: 200) { edges { node { branchId } } } }')
      const of = new Set(auditEvents.edges.map(({ node }) => node.branchId))
      return [of.has(null), of.has(branchId), [...of].some((id) => id?.startsWith('foreign'))]
    }
    await admin.direct('menuItemSave', { menuItemId: 'croissant', priceUsd: 181 }, { branchId: null })
    expect(await seen()).toEqual([true, true, false])
    for (const [first, last] of [
      [1, 100],
      [101, 101],
    ]) {
      await db.everyTenant.run(
        `insert into branch (tenant_id, branch_id, name) select 'demo', 'foreign-' || i, 'F' from generate_series($1::int, $2::int) i`,
        [first, last],
      )
      await db.everyTenant.run(
        `insert into audit_event (tenant_id, branch_id, name, actor_id, submitted_by, lane, client_op_id, occurred_at, recorded_at)
         values ('demo', 'foreign-' || $1::int, 'BRANCH_FROZEN', 'a', 'a', 'DIRECT', gen_random_uuid(), now(), now())`,
        [last],
      )
      expect(await seen()).toEqual([true, true, false])
    }
  })
})
