import { describe, expect, it } from 'vitest'
import { createGate } from '../../src/modules/access/gate.ts'
import { hashPin, verifyPin } from '../../src/modules/access/pin.ts'
import { type Role, roles } from '../../src/modules/access/roles.ts'
import {
  credentials,
  deviceAccess,
  deviceSignIns,
  memberBranches,
  members,
} from '../../src/modules/access/tables.ts'
import { registry } from '../../src/modules/index.ts'
import { may, type Permission, readPermission } from '../../src/modules/words.ts'
import type { Operation } from '../../src/sync/module.ts'
import { State } from '../../src/sync/state.ts'
import type { Row, Write } from '../../src/sync/table.ts'
import { decidable, definitionOf, given, now } from '../support/decider.ts'
import { MemoryRows } from '../support/memory-rows.ts'
import { assigned, branch, ids, member, signedIn, tenant, unassigned } from '../support/rows.ts'

const café = [
  ...[tenant(), branch(), branch('market'), member('admin', 'ADMIN'), member('sophea', 'CASHIER')],
  ...['admin', 'sophea', 'dara'].flatMap((accountId) => assigned(accountId)),
]

/** What the gate says of an operation, once about the caller, once about the actor. */
function ask(rows: readonly Write[], type: string, envelope: Partial<Operation> = {}, by = registry.gate) {
  const definition = definitionOf(type)
  const op: Operation = {
    clientOpId: ids.op,
    type,
    tenantId: 'demo',
    branchId: definition.scope === 'branch' ? 'riverside' : '',
    payload: {},
    actorId: 'sophea',
    submittedBy: 'sophea',
    deviceId: 'till-1',
    lane: 'REPLAY',
    occurredAt: now,
    clockSkewMs: null,
    at: now,
    happenedAt: now,
    ...envelope,
  }
  const state = new State()
  new MemoryRows(rows).load(by.reads(op), state)
  return {
    admit: by.admit(state, op, definition)?.code ?? null,
    check: by.check(state, op, definition)?.code ?? null,
  }
}
const replaced = (...rows: Write[]) =>
  café
    .filter(
      ({ table, row }) =>
        !rows.some((each) => each.table === table && table.keyOf(each.row) === table.keyOf(row)),
    )
    .concat(rows)

describe('who may do what', () => {
  const everybody = [...roles]
  const tills: Role[] = ['CASHIER', 'MANAGER', 'ADMIN']
  const managers: Role[] = ['MANAGER', 'ADMIN']
  const admins: Role[] = ['ADMIN']
  const table: [string, object, Role[]][] = [
    ['attendance.startWork', {}, everybody],
    ['attendance.endWork', {}, everybody],
    ['cashSession.open', {}, tills],
    ['cashSession.close', {}, tills],
    ['cashSession.movement', { kind: 'PAID_IN' }, tills],
    ['cashSession.movement', { kind: 'PAID_OUT' }, tills],
    ['sale.finalize', {}, tills],
    ['cashSession.movement', { kind: 'ADJUSTMENT' }, managers],
    ['cashSession.forceClose', {}, managers],
    ['sale.void', {}, managers],
    ['cashSession.supplement', {}, managers],
    ['cashSession.bookRefused', {}, managers],
    ['operation.giveUp', {}, managers],
    ['inventory.restock', {}, managers],
    ['inventory.adjust', {}, managers],
    ['inventory.setThreshold', {}, managers],
    ['inventory.waste', {}, tills],
    ['menuItem.save', {}, admins],
    ['menuItem.remove', {}, admins],
    ['menuCategory.save', {}, admins],
    ['menuCategory.remove', {}, admins],
    ['modifierGroup.save', {}, admins],
    ['modifierGroup.remove', {}, admins],
    ['policy.update', {}, admins],
    ['branch.freeze', {}, admins],
    ['branch.unfreeze', {}, admins],
    ['device.shutOut', {}, managers],
    ['device.letIn', {}, managers],
    ['device.rename', {}, managers],
    ['device.approve', {}, managers],
    ['device.invite', {}, managers],
    ['tenant.save', {}, admins],
    ['branch.save', {}, admins],
    ['staff.save', {}, admins],
  ]

  it.each(table)('%s %o: %s', (type, payload, allowed) => {
    for (const role of roles)
      expect(ask(replaced(member('sophea', role)), type, { payload }).check, role).toBe(
        allowed.includes(role) ? null : 'ACTION_NOT_PERMITTED',
      )
  })

  it('is said of every operation that there is', () => {
    expect([...registry.operations.keys()].sort()).toEqual([...new Set(table.map(([type]) => type))].sort())
  })

  it.each<[Permission, Role[]]>([
    ['attendance.readAll', managers],
    ['operations.readRejected', managers],
    ['devices.read', managers],
    ['devices.shutOut', managers],
    ['staff.readAll', managers],
    ['nudges.tenant', managers],
    ['audit.read', admins],
  ])('%s: %s', (permission, allowed) => {
    expect(roles.filter((role) => may(role, permission))).toEqual(allowed)
  })

  it('what it takes to pull: STAFF see the branch, its policy, menu and people, and their own attendance', () => {
    const scopes = (role: Role) =>
      Object.entries(readPermission).flatMap(([scope, permission]) => (may(role, permission) ? [scope] : []))
    expect(scopes('STAFF')).toEqual(['BRANCH', 'POLICY', 'MENU', 'STAFF', 'ATTENDANCE'])
    expect(scopes('CASHIER')).toHaveLength(8)
  })

  it('a role that nobody knows may nothing', () => {
    expect(may('OWNER', 'branch.read')).toBe(false)
  })
})

