import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { maxSeqRuns, maxSeqStep } from '../../src/sync/device.ts'
import { newBranch } from '../support/branch.ts'
import {
  closeSession,
  endWork,
  movement,
  openSession,
  sale,
  salePayload,
  startWork,
} from '../support/cafe.ts'
import { type Client, type Envelope, type Gateway, operation, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let admin: Client
let manager: Client
let cashier: Client
let barista: Client
let branchId: string
const sessions = Array.from({ length: 5 }, () => randomUUID())

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin', { deviceId: 'office' })
  manager = await gateway.as('manager', { deviceId: 'office' })
  cashier = await gateway.as('cashier-1')
  barista = await gateway.as('barista-1')
  branchId = await newBranch(admin, 'demo-cashier-1', 'demo-manager', 'demo-barista-1')
  const here = { branchId }
  for (const session of sessions) {
    const attendanceId = randomUUID()
    const results = await cashier.push([
      startWork(attendanceId, here),
      openSession(session, here),
      movement(session, {}, here),
      sale(session, {}, here),
      sale(session, { currency: 'USD', received: 1000 }, here),
      movement(session, { kind: 'PAID_OUT' }, here),
      endWork(attendanceId, here),
      ...(session === sessions.at(-1) ? [] : [closeSession(session, { usd: 1, khr: 2 }, here)]),
    ])
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['APPLIED']))
  }
  await cashier.push(Array.from({ length: 5 }, () => sale(randomUUID(), {}, here)))
  for (let i = 0; i < 5; i += 1) {
    const stock = { stockItemId: `thing-${i}`, quantity: 1, name: 'Thing', unit: 'piece' }
    await manager.direct('inventoryRestock', stock, here)
    const till = await gateway.as('cashier-1', { deviceId: `till-${i}` })
    await till.push([operation('no.such', {}, here)])
    await newBranch(admin)
  }
})
afterAll(() => gateway?.close())

type Node = Record<string, unknown>
type Connection = {
  edges: { cursor: string; node: Node }[]
  pageInfo: {
    hasNextPage: boolean
    hasPreviousPage: boolean
    endCursor: string | null
    startCursor: string | null
  }
}

/** A connection's pages: `path` leads from the query's root to it. */
function reader(client: Client, path: readonly { field: string; args?: string }[], node: string) {
  return async (paging: string): Promise<Connection> => {
    const selection = `{ edges { cursor node { ${node} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`
    const query = path.reduceRight((inner, { field, args = '' }, i) => {
      const all = [args, i === path.length - 1 ? paging : ''].filter(Boolean).join(', ')
      return `${field}${all && `(${all})`} ${i === path.length - 1 ? inner : `{ ${inner} }`}`
    }, selection)
    // biome-ignore lint/suspicious/noExplicitAny: the path is data
    let value: any = await client.data(`{ ${query} }`)
    for (const { field } of path) value = value[field]
    return value
  }
}

const here = () => `tenantId: "demo", branchId: "${branchId}"`
const ofTenant = 'tenantId: "demo"'
const newestFirst = (nodes: Node[], field: string) =>
  expect(nodes.map((node) => node[field])).toEqual(
    nodes.map((node) => node[field] as number).sort((a, b) => (a < b ? 1 : -1)),
  )
const rising = (nodes: Node[], field: string) =>
  expect(nodes.map((node) => node[field])).toEqual(
    nodes.map((node) => node[field] as string).sort((a, b) => (a < b ? -1 : 1)),
  )

