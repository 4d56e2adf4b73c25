/** A stolen tablet: whoever looks after devices shuts it out, and what it was given is worth nothing from then on. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newBranch } from '../support/branch.ts'
import { movement, openSession, startWork } from '../support/cafe.ts'
import { actorProof, type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { type Listening, listen } from '../support/listen.ts'
import { hire } from '../support/people.ts'
import { lockWaiters } from '../support/waiting.ts'

let gateway: Gateway
let manager: Client
beforeAll(async () => {
  gateway = await startGateway()
  manager = await gateway.as('manager', { deviceId: 'office' })
})
afterAll(() => gateway?.close())

const shutOut = (deviceId: string) =>
  manager.direct('deviceShutOut', { deviceId, reason: 'stolen' }, { branchId: null })
const letIn = (deviceId: string) => manager.direct('deviceLetIn', { deviceId }, { branchId: null })

/** Changes something in the branch until all of these have heard of it. */
async function live(branchId: string, ...all: Listening[]): Promise<void> {
  const item = { stockItemId: 'x', quantity: 1, name: 'X', unit: 'g' }
  const heard = async () => {
    await manager.direct('inventoryRestock', item, { branchId })
    return all.every((each) => each.heard.length > 0)
  }
  await expect.poll(heard, { timeout: 20_000, interval: 200 }).toBe(true)
}

async function refusal(client: Client, query: string, input: object) {
  const { errors } = await client.send(query, { input })
  return errors
    ?.map(({ extensions }) => [extensions.code, extensions.reason].filter(Boolean).join(' '))
    .join()
}
const reportMutation = 'mutation ($input: DeviceReportInput!) { deviceReport(input: $input) { serverTime } }'
const signInMutation = 'mutation ($input: SignInInput!) { signIn(input: $input) { token } }'

async function everything(till: Client) {
  const { deviceId } = till
  const tenantId = 'demo'
  return [
    await refusal(till, till.pushMutation, { tenantId, deviceId, operations: [startWork()] }),
    await refusal(till, till.pullQuery, {
      tenantId,
      branchId: 'riverside',
      deviceId,
      moduleScopes: ['MENU'],
    }),
    await refusal(till, reportMutation, {
      tenantId,
      deviceId,
      at: new Date().toISOString(),
      waiting: 0,
      failed: 0,
    }),
    await refusal(till, '{ me(tenantId: "demo") { role } }', {}),
  ]
}

describe('a device that is shut out', () => {
  it('ends for everybody on it, at once: sockets, pushes, pulls, reports, signing in; nothing of it is a verdict', async () => {
    const deviceId = randomUUID()
    const till = await gateway.as('cashier-1', { deviceId })
    const elsewhere = await gateway.as('cashier-1', { deviceId: randomUUID() })
    const nudges = 'subscription { syncNudge(tenantId: "demo", branchId: "riverside") { headSeq } }'
    const [here, there] = [listen(till, nudges), listen(elsewhere, nudges)]
    await live('riverside', here, there)

    expect(await shutOut(deviceId)).toMatchObject({ status: 'APPLIED' })
    expect(await here.closed).toBe(4403)
    expect(await everything(till)).toEqual(Array(4).fill('FORBIDDEN DEVICE_SHUT_OUT'))
    const input = { tenantId: 'demo', staffCode: 'cashier-1', pin: '1234', deviceId }
    const nobody = gateway.withToken(null)
    expect(await refusal(nobody, signInMutation, input)).toBe('FORBIDDEN DEVICE_SHUT_OUT')
    expect(await refusal(nobody, signInMutation, { ...input, pin: '0000' })).toBe('UNAUTHENTICATED')
    // The same person elsewhere goes on.
    expect(await everything(elsewhere)).toEqual(Array(4).fill(undefined))
    there.stop()
  })

  it('is shown as such, and who did it is in the trail', async () => {
    const deviceId = randomUUID()
    await (await gateway.as('cashier-1', { deviceId })).push([startWork()])
    const admin = await gateway.as('admin', { deviceId: 'office' })
    const seen = async () => {
      const { devices } = await manager.data<{
        devices: { edges: { node: { deviceId: string; shutOutAt: string | null } }[] }
      }>('{ devices(tenantId: "demo", first: 200) { edges { node { deviceId shutOutAt } } } }')
      return devices.edges.find(({ node }) => node.deviceId === deviceId)?.node.shutOutAt
    }
    const trail = async (name: string) => {
      const query = `query ($name: String) { auditEvents(tenantId: "demo", name: $name, first: 1) {
        edges { node { actorId data } } } }`
      type Events = { auditEvents: { edges: { node: object }[] } }
      return (await admin.data<Events>(query, { name })).auditEvents.edges[0]?.node
    }
    expect(await seen()).toBeNull()
    await shutOut(deviceId)
    expect(Date.parse((await seen())!)).toBeLessThanOrEqual(Date.now())
    expect(await trail('DEVICE_SHUT_OUT')).toEqual({
      actorId: 'demo-manager',
      data: { deviceId, reason: 'stolen' },
    })
    await letIn(deviceId)
    expect(await seen()).toBeNull()
    expect(await trail('DEVICE_LET_IN')).toEqual({ actorId: 'demo-manager', data: { deviceId } })
  })

  it('let in again, it takes a new sign-in; its old tokens and signatures stay worthless', async () => {
    const deviceId = randomUUID()
    const old = await gateway.as('manager', { deviceId })
    const oldTill = await gateway.as('cashier-1', { deviceId })
    await shutOut(deviceId)
    await letIn(deviceId)
    expect(await everything(oldTill)).toEqual(Array(4).fill('UNAUTHENTICATED'))
    const till = await gateway.as('cashier-1', { deviceId })
    const session = openSession()
    const { cashSessionId } = session.payload as { cashSessionId: string }
    const adjust = movement(cashSessionId, { kind: 'ADJUSTMENT', amount: -5 }, { actorId: 'demo-manager' })
    const proven = (actorKey: string) => ({ ...adjust, actorProof: actorProof(actorKey, adjust) })
    expect((await till.push([session, proven(old.actorKey)])).map(({ code }) => code)).toEqual([
      null,
      'ACTOR_PROOF_REQUIRED',
    ])
    const { actorKey } = await gateway.as('manager', { deviceId })
    expect(await till.push([proven(actorKey)])).toMatchObject([{ status: 'APPLIED', duplicate: false }])
    await manager.direct('cashSessionForceClose', { cashSessionId, reason: 'over' })
  })
})