describe('the gate: a deny always says which rule', () => {
  it('all is well', () => {
    expect(ask(café, 'sale.finalize')).toEqual({ admit: null, check: null })
  })

  it('NO_MEMBERSHIP: the caller does not belong to the tenant', () => {
    expect(ask(café, 'sale.finalize', { submittedBy: 'stranger', actorId: 'stranger' })).toEqual({
      admit: 'NO_MEMBERSHIP',
      check: 'NO_MEMBERSHIP',
    })
  })

  it('MEMBERSHIP_NOT_ACTIVE: it has ended', () => {
    const rows = replaced(member('sophea', 'CASHIER', { status: 'REVOKED' }))
    expect(ask(rows, 'sale.finalize')).toEqual({
      admit: 'MEMBERSHIP_NOT_ACTIVE',
      check: 'MEMBERSHIP_NOT_ACTIVE',
    })
  })

  it('NO_BRANCH_ACCESS: no role implies a branch, not even ADMIN', () => {
    const rows = replaced(member('sophea', 'ADMIN'), unassigned('sophea'), ...assigned('sophea', ['market']))
    expect(ask(rows, 'sale.finalize')).toEqual({ admit: 'NO_BRANCH_ACCESS', check: 'NO_BRANCH_ACCESS' })
    expect(ask(rows, 'menuItem.save')).toEqual({ admit: null, check: null })
  })

  it('TENANT_NOT_ACTIVE: nothing can be changed in a frozen tenant', () => {
    expect(ask(replaced(tenant('FROZEN')), 'sale.finalize')).toEqual({
      admit: null,
      check: 'TENANT_NOT_ACTIVE',
    })
    expect(ask(replaced(tenant('FROZEN'), member('sophea', 'ADMIN')), 'branch.unfreeze').check).toBe(
      'TENANT_NOT_ACTIVE',
    )
  })

  it('BRANCH_FROZEN: every write, but for unfreezing; before the question of permissions', () => {
    const rows = replaced(branch('riverside', 'FROZEN'), member('sophea', 'ADMIN'))
    const ofBranch = [...registry.operations.values()].filter(({ scope }) => scope === 'branch')
    const allowed = ofBranch
      .filter(({ type }) => ask(rows, type).check !== 'BRANCH_FROZEN')
      .map(({ type }) => type)
    expect(allowed).toEqual(['branch.freeze', 'branch.unfreeze'])
    const staff = replaced(branch('riverside', 'FROZEN'), member('sophea', 'STAFF'))
    expect(ask(staff, 'sale.finalize').check).toBe('BRANCH_FROZEN')
  })

  it('another branch that is frozen is nothing to this one', () => {
    expect(ask(replaced(branch('market', 'FROZEN')), 'sale.finalize').check).toBeNull()
  })
})