describe('typed reads: pages put together are the whole, in order', () => {
  const connections: [
    string,
    () => readonly { field: string; args?: string }[],
    string,
    () => Client,
    (nodes: Node[]) => void,
  ][] = [
    [
      'tenant.branches',
      () => [{ field: 'tenant', args: ofTenant }, { field: 'branches' }],
      'branchId name status',
      () => admin,
      (nodes) => rising(nodes, 'branchId'),
    ],
    [
      'staff',
      () => [{ field: 'staff', args: ofTenant }],
      'staffCode role status branchIds',
      () => admin,
      (nodes) => rising(nodes, 'staffCode'),
    ],
    [
      'menu.items',
      () => [{ field: 'menu', args: ofTenant }, { field: 'items' }],
      'id name priceUsd revision recipe',
      () => barista,
      (nodes) => rising(nodes, 'id'),
    ],
    [
      'menu.categories',
      () => [{ field: 'menu', args: ofTenant }, { field: 'categories' }],
      'id name position',
      () => barista,
      (nodes) => expect(nodes.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5]),
    ],
    [
      'menu.modifierGroups',
      () => [{ field: 'menu', args: ofTenant }, { field: 'modifierGroups' }],
      'id options',
      () => barista,
      (nodes) => rising(nodes, 'id'),
    ],
    [
      'cashSessions',
      () => [{ field: 'cashSessions', args: here() }],
      'id openedAt status counted { usd khr }',
      () => cashier,
      (nodes) => newestFirst(nodes, 'openedAt'),
    ],
    [
      'cashSession.movements',
      () => [
        { field: 'cashSession', args: `${here()}, cashSessionId: "${sessions[0]}"` },
        { field: 'movements' },
      ],
      'id kind occurredAt amount { usd khr }',
      () => cashier,
      (nodes) =>
        expect(nodes.map(({ kind }) => kind).sort()).toEqual(['PAID_IN', 'PAID_OUT', 'SALE_IN', 'SALE_IN']),
    ],
    [
      'sales',
      () => [{ field: 'sales', args: here() }],
      'id receiptNumber lines totals { totalUsd }',
      () => cashier,
      (nodes) =>
        expect(nodes.map(({ receiptNumber }) => receiptNumber)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
    ],
    [
      'stock',
      () => [{ field: 'stock', args: here() }],
      'id onHand belowZero lowAt',
      () => cashier,
      (nodes) => rising(nodes, 'id'),
    ],
    [
      'attendance',
      () => [{ field: 'attendance', args: here() }],
      'id status startedAt',
      () => manager,
      (nodes) => newestFirst(nodes, 'startedAt'),
    ],
    [
      'auditEvents of a branch',
      () => [{ field: 'auditEvents', args: here() }],
      'id name',
      () => admin,
      (nodes) =>
        newestFirst(
          nodes.map(({ id }) => ({ id: Number(id) })),
          'id',
        ),
    ],
    [
      'auditEvents',
      () => [{ field: 'auditEvents', args: ofTenant }],
      'id name branchId',
      () => admin,
      (nodes) =>
        newestFirst(
          nodes.map(({ id }) => ({ id: Number(id) })),
          'id',
        ),
    ],
    [
      'rejectedOperations of a branch',
      () => [{ field: 'rejectedOperations', args: here() }],
      'clientOpId code decidedAt',
      () => manager,
      (nodes) => newestFirst(nodes, 'decidedAt'),
    ],
    [
      'rejectedOperations',
      () => [{ field: 'rejectedOperations', args: ofTenant }],
      'clientOpId code branchId decidedAt',
      () => manager,
      (nodes) => newestFirst(nodes, 'decidedAt'),
    ],
    [
      'devices',
      () => [{ field: 'devices', args: ofTenant }],
      'deviceId lastPushAt gaps { from to }',
      () => manager,
      (nodes) => rising(nodes, 'deviceId'),
    ],
  ]

  it.each(connections)('%s', async (_, path, node, client, inOrder) => {
    const read = reader(client(), path(), node)
    const all = await read('first: 200')
    expect(all.edges.length).toBeGreaterThan(3)
    expect(all.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false })
    inOrder(all.edges.map((edge) => edge.node))

    for (const first of [1, 3]) {
      const edges = []
      let after = ''
      for (;;) {
        const page = await read(`first: ${first}${after}`)
        expect(page.edges.length).toBeLessThanOrEqual(first)
        edges.push(...page.edges)
        if (!page.pageInfo.hasNextPage) break
        after = `, after: "${page.pageInfo.endCursor}"`
      }
      expect(edges).toEqual(all.edges)
    }
    const last = await read('last: 2')
    expect(last.edges).toEqual(all.edges.slice(-2))
    const before = await read(`last: 2, before: "${last.edges[0]!.cursor}"`)
    expect(before.edges).toEqual(all.edges.slice(-4, -2))
  })

  it('a page holds 200 at most', async () => {
    const other = await newBranch(admin, 'demo-cashier-1')
    const session = randomUUID()
    const sold = Array.from({ length: 80 }, () => sale(session, {}, { branchId: other }))
    await cashier.push([openSession(session, { branchId: other }), ...sold])
    const read = reader(
      admin,
      [{ field: 'auditEvents', args: `tenantId: "demo", branchId: "${other}"` }],
      'name',
    )
    const { edges, pageInfo } = await read('first: 5000')
    expect(edges).toHaveLength(200)
    expect(pageInfo.hasNextPage).toBe(true)
  })

  it('a cursor that is none is the caller’s mistake', async () => {
    const { errors } = await admin.send(
      '{ menu(tenantId: "demo") { items(after: "junk") { edges { cursor } } } }',
    )
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })
})

