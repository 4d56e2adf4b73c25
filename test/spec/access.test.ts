import { createHmac, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { moduleScopes } from '../../src/modules/words.ts'
import { newBranch } from '../support/branch.ts'
import { closeSession, endWork, movement, openSession, sale, startWork } from '../support/cafe.ts'
import {
  actorProof,
  type Client,
  type Envelope,
  type Gateway,
  operation,
  startGateway,
} from '../support/gateway.ts'

let gateway: Gateway
let admin: Client
let manager: Client
let cashier: Client
let barista: Client

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin', { deviceId: 'office' })
  manager = await gateway.as('manager', { deviceId: 'office' })
  cashier = await gateway.as('cashier-1')
  barista = await gateway.as('barista-1')
})
afterAll(() => gateway?.close())

const codes = (results: { status: string; code: string | null }[]) =>
  results.map(({ status, code }) => code ?? status)
const isStored = async (clientOpId: string) =>
  (
    await gateway.app.db.everyTenant.rows('select 1 from sync_operation where client_op_id = $1', [
      clientOpId,
    ])
  ).length > 0
/** The error that a request fails with, as `CODE reason`. */
async function refusal(client: Client, query: string, input: object) {
  const { errors } = await client.send(query, { input })
  return errors?.map(({ extensions }) => [extensions.code, extensions.reason].filter(Boolean).join(' '))
}

describe('AC-4 and 4.3: a frozen branch', () => {
  it('rejects queued writes of every kind, each time alike, with a clear reason; reads go on', async () => {
    const branchId = await newBranch(admin, 'demo-cashier-1')
    const here = { branchId }
    const session = randomUUID()
    await cashier.push([openSession(session, here)])
    const { cursor } = await cashier.pullAll(here)
    expect(await admin.direct('branchFreeze', null, here)).toMatchObject({ status: 'APPLIED' })

    const attendanceId = randomUUID()
    const queue = [
      openSession(randomUUID(), here),
      movement(session, {}, here),
      sale(session, {}, here),
      closeSession(session, undefined, here),
      startWork(attendanceId, here),
      endWork(attendanceId, here),
    ]
    const results = await cashier.push(queue)
    expect(codes(results)).toEqual(queue.map(() => 'BRANCH_FROZEN'))
    for (const { message } of results) expect(message).toMatch(/frozen/)
    expect(await cashier.push(queue)).toEqual(results.map((result) => ({ ...result, duplicate: true })))

    const { changes } = await cashier.pullAll({ ...here, cursor })
    expect(changes).toMatchObject([
      { entityKind: 'branch', entityId: branchId, payload: { status: 'FROZEN' } },
    ])
  })

  it('unfrozen, it takes what a person tries again', async () => {
    const branchId = await newBranch(admin, 'demo-cashier-1')
    await admin.direct('branchFreeze', null, { branchId })
    const op = openSession(randomUUID(), { branchId })
    expect(codes(await cashier.push([op]))).toEqual(['BRANCH_FROZEN'])
    await admin.direct('branchUnfreeze', null, { branchId })
    expect(codes(await cashier.push([op]))).toEqual(['BRANCH_FROZEN'])
    expect(codes(await cashier.push([{ ...op, retry: true }]))).toEqual(['APPLIED'])
  })

  it('the direct lane is refused as well; what was applied before stays an answer', async () => {
    const branchId = await newBranch(admin, 'demo-cashier-1')
    const op = openSession(randomUUID(), { branchId })
    await cashier.push([op])
    await admin.direct('branchFreeze', null, { branchId })
    expect(await cashier.push([op])).toMatchObject([{ status: 'APPLIED', duplicate: true }])
    const restock = { stockItemId: 'x', quantity: 1, name: 'X', unit: 'g' }
    expect(await manager.direct('inventoryRestock', restock, { branchId })).toMatchObject({
      code: 'NO_BRANCH_ACCESS',
    })
    expect(await admin.direct('inventoryRestock', restock, { branchId })).toMatchObject({
      code: 'BRANCH_FROZEN',
    })
    expect(await admin.direct('policyUpdate', { vatEnabled: false }, { branchId })).toMatchObject({
      code: 'BRANCH_FROZEN',
    })
    expect(await admin.direct('branchSave', { name: 'New name' }, { branchId })).toMatchObject({
      code: 'BRANCH_FROZEN',
    })
  })

  it('freezes that branch alone, and in the order of the batches', async () => {
    const [frozen, open] = [
      await newBranch(admin, 'demo-cashier-1'),
      await newBranch(admin, 'demo-cashier-1'),
    ]
    await admin.direct('branchFreeze', null, { branchId: frozen })
    expect(
      codes(
        await cashier.push([
          openSession(undefined, { branchId: frozen }),
          openSession(undefined, { branchId: open }),
        ]),
      ),
    ).toEqual(['BRANCH_FROZEN', 'APPLIED'])
  })

  it('TENANT_NOT_ACTIVE: a frozen tenant stops every write; reads go on', async () => {
    const rival = await gateway.as('admin', { tenantId: 'rival' })
    const setStatus = (status: string) =>
      gateway.app.db.everyTenant.run(`update tenant set status = $1 where tenant_id = 'rival'`, [status])
    await setStatus('FROZEN')
    const op = openSession(undefined, { branchId: 'rival-1' })
    expect(codes(await rival.push([op]))).toEqual(['TENANT_NOT_ACTIVE'])
    const saved = await rival.direct(
      'menuItemSave',
      { menuItemId: 'latte', priceUsd: 250 },
      { branchId: null },
    )
    expect(saved.code).toBe('TENANT_NOT_ACTIVE')
    expect((await rival.pullAll({ branchId: 'rival-1' })).changes.length).toBeGreaterThan(0)
    await setStatus('ACTIVE')
    expect(codes(await rival.push([{ ...op, retry: true }]))).toEqual(['APPLIED'])
  })
})

