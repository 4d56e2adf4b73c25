/** What a page of the console's makes PostgreSQL read: about what it shows, however many branches its reader looks after. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ofEveryTenant } from '../support/every-tenant.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { watchReads } from '../support/reads.ts'

const branches = 10_000
/** Twice a page of 50, and a little. */
const few = 150
/** Of the branches, those of the manager: the oldest of their events are of these. */
const ofManager = 200

const reads = watchReads()
let gateway: Gateway
let admin: Client
let manager: Client
let beside: pg.Client

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin', { deviceId: 'office' })
  manager = await gateway.as('manager', { deviceId: 'office' })
  beside = new pg.Client(ofEveryTenant(gateway.databaseUrl))
  await beside.connect()
  const ids = `select 'chain-' || lpad(i::text, 5, '0') as branch_id, i from generate_series(1, ${branches}) i`
  await beside.query(
    `insert into branch (tenant_id, branch_id, name) select 'demo', branch_id, 'C' from (${ids}) c`,
  )
  await beside.query(
    `insert into member_branch (tenant_id, account_id, branch_id) select 'demo', a, branch_id
     from (${ids}) c, unnest(array['demo-admin', 'demo-manager']) a where a = 'demo-admin' or i <= ${ofManager}`,
  )
  await beside.query(
    // Of ten years, in partitions of their own where there are any.
    `insert into audit_trail (tenant_id, id, branch_id, name, actor_id, submitted_by, lane, client_op_id, occurred_at, recorded_at)
     select 'demo', (2023 + i / 1000) * 1000000000000 + i, branch_id, 'BRANCH_FROZEN', 'a', 'a', 'DIRECT', gen_random_uuid(), now(), now()
     from (${ids}) c`,
  )
  await beside.query(
    `insert into sync_operation (tenant_id, client_op_id, branch_id, type, payload, payload_hash, status, code, actor_id, submitted_by,
       lane, occurred_at, decided_at)
     select 'demo', gen_random_uuid(), branch_id, 'sale.finalize', '{}', '', 'REJECTED', 'SESSION_CLOSED', 'a', 'a', 'REPLAY', now(),
       now() - (${branches} - i) * interval '1 s' from (${ids}) c`,
  )
  await beside.query(
    `insert into sync_device (tenant_id, device_id, first_seen_at, last_seen_at) select 'demo', branch_id, now(), now() from (${ids}) c`,
  )
  await beside.query(
    `insert into member (tenant_id, account_id, staff_code, name, role, status)
     select 'demo', branch_id, branch_id, 'C', 'CASHIER', 'ACTIVE' from (${ids}) c`,
  )
  await beside.query('analyze')
})
afterAll(async () => {
  await beside?.end()
  await gateway?.close()
  reads.stop()
})

describe('a page of the console reads what it shows, for whoever looks after ten thousand branches', () => {
  const pages: Record<string, string> = {
    events: 'auditEvents(tenantId: "demo", first: 50) { edges { node { id branchId name } } }',
    'events of a name':
      'auditEvents(tenantId: "demo", name: "BRANCH_FROZEN", first: 50) { edges { node { id branchId name } } }',
    'events, from the end': 'auditEvents(tenantId: "demo", last: 5) { edges { node { id } } }',
    'what was refused': 'rejectedOperations(tenantId: "demo", first: 50) { edges { node { clientOpId } } }',
    branches: 'tenant(tenantId: "demo") { branches(first: 50) { edges { node { branchId name } } } }',
    devices: 'devices(tenantId: "demo", first: 50) { edges { node { deviceId gapCount } } }',
    people: 'staff(tenantId: "demo", first: 50) { edges { node { accountId role } } }',
  }
  it.each(Object.entries(pages))('%s', async (_, page) => {
    expect(await reads.mostReadBy(beside, () => admin.data(`{ ${page} }`))).toMatchObject({
      rows: expect.toSatisfy((rows: number) => rows <= few),
    })
  })
})