describe('typed reads of one thing', () => {
  it('branch, policy, the open session, a session, a sale', async () => {
    const saleId = (await reader(cashier, [{ field: 'sales', args: here() }], 'id')('first: 1')).edges[0]!
      .node.id
    const read = await cashier.data(
      `{ branch(${here()}) { branchId name status }
         policy(${here()}) { revision vatRatePercent khrRoundingMode }
         open: cashSession(${here()}) { id status openingFloat { usd khr } counted { usd } }
         closed: cashSession(${here()}, cashSessionId: "${sessions[0]}") {
           status expected { usd khr } counted { usd khr } difference { usd khr } closedBy }
         sale(${here()}, saleId: "${saleId}") { receiptNumber status totals { subtotalUsd vatUsd totalUsd totalKhr } }
         unknown: sale(${here()}, saleId: "${randomUUID()}") { id } }`,
    )
    // 50 dollars, 5 in, 5 out, 10 received less 8 of change; 200,000 and a sale of 8,100 less 100 of change.
    expect(read).toEqual({
      branch: { branchId, name: branchId, status: 'ACTIVE' },
      policy: { revision: 1, vatRatePercent: 10, khrRoundingMode: 'NEAREST' },
      open: { id: sessions.at(-1), status: 'OPEN', openingFloat: { usd: 5000, khr: 200_000 }, counted: null },
      closed: {
        status: 'CLOSED',
        expected: { usd: 5200, khr: 208_000 },
        counted: { usd: 1, khr: 2 },
        difference: { usd: -5199, khr: -207_998 },
        closedBy: 'demo-cashier-1',
      },
      sale: {
        receiptNumber: 10,
        status: 'FINALIZED',
        totals: { subtotalUsd: 180, vatUsd: 18, totalUsd: 198, totalKhr: 8100 },
      },
      unknown: null,
    })
  })

  it('a UUID may be in capitals', async () => {
    const { closed } = await cashier.data<{ closed: Node }>(
      `{ closed: cashSession(${here()}, cashSessionId: "${sessions[0]!.toUpperCase()}") { id } }`,
    )
    expect(closed).toEqual({ id: sessions[0] })
  })
})

