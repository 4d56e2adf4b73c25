import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { recipe } from '../../src/demo/menu.ts'
import type { ModuleScope } from '../../src/modules/words.ts'
import { assign, newBranch } from '../support/branch.ts'
import { movement, openSession, sale, startWork } from '../support/cafe.ts'
import { type Client, type Gateway, type PulledChange, startGateway } from '../support/gateway.ts'
import { Replica } from '../support/replica.ts'

let gateway: Gateway
let admin: Client
let cashier: Client
/** Two branches of each test's own. */
let one: string
let two: string

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin', { deviceId: 'office' })
  cashier = await gateway.as('cashier-1')
})
afterAll(() => gateway?.close())
beforeEach(async () => {
  one = await newBranch(admin, 'demo-cashier-1')
  two = await newBranch(admin)
})

const online = (field: string, input: object) => admin.direct(field, input, { branchId: null })
const bootstrap = async (branchId: string) => admin.pullAll({ branchId })
const kinds = (changes: readonly PulledChange[]) =>
  [...new Set(changes.map(({ entityKind }) => entityKind))].sort()

/** A device that has pulled a branch, and pulls again. */
async function device(branchId: string) {
  const replica = new Replica()
  let cursor: string | undefined
  const pull = async () => {
    const page = await admin.pullAll({ branchId, cursor })
    cursor = page.cursor
    replica.apply(page.changes)
    return page.changes
  }
  await pull()
  return { replica, pull }
}

async function newItem(fields: object = {}) {
  const menuItemId = `item-${randomUUID().slice(0, 8)}`
  const saved = await online('menuItemSave', {
    menuItemId,
    name: 'Thing',
    categoryId: 'retail',
    priceUsd: 300,
    ...fields,
  })
  expect(saved.status).toBe('APPLIED')
  return { menuItemId, key: saved.clientOpId }
}

describe('FR-4 and 5.2: a bootstrap is the state of the branch', () => {
  it('holds branch, policy, menu and people, and nothing that is not there', async () => {
    const { changes } = await bootstrap(one)
    expect(kinds(changes)).toEqual([
      'branch',
      'menuCategory',
      'menuItem',
      'modifierGroup',
      'policy',
      'staffMember',
    ])
    const local = new Replica().apply(changes)
    expect(local.get('branch', one)).toEqual({ name: one, status: 'ACTIVE', timeZone: 'Asia/Phnom_Penh' })
    expect(local.get('policy', one)).toEqual({
      revision: 1,
      vatEnabled: true,
      vatRatePercent: 10,
      fxRateKhrPerUsd: 4100,
      khrRoundingEnabled: true,
      khrRoundingMode: 'NEAREST',
      khrRoundingGranularity: 100,
    })
    expect(local.get('menuCategory', 'coffee')).toEqual({ name: 'Coffee', position: 0 })
    expect(local.get('menuItem', 'latte')).toEqual({
      revision: 1,
      name: 'Latte',
      categoryId: 'coffee',
      priceUsd: 250,
      modifierGroupIds: ['size', 'milk', 'extras'],
      recipe: recipe({ 'espresso-beans': 18, 'fresh-milk': 180, 'cup-hot': 1 }),
      archived: false,
    })
    expect(local.get('modifierGroup', 'size')).toEqual({
      name: 'Size',
      minSelections: 1,
      maxSelections: 1,
      options: [
        { id: 'size-regular', name: 'Regular', priceUsd: 0 },
        { id: 'size-large', name: 'Large', priceUsd: 50, components: recipe({ 'fresh-milk': 60 }) },
      ],
    })
    expect(local.get('staffMember', 'demo-cashier-1')).toEqual({
      staffCode: 'cashier-1',
      name: 'Sophea',
      role: 'CASHIER',
    })
    expect(changes.every(({ opKind }) => opKind === 'UPSERT')).toBe(true)
  })

  it('each entity once, in order of seq, which rises', async () => {
    await cashier.push([openSession(undefined, { branchId: one })])
    for (let price = 310; price < 315; price += 1)
      await online('menuItemSave', { menuItemId: 'beans-250', priceUsd: price })
    const { changes, headSeq } = await bootstrap(one)
    const seqs = changes.map(({ seq }) => seq)
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
    expect(seqs.at(-1)).toBe(headSeq)
    const names = changes.map(({ entityKind, entityId }) => `${entityKind} ${entityId}`)
    expect(new Set(names).size).toBe(names.length)
  })

  it('module_scopes says which modules are in it', async () => {
    const session = randomUUID()
    const [, , , work] = await cashier.push([
      openSession(session, { branchId: one }),
      movement(session, {}, { branchId: one }),
      sale(session, {}, { branchId: one }),
      startWork(undefined, { branchId: one }),
    ])
    expect(work!.status).toBe('APPLIED')
    const expected: [ModuleScope, string[]][] = [
      ['BRANCH', ['branch']],
      ['POLICY', ['policy']],
      ['MENU', ['menuCategory', 'menuItem', 'modifierGroup']],
      ['STAFF', ['staffMember']],
      ['CASH_SESSION', ['cashMovement', 'cashSession']],
      ['SALE', ['sale']],
      ['INVENTORY', ['stockItem']],
      ['ATTENDANCE', ['attendance']],
    ]
    for (const [scope, kindsOfScope] of expected) {
      const { changes } = await admin.pullAll({ branchId: one, moduleScopes: [scope] })
      expect(kinds(changes)).toEqual(kindsOfScope)
      expect(new Set(changes.map(({ module }) => module))).toEqual(new Set([scope]))
    }
    const { changes } = await admin.pullAll({ branchId: one, moduleScopes: ['SALE', 'BRANCH', 'SALE'] })
    expect(kinds(changes)).toEqual(['branch', 'sale'])
  })

  it('the cursor moves past what the scopes leave out', async () => {
    const scopes = { branchId: one, moduleScopes: ['MENU'] }
    const before = await cashier.pullAll(scopes)
    await cashier.push([openSession(undefined, { branchId: one })])
    const after = await cashier.pullAll({ ...scopes, cursor: before.cursor })
    expect(after.changes).toEqual([])
    expect(after.headSeq).toBeGreaterThan(before.headSeq)
    expect(after.cursor).not.toBe(before.cursor)
  })
})