describe('a shared tablet carries the work of several people', () => {
  const dara = member('dara', 'MANAGER')
  const forDara = { actorId: 'dara' }

  it('ACTOR_NOT_ALLOWED: who has never signed in on this device', () => {
    expect(ask([...café, dara], 'sale.finalize', forDara).check).toBe('ACTOR_NOT_ALLOWED')
    expect(ask([...café, dara, signedIn('dara', 'till-2')], 'sale.finalize', forDara).check).toBe(
      'ACTOR_NOT_ALLOWED',
    )
    expect(
      ask([...café, dara, signedIn('dara')], 'sale.finalize', { ...forDara, deviceId: null }).check,
    ).toBe('ACTOR_NOT_ALLOWED')
  })

  it('permissions are the actor’s, not the caller’s', () => {
    const rows = [...café, dara, signedIn('dara')]
    expect(ask(rows, 'sale.finalize', forDara).check).toBeNull()
    expect(ask(rows, 'sale.void').check).toBe('ACTION_NOT_PERMITTED')
    expect(ask([...rows, signedIn('sophea')], 'sale.void', { submittedBy: 'dara' }).check).toBe(
      'ACTION_NOT_PERMITTED',
    )
  })

  it('ACTOR_PROOF_REQUIRED: what whoever brings it may not do themselves, the actor must have signed', () => {
    const rows = [...café, dara, signedIn('dara')]
    const proof = { payloadHash: 'hash', actorProof: 'signed' }
    expect(ask(rows, 'sale.void', forDara).check).toBe('ACTOR_PROOF_REQUIRED')
    expect(ask(rows, 'sale.void', { ...forDara, proof }).check).toBe('ACTOR_PROOF_REQUIRED')
    const proving = createGate({ ...registry.gate, isProven: ({ proof: of }) => of?.actorProof === 'signed' })
    expect(ask(rows, 'sale.void', { ...forDara, proof }, proving).check).toBeNull()
    expect(ask(rows, 'sale.void', forDara, proving).check).toBe('ACTOR_PROOF_REQUIRED')
    expect(ask(rows, 'sale.void', { proof }, proving).check).toBe('ACTION_NOT_PERMITTED')
  })

  it('the proof is asked for with the generations that the person and the device are of', () => {
    const asked: object[] = []
    const asking = createGate({
      ...registry.gate,
      isProven: (_, generations) => asked.push(generations) > 0,
    })
    const proven = { ...forDara, proof: { payloadHash: 'hash', actorProof: 'signed' } }
    ask([...café, dara, signedIn('dara')], 'sale.void', proven, asking)
    const later = member('dara', 'MANAGER', { tokenGeneration: 3 })
    const row = {
      ...{ deviceId: 'till-1', generation: 2, shutOutAt: null, shutOutBy: null, reason: null },
      ...{ enrolledAt: null, enrolledBy: null },
    }
    ask([...café, later, signedIn('dara'), deviceAccess.row(row)], 'sale.void', proven, asking)
    expect(asked).toEqual([
      { memberGeneration: 0, deviceGeneration: 0 },
      { memberGeneration: 3, deviceGeneration: 2 },
    ])
  })

  it('a person may be acted for as long after signing in as the tenant says, by the server’s clock', () => {
    const days = (count: number) => new Date(now.getTime() - count * 86_400_000)
    const since = (signedInAt: Date, actingDays: number) =>
      ask(
        [
          ...replaced(tenant('ACTIVE', { actingDays })),
          dara,
          deviceSignIns.row({ deviceId: 'till-1', accountId: 'dara', signedInAt }),
        ],
        'sale.finalize',
        // The device's clock says that it was long ago.
        { ...forDara, occurredAt: days(400), happenedAt: days(400) },
      ).check
    expect(since(days(30), 30)).toBeNull()
    expect(since(new Date(days(30).getTime() - 1), 30)).toBe('ACTOR_NOT_ALLOWED')
    expect(since(days(2), 1)).toBe('ACTOR_NOT_ALLOWED')
    expect(since(days(1), 1)).toBeNull()
  })

  it('so are membership and branches; the caller’s are asked besides', () => {
    const revoked = member('dara', 'MANAGER', { status: 'REVOKED' })
    expect(ask([...café, revoked, signedIn('dara')], 'sale.finalize', forDara).check).toBe(
      'MEMBERSHIP_NOT_ACTIVE',
    )
    const elsewhere = [dara, unassigned('dara'), ...assigned('dara', ['market'])]
    expect(ask([...café, ...elsewhere, signedIn('dara')], 'sale.finalize', forDara)).toEqual({
      admit: null,
      check: 'NO_BRANCH_ACCESS',
    })
    expect(ask([...café, signedIn('nobody')], 'sale.finalize', { actorId: 'nobody' }).check).toBe(
      'NO_MEMBERSHIP',
    )
    const caller = replaced(unassigned('sophea')).concat(dara, signedIn('dara'))
    expect(ask(caller, 'sale.finalize', forDara).admit).toBe('NO_BRANCH_ACCESS')
  })
})