describe('typed reads are access-checked', () => {
  const fields = {
    sales: () => `sales(${here()}) { edges { cursor } }`,
    takings: () => `takings(${here()}, since: "2026-03-01T00:00:00Z") { sales }`,
    sale: () => `sale(${here()}, saleId: "${randomUUID()}") { id }`,
    cashSessions: () => `cashSessions(${here()}) { edges { cursor } }`,
    cashSession: () => `cashSession(${here()}) { id }`,
    stock: () => `stock(${here()}) { edges { cursor } }`,
    attendance: () => `attendance(${here()}) { edges { cursor } }`,
    branch: () => `branch(${here()}) { name }`,
    policy: () => `policy(${here()}) { revision }`,
    menu: () => `menu(${ofTenant}) { items { edges { cursor } } }`,
    tenant: () => `tenant(${ofTenant}) { name }`,
    rejectedOperations: () => `rejectedOperations(${ofTenant}) { edges { cursor } }`,
    devices: () => `devices(${ofTenant}) { edges { cursor } }`,
    auditEvents: () => `auditEvents(${ofTenant}) { edges { cursor } }`,
    staff: () => `staff(${ofTenant}) { edges { cursor } }`,
  }
  const refusals = async (client: Client) => {
    const refused: Record<string, unknown> = {}
    for (const [name, field] of Object.entries(fields)) {
      const { errors } = await client.send(`{ ${field()} }`)
      const [error] = errors ?? []
      if (error) refused[name] = error.extensions.reason ?? error.extensions.code
    }
    return refused
  }
  const everything = (reason: string) => Object.fromEntries(Object.keys(fields).map((name) => [name, reason]))

  it('without a token, or from another tenant: nothing', async () => {
    expect(await refusals(gateway.withToken(null))).toEqual(everything('UNAUTHENTICATED'))
    const rival = await gateway.as('admin', { tenantId: 'rival' })
    expect(await refusals(rival)).toEqual(everything('NO_MEMBERSHIP'))
  })

  it('by role', async () => {
    const admins = { auditEvents: 'ACTION_NOT_PERMITTED' }
    const managers = {
      ...admins,
      rejectedOperations: 'ACTION_NOT_PERMITTED',
      devices: 'ACTION_NOT_PERMITTED',
      staff: 'ACTION_NOT_PERMITTED',
    }
    const tills = Object.fromEntries(
      ['sales', 'sale', 'takings', 'cashSessions', 'cashSession', 'stock'].map((name) => [
        name,
        'ACTION_NOT_PERMITTED',
      ]),
    )
    expect(await refusals(admin)).toEqual({})
    expect(await refusals(manager)).toEqual(admins)
    expect(await refusals(cashier)).toEqual(managers)
    expect(await refusals(barista)).toEqual({ ...managers, ...tills })
  })

  it('by branch', async () => {
    const elsewhere = await gateway.as('cashier-2', { deviceId: 'till-9' })
    const ofBranch = [
      'sales',
      'sale',
      'cashSessions',
      'cashSession',
      'stock',
      'attendance',
      'branch',
      'policy',
    ]
    expect(await refusals(elsewhere)).toMatchObject(
      Object.fromEntries(ofBranch.map((name) => [name, 'NO_BRANCH_ACCESS'])),
    )
  })

  it('what is read of the whole tenant leaves out the branches that the reader is not assigned to', async () => {
    const hidden = await newBranch(admin, 'demo-cashier-1')
    await cashier.push([sale(randomUUID(), {}, { branchId: hidden })])
    const seen = async (client: Client, field: string) => {
      const { edges } = await reader(client, [{ field, args: ofTenant }], 'branchId')('first: 200')
      return edges.map(({ node }) => node.branchId)
    }
    expect(await seen(manager, 'rejectedOperations')).toContain(branchId)
    expect(await seen(manager, 'rejectedOperations')).not.toContain(hidden)
    expect(await seen(admin, 'rejectedOperations')).toContain(hidden)
    expect(await seen(admin, 'auditEvents')).toContain(hidden)
    const account = {
      accountId: 'admin-2',
      staffCode: 'admin-2',
      name: 'Second',
      role: 'ADMIN',
      pin: '1234',
      branchIds: [branchId],
    }
    await admin.direct('staffSave', account, { branchId: null })
    const second = await gateway.as('admin-2')
    const ofSecond = await seen(second, 'auditEvents')
    expect(ofSecond).toContain(branchId)
    expect(ofSecond).toContain(null)
    expect(ofSecond).not.toContain(hidden)
  })
})