describe('a new PIN', () => {
  it('ends the tokens and signatures of before, wherever they are', async () => {
    const admin = await gateway.as('admin', { deviceId: 'office' })
    const old = await gateway.as('cashier-2', { deviceId: 'somewhere' })
    const nudges = listen(old, 'subscription { syncNudge(tenantId: "demo", branchId: "market") { headSeq } }')
    await live('market', nudges)
    const changed = await admin.direct(
      'staffSave',
      { accountId: 'demo-cashier-2', pin: '2468' },
      { branchId: null },
    )
    expect(changed.status).toBe('APPLIED')
    expect(await nudges.closed).toBe(4403)
    expect(await refusal(old, '{ me(tenantId: "demo") { role } }', {})).toBe('UNAUTHENTICATED')
    const again = await gateway.as('cashier-2', { deviceId: 'somewhere', pin: '2468' })
    expect(await refusal(again, '{ me(tenantId: "demo") { role } }', {})).toBeUndefined()
    expect(again.actorKey).not.toBe(old.actorKey)
  })

  it('and so does a revocation, also when it is taken back', async () => {
    const admin = await gateway.as('admin', { deviceId: 'office' })
    const old = await gateway.as('barista-1', { deviceId: 'somewhere' })
    for (const [status, answer] of [
      ['REVOKED', 'FORBIDDEN MEMBERSHIP_NOT_ACTIVE'],
      ['ACTIVE', 'UNAUTHENTICATED'],
    ]) {
      await admin.direct('staffSave', { accountId: 'demo-barista-1', status }, { branchId: null })
      expect(await refusal(old, '{ me(tenantId: "demo") { role } }', {})).toBe(answer)
    }
  })
})

it('actorKey gives the key of signing in, for the token’s device alone', async () => {
  const till = await gateway.as('cashier-1', { deviceId: 'till-k' })
  const query = 'mutation ($deviceId: ID!) { actorKey(tenantId: "demo", deviceId: $deviceId) }'
  expect(await till.data(query, { deviceId: 'till-k' })).toEqual({ actorKey: till.actorKey })
  expect(Buffer.from(till.actorKey, 'base64url')).toHaveLength(32)
  const { errors } = await till.send(query, { deviceId: 'till-1' })
  expect(errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'DEVICE_NOT_YOURS' })
})

it.each([
  ['the device is shut out', 'FORBIDDEN DEVICE_SHUT_OUT', ({ deviceId }: Client) => shutOut(deviceId)],
  [
    'whoever sent it gets a new PIN',
    'UNAUTHENTICATED',
    (_: Client, admin: Client, accountId: string) =>
      admin.direct('staffSave', { accountId, pin: '9753' }, { branchId: null }),
  ],
  [
    'they are let go',
    'FORBIDDEN MEMBERSHIP_NOT_ACTIVE',
    (_: Client, admin: Client, accountId: string) =>
      admin.direct('staffSave', { accountId, status: 'REVOKED' }, { branchId: null }),
  ],
])('what waits for its turn is not done once %s', async (_, refused, end) => {
  const admin = await gateway.as('admin', { deviceId: 'office' })
  const branchId = await newBranch(admin)
  const staffCode = `waiting-${randomUUID().slice(0, 8)}`
  const till = await hire(gateway, admin, staffCode, { role: 'CASHIER', branchIds: [branchId] })
  const waiting = openSession(undefined, { branchId })
  const sent = await gateway.app.db.tenant('demo').transaction(async (tx) => {
    await tx.run('select 1 from sync_stream where branch_id = $1 for update', [branchId])
    const { deviceId } = till
    const answer = refusal(till, till.pushMutation, { tenantId: 'demo', deviceId, operations: [waiting] })
    await lockWaiters(gateway.databaseUrl, 1)
    expect(await end(till, admin, `demo-${staffCode}`)).toMatchObject({ status: 'APPLIED' })
    return { answer }
  })
  expect(await sent.answer).toBe(refused)
  const known = 'select status from sync_operation where client_op_id = $1'
  expect(await gateway.app.db.everyTenant.rows(known, [waiting.clientOpId])).toEqual([])
})