describe('increments', () => {
  it('hold what changed since, with the operation that caused it', async () => {
    const { pull } = await device(one)
    const open = openSession(undefined, { branchId: one })
    const [opened] = await cashier.push([open])
    expect(await pull()).toMatchObject([
      {
        opKind: 'UPSERT',
        module: 'CASH_SESSION',
        entityKind: 'cashSession',
        seq: opened!.appliedSeq,
        clientOpId: open.clientOpId,
        actorId: 'demo-cashier-1',
        occurredAt: open.occurredAt,
        payload: { status: 'OPEN', openedBy: 'demo-cashier-1', expected: { usd: 5000, khr: 200_000 } },
      },
    ])
    expect(await pull()).toEqual([])
  })

  it('several changes of one entity arrive as the latest', async () => {
    const { pull } = await device(one)
    for (const vatRatePercent of [11, 12, 13])
      await admin.direct('policyUpdate', { vatRatePercent }, { branchId: one })
    expect(await pull()).toMatchObject([
      { entityKind: 'policy', payload: { revision: 4, vatRatePercent: 13 } },
    ])
  })

  it('a branch’s own business is in its own stream alone', async () => {
    const other = await device(two)
    const session = randomUUID()
    await cashier.push([openSession(session, { branchId: one }), sale(session, {}, { branchId: one })])
    await admin.direct('policyUpdate', { vatEnabled: false }, { branchId: one })
    await admin.direct('branchFreeze', null, { branchId: one })
    expect(await other.pull()).toEqual([])
  })

  it('EC-OS-11: pulls alone converge, with no nudge heard', async () => {
    const { replica, pull } = await device(one)
    const session = randomUUID()
    const { menuItemId } = await newItem()
    await cashier.push([openSession(session, { branchId: one }), sale(session, {}, { branchId: one })])
    await pull()
    await online('menuItemRemove', { menuItemId })
    await cashier.push([sale(session, {}, { branchId: one })])
    await pull()
    expect(replica.sorted()).toEqual(new Replica().apply((await bootstrap(one)).changes).sorted())
  })
})