describe('5.2: tenant isolation', () => {
  it('NO_MEMBERSHIP: a push or pull for another tenant is refused as a whole, and nothing is kept', async () => {
    const op = openSession(undefined, { branchId: 'rival-1' })
    const push = { tenantId: 'rival', deviceId: 'till-1', operations: [op] }
    const pull = { tenantId: 'rival', branchId: 'rival-1', deviceId: 'till-1', moduleScopes: ['MENU'] }
    expect(await refusal(admin, admin.pushMutation, push)).toEqual(['FORBIDDEN NO_MEMBERSHIP'])
    expect(await refusal(admin, admin.pullQuery, pull)).toEqual(['FORBIDDEN NO_MEMBERSHIP'])
    expect(await refusal(admin, admin.pushMutation, { ...push, tenantId: 'nobody' })).toEqual([
      'FORBIDDEN NO_MEMBERSHIP',
    ])
    expect(await isStored(op.clientOpId)).toBe(false)
  })

  it('the same names mean each tenant’s own: menu items, accounts, devices', async () => {
    const rival = await gateway.as('admin', { tenantId: 'rival', deviceId: 'till-1' })
    const { changes } = await rival.pullAll({ branchId: 'rival-1' })
    const latte = changes.find(({ entityId }) => entityId === 'latte')
    expect(latte?.payload).toMatchObject({ name: 'Rival latte', priceUsd: 240 })
    expect(changes.filter(({ entityKind }) => entityKind === 'menuItem')).toHaveLength(1)
    expect(changes.filter(({ entityKind }) => entityKind === 'staffMember')).toHaveLength(1)
  })

  it('an operation may name another tenant’s branch only to be told that it is not theirs', async () => {
    const op = openSession(undefined, { branchId: 'rival-1' })
    expect(codes(await admin.push([op]))).toEqual(['NO_BRANCH_ACCESS'])
    expect(await isStored(op.clientOpId)).toBe(false)
  })
})