describe('the page after it, and the one before that, read what they show as well', () => {
  type Shown = {
    edges: { cursor: string }[]
    pageInfo: { endCursor: string; startCursor: string }
  }
  const ofTenant = (list: string, args = '') =>
    [`${list}(tenantId: "demo"${args}`, (data: object) => (data as Record<string, Shown>)[list]!] as const
  const lists = {
    events: ofTenant('auditEvents'),
    'events of a name': ofTenant('auditEvents', ', name: "BRANCH_FROZEN"'),
    'what was refused': ofTenant('rejectedOperations'),
    devices: ofTenant('devices'),
    people: ofTenant('staff'),
    branches: [
      'tenant(tenantId: "demo") { branches(',
      (data: object) => (data as { tenant: { branches: Shown } }).tenant.branches,
    ],
  } as const
  it.each(Object.entries(lists))('%s', async (_, [list, shown]) => {
    const isNested = list.includes('{')
    let read: Shown | undefined
    const page = async (paging: string) => {
      const asked = `${list}${isNested ? '' : ', '}${paging}) { edges { cursor } pageInfo { endCursor startCursor } }`
      read = shown(await admin.data<object>(`{ ${asked} ${isNested ? '}' : ''} }`))
      return read
    }
    const cursorsOf = ({ edges }: Shown) => edges.map(({ cursor }) => cursor)
    const isRead = { rows: expect.toSatisfy((rows: number) => rows <= few) }
    const first = await page('first: 50')
    expect(
      await reads.mostReadBy(beside, () => page(`first: 50, after: "${first.pageInfo.endCursor}"`)),
    ).toMatchObject(isRead)
    const second = read!
    expect(new Set([first, second].flatMap(cursorsOf)).size).toBe(100)
    const before = `last: 9, before: "${second.pageInfo.startCursor}"`
    expect(await reads.mostReadBy(beside, () => page(before))).toMatchObject(isRead)
    expect(cursorsOf(read!)).toEqual(cursorsOf(first).slice(-9))
  })
})

describe('a page for whoever looks after a few of them', () => {
  type Page = {
    page: {
      edges: { node: { branchId: string | null } }[]
      pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string; startCursor: string }
    }
  }
  const isTheirs = (id: string | null) => !id?.startsWith('chain-') || Number(id.slice(6)) <= ofManager
  it.each(['first', 'last'])('theirs alone, page by page all of it: %s', async (end) => {
    const isBackwards = end === 'last'
    const seen: (string | null)[] = []
    for (let cursor = ''; ; ) {
      const paging = isBackwards
        ? `last: 9 ${cursor && `before: "${cursor}"`}`
        : `first: 70 ${cursor && `after: "${cursor}"`}`
      const { page } = await manager.data<Page>(
        `{ page: rejectedOperations(tenantId: "demo", ${paging}) { edges { node { branchId } } pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } }`,
      )
      const ids = page.edges.map(({ node }) => node.branchId)
      if (isBackwards) seen.unshift(...ids)
      else seen.push(...ids)
      if (!(isBackwards ? page.pageInfo.hasPreviousPage : page.pageInfo.hasNextPage)) break
      cursor = isBackwards ? page.pageInfo.startCursor : page.pageInfo.endCursor
    }
    expect(seen.filter((id) => !isTheirs(id))).toEqual([])
    expect(seen.filter((id) => id?.startsWith('chain-'))).toEqual(
      Array.from({ length: ofManager }, (_, i) => `chain-${String(ofManager - i).padStart(5, '0')}`),
    )
  })

  it('nothing of a branch that was taken from them, from then on', async () => {
    const newest = async (reader: Client) => {
      const { page } = await reader.data<Page>(
        '{ page: rejectedOperations(tenantId: "demo", first: 1) { edges { node { branchId } } } }',
      )
      return page.edges[0]!.node.branchId
    }
    const nameOf = (i: number) => `chain-${String(i).padStart(5, '0')}`
    expect([await newest(admin), await newest(manager)]).toEqual([nameOf(branches), nameOf(ofManager)])
    await beside.query('update member_branch set ended = true where branch_id = any($1)', [
      [nameOf(branches), nameOf(ofManager)],
    ])
    expect([await newest(admin), await newest(manager)]).toEqual([
      nameOf(branches - 1),
      nameOf(ofManager - 1),
    ])
  })
})