describe('EC-OS-10: what is the tenant’s is in every branch’s stream', () => {
  it('a menu change, with the operation that made it', async () => {
    const [first, second, rivals] = [
      await device(one),
      await device(two),
      await gateway.as('admin', { tenantId: 'rival' }),
    ]
    const before = await rivals.pullAll({ branchId: 'rival-1' })
    const { menuItemId, key } = await newItem()
    for (const { pull } of [first, second])
      expect(await pull()).toMatchObject([
        {
          entityKind: 'menuItem',
          entityId: menuItemId,
          opKind: 'UPSERT',
          clientOpId: key,
          payload: { revision: 1 },
        },
      ])
    expect((await rivals.pullAll({ branchId: 'rival-1', cursor: before.cursor })).changes).toEqual([])
  })

  it('a frozen branch hears of it as well', async () => {
    const { pull } = await device(one)
    await admin.direct('branchFreeze', null, { branchId: one })
    const { menuItemId } = await newItem()
    expect((await pull()).map(({ entityId }) => entityId)).toEqual([one, menuItemId])
  })

  it('a modifier group, and the new revision of each item that uses it', async () => {
    const { pull } = await device(one)
    await online('modifierGroupSave', { modifierGroupId: 'egg', name: `Egg ${randomUUID()}` })
    const changes = await pull()
    expect(changes.map(({ entityId }) => entityId).sort()).toEqual(
      ['egg', 'num-pang', 'lok-lak', 'bai-sach-moan', 'fried-rice'].sort(),
    )
  })

  it('people: hired, promoted, gone', async () => {
    const [first, second] = [await device(one), await device(two)]
    const accountId = `person-${randomUUID().slice(0, 8)}`
    const person = { accountId, staffCode: accountId, name: 'New', role: 'STAFF', pin: '9876', branchIds: [] }
    await online('staffSave', person)
    await online('staffSave', { accountId, role: 'CASHIER' })
    for (const { pull } of [first, second])
      expect(await pull()).toMatchObject([
        {
          entityKind: 'staffMember',
          entityId: accountId,
          payload: { staffCode: accountId, name: 'New', role: 'CASHIER' },
        },
      ])
    await online('staffSave', { accountId, status: 'REVOKED' })
    for (const { pull } of [first, second])
      expect(await pull()).toMatchObject([
        { entityKind: 'staffMember', entityId: accountId, opKind: 'TOMBSTONE' },
      ])
  })

  it('people are in the streams of their branches only, who administers in all; where they leave they go', async () => {
    const [first, second] = [await device(one), await device(two)]
    const accountId = `person-${randomUUID().slice(0, 8)}`
    const person = {
      accountId,
      staffCode: accountId,
      name: 'New',
      role: 'CASHIER',
      pin: '9876',
      branchIds: [one],
    }
    const seen = async () =>
      (await Promise.all([first.pull(), second.pull()])).map((changes) => changes.map(({ opKind }) => opKind))
    await online('staffSave', person)
    expect(await seen()).toEqual([['UPSERT'], []])
    await online('staffSave', { accountId, name: 'Newer' })
    expect(await seen()).toEqual([['UPSERT'], []])
    await online('staffSave', { accountId, branchIds: [two] })
    expect(await seen()).toEqual([['TOMBSTONE'], ['UPSERT']])
    await online('staffSave', { accountId, role: 'ADMIN', pin: '987612' })
    expect(await seen()).toEqual([['UPSERT'], ['UPSERT']])
    await online('staffSave', { accountId, status: 'REVOKED' })
    expect(await seen()).toEqual([['TOMBSTONE'], ['TOMBSTONE']])
  })

  it('a PIN is in no stream and in no record', async () => {
    const accountId = `person-${randomUUID().slice(0, 8)}`
    const pin = '482915736'
    await online('staffSave', {
      accountId,
      staffCode: accountId,
      name: 'New',
      role: 'STAFF',
      pin,
      branchIds: [one],
    })
    const [{ found } = { found: null }] = await gateway.app.db.everyTenant.rows<{ found: boolean }>(
      `select exists (select 1 from sync_change where payload::text like $1) or
         exists (select 1 from sync_operation where payload::text like $1 or result::text like $1) or
         exists (select 1 from audit_event where data::text like $1) or
         exists (select 1 from credential where pin_hash like $1) as found`,
      [`%${pin}%`],
    )
    expect(found).toBe(false)
  })
})