describe('4.3: branch access', () => {
  it('NO_BRANCH_ACCESS costs its own operation only, and is not kept', async () => {
    const branchId = await newBranch(admin, 'demo-cashier-1')
    const foreign = openSession(undefined, { branchId: 'market' })
    const nowhere = openSession(undefined, { branchId: 'no-such-branch' })
    const mine = openSession(undefined, { branchId })
    expect(codes(await cashier.push([foreign, nowhere, mine]))).toEqual([
      'NO_BRANCH_ACCESS',
      'NO_BRANCH_ACCESS',
      'APPLIED',
    ])
    expect(await isStored(foreign.clientOpId)).toBe(false)
    expect(await isStored(nowhere.clientOpId)).toBe(false)
    // Who may, may still use the key.
    const cashier2 = await gateway.as('cashier-2', { deviceId: 'till-9' })
    expect(codes(await cashier2.push([{ ...foreign, actorId: undefined }]))).toEqual(['APPLIED'])
  })

  it('nothing is said of a key to who has no access to its branch', async () => {
    const cashier2 = await gateway.as('cashier-2', { deviceId: 'till-9' })
    const branchId = await newBranch(admin, 'demo-cashier-1')
    const op = openSession(undefined, { branchId })
    await cashier.push([op])
    expect(await cashier2.push([op])).toMatchObject([
      { status: 'REJECTED', code: 'NO_BRANCH_ACCESS', duplicate: false, result: null },
    ])
  })

  it('what depends on an operation that was not let in is not applied', async () => {
    const branchId = await newBranch(admin, 'demo-cashier-1')
    const foreign = openSession(undefined, { branchId: 'market' })
    const dependent = openSession(undefined, { branchId, dependsOn: [foreign.clientOpId] })
    expect(codes(await cashier.push([foreign, dependent]))).toEqual(['NO_BRANCH_ACCESS', 'DEPENDENCY_FAILED'])
  })

  it('a pull of a branch that is not theirs is FORBIDDEN', async () => {
    const pull = { tenantId: 'demo', branchId: 'market', deviceId: 'till-1', moduleScopes: ['MENU'] }
    expect(await refusal(cashier, cashier.pullQuery, pull)).toEqual(['FORBIDDEN NO_BRANCH_ACCESS'])
  })

  it('an assignment that ends, ends at once: queued work is refused, and so are pulls', async () => {
    const branchId = await newBranch(admin, 'demo-cashier-1')
    await cashier.push([openSession(undefined, { branchId })])
    await admin.direct(
      'staffSave',
      { accountId: 'demo-cashier-1', branchIds: ['riverside'] },
      { branchId: null },
    )
    expect(codes(await cashier.push([startWork(undefined, { branchId })]))).toEqual(['NO_BRANCH_ACCESS'])
    const pull = { tenantId: 'demo', branchId, deviceId: 'till-1', moduleScopes: ['MENU'] }
    expect(await refusal(cashier, cashier.pullQuery, pull)).toEqual(['FORBIDDEN NO_BRANCH_ACCESS'])
  })
})

describe('FR-7: replay revalidates access', () => {
  it('ACTION_NOT_PERMITTED: by role, kept and shown', async () => {
    const session = randomUUID()
    const branchId = await newBranch(admin, 'demo-cashier-1', 'demo-barista-1')
    const here = { branchId }
    const adjustment = movement(session, { kind: 'ADJUSTMENT', amount: -5 }, here)
    expect(
      codes(
        await barista.push([openSession(session, here), sale(session, {}, here), startWork(undefined, here)]),
      ),
    ).toEqual(['ACTION_NOT_PERMITTED', 'ACTION_NOT_PERMITTED', 'APPLIED'])
    const [opened, adjusted] = await cashier.push([openSession(session, here), adjustment])
    expect(opened!.status).toBe('APPLIED')
    expect(adjusted).toMatchObject({ code: 'ACTION_NOT_PERMITTED', details: { role: 'CASHIER' } })
    expect(await isStored(adjustment.clientOpId)).toBe(true)
  })

  it('a role that changed since the operation was made counts as it is now', async () => {
    const branchId = await newBranch(admin)
    const person = {
      accountId: 'tmp-1',
      staffCode: 'tmp-1',
      name: 'Temp',
      pin: '1234',
      branchIds: [branchId],
    }
    await admin.direct('staffSave', { ...person, role: 'CASHIER' }, { branchId: null })
    const temp = await gateway.as('tmp-1')
    const op = openSession(undefined, { branchId })
    await admin.direct('staffSave', { accountId: 'tmp-1', role: 'STAFF' }, { branchId: null })
    expect(codes(await temp.push([op]))).toEqual(['ACTION_NOT_PERMITTED'])
    await admin.direct('staffSave', { accountId: 'tmp-1', role: 'CASHIER' }, { branchId: null })
    expect(codes(await temp.push([{ ...op, retry: true }]))).toEqual(['APPLIED'])
  })

  it('MEMBERSHIP_NOT_ACTIVE: whose membership has ended is refused as a whole; their token is no way around', async () => {
    const branchId = await newBranch(admin)
    const person = { accountId: 'tmp-2', staffCode: 'tmp-2', name: 'Temp', role: 'CASHIER', pin: '1234' }
    await admin.direct('staffSave', { ...person, branchIds: [branchId] }, { branchId: null })
    const temp = await gateway.as('tmp-2')
    await admin.direct('staffSave', { accountId: 'tmp-2', status: 'REVOKED' }, { branchId: null })
    const push = { tenantId: 'demo', deviceId: 'till-1', operations: [openSession(undefined, { branchId })] }
    expect(await refusal(temp, temp.pushMutation, push)).toEqual(['FORBIDDEN MEMBERSHIP_NOT_ACTIVE'])
    const pull = { tenantId: 'demo', branchId, deviceId: 'till-1', moduleScopes: ['MENU'] }
    expect(await refusal(temp, temp.pullQuery, pull)).toEqual(['FORBIDDEN MEMBERSHIP_NOT_ACTIVE'])
  })

  it('EC-OS-03: without a token nothing is a verdict; the operation waits and is taken later', async () => {
    const branchId = await newBranch(admin, 'demo-cashier-1')
    const op = openSession(undefined, { branchId })
    const push = { tenantId: 'demo', deviceId: 'till-1', operations: [op] }
    for (const token of [null, 'not.a.token']) {
      const nobody = gateway.withToken(token)
      expect(await refusal(nobody, nobody.pushMutation, push)).toEqual(['UNAUTHENTICATED'])
    }
    expect(await isStored(op.clientOpId)).toBe(false)
    expect(await cashier.push([op])).toMatchObject([{ status: 'APPLIED', duplicate: false }])
  })
})