describe('AC-5, FR-9, FR-10: what the server adds to a device’s own status', () => {
  it('rejected operations with payload, reason, and what they depended on', async () => {
    const other = await newBranch(admin, 'demo-cashier-1', 'demo-manager')
    const failed = sale(randomUUID(), {}, { branchId: other, deviceSeq: 7 })
    const dependent = startWork(undefined, { branchId: other, dependsOn: [failed.clientOpId] })
    await cashier.push([failed, dependent])
    const { edges } = await reader(
      manager,
      [{ field: 'rejectedOperations', args: `tenantId: "demo", branchId: "${other}"` }],
      'clientOpId type code message payload dependsOn actorId submittedBy deviceId deviceSeq lane occurredAt',
    )('first: 10')
    const byKey = new Map(edges.map(({ node }) => [node.clientOpId, node]))
    expect(byKey.get(failed.clientOpId)).toMatchObject({
      type: 'sale.finalize',
      code: 'CASH_SESSION_NOT_OPEN',
      message: expect.stringMatching(/session/),
      payload: failed.payload,
      actorId: 'demo-cashier-1',
      deviceId: 'till-1',
      deviceSeq: 7,
      lane: 'REPLAY',
      occurredAt: failed.occurredAt,
    })
    expect(byKey.get(dependent.clientOpId)).toMatchObject({
      code: 'DEPENDENCY_FAILED',
      dependsOn: [failed.clientOpId],
    })
  })

  it('an operation that was tried again and applied is not among them any more', async () => {
    const other = await newBranch(admin, 'demo-cashier-1')
    const session = randomUUID()
    const op = sale(session, {}, { branchId: other })
    const count = async () =>
      (
        await reader(
          admin,
          [{ field: 'rejectedOperations', args: `tenantId: "demo", branchId: "${other}"` }],
          'code',
        )('first: 9')
      ).edges.length
    await cashier.push([op])
    expect(await count()).toBe(1)
    await cashier.push([openSession(session, { branchId: other }), { ...op, retry: true }])
    expect(await count()).toBe(0)
  })

  const gapsOf = async (deviceId: string) => {
    const { edges } = await reader(
      manager,
      [{ field: 'devices', args: ofTenant }],
      'deviceId gaps { from to }',
    )('first: 200')
    return edges.find(({ node }) => node.deviceId === deviceId)?.node.gaps
  }
  const numbered = (deviceSeq: number): Envelope => operation('no.such', {}, { branchId, deviceSeq })

  it('a gap in deviceSeq is shown, until what was missing arrives', async () => {
    const till = await gateway.as('cashier-1', { deviceId: 'till-gaps' })
    await till.push([1, 2, 3].map(numbered))
    expect(await gapsOf('till-gaps')).toEqual([])
    await till.push([5, 6, 9].map(numbered))
    expect(await gapsOf('till-gaps')).toEqual([
      { from: 4, to: 4 },
      { from: 7, to: 8 },
    ])
    await till.push([numbered(8), numbered(4)])
    expect(await gapsOf('till-gaps')).toEqual([{ from: 7, to: 7 }])
    await till.push([numbered(7)])
    expect(await gapsOf('till-gaps')).toEqual([])
  })

  it('what never was before the first number is a gap as well; a number sent twice is none', async () => {
    const till = await gateway.as('cashier-1', { deviceId: 'till-late' })
    await till.push([numbered(4), numbered(4), numbered(5)])
    expect(await gapsOf('till-late')).toEqual([{ from: 1, to: 3 }])
  })

  it('numbers that cannot be a device’s next are counted, and make no gap; their operations go on', async () => {
    const till = await gateway.as('cashier-1', { deviceId: 'till-odd' })
    const device = async () => {
      const fields = 'deviceId gaps { from to } gapCount straySeqs lastStraySeq'
      const { edges } = await reader(manager, [{ field: 'devices', args: ofTenant }], fields)('first: 200')
      const { deviceId: _, ...marks } = edges.find(({ node }) => node.deviceId === 'till-odd')!.node
      return marks
    }
    const decided = await till.push([-5, 0, Number.MAX_SAFE_INTEGER].map(numbered))
    expect(decided.map(({ code }) => code)).toEqual(Array(3).fill('OPERATION_UNKNOWN'))
    const stray = { gaps: [], gapCount: 0, straySeqs: 3, lastStraySeq: Number.MAX_SAFE_INTEGER }
    expect(await device()).toEqual(stray)

    await till.push([1, 2].map(numbered))
    expect(await device()).toEqual(stray)
    const highest = 2 + maxSeqStep
    await till.push([numbered(highest + 1)])
    expect(await device()).toEqual({ ...stray, straySeqs: 4, lastStraySeq: highest + 1 })
    await till.push([numbered(highest)])
    expect(await device()).toMatchObject({ gaps: [{ from: 3, to: highest - 1 }], gapCount: 1, straySeqs: 4 })
  })

  it('a device has a bound of runs of numbers, and its gaps are shown up to a bound', async () => {
    const till = await gateway.as('cashier-1', { deviceId: 'till-sparse' })
    const sparse = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) => numbered((from + n) * 2))
    for (const from of [1, 501]) await till.push(sparse(from, 500))
    const device = async () => {
      const fields = 'deviceId gaps { from to } gapCount straySeqs'
      const { edges } = await reader(manager, [{ field: 'devices', args: ofTenant }], fields)('first: 200')
      return edges.find(({ node }) => node.deviceId === 'till-sparse')!.node
    }
    expect(await device()).toMatchObject({ gapCount: maxSeqRuns, straySeqs: 0 })
    expect((await device()).gaps).toHaveLength(100)
    expect(((await device()) as { gaps: object[] }).gaps.at(-1)).toEqual({ from: 1999, to: 1999 })
    await till.push(sparse(1001, 500))
    expect(await device()).toMatchObject({ gapCount: maxSeqRuns, straySeqs: 500 })
    // What fills a gap or goes on from the highest still counts.
    await till.push([numbered(1999), numbered(2001)])
    expect(await device()).toMatchObject({ gapCount: maxSeqRuns - 1, straySeqs: 500 })
  })

  it('how far each device has pulled', async () => {
    const other = await newBranch(admin, 'demo-cashier-1')
    const till = await gateway.as('cashier-1', { deviceId: 'till-pulls' })
    const { headSeq } = await till.pullAll({ branchId: other })
    await gateway.app.services.checkpoints.flush()
    await cashier.push([openSession(undefined, { branchId: other })])
    const { edges } = await reader(
      manager,
      [{ field: 'devices', args: ofTenant }],
      'deviceId checkpoints { branchId accountId pulledSeq behind }',
    )('first: 200')
    expect(edges.find(({ node }) => node.deviceId === 'till-pulls')?.node.checkpoints).toEqual([
      { branchId: other, accountId: 'demo-cashier-1', pulledSeq: headSeq, behind: 1 },
    ])
  })
})