const branchesOf = (
  after: { all(table: typeof memberBranches): Row<typeof memberBranches>[] },
  accountId: string,
) =>
  after
    .all(memberBranches)
    .filter((row) => row.accountId === accountId && !row.ended)
    .map(({ branchId }) => branchId)

describe('staff.save', () => {
  const vannak = { accountId: 'vannak', staffCode: 'cashier-9', name: 'Vannak', role: 'CASHIER' }

  it('adds a person, with the branches named and a PIN of their own', () => {
    const after = given(café)
      .when('staff.save', { ...vannak, branchIds: ['riverside', 'market', 'riverside'], pin: '4321' })
      .thenAccepted({ accountId: 'vannak' })
    expect(after.one(members, { accountId: 'vannak' })).toEqual({
      ...vannak,
      status: 'ACTIVE',
      tokenGeneration: 0,
    })
    expect(branchesOf(after, 'vannak')).toEqual(['riverside', 'market'])
    expect(after.one(credentials)).toMatchObject({ accountId: 'vannak', pinDigits: 4 })
    expect(after.audit).toEqual(['STAFF_SAVED'])
  })

  it('absent fields keep what they were; without a PIN the old one stays', () => {
    const after = given(café).when('staff.save', { accountId: 'sophea', role: 'MANAGER' }).thenAccepted()
    expect(after.one(members, { accountId: 'sophea' })).toMatchObject({ role: 'MANAGER' })
    expect(branchesOf(after, 'sophea')).toEqual(['riverside'])
    expect(after.dataOf('STAFF_SAVED')).toEqual({ accountId: 'sophea', role: 'MANAGER', status: 'ACTIVE' })
    expect(after.all(credentials)).toEqual([])
  })

  it('branches are given as all that there are, or as those that come and go', () => {
    const saved = (change: object) => {
      const after = given(café, branch('station'))
        .when('staff.save', { accountId: 'sophea', ...change })
        .thenAccepted()
      return [branchesOf(after, 'sophea'), after.dataOf('STAFF_SAVED')] as const
    }
    expect(saved({ branchIds: ['market'] })).toMatchObject([
      ['market'],
      { branchesAdded: 1, addedBranchIds: ['market'], branchesRemoved: 1, removedBranchIds: ['riverside'] },
    ])
    expect(saved({ addBranchIds: ['market', 'station'] })[0]).toEqual(['riverside', 'market', 'station'])
    expect(saved({ addBranchIds: ['market'], removeBranchIds: ['riverside', 'station'] })[0]).toEqual([
      'market',
    ])
    expect(saved({ branchIds: [] })[0]).toEqual([])
    given(café)
      .when('staff.save', { accountId: 'sophea', addBranchIds: ['moon'] })
      .thenRejected('PAYLOAD_INVALID')
  })

  it('the trail says how many branches somebody got, and names the first fifty', () => {
    const all = Array.from({ length: 1_500 }, (_, i) => `b-${i}`)
    const data = given(
      café,
      all.map((id) => branch(id)),
    )
      .when('staff.save', { accountId: 'sophea', addBranchIds: all })
      .thenAccepted()
      .dataOf('STAFF_SAVED')
    expect(data).toMatchObject({ branchesAdded: 1_500, addedBranchIds: all.slice(0, 50) })
    const tooMany = { accountId: 'sophea', addBranchIds: [...all, 'one-more'] }
    expect(() => decidable('staff.save', tooMany)).toThrow()
  })

  it('REVOKED ends their access, and is a tombstone for who pulls', () => {
    const after = given(café).when('staff.save', { accountId: 'sophea', status: 'REVOKED' }).thenAccepted()
    expect(members.change?.payload(after.one(members, { accountId: 'sophea' }))).toBeNull()
  })

  it('a new PIN and REVOKED end the tokens given out before; nothing else does', () => {
    const generation = (change: object) =>
      given(café)
        .when('staff.save', { accountId: 'sophea', ...change })
        .thenAccepted()
        .one(members, { accountId: 'sophea' }).tokenGeneration
    expect(
      [{ pin: '4321' }, { status: 'REVOKED' }, { pin: '4321', status: 'REVOKED' }].map(generation),
    ).toEqual([1, 1, 1])
    expect(
      [{ name: 'S' }, { role: 'MANAGER' }, { status: 'ACTIVE' }, { branchIds: [] }].map(generation),
    ).toEqual([0, 0, 0, 0])
  })

  it.each(['staffCode', 'name', 'role'])('a new person needs a %s', (field) => {
    given(café)
      .when('staff.save', { ...vannak, [field]: undefined })
      .thenRejected('PAYLOAD_INVALID')
  })

  it.each([{ role: 'MANAGER' }, { status: 'REVOKED' }])(
    'LAST_ADMIN: %o ends one of two, never the last',
    (change) => {
      const end = { accountId: 'admin', ...change }
      given(café).when('staff.save', end).thenRejected('LAST_ADMIN')
      given(café, member('former', 'ADMIN', { status: 'REVOKED' }))
        .when('staff.save', end)
        .thenRejected('LAST_ADMIN')
      given(café, member('other', 'ADMIN')).when('staff.save', end).thenAccepted()
      given(café).when('staff.save', { accountId: 'admin', name: 'A', role: 'ADMIN' }).thenAccepted()
    },
  )

  it('a staff code belongs to one person', () => {
    given(café)
      .when('staff.save', { ...vannak, staffCode: 'sophea' })
      .thenRejected('STAFF_CODE_TAKEN')
    given(café).when('staff.save', { accountId: 'sophea', staffCode: 'sophea' }).thenAccepted()
  })

  it('the branches must be there', () => {
    given(café)
      .when('staff.save', { ...vannak, branchIds: ['moon'] })
      .thenRejected('PAYLOAD_INVALID')
  })

  describe('who is in charge has a PIN of as many digits as the tenant says', () => {
    const strict = replaced(tenant('ACTIVE', { managerPinDigits: 6 }))
    const hash = 'scrypt$c2FsdA$a2V5'
    const withPin = (pinDigits: number) => credentials.row({ accountId: 'sophea', pinHash: hash, pinDigits })
    const saved = (rows: Write[], change: object) =>
      given(rows).when('staff.save', { accountId: 'sophea', ...change })

    it.each(['MANAGER', 'ADMIN'])('%s', (role) => {
      saved(strict, { role, pin: '12345' }).thenRejected('PAYLOAD_INVALID')
      saved(strict, { role, pin: '123456' }).thenAccepted()
      saved(café, { role, pin: '1234' }).thenAccepted()
    })

    it('a cashier, and who had a short one before, may keep it', () => {
      saved(strict, { pin: '1234' }).thenAccepted()
      saved([...strict, member('dara', 'MANAGER')], { accountId: 'dara', name: 'Dara' }).thenAccepted()
    })

    it('who becomes one of them brings it along, or gets a new one', () => {
      saved([...strict, withPin(4)], { role: 'MANAGER' }).thenRejected('PAYLOAD_INVALID')
      saved([...strict, withPin(6)], { role: 'MANAGER' }).thenAccepted()
      saved([...strict, withPin(4)], { role: 'MANAGER', pin: '654321' }).thenAccepted()
      // Nobody signs in here with a PIN that was never given.
      saved(strict, { role: 'MANAGER' }).thenAccepted()
    })
  })

  it('a PIN is 4 to 12 digits, kept as a hash; the record never holds it', async () => {
    for (const pin of ['123', '1234567890123', 'abcd', '12 34'])
      expect(() => given(café).when('staff.save', { ...vannak, pin }), pin).toThrow()
    const { prepare, secrets } = definitionOf('staff.save')
    const prepared = await prepare?.({ ...vannak, pin: '4321' }, decidable('staff.save', vannak))
    expect(prepared.pin).toMatch(/^scrypt\$/)
    expect(prepared.pinDigits).toBe(4)
    expect(await verifyPin('4321', prepared.pin)).toBe(true)
    expect(secrets).toEqual(['pin'])
  })
})