describe('EC-OS-09: tombstones', () => {
  it('a removal is a tombstone in every stream; the local record goes', async () => {
    const { menuItemId } = await newItem()
    const devices = [await device(one), await device(two)]
    await online('menuItemRemove', { menuItemId })
    for (const { pull, replica } of devices) {
      expect(replica.has('menuItem', menuItemId)).toBe(true)
      expect(await pull()).toMatchObject([
        { opKind: 'TOMBSTONE', entityKind: 'menuItem', entityId: menuItemId, payload: null },
      ])
      expect(replica.has('menuItem', menuItemId)).toBe(false)
    }
  })

  it('of what the device never had is no error; a bootstrap has none', async () => {
    const { pull, replica } = await device(one)
    const { menuItemId } = await newItem()
    await online('menuItemRemove', { menuItemId })
    expect(await pull()).toMatchObject([{ opKind: 'TOMBSTONE', entityId: menuItemId }])
    expect(replica.has('menuItem', menuItemId)).toBe(false)
    const { changes } = await bootstrap(one)
    expect(changes.filter(({ opKind }) => opKind === 'TOMBSTONE')).toEqual([])
  })

  it('a removal while a bootstrap is under way reaches it', async () => {
    const { menuItemId } = await newItem()
    const first = await admin.pull({ branchId: one, limit: 2 })
    if ('reason' in first) throw new Error(first.reason)
    await online('menuItemRemove', { menuItemId })
    const rest = await admin.pullAll({ branchId: one, cursor: first.nextCursor, limit: 2 })
    const local = new Replica().apply([...first.changes, ...rest.changes])
    expect(local.sorted()).toEqual(new Replica().apply((await bootstrap(one)).changes).sorted())
    expect(rest.changes.at(-1)).toMatchObject({ opKind: 'TOMBSTONE', entityId: menuItemId })
  })

  it('an item hidden in a branch is a tombstone in that stream alone; shown again, it comes back', async () => {
    const { menuItemId } = await newItem()
    const [first, second] = [await device(one), await device(two)]
    await online('menuItemSave', { menuItemId, visibleIn: [one] })
    expect(await first.pull()).toMatchObject([
      { opKind: 'UPSERT', entityId: menuItemId, payload: { revision: 1 } },
    ])
    expect(await second.pull()).toMatchObject([{ opKind: 'TOMBSTONE', entityId: menuItemId, payload: null }])
    expect((await bootstrap(two)).changes.map(({ entityId }) => entityId)).not.toContain(menuItemId)
    await online('menuItemSave', { menuItemId, visibleIn: null })
    for (const { pull } of [first, second])
      expect(await pull()).toMatchObject([{ opKind: 'UPSERT', entityId: menuItemId }])
  })
})

describe('a branch that is added later', () => {
  it('begins with the catalogue and who administers, without what is hidden or removed, and goes on with the others', async () => {
    const [shown, hidden, removed] = [await newItem(), await newItem({ visibleIn: [one] }), await newItem()]
    await online('menuItemRemove', { menuItemId: removed.menuItemId })
    const late = await newBranch(admin)
    const { replica, pull } = await device(late)
    expect(replica.has('menuItem', shown.menuItemId)).toBe(true)
    expect(replica.has('menuItem', hidden.menuItemId)).toBe(false)
    expect(replica.has('menuItem', removed.menuItemId)).toBe(false)
    const shared = ([name]: [string, unknown]) =>
      /^(menu|modifier|staffMember demo-admin)/.test(name) && !name.endsWith(hidden.menuItemId)
    const older = new Replica().apply((await bootstrap(one)).changes)
    expect(replica.sorted().filter(shared)).toEqual(older.sorted().filter(shared))

    await online('menuItemSave', { menuItemId: shown.menuItemId, priceUsd: 999 })
    expect(await pull()).toMatchObject([
      { entityId: shown.menuItemId, payload: { priceUsd: 999, revision: 2 } },
    ])
  })

  it('can be worked in at once by those who are assigned', async () => {
    const late = await newBranch(admin)
    await assign(admin, late, 'demo-cashier-1')
    const session = randomUUID()
    const results = await cashier.push([
      openSession(session, { branchId: late }),
      sale(session, {}, { branchId: late }),
    ])
    expect(results.map(({ status }) => status)).toEqual(['APPLIED', 'APPLIED'])
  })
})
