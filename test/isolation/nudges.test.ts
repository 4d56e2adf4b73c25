/**
 * Nudges, by socket: who may hear what, and that it ends when they may not any more.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Role, roles } from '../../src/modules/access/roles.ts'
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
    [
      'gets a new PIN',
      (accountId) => admin.direct('staffSave', { accountId, pin: '8642' }, { branchId: null }),
    ],
    [
      'has their device shut out',
      (accountId) =>
        admin.direct(
          'deviceShutOut',
          { deviceId: `${accountId.slice('demo-'.length)}-tablet` },
          { branchId: null },
        ),
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

    const always = ['is revoked', 'gets a new PIN', 'has their device shut out'].includes(how)
    const loses = always || (what === 'of the branch') === (how === 'is assigned to other branches')
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

it.each([ofBranch, executed])(
  'whoever asks with a token that a new PIN has ended is told so, and shut out with 4403',
  async (query) => {
    const staffCode = randomUUID()
    const before = await hire(gateway, admin, staffCode, { role: 'CASHIER', branchIds: ['riverside'] })
    await admin.direct('staffSave', { accountId: `demo-${staffCode}`, pin: '8642' }, { branchId: null })
    const { first, closed } = hear(before, {}, query)
    expect((await first).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
    expect(await closed).toBe(4403)
  },
)

describe('one account on two devices', () => {
  it('is shut out on the one that a manager shut out, and on no other', async () => {
    const staffCode = randomUUID()
    const stolen = await hire(gateway, admin, staffCode, { role: 'MANAGER', branchIds: ['riverside'] })
    const another = await gateway.as(staffCode, { deviceId: 'another-tablet' })
    const [lost, kept] = [hear(stolen), hear(another)]
    await until(
      () => lost.heard.length > 0 && kept.heard.length > 0,
      () => change(admin, 'riverside'),
    )
    await admin.direct('deviceShutOut', { deviceId: `${staffCode}-tablet` }, { branchId: null })
    expect(await lost.closed).toBe(4403)
    const before = kept.heard.length
    await until(
      () => kept.heard.length > before,
      () => change(admin, 'riverside'),
    )
    // And its token opens nothing any more.
    const again = hear(stolen)
    expect(refusalOf((await again.first).errors![0]!)).toBe('FORBIDDEN DEVICE_SHUT_OUT')
    await admin.direct('deviceLetIn', { deviceId: `${staffCode}-tablet` }, { branchId: null })
    expect((await hear(stolen).first).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })
})

describe.each([
  ['written by the hub', ofBranch],
  ['executed', executed],
])('a token of another tenant, in a subscription that is %s', (_, query) => {
  it.each<[string, object]>([
    ['to a branch', {}],
    ['to the whole tenant', { branchId: null }],
  ])('opens nothing %s, in either direction', async (_where, more) => {
    const theirs = await gateway.as('admin', { tenantId: 'rival' })
    const heard = await Promise.all([
      hear(theirs, more, query).first,
      hear(admin, { tenantId: 'rival', branchId: 'rival-1', ...more }, query).first,
    ])
    expect(heard.map(({ errors }) => refusalOf(errors![0]!))).toEqual([
      'FORBIDDEN NO_MEMBERSHIP',
      'FORBIDDEN NO_MEMBERSHIP',
    ])
  })

  it('also where the account is a member of both', async () => {
    const accountId = `both-${randomUUID()}`
    const person = { accountId, name: 'Both', role: 'ADMIN', pin: '1234' }
    const staffCode = randomUUID()
    const rival = await gateway.as('admin', { tenantId: 'rival' })
    const hired = [
      await admin.direct('staffSave', { ...person, staffCode, branchIds: ['riverside'] }, { branchId: null }),
      await rival.direct('staffSave', { ...person, staffCode, branchIds: ['rival-1'] }, { branchId: null }),
    ]
    expect(hired.map(({ status }) => status)).toEqual(['APPLIED', 'APPLIED'])
    const atRival = await gateway.as(staffCode, { tenantId: 'rival' })
    expect(refusalOf((await hear(atRival, {}, query).first).errors![0]!)).toBe('FORBIDDEN NO_MEMBERSHIP')
  })
})

describe('over the socket', () => {
  it('everything else is asked and answered as over HTTP', async () => {
    const reads = listen(people.by.CASHIER, '{ staff(tenantId: "demo") { edges { node { name } } } }')
    open.push(reads)
    expect(refusalOf((await reads.first).errors![0]!)).toBe('FORBIDDEN ACTION_NOT_PERMITTED')
  })
})
