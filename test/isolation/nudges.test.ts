/**
 * Nudges, by socket: who may hear what, and that it ends when they may not any more.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Role, roles } from '../../src/modules/access/permissions.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { type Listening, listen } from '../support/listen.ts'
import { dismiss, forgeToken, gatherPeople, hire, type People } from '../support/people.ts'
import { refusalOf } from './ask.ts'

let people: People
let gateway: Gateway
let admin: Client

const open: Listening[] = []
afterEach(() => {
  for (const listening of open.splice(0)) listening.stop()
})

beforeAll(async () => {
  people = await gatherPeople()
  gateway = people.gateway
  admin = people.by.ADMIN
})
afterAll(() => gateway?.close())

const ofBranch = `subscription ($tenantId: ID!, $branchId: ID, $modules: [ModuleScope!]) {
  syncNudge(tenantId: $tenantId, branchId: $branchId, moduleScopes: $modules) { tenantId branchId modules headSeq }
}`
/** The same, but for a directive, which takes it by another way through the gateway. */
const executed = ofBranch.replace('headSeq', 'headSeq @include(if: true)')

function hear(client: Client, more: object = {}, query = ofBranch): Listening {
  const listening = listen(client, query, { tenantId: 'demo', branchId: 'riverside', ...more })
  open.push(listening)
  return listening
}

/** Something changes in the branch. */
const change = (client: Client, branchId: string) =>
  client.direct(
    'inventoryRestock',
    { stockItemId: 'beans', name: 'Beans', unit: 'g', quantity: 1 },
    { branchId },
  )

/** Lets things happen until somebody has heard of one: when a subscription begins, nobody is told. */
async function until(heard: () => boolean, happen: () => Promise<unknown>): Promise<void> {
  await expect
    .poll(
      async () => {
        if (!heard()) await happen()
        return heard()
      },
      { interval: 20, timeout: 30_000 },
    )
    .toBe(true)
}

describe.each([
  ['written by the hub', ofBranch],
  ['executed', executed],
])('a subscription that is %s', (_, query) => {
  it.each(roles)('is open to %s of the branch', async (role) => {
    const { first, heard } = hear(people.by[role as Role], {}, query)
    await until(
      () => heard.length > 0,
      () => change(admin, 'riverside'),
    )
    expect((await first).nudge).toMatchObject({ tenantId: 'demo', branchId: 'riverside' })
  })

  it('is told of its branch and its modules alone', async () => {
    const narrow = hear(people.by.MANAGER, { modules: ['CASH_SESSION'] }, query)
    const wide = hear(people.by.MANAGER, {}, query)
    const market = hear(people.elsewhere, { branchId: 'market' }, query)
    await until(
      () => wide.heard.length > 0 && market.heard.length > 0,
      () => Promise.all([change(admin, 'riverside'), change(admin, 'market')]),
    )
    await until(
      () => narrow.heard.length > 0,
      async () => {
        await admin.direct('cashSessionOpen', {
          cashSessionId: randomUUID(),
          openingFloat: { usd: 0, khr: 0 },
        })
        const { cashSession } = await admin.data<{ cashSession: { id: string } }>(
          '{ cashSession(tenantId: "demo", branchId: "riverside") { id } }',
        )
        await admin.direct('cashSessionForceClose', { cashSessionId: cashSession.id, reason: 'again' })
      },
    )
    for (const { nudge } of wide.heard) expect(nudge).toMatchObject({ branchId: 'riverside' })
    for (const { nudge } of market.heard) expect(nudge).toMatchObject({ branchId: 'market' })
    for (const { nudge } of narrow.heard) expect(nudge!.modules).toEqual(['CASH_SESSION'])
  })

  it('hears nothing of another tenant’s branch of the same name', async () => {
    const rival = await gateway.as('admin', { tenantId: 'rival' })
    await rival.direct('branchSave', { name: 'Another riverside' })
    const theirs = hear(rival, { tenantId: 'rival' }, query)
    const ours = hear(people.by.STAFF, {}, query)
    await until(
      () => ours.heard.length > 0,
      () => change(admin, 'riverside'),
    )
    await until(
      () => theirs.heard.length > 0,
      () => change(rival, 'riverside'),
    )
    for (const { nudge } of theirs.heard) expect(nudge!.tenantId).toBe('rival')
    for (const { nudge } of ours.heard) expect(nudge!.tenantId).toBe('demo')
  })

  it.each(['MANAGER', 'ADMIN'] as const)('to the whole tenant is open to %s', async (role) => {
    const { heard } = hear(people.by[role], { branchId: null }, query)
    const branches = () => new Set(heard.map(({ nudge }) => nudge!.branchId))
    await until(
      () => branches().size === 2,
      () => Promise.all([change(admin, 'riverside'), change(admin, 'market')]),
    )
    expect([...branches()].sort()).toEqual(['market', 'riverside'])
  })
})