describe('the actor on a shared tablet', () => {
  it('ACTOR_NOT_ALLOWED: a person who has never signed in on this device', async () => {
    const branchId = await newBranch(admin, 'demo-cashier-1', 'demo-manager')
    const op = openSession(undefined, { branchId, actorId: 'demo-manager' })
    const stranger = openSession(undefined, { branchId, actorId: 'demo-nobody' })
    const lonely = await gateway.as('cashier-1', { deviceId: 'till-lonely' })
    expect(codes(await lonely.push([op, stranger]))).toEqual(['ACTOR_NOT_ALLOWED', 'ACTOR_NOT_ALLOWED'])
    // Signed in elsewhere is not signed in here; once they have, a person may try again.
    await gateway.as('manager', { deviceId: 'till-lonely' })
    expect(codes(await lonely.push([{ ...op, retry: true }]))).toEqual(['APPLIED'])
  })

  it('permissions are the actor’s; the record keeps both', async () => {
    const branchId = await newBranch(admin, 'demo-cashier-1', 'demo-manager', 'demo-barista-1')
    const manager = await gateway.as('manager')
    const session = randomUUID()
    const adjust = (actorId: string) =>
      movement(session, { kind: 'ADJUSTMENT', amount: -5 }, { branchId, actorId })
    const open = openSession(session, { branchId, actorId: 'demo-cashier-1' })
    const byManager = adjust('demo-manager')
    const proven = { ...byManager, actorProof: actorProof(manager.actorKey, byManager) }
    expect(
      codes(
        await cashier.push([open, byManager, proven, adjust('demo-cashier-1'), adjust('demo-barista-1')]),
      ),
    ).toEqual(['APPLIED', 'ACTOR_PROOF_REQUIRED', 'APPLIED', 'ACTION_NOT_PERMITTED', 'ACTION_NOT_PERMITTED'])
    const [record] = await gateway.app.db.everyTenant.rows(
      `select actor_id, submitted_by, device_id, lane from sync_operation where client_op_id = $1`,
      [byManager.clientOpId],
    )
    expect(record).toEqual({
      actor_id: 'demo-manager',
      submitted_by: 'demo-cashier-1',
      device_id: 'till-1',
      lane: 'REPLAY',
    })
  })

  it('ACTOR_PROOF_REQUIRED is no verdict of its own: signed by nobody else, for nothing else; decided anew when the actor brings it', async () => {
    const branchId = await newBranch(admin, 'demo-cashier-1', 'demo-manager')
    const boss = await gateway.as('manager')
    const bossElsewhere = await gateway.as('manager', { deviceId: 'till-2' })
    const own = await gateway.as('cashier-1')
    const session = randomUUID()
    const open = openSession(session, { branchId })
    const adjust = () =>
      movement(session, { kind: 'ADJUSTMENT', amount: -5 }, { branchId, actorId: 'demo-manager' })
    const [op, other] = [adjust(), adjust()]
    const building = endWork(randomUUID(), { branchId, dependsOn: [op.clientOpId] })
    const worthless = [
      undefined,
      '',
      'x'.repeat(100_000),
      actorProof(own.actorKey, op),
      actorProof(bossElsewhere.actorKey, op),
      actorProof(boss.actorKey, other),
      actorProof(boss.actorKey, op).toUpperCase(),
      actorProof(boss.actorKey, op).slice(0, -1),
      // When it was done is part of what was done.
      actorProof(boss.actorKey, {
        ...op,
        occurredAt: new Date(Date.parse(op.occurredAt) - 86_400_000).toISOString(),
      }),
    ]
    // And when that was, by what the clock was wrong by.
    const moved = { ...op, clockSkewMs: 400 * 86_400_000, actorProof: actorProof(boss.actorKey, op) }
    await cashier.push([open])
    expect(codes(await cashier.push([moved]))).toEqual(['ACTOR_PROOF_REQUIRED'])
    for (const proof of worthless) {
      const results = await cashier.push([{ ...op, actorProof: proof }, building])
      expect(codes(results)).toEqual(['ACTOR_PROOF_REQUIRED', 'DEPENDENCY_FAILED'])
    }
    expect([await isStored(op.clientOpId), await isStored(building.clientOpId)]).toEqual([false, false])
    // The actor's own token needs no signature; nor does the key of an operation in capitals.
    expect(codes(await boss.push([op, building]))).toEqual(['APPLIED', 'ATTENDANCE_NOT_ACTIVE'])
    const proof = actorProof(boss.actorKey, other)
    expect(
      codes(
        await cashier.push([{ ...other, clientOpId: other.clientOpId.toUpperCase(), actorProof: proof }]),
      ),
    ).toEqual(['APPLIED'])
  })

  it('who asked is part of what was approved: it takes nobody else for them, and is not left out', async () => {
    const branchId = await newBranch(admin, 'demo-cashier-1', 'demo-manager')
    const { actorKey } = await gateway.as('manager')
    const session = randomUUID()
    const asked = { branchId, actorId: 'demo-manager', approvedFor: 'demo-cashier-1' }
    const op = movement(session, { kind: 'ADJUSTMENT', amount: -5 }, asked)
    const proof = actorProof(actorKey, op)
    await cashier.push([openSession(session, { branchId })])
    const others = ['demo-barista-1', undefined].map((approvedFor) => ({
      ...op,
      approvedFor,
      actorProof: proof,
    }))
    const unsaid = actorProof(actorKey, { ...op, approvedFor: undefined })
    for (const forged of [...others, { ...op, actorProof: unsaid }])
      expect(codes(await cashier.push([forged]))).toEqual(['ACTOR_PROOF_REQUIRED'])
    expect(codes(await cashier.push([{ ...op, actorProof: proof }]))).toEqual(['APPLIED'])
  })

  it.each([
    ['the first form, without the time', () => []],
    ['the second form, without the error of the clock', (op: Envelope) => [op.occurredAt]],
  ])('a proof of %s is taken as it always was', async (_, time) => {
    const branchId = await newBranch(admin, 'demo-cashier-1', 'demo-manager')
    const { actorKey } = await gateway.as('manager')
    const session = randomUUID()
    const op = movement(session, { kind: 'ADJUSTMENT', amount: -5 }, { branchId, actorId: 'demo-manager' })
    const formed = createHmac('sha256', Buffer.from(actorKey, 'base64url')).update(
      [op.clientOpId, op.payloadHash, ...time(op)].join('\n'),
    )
    expect(
      codes(
        await cashier.push([openSession(session, { branchId }), { ...op, actorProof: formed.digest('hex') }]),
      ),
    ).toEqual(['APPLIED', 'APPLIED'])
  })

  it('what the submitter may do themselves needs no signature: a shared tablet carries it', async () => {
    const branchId = await newBranch(admin, 'demo-cashier-1', 'demo-manager')
    await gateway.as('manager')
    const open = openSession(undefined, { branchId, actorId: 'demo-manager' })
    expect(codes(await cashier.push([open]))).toEqual(['APPLIED'])
    // A role that may less than the submitter's is no way to more.
    const forced = movement(randomUUID(), { kind: 'ADJUSTMENT' }, { branchId, actorId: 'demo-cashier-1' })
    expect(codes(await (await gateway.as('manager')).push([forced]))).toEqual(['ACTION_NOT_PERMITTED'])
  })

  it('a person who has left is not helped by having been there', async () => {
    const branchId = await newBranch(admin, 'demo-cashier-1')
    const person = { accountId: 'tmp-3', staffCode: 'tmp-3', name: 'Temp', role: 'CASHIER', pin: '1234' }
    await admin.direct('staffSave', { ...person, branchIds: [branchId] }, { branchId: null })
    await gateway.as('tmp-3')
    const op = (envelope = {}) => startWork(undefined, { branchId, actorId: 'tmp-3', ...envelope })
    expect(codes(await cashier.push([op()]))).toEqual(['APPLIED'])
    await admin.direct('staffSave', { accountId: 'tmp-3', status: 'REVOKED' }, { branchId: null })
    expect(codes(await cashier.push([op()]))).toEqual(['MEMBERSHIP_NOT_ACTIVE'])
  })

  it('an actor who is not assigned to the branch cannot work in it through another', async () => {
    const branchId = await newBranch(admin, 'demo-cashier-1')
    await gateway.as('cashier-2')
    expect(
      codes(await cashier.push([startWork(undefined, { branchId, actorId: 'demo-cashier-2' })])),
    ).toEqual(['NO_BRANCH_ACCESS'])
  })
})