describe('a device', () => {
  const known = (row: object) =>
    deviceAccess.row({
      deviceId: 'till-9',
      generation: 1,
      shutOutAt: now,
      shutOutBy: 'dara',
      reason: 'lost',
      enrolledAt: null,
      enrolledBy: null,
      ...row,
    })

  it('that was let into the business stays so while it is shut out; once more changes nothing but its name', () => {
    const letIn = given(café).when('device.approve', { deviceId: 'till-9', name: 'Till 9' }).thenAccepted()
    expect(letIn.one(deviceAccess)).toMatchObject({ generation: 0, enrolledAt: now, enrolledBy: 'sophea' })
    expect(letIn.audit).toEqual(['DEVICE_APPROVED'])
    const enrolled = known({ shutOutAt: null, enrolledAt: now, enrolledBy: 'dara' })
    const again = given(café, enrolled).when('device.approve', { deviceId: 'till-9' }).thenAccepted()
    expect([again.written, again.audit]).toEqual([0, []])
    const gone = given(café, enrolled).when('device.shutOut', { deviceId: 'till-9' }).thenAccepted()
    expect(gone.one(deviceAccess)).toMatchObject({ generation: 2, enrolledAt: now, enrolledBy: 'dara' })
  })

  it('that is shut out is of another generation from then on, whoever let it in since', () => {
    const first = given(café).when('device.shutOut', { deviceId: 'till-9', reason: 'stolen' }).thenAccepted()
    expect(first.one(deviceAccess)).toEqual({
      ...{ deviceId: 'till-9', generation: 1, shutOutAt: now, shutOutBy: 'sophea', reason: 'stolen' },
      ...{ enrolledAt: null, enrolledBy: null },
    })
    expect(first.audit).toEqual(['DEVICE_SHUT_OUT'])
    const letIn = given(café, known({})).when('device.letIn', { deviceId: 'till-9' }).thenAccepted()
    expect(letIn.one(deviceAccess)).toMatchObject({
      generation: 1,
      shutOutAt: null,
      shutOutBy: null,
      reason: null,
    })
    expect(letIn.audit).toEqual(['DEVICE_LET_IN'])
    const again = given(café, known({ shutOutAt: null }))
      .when('device.shutOut', { deviceId: 'till-9' })
      .thenAccepted()
    expect(again.one(deviceAccess)).toMatchObject({ generation: 2, shutOutAt: now })
  })

  it('that is shut out, or let in, already: nothing changes, nothing is audited', () => {
    for (const after of [
      given(café, known({})).when('device.shutOut', { deviceId: 'till-9' }).thenAccepted(),
      given(café, known({ shutOutAt: null }))
        .when('device.letIn', { deviceId: 'till-9' })
        .thenAccepted(),
      given(café).when('device.letIn', { deviceId: 'till-9' }).thenAccepted(),
    ])
      expect([after.written, after.audit]).toEqual([0, []])
  })
})

describe('PINs', () => {
  it('have a salt each, and no other PIN fits', async () => {
    const [one, two] = [await hashPin('1234'), await hashPin('1234')]
    expect(one).not.toBe(two)
    expect(
      await Promise.all([verifyPin('1234', one), verifyPin('1234', two), verifyPin('1235', one)]),
    ).toEqual([true, true, false])
  })
})