describe('a token that ran out', () => {
  it('closes its socket with 4403, whether it listens or not', async () => {
    const token = await forgeToken(gateway, 'demo-admin', new Date(Date.now() + 2000))
    const soon = gateway.withToken(token)
    const listening = hear(soon)
    const idle = listen(soon, '{ me(tenantId: "demo") { role } }')
    open.push(idle)
    expect(await Promise.all([listening.closed, idle.closed])).toEqual([4403, 4403])
  })

  it('is what TOKEN_TTL_SECONDS says', async () => {
    const brief = await startGateway({ env: { TOKEN_TTL_SECONDS: '2' } })
    try {
      expect(await hear(await brief.as('cashier-1')).closed).toBe(4403)
    } finally {
      await brief.close()
    }
  })
})

describe.each([
  ['of the branch', {}],
  ['of the tenant', { branchId: null }],
])('who listens to nudges %s and', (what, more) => {
  it.each<[string, (accountId: string) => Promise<unknown>]>([
    ['is revoked', (accountId) => dismiss(admin, accountId)],
    [
      'is assigned to other branches',
      (accountId) => admin.direct('staffSave', { accountId, branchIds: ['market'] }, { branchId: null }),
    ],
    [
      'becomes a cashier',
      (accountId) => admin.direct('staffSave', { accountId, role: 'CASHIER' }, { branchId: null }),
    ],
  ])('%s is shut out with 4403 where that ends the right', async (how, change_) => {
    const staffCode = randomUUID()
    const listener = await hire(gateway, admin, staffCode, { role: 'MANAGER', branchIds: ['riverside'] })
    const stays = hear(people.by.MANAGER, more)
    const { connected, closed, heard } = hear(listener, more)
    await connected
    await until(
      () => heard.length > 0 && stays.heard.length > 0,
      () => change(admin, 'riverside'),
    )
    await change_(`demo-${staffCode}`)

    const loses =
      how === 'is revoked' || (what === 'of the branch') === (how === 'is assigned to other branches')
    if (loses) expect(await closed).toBe(4403)
    const before = [heard.length, stays.heard.length] as const
    await until(
      () => stays.heard.length > before[1] && (loses || heard.length > before[0]),
      () => change(admin, 'riverside'),
    )
    // Of whoever was shut out, the closing was the last word.
    if (loses) expect(heard.at(-1)).toEqual({ closed: 4403 })
    expect(stays.heard.every(({ nudge }) => nudge)).toBe(true)
  })
})

describe('over the socket', () => {
  it('everything else is asked and answered as over HTTP', async () => {
    const reads = listen(people.by.CASHIER, '{ staff(tenantId: "demo") { edges { node { name } } } }')
    open.push(reads)
    expect(refusalOf((await reads.first).errors![0]!)).toBe('FORBIDDEN ACTION_NOT_PERMITTED')
  })
})