describe('pulling: someone without the right to a scope gets FORBIDDEN', () => {
  const pullOf = (moduleScopes: readonly string[]) => ({
    tenantId: 'demo',
    branchId: 'riverside',
    deviceId: 'till-1',
    moduleScopes,
  })

  it.each(['CASH_SESSION', 'SALE', 'INVENTORY'])('STAFF may not pull %s', async (scope) => {
    expect(await refusal(barista, barista.pullQuery, pullOf([scope]))).toEqual([
      'FORBIDDEN ACTION_NOT_PERMITTED',
    ])
    expect(await refusal(barista, barista.pullQuery, pullOf(['MENU', scope]))).toEqual([
      'FORBIDDEN ACTION_NOT_PERMITTED',
    ])
  })

  it.each(['BRANCH', 'POLICY', 'MENU', 'STAFF', 'ATTENDANCE'])('STAFF may pull %s', async (scope) => {
    expect(await refusal(barista, barista.pullQuery, pullOf([scope]))).toBeUndefined()
  })

  it('CASHIER may pull everything', async () => {
    expect(await refusal(cashier, cashier.pullQuery, pullOf(moduleScopes))).toBeUndefined()
  })

  it('a scope is of the list, at least one, and a page has a limit', async () => {
    expect(await refusal(cashier, cashier.pullQuery, pullOf([]))).toEqual(['BAD_USER_INPUT'])
    expect(await refusal(cashier, cashier.pullQuery, pullOf(['SECRETS']))).toEqual(['BAD_USER_INPUT'])
    for (const limit of [0, -1, 2001])
      expect(await refusal(cashier, cashier.pullQuery, { ...pullOf(['MENU']), limit })).toEqual([
        'BAD_USER_INPUT',
      ])
    for (const limit of [1, 2000])
      expect(await refusal(cashier, cashier.pullQuery, { ...pullOf(['MENU']), limit })).toBeUndefined()
  })
})

describe('the batch', () => {
  it('holds 1 to 500 operations', async () => {
    const push = (count: number) => ({
      tenantId: 'demo',
      deviceId: 'till-1',
      operations: Array.from({ length: count }, () => operation('no.such', {})),
    })
    expect(await refusal(cashier, cashier.pushMutation, push(0))).toEqual(['BAD_USER_INPUT'])
    expect(await refusal(cashier, cashier.pushMutation, push(501))).toEqual(['BATCH_TOO_LARGE'])
    expect(await refusal(cashier, cashier.pushMutation, push(500))).toBeUndefined()
  })
})