describe('operationTypes', () => {
  type OperationType = {
    type: string
    offline: boolean
    branchScoped: boolean
    mutation: string
    payloadSchema: object
  }
  const cashSessionId = randomUUID()
  const movementOf = {
    movementId: randomUUID(),
    cashSessionId,
    kind: 'PAID_IN',
    currency: 'USD',
    amount: 1,
    reason: 'x',
  }
  const good: Record<string, unknown> = {
    'sale.finalize': salePayload(cashSessionId),
    'cashSession.open': { cashSessionId, openingFloat: { usd: 0, khr: 0 } },
    'cashSession.movement': movementOf,
    'cashSession.close': { cashSessionId, counted: { usd: 0, khr: 0 }, note: null },
    'attendance.startWork': {
      attendanceId: randomUUID(),
      location: { latitude: 1, longitude: 2, accuracyM: 3 },
    },
    'attendance.endWork': { attendanceId: randomUUID() },
    'sale.void': { saleId: randomUUID(), reason: 'x' },
    'cashSession.supplement': { cashSessionId, clientOpIds: [randomUUID()] },
    'cashSession.bookRefused': { cashSessionId, clientOpIds: [randomUUID()] },
    'operation.giveUp': { clientOpIds: [randomUUID()], reason: 'x' },
    'cashSession.forceClose': { cashSessionId, reason: 'x' },
    'inventory.restock': { stockItemId: 'x', quantity: 1 },
    'inventory.adjust': { stockItemId: 'x', quantity: -1, reason: 'x' },
    'inventory.setThreshold': { stockItemId: 'x', lowAt: 5 },
    'inventory.waste': { stockItemId: 'x', quantity: 1, reason: 'x' },
    'menuItem.save': { menuItemId: 'x', name: 'X', categoryId: 'y', priceUsd: 1, visibleIn: null },
    'menuItem.remove': { menuItemId: 'x' },
    'menuCategory.save': { categoryId: 'x', name: 'X' },
    'menuCategory.remove': { categoryId: 'x' },
    'modifierGroup.save': {
      modifierGroupId: 'x',
      name: 'X',
      options: [{ id: 'a', name: 'A', priceUsd: -1 }],
    },
    'modifierGroup.remove': { modifierGroupId: 'x' },
    'policy.update': { khrRoundingGranularity: 1000, khrRoundingMode: 'UP' },
    'branch.freeze': {},
    'branch.unfreeze': {},
    'branch.save': { name: 'X' },
    'device.shutOut': { deviceId: 'x', reason: 'stolen' },
    'device.letIn': { deviceId: 'x' },
    'device.approve': { deviceId: 'x', name: 'Till 2, counter' },
    'device.invite': { enrolmentCode: 'ABCD2345' },
    'device.rename': { deviceId: 'x', name: 'Till 2, counter' },
    'tenant.save': { actingDays: 3 },
    'staff.save': { accountId: 'x', staffCode: 'x', name: 'X', role: 'STAFF', pin: '1234' },
  }
  const offline = [
    'attendance.endWork',
    'attendance.startWork',
    'cashSession.close',
    'cashSession.movement',
    'cashSession.open',
    'inventory.waste',
    'operation.giveUp',
    'sale.finalize',
  ]
  const types = async () => {
    const { operationTypes } = await gateway
      .withToken(null)
      .data<{ operationTypes: OperationType[] }>(
        '{ operationTypes { type offline branchScoped mutation payloadSchema } }',
      )
    return operationTypes
  }

  it('3: what is allowed offline is just what the specification lists', async () => {
    expect(
      (await types())
        .filter((each) => each.offline)
        .map(({ type }) => type)
        .sort(),
    ).toEqual(offline)
  })

  it('each type has a JSON Schema that accepts a good payload, and refuses what is none', async () => {
    const listed = await types()
    expect(listed.map(({ type }) => type).sort()).toEqual(Object.keys(good).sort())
    for (const { type, payloadSchema } of listed) {
      const schema = z.fromJSONSchema(payloadSchema as Parameters<typeof z.fromJSONSchema>[0])
      expect(schema.safeParse(good[type]), type).toMatchObject({ success: true })
      expect(schema.safeParse('nonsense').success, type).toBe(false)
    }
    const finalize = listed.find(({ type }) => type === 'sale.finalize')!.payloadSchema
    const schema = z.fromJSONSchema(finalize as Parameters<typeof z.fromJSONSchema>[0])
    expect(schema.safeParse({ ...salePayload(cashSessionId), lines: [] }).success).toBe(false)
  })

  it('each type is a mutation of the direct lane', async () => {
    const { __schema } = await admin.data<{
      __schema: { mutationType: { fields: { name: string; args: { name: string }[] }[] } }
    }>('{ __schema { mutationType { fields { name args { name } } } } }')
    const fields = new Map(
      __schema.mutationType.fields.map(({ name, args }) => [name, args.map((arg) => arg.name)]),
    )
    for (const { mutation, branchScoped } of await types()) {
      expect(fields.get(mutation), mutation).toEqual(expect.arrayContaining(['tenantId', 'idempotencyKey']))
      if (branchScoped) expect(fields.get(mutation), mutation).toContain('branchId')
    }
  })
})
